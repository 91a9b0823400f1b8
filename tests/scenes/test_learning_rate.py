"""The learning rate's story: geometric series by hand, fair axes, and divergence as divergence."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.scenes.lesson_runs import run_lesson, shown

CASES: list[dict[str, Any]] = [
    {"learning_rates": [1e-9, 1e9, 1, 0.6]},
    {"learning_rates": [5, 1e12], "steps": 3},
    {"curve": {"name": "double_well"}, "learning_rates": [0.01, 0.2, 0.5]},
    {"curve": {"formula": "sqrt(w)", "w_range": [0, 2]}, "learning_rates": [0.1, 9]},
    {"curve": {"formula": "exp(3*w)"}},
]

SAYS = [
    (CASES[0], "rate_1", "still on its way"),
    (CASES[0], "rate_2", "η = 1000000000 diverges: w left the picture at step 1."),
    (CASES[0], "rate_3", "and no less"),
    (CASES[0], "rate_4", "to and fro"),
    ({"learning_rates": [0.97, 0.2]}, "rate_1", "swings"),
    ({}, "rate_2", "It settles"),
    ({}, "rate_4", "left the picture at step 7."),
    ({}, "compare", "η = 0.3 has"),
    ({"learning_rates": [5, 6]}, "compare", "try smaller"),
    # Two rates that mirror each other on a parabola: 1 - 2 eta is 0.5 and -0.5.
    ({"learning_rates": [0.25, 0.75]}, "compare", "not tell"),
]
REFUSES = [
    ({"learning_rates": [0.1, 0.1]}, "found one twice"),
    ({"start": 7}, "start: w = 7 is beside the picture"),
    ({"start": 0.0, "curve": {"formula": "1/w"}}, "No descent can start at w = 0"),
]


def test_first_steps_by_hand():
    # w^2 at 2 has the slope 4: 2 - 0.01 * 4, 2 - 0.3 * 4, 2 - 0.95 * 4, 2 - 1.03 * 4
    run = run_lesson("learning_rate")
    assert shown(run, "runs.0.slope.0") == {"4"}
    after = [shown(run, f"runs.{k}.w.1") for k in range(4)]
    assert after == [{"1.96"}, {"0.8"}, {"−1.8"}, {"−2.12"}]


def test_ends_by_hand():
    # A step multiplies w by 1 - 2 eta: 2 * 0.98^20 = 1.3352, 2 * 0.9^20 = 0.2432
    run = run_lesson("learning_rate")
    assert shown(run, "runs.0.w.20") == {"1.335"}
    assert shown(run, "runs.2.w.20") == {"0.2432"}
    # 2 * 1.06^6 = 2.84 is inside of 3, -2 * 1.06^7 = -3.0073 is not.
    assert shown(run, "runs.3.w.7") == {"−3.007"}
    assert any("left at step 7" in text for text in run.moments[-1].texts)


def test_all_panels_have_the_same_axes_and_the_loss_has_their_heights():
    lesson = run_lesson("learning_rate").lesson
    windows = [panel.state["window"].tolist() for panel in lesson.panels]
    assert windows == [windows[0]] * 4
    sizes = [
        (right - left, top - bottom)
        for left, bottom, right, top in (panel.axes.inner for panel in lesson.panels)
    ]
    assert np.allclose(sizes, sizes[0])
    assert lesson.losses.state["window"][2:].tolist() == windows[0][2:]
    starts = [panel.state["run.x"][0] for panel in lesson.panels]
    assert starts == [2.0] * 4


def test_trail_and_loss_curve_of_a_rate_have_one_colour():
    lesson = run_lesson("learning_rate").lesson
    for number, panel in enumerate(lesson.panels):
        assert panel.items["run"].colour == lesson.losses.items[f"run_{number}"].colour


def test_what_has_left_is_not_drawn_on():
    lesson = run_lesson("learning_rate").lesson
    assert len(lesson.panels[3].state["run.x"]) == 8
    assert len(lesson.losses.state["run_3.x"]) == 8
