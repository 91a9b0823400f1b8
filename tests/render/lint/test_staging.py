"""Staging: how much of the frame the picture takes, and what stands empty for how long."""

from __future__ import annotations

import pytest
from manim import CairoRenderer

from backprop_studio.render.lint.staging import Staging, picture_share
from backprop_studio.scenes.lesson.board_lesson import BoardLesson
from backprop_studio.scenes.lesson.card import Card
from backprop_studio.scenes.paint.camera import PaintingCamera
from backprop_studio.scenes.stage.directed_lesson import DirectedLesson
from tests.manim_settings import manim_settings
from tests.scenes.lesson_runs import SETTINGS


class Staged(DirectedLesson):
    """Has nothing on its stage."""

    def compute(self):
        return {}

    def tell(self):
        self.beat("only", "Only")


class Boarded(BoardLesson):
    """Has nothing on its stage but a board."""

    def compute(self):
        return {}

    def tell(self):
        self.beat("only", "Only")
        self.write("x", "$ x $")


@pytest.fixture
def lesson():
    with manim_settings({**SETTINGS}):
        staged = Staged(renderer=CairoRenderer(camera_class=PaintingCamera, skip_animations=True))
        staged.setup()
        staged.construct()
        yield staged


def test_the_picture_is_what_is_not_pinned(lesson):
    width, height = lesson.home
    assert picture_share(lesson) == 0
    lesson.add(Card((width / 2, height / 2), lesson.theme))
    assert picture_share(lesson) == pytest.approx(0.25)
    lesson.work_out("$ a = 1 $")
    assert picture_share(lesson) == pytest.approx(0.25)
    lesson.add(Card((2 * width, height / 2), lesson.theme))
    assert picture_share(lesson) == pytest.approx(0.5)


def test_a_zoomed_picture_fills_its_room(lesson):
    lesson.add(Card((1.0, 1.0), lesson.theme))
    left, bottom, right, top = lesson.rooms.whole
    lesson.zoom((-0.4, -0.2, 0.4, 0.2))
    share = (right - left) * (top - bottom) / (lesson.home[0] * lesson.home[1])
    assert picture_share(lesson) == pytest.approx(share)
    lesson.zoom_out()
    assert picture_share(lesson) < 0.02


def test_times_add_up_and_faults_are_named(lesson):
    staging = Staging()
    staging.note(lesson, "first", 0.0, 0.4)
    staging.note(lesson, "second", 0.4, 0.2)
    card = Card((0.9 * lesson.home[0], 0.9 * lesson.home[1]), lesson.theme)
    lesson.add(card)
    staging.note(lesson, "third", 0.6, 0.9)
    lesson.remove(card)
    staging.note(lesson, "it goes", 1.5, 0.3)
    assert staging.share == pytest.approx(0.5)
    kinds = [(beat, kind) for beat, _, kind, _ in staging.faults(lesson)]
    assert kinds == [("", "picture"), ("first", "empty")]


def test_any_lessons_stage_may_not_stand_empty():
    with manim_settings({**SETTINGS}):
        lesson = Boarded(renderer=CairoRenderer(camera_class=PaintingCamera, skip_animations=True))
        lesson.setup()
        lesson.construct()
    staging = Staging()
    staging.note(lesson, "empty", 0.0, 5.0)
    assert [(beat, kind) for beat, _, kind, _ in staging.faults(lesson)] == [("empty", "empty")]
    lesson.add(Card((1.0, 1.0), lesson.theme))
    staging = Staging()
    staging.note(lesson, "small", 0.0, 5.0)
    assert not list(staging.faults(lesson))


def test_an_empty_board_is_a_fault(lesson):
    lesson.add(Card((0.9 * lesson.home[0], 0.9 * lesson.home[1]), lesson.theme))
    lesson.work_out("$ a = 1 $")
    staging = Staging()
    staging.note(lesson, "read", 0.0, 5.0)
    lesson.strip.formula = None
    staging.note(lesson, "bare", 5.0, 0.6)
    assert [it[:2] for it in staging.bare] == [("bare", 5.0)]
    (found,) = staging.faults(lesson)
    assert found[2] == "empty"


@pytest.mark.parametrize(
    ("small", "code"), [(0.5, None), (1.3, "lint.idle"), (9.0, "lint.picture")]
)
def test_a_picture_is_small_only_where_a_formula_is_read(lesson, small, code):
    large = Card((0.9 * lesson.home[0], 0.9 * lesson.home[1]), lesson.theme)
    lesson.add(large)
    staging = Staging()
    staging.note(lesson, "large", 0.0, 8.0)
    lesson.remove(large)
    lesson.add(Card((0.2 * lesson.home[0], 0.2 * lesson.home[1]), lesson.theme))
    staging.note(lesson, "small", 8.0, small)
    lesson.work_out("$ a = 1 $")
    staging.note(lesson, "read", 8.0 + small, 2.0)
    codes = [message.code for *_, message in staging.faults(lesson)]
    assert codes == [code] * (code is not None)
