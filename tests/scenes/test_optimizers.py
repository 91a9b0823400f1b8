"""The race: first steps by hand, curves and map in step, who leaves, and what is refused."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from backprop_studio.scenes.parts.charts.plot import Plot
from backprop_studio.scenes.parts.charts.table import Table
from backprop_studio.scenes.parts.surfaces.contour_map import ContourMap
from tests.scenes.lesson_runs import part_at, run_lesson, shown

ADAM = {"optimizer": {"name": "adam", "beta1": 0.5}, "learning_rate": 0.5}
CASES: list[dict[str, Any]] = [
    {"surface": {"name": "beale"}, "learning_rate": 0.05, "steps": 20},
    {"start": [0, 0], "steps": 3},
    {"runners": [ADAM, {"optimizer": {"name": "sgd"}}], "steps": 10},
    {"surface": {"formula": "log(x) + exp(60*y^2)"}, "start": [1, 2.9], "steps": 5},
    {"surface": {"formula": "0.001*x^2 + 1e-5*y"}, "learning_rate": 1e-5, "steps": 1},
]

FAST = {"surface": {"name": "rosenbrock"}, "learning_rate": 1000, "steps": 5}
BOWL = {
    "surface": {"name": "bowl"}, "learning_rate": 1.2, "start": [1, 1], "steps": 8,
    "runners": [{"optimizer": {"name": it}} for it in ("sgd", "adagrad")],
}  # fmt: skip

TWICE = {
    "runners": [
        {"optimizer": {"name": "sgd"}},
        *({"optimizer": {"name": "momentum", "momentum": it}} for it in (0.5, 0.9)),
    ],
    "steps": 10,
}

STORIES = [
    ({}, "surface first velocity squares moments race finish"),
    (CASES[2], "surface first velocity moments race finish"),
    (TWICE, "surface first velocity race finish"),
]
SAYS = [
    ({}, "finish", "Nesterov"),
    (FAST, "finish", "None of them ends in the picture."),
    ({"start": [0, 0], "steps": 2}, "finish", "All end equally low."),
    (BOWL, "finish", "Only Adagrad ends"),
]
REFUSES = [
    ({"start": [99, 0]}, "beside the picture"),
    ({"runners": [{"optimizer": {"name": "sgd"}}] * 2}, "runs twice with the same numbers"),
    ({"surface": {"formula": "log(x)"}, "start": [-1, 0]}, "No descent can start"),
    ({"surface": {"formula": "log(0*x)"}}, "finite"),
    ({"start": [math.inf, 0]}, "start"),
]


def test_one_optimizer_runs_twice_with_other_numbers():
    run = run_lesson("optimizers", TWICE)
    assert run.lesson.words == ["SGD", "momentum 0.5", "momentum 0.9"]
    first, second = (it.paths[0].points for it in run.lesson.records[1:])
    assert (first[1] == second[1]).all()  # the velocity begins at zero
    assert (first[2] != second[2]).any()
    assert shown(run, "descents.2.optimizer.momentum") >= {"0.9"}


NAMES = ["SGD", "momentum", "Nesterov", "Adagrad", "RMSprop", "Adam", "AdamW"]


def test_the_first_steps_of_the_default_are_those_by_hand():
    """L = x^2/20 + y^2 at (-7, 2): gradient (-0.7, 4), and eta = 0.1."""
    run = run_lesson("optimizers")
    assert shown(run, "descents.0.paths.0.values.0") == {"6.45"}
    assert shown(run, "descents.0.paths.0.gradients.0.0") == {"−0.7"}
    assert shown(run, "descents.0.paths.0.gradients.0.1") == {"4"}
    gradient, start, eta = np.array([-0.7, 4.0]), np.array([-7.0, 2.0]), 0.1
    by_hand = [
        start - eta * gradient,
        start - eta * gradient,
        start - eta * 1.9 * gradient,
        start - eta * np.sign(gradient),
        start - eta * gradient / np.sqrt(0.01 * gradient**2),
        start - eta * np.sign(gradient),
        start * (1 - eta * 0.01) - eta * np.sign(gradient),
    ]
    for k, place in enumerate(by_hand):
        for axis in range(2):
            (text,) = shown(run, f"descents.{k}.paths.0.points.1.{axis}")
            assert float(text.replace("−", "-")) == pytest.approx(place[axis], abs=6e-4)


def test_map_and_curves_run_in_step_and_a_family_runs_alone():
    run = run_lesson("optimizers")
    for beat, chosen in (("velocity", 3), ("squares", 2), ("moments", 2), ("race", 7)):
        view, plot = part_at(run, beat, ContourMap), part_at(run, beat, Plot)
        assert float(view.state["progress"]) == 60
        assert view.state["strengths"].sum() == chosen
        visible = [name for name in plot.items if plot.state[f"{name}.shown"] > 0]
        assert len(visible) == chosen
        assert all(plot.state[f"{name}.progress"] == 1 for name in visible)


def test_curves_hold_the_logarithms_of_the_losses_on_the_map():
    run = run_lesson("optimizers")
    view, plot = part_at(run, "race", ContourMap), part_at(run, "race", Plot)
    for series, name in zip(view.series, plot.items, strict=True):
        x, y = series.points.T
        expected = np.log10(x**2 / 20 + y**2)
        assert np.allclose(plot.state[f"{name}.y"], expected, atol=1e-9)
    assert [it.name for it in view.series] == NAMES


def test_the_lowest_row_is_marked():
    run = run_lesson("optimizers")
    table = part_at(run, "finish", Table)
    assert table.state["highlight"] == 1
    assert NAMES[int(table.state["row"])] == "Nesterov"
    assert [cells[0] for cells in table.cells] == [f'#"{name}"' for name in NAMES]


def test_who_leaves_is_told_with_the_step_and_without_a_place():
    """On x^2 + y^2 SGD at eta = 1.2 multiplies by -1.4: 1 is beyond 3 after 4 steps."""
    run = run_lesson("optimizers", BOWL)
    row = part_at(run, "finish", Table).cells[0]
    assert "left at step 4" in row[1]
    assert row[2] == ""
    # A race in which somebody leaves is shown on the whole surface.
    assert part_at(run, "race", ContourMap).x[[0, -1]].tolist() == [-3, 3]


def test_a_race_that_stays_in_a_corner_is_seen_from_close():
    view = part_at(run_lesson("optimizers"), "race", ContourMap)
    assert -10 < view.x[0] < -7
    assert view.x[-1] < 10
    points = np.concatenate([it.points for it in view.series])
    assert (points >= view.axes.low).all()
    assert (points <= view.axes.high).all()
    whole = {"surface": {"name": "ravine", "x_range": [-10, 10]}}
    assert part_at(run_lesson("optimizers", whole), "race", ContourMap).x[0] == -10


def test_only_those_who_run_are_named():
    run = run_lesson("optimizers", CASES[2])
    assert [it.name for it in part_at(run, "race", ContourMap).series] == ["SGD", "Adam"]
    assert shown(run, "descents.1.optimizer.learning_rate") == {"0.5"}
