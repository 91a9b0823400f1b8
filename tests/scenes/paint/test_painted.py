"""Painted parts behave as Manim's own mobjects do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from manim import RIGHT, Scene, Square, Transform
from manim.utils.color import ManimColor

from backprop_studio.scenes.paint.camera import PaintingCamera
from backprop_studio.scenes.paint.painted import Painted
from tests.manim_settings import manim_settings
from tests.scenes.lesson_runs import SETTINGS


class Tile(Painted):
    """A white rectangle that fills its box."""

    def __init__(self, width=2.0, height=1.0, level=1.0):
        super().__init__(width, height, level=level)

    def paint(self, ctx, opacity):
        ctx.rectangle(-self.box[0] / 2, -self.box[1] / 2, *self.box)
        level = float(self.state["level"])
        ctx.set_source_rgba(level, level, level, opacity)
        ctx.fill()


def picture(*mobjects):
    with manim_settings({**SETTINGS, "background_color": ManimColor("#000000")}):
        camera = PaintingCamera()
        camera.capture_mobjects(mobjects)
        return camera.pixel_array[:, :, 0].astype(float) / 255


def bounds(pixels):
    """Return left, right, bottom and top of what is bright, in Manim units."""
    rows, columns = np.nonzero(pixels > 0.5)
    unit = pixels.shape[0] / 8.0
    x = (np.array([columns.min(), columns.max() + 1]) - pixels.shape[1] / 2) / unit
    y = (pixels.shape[0] / 2 - np.array([rows.max() + 1, rows.min()])) / unit
    return (*x, *y)


PIXEL = 8.0 / SETTINGS["pixel_height"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda tile: tile, (-1, 1, -0.5, 0.5)),
        (lambda tile: tile.shift((2, 1, 0)), (1, 3, 0.5, 1.5)),
        (lambda tile: tile.scale(2), (-2, 2, -1, 1)),
        (lambda tile: tile.stretch(3, 1), (-1, 1, -1.5, 1.5)),
        (lambda tile: tile.rotate(np.pi / 2), (-0.5, 0.5, -1, 1)),
        (lambda tile: tile.next_to(Square(2), RIGHT, buff=0.5), (1.5, 3.5, -0.5, 0.5)),
    ],
)
def test_is_drawn_where_its_points_are(change, expected):
    assert bounds(picture(change(Tile()))) == pytest.approx(expected, abs=1.5 * PIXEL)


def test_opacity_is_manims_opacity():
    assert picture(Tile().set_opacity(0.5))[120, 213] == pytest.approx(0.5, abs=0.01)
    assert not picture(Tile().set_opacity(0)).any()


def test_saved_states_come_back():
    tile = Tile()
    tile.save_state()
    tile.shift(RIGHT).set_opacity(0.2).state["level"] *= 0
    tile.restore()
    assert tile.state["level"] == 1
    assert tile.opacity == 1
    assert tile.get_center() == pytest.approx((0, 0, 0))


def test_transform_goes_through_the_states_in_between():
    start, end = Tile(level=0.0), Tile(level=1.0).shift(2 * RIGHT)
    animation = Transform(start, end, rate_func=lambda t: t)
    animation.begin()
    animation.interpolate(0.25)
    assert start.state["level"] == pytest.approx(0.25)
    assert start.get_center()[0] == pytest.approx(0.5)


def test_animate_builds_on_the_parts_own_methods():
    class Brighter(Tile):
        def brighten(self):
            self.state["level"] = np.array(1.0)
            return self

    class OneMove(Scene):
        def construct(self):
            self.tile = Brighter(level=0.0)
            self.play(self.tile.animate.brighten().shift(RIGHT))

    with manim_settings({**SETTINGS, "dry_run": True}):
        scene = OneMove(camera_class=PaintingCamera)
        scene.render()
    assert scene.tile.state["level"] == 1
    assert scene.tile.get_center()[0] == pytest.approx(1)


def test_a_squashed_part_draws_nothing_and_does_not_fail():
    assert not picture(Tile().stretch(0, 0)).any()


def test_a_copy_shares_nothing_that_changes():
    tile = Tile()
    tile.rows = [[np.zeros(2)], {"deep": np.zeros(3)}]
    tile.same = tile.rows[0]
    tile.itself = {"me": tile}
    copied: Any = tile.copy()
    copied.rows[0][0][:] = 1
    copied.rows[1]["deep"][:] = 1
    copied.state["level"] += 1
    copied.shift(RIGHT)
    assert not tile.rows[0][0].any()
    assert not tile.rows[1]["deep"].any()
    assert float(tile.state["level"]) == 1
    np.testing.assert_array_equal(tile.get_center(), (0, 0, 0))
    assert copied.same is copied.rows[0]
    assert copied.itself["me"] is copied


def test_a_part_with_others_in_it_is_a_family():
    tile, inner = Tile(), Tile()
    assert tile.get_family() == [tile]
    tile.add(inner)
    assert tile.get_family() == [tile, inner]
    assert tile.copy().get_family()[1] is not inner
