"""What is planned, what is photographed and what is filmed must be the same pictures."""

from __future__ import annotations

from contextlib import suppress

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from manim import Camera, ManimColor

from backprop_studio.render.drawing.configuration import configured
from backprop_studio.render.drawing.pieces import Enough, pieces
from backprop_studio.render.drawing.renderers import FilmingRenderer, PlanningRenderer
from backprop_studio.render.drawing.scene_files import lesson_class
from backprop_studio.render.messages.frame_format import FrameFormat
from tests.render.drawing.films import SMALL, Film, filmed, opened, planned


def photographed(frame):
    with opened() as lesson:
        renderer = PlanningRenderer(lambda: None, frame)
        lesson.run(lesson.stage(renderer))
    return renderer.picture


@pytest.mark.usefixtures("tiny")
@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # each example films a lesson: no shrinking
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    fps=st.sampled_from([1, 7, 10, 15, 24, 30, 60]),
    times=st.lists(st.floats(0.01, 1.3), min_size=1, max_size=3),
    frozen=st.floats(0.05, 2.3),
)
def test_the_plan_is_exactly_what_is_filmed(fps, times, frozen):
    picture = FrameFormat(width=32, height=18, fps=fps)
    params = {"times": times, "frozen": frozen, "pace": 4.0}
    plan, planned_scene = planned(picture, **params)
    pictures, filmed_scene = filmed(picture, **params)
    assert plan.frames == len(pictures)
    assert plan.duration == pytest.approx(len(pictures) / fps)
    assert [b.start for b in planned_scene.beats] == [b.start for b in filmed_scene.beats]
    assert planned_scene.time == filmed_scene.time
    assert [mark.start for mark in plan.beats] == [b.start for b in filmed_scene.beats]
    assert [mark.end for mark in plan.beats] == [*(b.start for b in plan.beats[1:]), plan.duration]
    assert [mark.caption for mark in plan.beats] == ["The first", "The second", "The third"]


@pytest.mark.usefixtures("tiny")
def test_the_plan_is_what_plain_manim_writes(tmp_path):
    from manim import tempconfig

    plan, _ = planned(times=[0.7, 0.33, 0.05], frozen=0.55)
    with opened(times=[0.7, 0.33, 0.05], frozen=0.55) as lesson:
        params = lesson.params
    size = {"pixel_width": 160, "pixel_height": 90, "frame_rate": 10}
    quiet = {"verbosity": "ERROR", "progress_bar": "none"}
    with tempconfig({"media_dir": str(tmp_path / "plain"), **size, **quiet}):
        scene = lesson_class("tiny")(params=params)
        scene.render()
    with av.open(scene.renderer.file_writer.movie_file_path) as container:
        assert sum(1 for _ in container.decode(video=0)) == plan.frames


@pytest.mark.parametrize(("colour", "opacity"), [("#fdf6e3", 1), ("#102030", 0.4), ("#000", 0)])
def test_the_ground_is_the_one_of_stock_manim(colour, opacity):
    with configured(SMALL):
        ours, stock = PlanningRenderer(lambda: None).camera, Camera()
    for camera in (ours, stock):
        camera.background_opacity = opacity
        camera.background_color = ManimColor(colour)
    assert ours.background.dtype == stock.background.dtype
    assert ours.background.flags.writeable
    np.testing.assert_array_equal(ours.background, stock.background)


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_every_still_is_the_same_frame_of_the_film(step):
    # Within one grey level: what stands still reaches a film by way of a layer, which rounds once.
    plan, _ = planned()
    pictures, _ = filmed()
    assert len(pictures) == plan.frames
    assert len({picture.tobytes() for picture in pictures}) > 15  # equal ones would prove nothing
    for frame in {*range(0, len(pictures), step), len(pictures) - 1}:
        still = photographed(frame)
        assert np.abs(still.astype(int) - pictures[frame].astype(int)).max() <= 1, frame


@pytest.mark.usefixtures("tiny")
def test_planning_draws_nothing(monkeypatch):
    from backprop_studio.scenes.paint.camera import PaintingCamera

    def refuse(*_args, **_kwargs):
        pytest.fail("something was drawn")

    monkeypatch.setattr(PaintingCamera, "capture_mobjects", refuse)
    plan, _ = planned()
    assert plan.frames > 20


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("count", [3, 7, pytest.param(1000, marks=pytest.mark.slow)])
def test_pieces_have_the_frames_of_the_whole_video(count):
    whole, _ = filmed()
    plan, _ = planned()
    cut = pieces(plan.plays, count)
    assert len(cut) == min(count, plan.frames)
    for piece in cut:
        film = Film()
        with opened() as lesson, suppress(Enough):
            lesson.run(lesson.stage(FilmingRenderer(film, lambda _: None, piece, plan.plays)))
        assert film.frames == piece.frames
        for mine, theirs in zip(film.pictures, whole[piece.first : piece.last], strict=True):
            np.testing.assert_array_equal(mine, theirs)
