"""Partial derivatives: the numbers by hand, planes along both axes, corners, gaps and refusals."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tests.scenes.lesson_runs import run_lesson, shown

CASES: list[dict[str, Any]] = [
    {"formula": "sin(x)*y", "x": -1, "y": 2},
    {"formula": "x^2 - y^2", "x": 0, "y": 0},
    {"formula": "log(x) + sqrt(y)", "x": 1, "y": 0.5},
    {"formula": "1/x + 1/y", "x": 1, "y": -1},
    {"formula": "abs(x) + y", "x": 0, "y": 1},
    {"formula": "7", "x": 1, "y": 1},
    {"formula": "x*y", "x": 1000, "y": -20, "reach": 100},
    {"formula": "100*(y - x^2)^2 + (1 - x)^2", "x": -1, "y": 1},
    {"formula": "exp(x*y)", "x": 20, "y": 2},
    {"formula": "sqrt(4 - x^2 - y^2)", "x": 1, "y": 1},
    {"formula": "exp(-x^2 - y^2)/(1 + sigmoid(x*y)) + tanh(x)*cos(y)*log(2 + x^2)", "x": 0.3},
]

STORIES = [({}, "surface point hold_y slope_x hold_x slope_y both")]
SAYS = [
    (CASES[4], "slope_x", "corner"),
    (CASES[4], "slope_y", "partial derivative"),
    ({"x": 0, "y": 0}, "both", "flat"),
]
REFUSES = [
    ({"formula": "log(x) + y", "x": -1}, "has no value at x = -1"),
    ({"formula": "sqrt(x)", "x": 0}, "finite slope"),
    ({"formula": "x*z"}, "z"),
]


def test_the_slopes_of_the_default_bowl_are_those_by_hand():
    """z = x^2 + y^2 at (1, 0.5): 1.25, and 2x = 2, 2y = 1."""
    run = run_lesson("partial_derivatives")
    assert shown(run, "at.value") == {"1.25"}
    assert shown(run, "at.partials.0") == {"2"}
    assert shown(run, "at.partials.1") == {"1"}


def test_the_torch_line_and_the_rule_stand_beside_the_slope():
    moments = run_lesson("partial_derivatives").moments
    (texts,) = [m.texts for m in moments if m.beat == "slope_x"][-1:]
    assert any("torch.autograd.grad(z, x)" in text for text in texts)
    assert any("2 x" in text for text in texts)


def test_the_plane_stands_along_x_and_then_along_y():
    headings = {}
    for moment in run_lesson("partial_derivatives").moments:
        for part in moment.parts:
            if hasattr(part, "turn_plane"):
                headings[moment.beat] = float(part.state["heading"])
    assert headings["hold_y"] == 0
    assert headings["hold_x"] == pytest.approx(math.pi / 2)


def test_the_diagrams_hold_the_slices_by_hand():
    lesson = run_lesson("partial_derivatives", {"formula": "x*y^2", "x": 2, "y": 3}).lesson
    for plot, by_hand in zip(lesson.plots, (lambda x: 9 * x, lambda y: 2 * y**2), strict=True):
        xs, ys = plot.state["cut.x"], plot.state["cut.y"]
        assert ys == pytest.approx(by_hand(xs))
    assert [float(p.state["tangent.at"][2]) for p in lesson.plots] == [9, 12]


def test_no_line_is_drawn_through_a_pole_and_no_surface_where_there_is_none():
    lesson = run_lesson("partial_derivatives", {"formula": "1/x + y", "x": 1, "y": 0}).lesson
    xs, ys = lesson.plots[0].state["cut.x"], lesson.plots[0].state["cut.y"]
    left, right = np.flatnonzero(xs < 0)[-1], np.flatnonzero(xs > 0)[0]
    assert np.isnan(ys[left : right + 1]).any()
    heights = run_lesson(
        "partial_derivatives", {"formula": "log(x) + y", "x": 1, "y": 0}
    ).lesson.mesh.state["heights"]
    assert np.isnan(heights[:, 0]).all()
    assert np.isfinite(heights[:, -1]).all()
