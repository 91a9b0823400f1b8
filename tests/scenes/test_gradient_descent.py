"""Gradient descent's story: the rule's digits by hand, slopes of both signs, and how runs end."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from tests.scenes.lesson_runs import run_lesson, shown

CASES: list[dict[str, Any]] = [
    {"learning_rate": 1e9},
    {"curve": {"name": "double_well"}, "starts": [0.1, -0.2, 1.7], "learning_rate": 0.05},
    {"curve": {"formula": "sqrt(w)", "w_range": [0, 2]}, "learning_rate": 0.5},
    {"curve": {"formula": "1/w"}, "starts": [1]},
    {"curve": {"formula": "exp(3*w)"}, "learning_rate": 1e-6, "steps": 1},
    {"curve": {"name": "square"}, "starts": [0], "learning_rate": 0.95},
]


def captions(params: dict[str, Any]) -> dict[str, str]:
    return {beat.name: beat.caption for beat in run_lesson("gradient_descent", params).lesson.beats}


def test_the_steps_by_hand() -> None:
    # (w - 2)^2 + 1 with eta = 0.1: 4.5 - 0.1 * 5 = 4, 4 - 0.1 * 4 = 3.6, 3.6 - 0.1 * 3.2 = 3.28
    run = run_lesson("gradient_descent")
    for step, (w, slope, loss) in enumerate(
        [("4.5", "5", "7.250"), ("4", "4", "5.000"), ("3.6", "3.2", "3.560"), ("3.28", "", "2.638")]
    ):
        assert w in shown(run, f"runs.0.w.{step}")
        assert not slope or slope in shown(run, f"runs.0.slope.{step}")
        assert loss in shown(run, f"runs.0.loss.{step}")
    # 2 + 2.5 * 0.8^30 = 2.0031, and 0 + 0.1 * 4 = 0.4
    assert "2.003" in shown(run, "runs.0.w.30")
    assert shown(run, "runs.1.w.1") == {"0.4"}


def test_the_numbers_of_a_step_stand_in_the_rule() -> None:
    moments = [m for m in run_lesson("gradient_descent").moments if m.beat == "step_1"]
    (formula,) = [text for text in moments[-1].texts if "w <- w - eta" in text]
    assert "= 4.5 - 0.1 dot" in formula
    assert "$5$" in formula
    assert formula.endswith("= 4 $")


def test_a_huge_rate_hides_no_digit_of_the_start() -> None:
    moments = run_lesson("gradient_descent", {"learning_rate": 1e9}).moments
    (formula,) = {t for m in moments if m.beat == "step_1" for t in m.texts if "w <- w" in t}
    assert "= 4.5 - (10^(9)) dot" in formula
    assert formula.endswith("= −5 times 10^(9) $")


def test_from_the_left_the_slope_is_negative() -> None:
    run = run_lesson("gradient_descent")
    assert shown(run, "runs.1.slope.0") == {"−4"}
    assert "minus times minus" in captions({})["start_2"]


def test_the_point_stands_where_the_record_says() -> None:
    lesson = run_lesson("gradient_descent", {"starts": [4.5]}).lesson
    end = lesson.plot._path("run_0")[-1]
    w = 2 + 2.5 * 0.8**30
    place = lesson.plot._place(w, (w - 2) ** 2 + 1)
    assert end == pytest.approx(place, abs=1e-9)
    assert lesson.plot.slope_of("run_0") == pytest.approx(5 * 0.8**30)


@pytest.mark.parametrize(
    ("params", "beat", "words"),
    [
        ({}, "rest", "after 30 steps w has settled"),
        ({"learning_rate": 1e-3}, "rest", "still on its way"),
        ({"learning_rate": 0.9}, "rest", "To and fro"),
        ({"learning_rate": 0.99}, "rest", "still swings"),
        ({"learning_rate": 1}, "rest", "no closer"),
        ({"learning_rate": 1.01, "starts": [4.5]}, "rest", "left the picture at step 10."),
        ({"learning_rate": 1e9}, "step_1", "out of the picture"),
        ({"curve": {"name": "double_well"}}, "end", "different valleys"),
        ({"starts": [2, 4]}, "rest", "moves nothing"),
        ({"curve": {"formula": "sqrt(w)"}, "starts": [1], "learning_rate": 3}, "rest", "Step 1 "),
    ],
    ids=str,
)
def test_says_what_becomes_of_a_run(params: dict[str, Any], beat: str, words: str) -> None:
    assert words in captions(params)[beat]


def test_a_run_that_leaves_is_drawn_to_the_edge_and_says_when() -> None:
    # 2.5 * 1.02^10 = 3.05 is beyond 3 from the middle, 2.5 * 1.02^9 = 2.99 is not.
    run = run_lesson("gradient_descent", {"learning_rate": 1.01, "starts": [4.5]})
    assert any("left the picture at step 10" in text for text in run.moments[-1].texts)
    place, _ = run.lesson.plot.exit("run_0")
    left, _, right, _ = run.lesson.plot.axes.inner
    assert np.isclose(place[0], [left, right], atol=0.02).any()


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"starts": [9]}, "starts: w = 9 is beside the picture, which goes from -1 to 5"),
        ({"learning_rate": 0}, "learning_rate"),
        ({"curve": {"formula": "log(w)"}, "starts": [-1]}, "No descent can start at w = -1"),
        ({"curve": {"formula": "exp(w^2)", "w_range": [0, 26]}, "starts": [26]}, "too large"),
        ({"curve": {"formula": "w +"}}, "formula"),
    ],
    ids=str,
)
def test_what_shows_nothing_is_refused_in_a_sentence(params: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        run_lesson("gradient_descent", params)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
