"""The camera against Manim's own: the same pictures of stock mobjects, with and without layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import manim as m
import numpy as np
import pytest
from manim.utils.hashing import get_json

from backprop_studio.scenes.paint.camera import MOST_LAYERS, PaintingCamera
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.signature import signature
from backprop_studio.scenes.paint.typeset import watched
from tests.manim_settings import manim_settings

if TYPE_CHECKING:
    from collections.abc import Callable

SETTINGS = {"pixel_width": 320, "pixel_height": 180, "frame_rate": 15}
LEVELS = 1.01
SHARE = 1e-5
"""Manim's own tolerance of pictures: grey levels, and the share of values beyond them."""


@pytest.fixture(autouse=True)
def small():
    with manim_settings({**SETTINGS, "dry_run": True, "disable_caching": True}):
        yield


STOCK: dict[str, Callable[[], m.Mobject]] = {
    "square": lambda: m.Square(2, fill_opacity=0.7, color="#3366cc"),
    "invisible fill": lambda: m.Circle(1.3, fill_opacity=0, stroke_width=6),
    "invisible stroke": lambda: m.Square(2, stroke_opacity=0, fill_opacity=0.4),
    "nothing to see": lambda: m.Square(2, stroke_opacity=0, fill_opacity=0),
    "dashed line": lambda: m.DashedLine(m.LEFT * 3, m.RIGHT * 3),
    "arrow": lambda: m.Arrow(m.LEFT * 2, m.UP),
    "cutout": lambda: m.Cutout(m.Square(3), m.Circle(0.8), fill_opacity=1),
    "number plane": lambda: m.NumberPlane(),
    "text": lambda: m.Text("Gradient 梯度", font="Noto Sans CJK SC"),
    "gradient": lambda: m.Square(3, fill_opacity=1).set_color_by_gradient(m.RED, m.BLUE, m.GREEN),
    "sheen": lambda: m.Circle(1.5, fill_opacity=1).set_sheen(0.6, m.UR),
    "background stroke": lambda: m.Square(2).set_stroke(m.WHITE, 20, background=True),
    "round caps": lambda: m.Line(stroke_width=30).set_cap_style(m.CapStyleType.ROUND),
    "round joints": lambda: m.Square(2, stroke_width=30, joint_type=m.LineJointType.ROUND),
    "points": lambda: m.PMobject(stroke_width=8).add_points(np.eye(3)),
    "higher above lower": lambda: m.VGroup(
        m.Square(2, fill_opacity=1, color=m.RED).set_z_index(1),
        m.Circle(1.2, fill_opacity=1, color=m.BLUE),
    ),
}
"""Every kind of thing that the camera draws in a way of its own."""


def differ(first, second):
    """The share of values that differ by more than the tolerance."""
    return float((np.abs(first.astype(int) - second.astype(int)) > LEVELS).mean())


def frames_of(camera, stage, times):
    frames = []
    for _ in range(times):
        camera.reset()
        camera.capture_mobjects(stage)
        frames.append(camera.pixel_array.copy())
    return frames


@pytest.mark.parametrize("name", STOCK)
def test_stock_mobjects_look_as_with_manims_own_camera(name):
    stage = [m.Rectangle(width=9, height=3, fill_opacity=0.5, color=m.TEAL), STOCK[name]()]
    (expected,) = frames_of(m.Camera(), stage, 1)
    # Drawn, then as a layer that is made, then as a layer that is there.
    for frame in frames_of(PaintingCamera(), stage, 3):
        assert differ(frame, expected) <= SHARE


class Moves(m.MovingCameraScene):
    """Something still below, something moving, something still above, a fade, and the camera."""

    def construct(self):
        below = m.NumberPlane()
        ball = m.Circle(0.7, fill_opacity=1, color=m.RED).shift(m.LEFT * 3)
        above = m.Text("0.25 above", font="Noto Sans CJK SC").add_background_rectangle(opacity=0.6)
        cover = m.Square(3, fill_opacity=0.4, color=m.GREEN).shift(m.RIGHT * 2)
        self.add(below, ball, above, cover)
        self.play(ball.animate.shift(m.RIGHT * 6), run_time=0.4)
        self.play(m.FadeOut(above), ball.animate.scale(2), run_time=0.4)
        self.wait(0.2)
        follower = m.Dot(radius=0.4).add_updater(lambda dot: dot.next_to(ball, m.UP))
        self.add(follower)
        self.play(m.Rotate(cover, 1.0), ball.animate.shift(m.DOWN), run_time=0.4)
        self.bring_to_front(below)
        self.play(self.camera.frame.animate.scale(0.5).shift(m.RIGHT), run_time=0.4)


def filmed(camera_class):
    frames: list[np.ndarray] = []
    scene = Moves(camera_class=camera_class)
    scene.renderer.add_frame = lambda frame, num_frames=1: frames.extend([frame] * num_frames)
    scene.render()
    return frames


def test_a_whole_scene_looks_as_with_manims_own_camera():
    expected, found = filmed(m.MovingCamera), filmed(PaintingCamera)
    assert len(found) == len(expected) > 15
    assert len({frame.tobytes() for frame in expected}) > 12
    for frame, other in zip(found, expected, strict=True):
        assert differ(frame, other) <= SHARE


class Tile(Painted):
    """Counts how often it is painted."""

    painted = 0

    def paint(self, ctx, opacity):
        Tile.painted += 1
        ctx.set_source_rgba(1, 1, 1, opacity)
        ctx.rectangle(-1, -1, 2, 2)
        ctx.fill()


@pytest.fixture
def tile():
    Tile.painted = 0
    return Tile(2, 2, level=0.0)


def test_static_mobjects_are_painted_twice_and_then_never(tile):
    frames_of(PaintingCamera(), [tile], 5)
    assert Tile.painted == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda tile, camera: tile.shift(m.RIGHT * 0.1),
        lambda tile, camera: tile.set_opacity(0.5),
        lambda tile, camera: tile.state.update(level=np.array(1.0)),
        lambda tile, camera: setattr(tile, "word", "other"),
        lambda tile, camera: setattr(tile, "words", [["a"], ["b"]]),
        lambda tile, camera: camera.frame.shift(m.RIGHT),
    ],
    ids=["place", "opacity", "state", "attribute", "nested list", "frame"],
)
def test_whatever_changes_is_painted_again(tile, change):
    camera = PaintingCamera()
    frames_of(camera, [tile], 3)
    change(tile, camera)
    before = Tile.painted
    frames_of(camera, [tile], 1)
    assert Tile.painted == before + 1


def test_only_static_mobjects_become_a_layer(tile):
    camera, moving = PaintingCamera(), m.Square(3, fill_opacity=1)
    for _ in range(6):
        moving.shift(m.RIGHT * 0.1)
        frames_of(camera, [moving, tile], 1)
    assert Tile.painted == 2


def test_what_is_watched_or_cannot_be_compared_is_drawn_every_time(tile):
    with watched(lambda ink, ctx, opacity: True):
        frames_of(PaintingCamera(), [tile], 4)
    assert Tile.painted == 4
    tile.generator = {1, 2}  # a set may change, and cannot be part of a value
    frames_of(PaintingCamera(), [tile], 4)
    assert Tile.painted == 8


def test_manims_cache_key_does_not_see_what_the_camera_remembers(tile):
    camera = PaintingCamera()
    camera.capture_mobjects([m.Square()])  # Manim adds its table of kinds then
    before = get_json(camera)
    frames_of(camera, [tile], 3)
    assert get_json(camera) == before


def test_layers_are_bounded(tile):
    camera = PaintingCamera()
    tiles = [tile, *(Tile(1, 1) for _ in range(MOST_LAYERS))]
    for one in tiles:
        frames_of(camera, [one], 2)
    before = Tile.painted
    frames_of(camera, [tiles[1]], 1)
    assert Tile.painted == before
    frames_of(camera, [tiles[0]], 1)
    assert Tile.painted == before + 1


def test_a_frame_that_is_handed_over_stays_as_it_is(tile):
    camera = PaintingCamera()
    camera.reset()
    camera.capture_mobjects([tile])
    frame = camera.hand_over()
    kept = frame.copy()
    camera.reset()
    camera.capture_mobjects([tile.shift(m.RIGHT)])
    assert np.array_equal(frame, kept)
    assert not np.array_equal(camera.pixel_array, kept)
    assert camera.hand_over(frame) is not frame
    assert camera.pixel_array is frame


def test_gradients_across_a_family_are_never_still():
    group = m.VGroup(m.Square(1), m.Circle(1).shift(m.RIGHT * 3))
    parent = m.Square(2).set_color([m.RED, m.BLUE])
    assert signature(parent) is not None
    parent.add(group)
    assert signature(parent) is None
