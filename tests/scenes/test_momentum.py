"""Momentum: velocities by hand, arrows tip to tail, the race with and without, and refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from backprop_studio.scenes.parts.charts.plot import Plot
from backprop_studio.scenes.parts.charts.table import Table
from backprop_studio.scenes.parts.surfaces.contour_map import ContourMap
from backprop_studio.scenes.parts.surfaces.vector_map import VectorMap
from tests.scenes.lesson_runs import part_at, run_lesson, shown

CASES: list[dict[str, Any]] = [
    {"surface": {"name": "beale"}, "learning_rate": 0.05},
    {"start": [0, 0], "steps": 3},
    {"surface": {"formula": "log(x) + exp(60*y^2)"}, "start": [1, 2.9], "steps": 5},
    {"gamma": 1, "learning_rate": 1.05, "steps": 40},
    {"learning_rate": 0.00117, "start": [-3.97, 0.1], "steps": 5},
]

FAST = {"learning_rate": 1000, "steps": 9}

STORIES = [
    ({}, "crawl rule first second turn race finish"),
    (FAST, "crawl rule first second race finish"),
]
SAYS = [
    ({}, "finish", "lower after the same number"),
    # Without friction it never comes to rest; SGD at 0.4 is at the floor at once.
    ({"gamma": 1, "learning_rate": 0.4, "steps": 40}, "finish", "plain descent is lower"),
    # SGD on the ravine diverges above 1; momentum only above 2 (1 + gamma) / 2 = 1.9.
    ({"learning_rate": 1.5, "gamma": 0.9, "steps": 60}, "finish", "Plain descent left"),
    (FAST, "finish", "None of them ends"),
    ({"surface": {"name": "bowl"}, "start": [0, 0], "steps": 3}, "finish", "equally low"),
]
REFUSES = [
    ({"start": [11, 0]}, "beside the picture"),
    ({"surface": {"formula": "1/x"}, "start": [0, 0]}, "No descent can start"),
]


def number(run, name):
    return float(min(shown(run, name), key=len).replace("−", "-"))


def by_hand(steps):
    """Return points and velocities on x^2/20 + y^2 from (-7, 2), gamma = 0.9, eta = 0.1."""
    points, velocities = [np.array([-7.0, 2.0])], [np.zeros(2)]
    for _ in range(steps):
        gradient = points[-1] * (0.1, 2.0)
        velocities.append(0.9 * velocities[-1] + 0.1 * gradient)
        points.append(points[-1] - velocities[-1])
    return np.array(points), np.array(velocities)


def test_the_numbers_of_the_default_are_those_by_hand():
    run = run_lesson("momentum")
    path = "descents.0.paths.0"
    assert shown(run, "descents.0.optimizer.momentum") == {"0.9"}
    first = [shown(run, f"{path}.vectors.lecture_velocity.1.{k}") for k in range(2)]
    assert first == [{"−0.07"}, {"0.4"}]
    points, velocities = by_hand(60)
    for axis in range(2):
        assert number(run, f"{path}.points.2.{axis}") == pytest.approx(points[2][axis], abs=6e-4)
        assert number(run, f"{path}.points.60.{axis}") == pytest.approx(points[60][axis], abs=6e-3)
    loss = points[60] ** 2 @ (0.05, 1.0)
    assert number(run, f"{path}.values.60") == pytest.approx(loss, rel=2e-3)
    k = int(number(run, "terms.opposed_at"))
    for axis in range(2):
        found = number(run, f"{path}.vectors.lecture_velocity.{k}.{axis}")
        assert found == pytest.approx(velocities[k][axis], abs=6e-4)


def test_the_arrows_go_from_the_point_along_the_old_velocity_and_then_the_gradient():
    run = run_lesson("momentum")
    points, velocities = by_hand(60)
    turn = int(number(run, "terms.opposed_at"))
    for beat, k in (("first", 1), ("second", 2), ("turn", turn)):
        view = part_at(run, beat, VectorMap)
        corners = [points[k - 1], points[k - 1] - 0.9 * velocities[k - 1], points[k]]
        assert np.allclose(view.state["corners"], corners, atol=1e-12)
        assert float(view.state["sum"]) == 1
        assert float(view.state["progress"]) == k
        assert (view.state["corners"] >= view.axes.low).all()
        assert (view.state["corners"] <= view.axes.high).all()
    # At the turn the gradient is against the velocity.
    assert (corners[1] - corners[0]) @ (corners[2] - corners[1]) < 0


def test_with_and_without_run_in_step_on_the_same_axes():
    run = run_lesson("momentum")
    view, plot = part_at(run, "race", ContourMap), part_at(run, "race", Plot)
    assert float(view.state["progress"]) == 60
    assert view.state["strengths"].tolist() == [1, 1]
    assert np.array_equal(view.series[0].points[0], view.series[1].points[0])
    points, _ = by_hand(60)
    assert np.allclose(view.series[0].points, points)
    assert np.allclose(plot.state["with.y"], np.log10(points**2 @ (0.05, 1.0)), atol=1e-9)
    shares = np.array([0.99, 0.8]) ** np.arange(61)[:, None]
    assert np.allclose(view.series[1].points, shares * (-7.0, 2.0))
    assert plot.state["with.progress"] == plot.state["without.progress"] == 1
    alone = part_at(run, "crawl", ContourMap)
    assert alone.state["strengths"].tolist() == [0, 1]


def test_the_lower_one_is_marked():
    table = part_at(run_lesson("momentum"), "finish", Table)
    assert (table.state["row"], table.state["highlight"]) == (0, 1)


def test_a_run_that_leaves_at_once_says_when_it_left():
    assert "left at step 1" in part_at(run_lesson("momentum", FAST), "finish", Table).cells[0][1]
