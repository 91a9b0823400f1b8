"""Gradient descent's story: the rule's digits by hand, slopes of both signs, and how runs end."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from backprop_studio.render.lint.texts import readable
from backprop_studio.scenes.families.hill.plot import HillPlot
from tests.scenes.lesson_runs import on_screen, run_lesson, shown

CASES: list[dict[str, Any]] = [
    {"learning_rate": 1e9},
    {"curve": {"name": "double_well"}, "starts": [0.1, -0.2, 1.7], "learning_rate": 0.05},
    {"curve": {"formula": "sqrt(w)", "w_range": [0, 2]}, "learning_rate": 0.5},
    {"curve": {"formula": "1/w"}, "starts": [1]},
    {"curve": {"formula": "exp(3*w)"}, "learning_rate": 1e-6, "steps": 1},
    {"curve": {"name": "square"}, "starts": [0], "learning_rate": 0.95},
]

ONE_VALLEY = {"curve": {"formula": "(w - 2)^2 + 1", "w_range": [-1, 5]}}
LEAVING = {**ONE_VALLEY, "learning_rate": 1.01, "starts": [4.5]}

STORIES = [
    ({}, "question slope step_1 step_2 rest fog start_2 end answer"),
    ({"starts": [2]}, "question slope rest fog answer"),
    ({"learning_rate": 1e9, "starts": [4.5]}, "question slope step_1 fog answer"),
]
SAYS = [
    ({}, "slope", "you are 5 higher"),
    ({}, "step_1", "That makes 4: w becomes smaller"),
    ({}, "step_2", "longer or shorter?"),
    ({}, "step_2", "not 5. So a shorter step"),
    ({"questions": False}, "step_2", "not 5. So a shorter step"),
    ({}, "rest", "28 times more: after step 30 w has settled"),
    ({}, "fog", "The other valley goes down to 0!"),
    ({}, "fog", "Between them is a ridge, 6.8 high"),
    ({}, "start_2", "Minus times minus is plus"),
    ({}, "end", "different valleys"),
    ({}, "answer", "until it is flat"),
    ({}, "answer", "In which valley that is, the start decides."),
    (ONE_VALLEY, "fog", "Nowhere in the picture is it lower"),
    ({"learning_rate": 1e-3}, "rest", "still on its way"),
    ({"learning_rate": 1e-3}, "answer", "again and again"),
    ({"learning_rate": 0.9}, "step_2", "A shorter step, back."),
    ({"learning_rate": 0.9}, "rest", "To and fro"),
    ({"learning_rate": 0.99}, "rest", "still swings"),
    ({**ONE_VALLEY, "learning_rate": 1}, "step_2", "About as far, but back."),
    ({**ONE_VALLEY, "learning_rate": 1}, "rest", "no smaller"),
    (LEAVING, "step_2", "A longer step, back."),
    (LEAVING, "rest", "left the picture at step 10."),
    ({"learning_rate": 1e9}, "step_1", "out of the picture"),
    ({"curve": {"name": "double_well"}}, "end", "different valleys"),
    ({"curve": {"name": "double_well"}, "starts": [0.1]}, "step_2", "a longer step"),
    ({"starts": [2, 4]}, "rest", "there is no step"),
    ({"curve": {"formula": "sqrt(w)"}, "starts": [1], "learning_rate": 3}, "rest", "Step 1 "),
    ({"curve": {"formula": "w^3", "w_range": [-2, 2]}, "starts": [1.5]}, "rest", "w"),
]
REFUSES = [
    ({"starts": [9]}, "starts: w = 9 is beside the picture, which goes from -6.5 to 5.5"),
    ({"curve": {"formula": "log(w)"}, "starts": [-1]}, "No descent can start at w = -1"),
    ({"curve": {"formula": "exp(w^2)", "w_range": [0, 26]}, "starts": [26]}, "too large"),
]


def test_the_steps_by_hand():
    # (w - 2)^2 + 1 with eta = 0.1: 4.5 - 0.1 * 5 = 4, 4 - 0.1 * 4 = 3.6
    run = run_lesson("gradient_descent")
    steps = [("4.5", "5"), ("4", "4"), ("3.6", "")]
    for step, (w, slope) in enumerate(steps):
        assert w in shown(run, f"runs.0.w.{step}")
        assert not slope or slope in shown(run, f"runs.0.slope.{step}")
    assert shown(run, "runs.0.loss.0") == {"7.25"}
    # 2 + 2.5 * 0.8^30 = 2.0031; on (w + 3)^2: -4.5 + 0.1 * 3 = -4.2, and -3 - 1.5 * 0.8^30
    assert "2.003" in shown(run, "runs.0.w.30")
    assert shown(run, "runs.1.w.1") == {"−4.2"}
    assert shown(run, "runs.1.slope.0") == {"−3"}
    assert "−3.002" in shown(run, "runs.1.w.30")


@pytest.mark.parametrize(
    ("params", "start", "end"),
    [
        ({}, "w <- 4.5 - 0.1 dot 5", "= 4 $"),
        # A huge rate hides no digit of the start.
        ({"learning_rate": 1e9}, "w <- 4.5 - (10^(9)) dot", "= −5.000 times 10^(9) $"),
    ],
)
def test_the_numbers_of_a_step_stand_in_the_rule(params, start, end):
    texts = map(readable, on_screen(run_lesson("gradient_descent", params), "step_1").split("\n"))
    (formula,) = {text.strip('"') for text in texts if "w <- " in text and "eta" not in text}
    assert formula.removeprefix("$ ").startswith(start)
    assert formula.endswith(end)


def test_numbers_come_from_the_picture_and_go_back_to_it():
    lesson = run_lesson("gradient_descent").lesson
    ways = [(it.beat, readable(it.text).strip('"')) for it in lesson.travelled]
    assert ways[:4] == [("step_1", it) for it in ("4.5", "0.1", "5", "4")]
    assert ways[4:7] == [("step_2", it) for it in ("4", "4", "3.6")]


def test_the_ball_stands_where_the_record_says():
    hill = run_lesson("gradient_descent", {"starts": [4.5]}).lesson.hill
    xs, ys = (hill.state[f"run_0.{axis}"] for axis in "xy")
    assert hill.state["run_0.progress"] == 1
    assert xs[::2] == pytest.approx(2 + 2.5 * 0.8 ** np.arange(31))
    assert ys[::2] == pytest.approx((xs[::2] - 2) ** 2 + 1)
    assert hill.slope_of("run_0") == pytest.approx(5 * 0.8**30)


def test_a_run_that_leaves_is_drawn_to_the_edge_and_says_when():
    # 2.5 * 1.02^10 = 3.05 is beyond 3 from the middle, 2.5 * 1.02^9 = 2.99 is not.
    run = run_lesson("gradient_descent", LEAVING)
    assert any("left the picture at step 10" in text for text in run.moments[-1].texts)
    place, _ = run.lesson.hill.exit("run_0")
    left, _, right, _ = run.lesson.hill.axes.inner
    assert np.isclose(place[0], [left, right], atol=0.02).any()


def hills(run, beat):
    """Return moments of a beat, each with its hill."""
    return [
        (moment, part)
        for moment in run.moments
        if moment.beat == beat
        for part in moment.parts
        if isinstance(part, HillPlot)
    ]


def test_a_plank_is_there_before_it_is_compared():
    told = hills(run_lesson("gradient_descent"), "step_2")
    laid = [it for it, hill in told if hill.state["run_0.slope.shown"] > 0.99]
    compared = [it for it, _ in told if any("Flatter" in text for text in it.texts)]
    moments = [id(it) for it, _ in told]
    assert moments.index(id(laid[0])) < moments.index(id(compared[0]))


def test_a_slope_is_written_in_the_air_beside_its_ball():
    run = run_lesson("gradient_descent")
    for name, beat, side in (("run_0", "slope", -1), ("run_1", "start_2", 1)):
        tag = f"{name}.slope"
        hill = next(it for _, it in hills(run, beat) if it.state[f"{tag}.shown"] > 0.99)
        spot = hill.spot(tag, "0")
        x, y = hill.in_scene(*hill.foot(name))
        assert (spot.x - x) * side > 0
        assert spot.y > y + float(hill.state["raised"]) / 2


def test_the_fog_lies_until_it_lifts():
    run = run_lesson("gradient_descent")
    fog = [
        (it.beat, float(part.state["fog"]))
        for it in run.moments
        for part in it.parts
        if isinstance(part, HillPlot)
    ]
    lies, has_lifted = (
        ["question", "slope", "step_1", "step_2", "rest"],
        ["start_2", "end", "answer"],
    )
    assert {density for beat, density in fog if beat in lies} == {1}
    assert {density for beat, density in fog if beat in has_lifted} == {0}


def test_a_ball_stands_where_its_weight_is_read_and_leaves_a_plank_behind():
    run = run_lesson("gradient_descent")
    hills = [
        (it.beat, part) for it in run.moments for part in it.parts if isinstance(part, HillPlot)
    ]
    left = [part.state["run_0.left"] for beat, part in hills if beat == "step_2"]
    # At w = 4.5 the slope is 5 and the loss 7.25; after the step at 4 it is 4, and 5.
    assert left[0] == pytest.approx([4.5, 7.25, 5.0])
    assert left[-1] == pytest.approx([4.0, 5.0, 4.0])


def test_a_slope_keeps_its_look_as_long_as_it_is_written():
    run = run_lesson("gradient_descent")
    heights: dict[str, set[float]] = {}
    for moment in run.moments:
        for part in moment.parts:
            if isinstance(part, HillPlot) and part.state["run_0.slope.shown"] > 0:
                heights.setdefault(moment.beat, set()).add(float(part.state["raised"]))
    assert len(set().union(*heights.values())) == 1


def test_what_is_written_at_a_ball_does_not_travel_with_it():
    run = run_lesson("gradient_descent")
    for number in (0, 1):
        seen = {}
        for moment in run.moments:
            for part in moment.parts:
                if isinstance(part, HillPlot) and part.state[f"run_{number}.w.shown"] > 0.99:
                    text = part.items[f"run_{number}.w"].texts[0]
                    seen.setdefault(text, set()).add(float(part.state[f"run_{number}.progress"]))
        assert seen
        assert all(len(steps) == 1 for steps in seen.values())
