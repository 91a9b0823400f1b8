"""Gradient descent's story: the rule's digits by hand, slopes of both signs, and how runs end."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.scenes.lesson_runs import on_screen, run_lesson, shown

CASES: list[dict[str, Any]] = [
    {"learning_rate": 1e9},
    {"curve": {"name": "double_well"}, "starts": [0.1, -0.2, 1.7], "learning_rate": 0.05},
    {"curve": {"formula": "sqrt(w)", "w_range": [0, 2]}, "learning_rate": 0.5},
    {"curve": {"formula": "1/w"}, "starts": [1]},
    {"curve": {"formula": "exp(3*w)"}, "learning_rate": 1e-6, "steps": 1},
    {"curve": {"name": "square"}, "starts": [0], "learning_rate": 0.95},
]

LEAVING = {"learning_rate": 1.01, "starts": [4.5]}

SAYS = [
    ({}, "rest", "at step 30 w has settled"),
    ({}, "start_2", "minus times minus"),
    ({"learning_rate": 1e-3}, "rest", "still on its way"),
    ({"learning_rate": 0.9}, "rest", "To and fro"),
    ({"learning_rate": 0.99}, "rest", "still swings"),
    ({"learning_rate": 1}, "rest", "no smaller"),
    (LEAVING, "rest", "left the picture at step 10."),
    ({"learning_rate": 1e9}, "step_1", "out of the picture"),
    ({"curve": {"name": "double_well"}}, "end", "different valleys"),
    ({"starts": [2, 4]}, "rest", "moves nothing"),
    ({"curve": {"formula": "sqrt(w)"}, "starts": [1], "learning_rate": 3}, "rest", "Step 1 "),
]
REFUSES = [
    ({"starts": [9]}, "starts: w = 9 is beside the picture, which goes from -1 to 5"),
    ({"curve": {"formula": "log(w)"}, "starts": [-1]}, "No descent can start at w = -1"),
    ({"curve": {"formula": "exp(w^2)", "w_range": [0, 26]}, "starts": [26]}, "too large"),
]


def test_the_steps_by_hand():
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
    assert shown(run, "runs.1.slope.0") == {"−4"}


@pytest.mark.parametrize(
    ("params", "start", "end"),
    [
        ({}, "= 4.5 - 0.1 dot", "[$5$] = 4 $"),
        # A huge rate hides no digit of the start.
        ({"learning_rate": 1e9}, "= 4.5 - (10^(9)) dot", "= −5.000 times 10^(9) $"),
    ],
)
def test_the_numbers_of_a_step_stand_in_the_rule(params, start, end):
    texts = on_screen(run_lesson("gradient_descent", params), "step_1").split("\n")
    (formula,) = {text for text in texts if "w <- w - eta" in text}
    assert start in formula
    assert formula.endswith(end)


def test_the_point_stands_where_the_record_says():
    lesson = run_lesson("gradient_descent", {"starts": [4.5]}).lesson
    xs, ys = (lesson.plot.state[f"run_0.{axis}"] for axis in "xy")
    assert lesson.plot.state["run_0.progress"] == 1
    assert xs == pytest.approx(2 + 2.5 * 0.8 ** np.arange(31))
    assert ys == pytest.approx((xs - 2) ** 2 + 1)
    assert lesson.plot.slope_of("run_0") == pytest.approx(5 * 0.8**30)


def test_a_run_that_leaves_is_drawn_to_the_edge_and_says_when():
    # 2.5 * 1.02^10 = 3.05 is beyond 3 from the middle, 2.5 * 1.02^9 = 2.99 is not.
    run = run_lesson("gradient_descent", LEAVING)
    assert any("left the picture at step 10" in text for text in run.moments[-1].texts)
    place, _ = run.lesson.plot.exit("run_0")
    left, _, right, _ = run.lesson.plot.axes.inner
    assert np.isclose(place[0], [left, right], atol=0.02).any()
