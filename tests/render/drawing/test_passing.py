"""A play that is passed over leaves the stage as Manim's own steps to its end would leave it."""

from __future__ import annotations

import numpy as np
import pytest
from manim import FadeIn, FadeOut, Rotate, Scene, linear

from backprop_studio.render.drawing.configuration import configured
from backprop_studio.render.drawing.lessons import OpenedLesson
from backprop_studio.render.drawing.passing import can_be_passed
from backprop_studio.render.drawing.renderers import PlanningRenderer
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import PlanJob
from backprop_studio.scenes.paint.painted import Painted
from tests.render.drawing.films import SMALL
from tests.scenes.lesson_runs import SCENES

PLAIN = (int, float, str, bool, type(None))


class Stage:
    """What stands on the stage after each play."""

    def __init__(self, passes):
        self.passes, self.plays, self.passed = passes, [], 0

    def renderer(self):
        renderer = PlanningRenderer(lambda: None)
        play, looks_into = renderer.play, renderer.looks_into

        def noted(scene, *args, **options):
            play(scene, *args, **options)
            self.passed += can_be_passed(scene)
            self.plays.append([seen(it) for it in scene.mobjects])

        renderer.play = noted
        renderer.looks_into = looks_into if self.passes else lambda _count: True
        return renderer


def seen(part):
    """Return all that can be seen of a part."""
    found = [type(part).__name__, part.points.tobytes()]
    if isinstance(part, Painted):
        found += [part.fill_rgbas.tobytes(), part.texts(), part.is_pinned]
        found += [(name, value.tobytes()) for name, value in sorted(part.state.items())]
        found += [(name, it) for name, it in sorted(vars(part).items()) if isinstance(it, PLAIN)]
    return [it for it in found if not (isinstance(it, tuple) and it[0] == "original_id")]


def stages(scene, picture, folder):
    found = []
    for passes in (True, False):
        stage = Stage(passes)
        with configured(picture, folder):
            lesson = OpenedLesson(PlanJob(id="p", scene=scene, picture=picture))
            lesson.run(lesson.stage(stage.renderer()))
        found.append(stage)
    return found


@pytest.mark.parametrize(
    "scene",
    [
        "derivative",
        *(pytest.param(it, marks=pytest.mark.slow) for it in SCENES if it != "derivative"),
    ],
)
def test_what_is_passed_over_ends_as_what_is_played(scene, tmp_path):
    passed, played = stages(scene, FrameFormat(width=320, height=180, fps=10), tmp_path)
    assert passed.passed > 0.7 * len(passed.plays)
    for number, (one, other) in enumerate(zip(passed.plays, played.plays, strict=True)):
        assert one == other, number


class Dot(Painted):
    def paint(self, ctx, opacity):
        pass


@pytest.mark.parametrize(
    ("plays", "is_known"),
    [
        (lambda dot: FadeIn(dot), True),
        (lambda dot: FadeOut(dot), True),
        (lambda dot: dot.animate.shift([1, 0, 0]), True),
        (lambda dot: dot.animate(rate_func=lambda t: 1 - linear(t)).shift([1, 0, 0]), False),
        (lambda dot: Rotate(dot), False),
        (lambda dot: FadeIn(dot.add(Dot(1, 1))), False),
        (lambda dot: FadeIn(dot.add_updater(lambda it: it)), False),
    ],
)
def test_only_what_ends_as_it_is_known_to_is_passed_over(plays, is_known):
    with configured(SMALL):
        scene = Scene(renderer=PlanningRenderer(lambda: None))
        scene.compile_animation_data(plays(Dot(1, 1)))
        assert can_be_passed(scene) is is_known


def test_a_part_that_somebody_moves_meanwhile_is_not_passed_by():
    with configured(SMALL):
        scene = Scene(renderer=PlanningRenderer(lambda: None))
        scene.add(Dot(1, 1).add_updater(lambda it, dt: it.shift([dt, 0, 0])))
        scene.compile_animation_data(FadeIn(Dot(1, 1)))
        assert not can_be_passed(scene)
        assert np.isfinite(scene.duration)
