"""Directions: cosines, sums, the peak and the ant by hand; flat points, corners and refusals."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tests.scenes.lesson_runs import run_lesson, shown

CASES: list[dict[str, Any]] = [
    {"x": 0, "y": 0},
    {"formula": "x*y", "x": -1, "y": 2, "p": -1, "q": 0},
    {"formula": "log(x) + y", "x": 0.5, "y": 0, "p": -1, "q": 0},
    {"formula": "sqrt(1 - x^2 - y^2)", "x": 0.4, "y": 0.2, "p": 1, "q": 1},
    {"formula": "1/x", "x": 0.5, "y": 0, "p": -2, "q": 1},
    {"formula": "abs(x) + y", "x": 0, "y": 1},
    {"formula": "7", "p": 1, "q": -1},
    {"formula": "x^3*y", "x": 300, "y": 200, "reach": 50, "p": 0.001, "q": 2},
    {"formula": "y - x", "ant_x": 0, "ant_y": 0},
    {"formula": "exp(x*y)", "x": 20, "y": 2, "ant_x": -4, "ant_y": 3},
]

FLAT, CORNER = CASES[0], CASES[5]
FIRST = "surface direction cut secant tangent sum"

STORIES = [
    ({}, f"{FIRST} turn axes peak contour heat ant"),
    (FLAT, f"{FIRST} turn axes peak heat ant"),
    (CORNER, f"{FIRST} heat ant"),
]
SAYS = [
    (FLAT, "peak", "no direction is steepest"),
    (CORNER, "tangent", "corner"),
    (CORNER, "sum", "only where"),
    ({"ant_x": 0, "ant_y": 0}, "ant", "no way out"),
]
REFUSES = [
    ({"p": 0, "q": 0}, "both 0"),
    ({"formula": "log(x)", "x": 0}, "value"),
    ({"formula": "sqrt(x^2 + y^2)", "x": 0, "y": 0}, "gradient|slope"),
]


def test_the_numbers_of_the_default_are_those_by_hand():
    """(3, 4)/5 = (0.6, 0.8); 2 * 0.6 + 1 * 0.8 = 2; |(2, 1)| = sqrt(5)."""
    run = run_lesson("directional_derivative")
    assert shown(run, "at.length") == {"5"}
    assert [shown(run, f"at.cosines.{k}") for k in range(2)] == [{"0.6"}, {"0.8"}]
    assert [shown(run, f"at.partials.{k}") for k in range(2)] == [{"2"}, {"1"}]
    assert shown(run, "at.slope") == {"2"}
    assert shown(run, "at.steepness") == {"2.236"}
    # f(1 + 0.6 h, 0.5 + 0.8 h) = 1.25 + 2 h + h^2.
    assert [shown(run, f"at.slopes.{k}") for k in range(3)] == [{"3"}, {"2.5"}, {"2.1"}]
    isotherms = [shown(run, f"heat.isotherms.{k}") for k in range(4)]
    assert isotherms == [{"10"}, {"20"}, {"30"}, {"40"}]


def test_the_ant_goes_against_the_gradient():
    """T = 45 exp(-(x^2 + 2 y^2)/8): T_x = -x T/4, T_y = -y T/2."""
    run = run_lesson("directional_derivative", {"ant_x": 2, "ant_y": 0})
    warm = 45 * math.exp(-0.5)
    assert shown(run, "heat.temperature") == {f"{warm:.2f}"}
    assert shown(run, "heat.partials.0") == {f"−{warm / 2:.2f}"}
    assert shown(run, "heat.downhill.0") == {"1"}
    last = run.moments[-1].parts
    (plate,) = [part for part in last if hasattr(part, "uphill")]
    assert plate.state["progress"] == len(plate.series[0].points) - 1


def test_the_diagram_of_all_directions_peaks_along_the_gradient():
    lesson = run_lesson("directional_derivative").lesson
    degrees, slopes = (lesson.sweep.state[f"slopes.{axis}"] for axis in "xy")
    steepest = math.degrees(math.atan2(1, 2))
    assert degrees[np.argmax(slopes)] == pytest.approx(steepest, abs=0.5)
    assert slopes.max() == pytest.approx(math.sqrt(5), rel=1e-3)
    assert slopes[0] == pytest.approx(2)
    assert np.interp(90, degrees, slopes) == pytest.approx(1)
    assert np.interp(steepest + 90, degrees, slopes) == pytest.approx(0, abs=1e-3)


def test_l_stands_along_the_gradient_and_then_along_the_contour():
    headings = {}
    for moment in run_lesson("directional_derivative").moments:
        for part in moment.parts:
            if hasattr(part, "uphill"):
                headings[moment.beat] = float(part.state["heading"])
    assert headings["peak"] == pytest.approx(math.atan2(1, 2))
    assert headings["contour"] == pytest.approx(math.atan2(1, 2) + math.pi / 2)


def test_secants_that_leave_the_domain_are_not_drawn():
    params = {"formula": "log(x) + y", "x": 0.5, "y": 0, "p": -1, "q": 0}
    run = run_lesson("directional_derivative", params)
    assert shown(run, "at.slopes.0") == set()
    assert shown(run, "at.slopes.2") != set()
