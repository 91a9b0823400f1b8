"""What a lesson notes as shown: path, text and value, once each."""

from __future__ import annotations

import pytest

from backprop_studio.core.base.parameters import LessonParams
from backprop_studio.scenes.lesson.lesson import LessonScene
from tests.scenes.lesson_runs import BlindRenderer


@pytest.fixture
def lesson() -> LessonScene:
    found = LessonScene(params=LessonParams(), renderer=BlindRenderer())
    found.sheet = {"error": 2.77e-11, "steps": [1e-6, 0.5], "slope": -3.25}
    return found


def test_a_scientific_number_is_noted_as_the_markup_that_is_drawn(lesson: LessonScene) -> None:
    assert lesson.scientific("error") == "2.8 times 10^(-11)"
    assert lesson.scientific("steps.0", 4, is_short=True) == "10^(-6)"
    assert lesson.scientific("steps.1", 4, is_short=True) == "0.5"
    assert lesson.answer_sheet()["shown"] == [
        {"beat": "", "name": "error", "text": "2.8 times 10^(-11)", "value": 2.77e-11},
        {"beat": "", "name": "steps.0", "text": "10^(-6)", "value": 1e-6},
        {"beat": "", "name": "steps.1", "text": "0.5", "value": 0.5},
    ]


def test_the_same_text_is_noted_once_and_another_one_again(lesson: LessonScene) -> None:
    for _ in range(2):
        assert lesson.number("slope", 1) == "−3.2"
        assert lesson.given("slope") == "−3.25"
        assert lesson.scientific("slope", 2) == "−3.2"
    assert [number.text for number in lesson.shown] == ["−3.2", "−3.25"]


def test_a_path_without_a_number_is_an_error(lesson: LessonScene) -> None:
    with pytest.raises(KeyError):
        lesson.scientific("steps")
