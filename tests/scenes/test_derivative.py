"""The derivative's story: the curriculum's digits, corners and gaps, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.scenes.lesson_runs import run_lesson

CASES: list[dict[str, Any]] = [
    {"formula": "1/w", "w": 0.5, "eps": [1, 0.1]},
    {"formula": "1/w", "w": 1, "eps": [0.5, 0.1, 0.01]},
    {"formula": "w^3", "w": -2, "eps": [-1, -0.1, -0.01]},
    {"formula": "sin(w)", "w": 1},
    {"formula": "exp(w)", "w": 20},
    {"formula": "log(w)", "w": 0.02, "eps": [1, 0.1, 0.001]},
    {"formula": "abs(w)", "w": 0},
    {"formula": "relu(w)", "w": 0, "eps": [-1, -0.1]},
    {"formula": "3", "w": 2},
    {"formula": "2*w + 1", "w": -1},
    {"formula": "tan(w)", "w": 1.5, "eps": [2, 0.01]},
    {"formula": "1e9*w^2", "w": 1000, "eps": [100, 1]},
    {"formula": "w^2", "w": 0, "eps": [1, 0.0001]},
    {"formula": "sqrt(abs(sin(w)*cos(3*w)))+exp(-w^2)*tanh(w)", "w": 0.3},
]

CORNER = {"formula": "abs(w)", "w": 0}
TWO = "curve point secant_1 secant_2"

STORIES = [
    ({"eps": [1, 0.1]}, f"{TWO} expansion tangent derivative everywhere"),
    ({**CORNER, "eps": [1, 0.1]}, f"{TWO} tangent derivative everywhere"),
]
SAYS = [(CORNER, "tangent", "corner")]
REFUSES = [
    ({"formula": "log(w)", "w": -1}, "value"),
    ({"formula": "log(w)", "w": 1, "eps": [-2, -0.1]}, "one step of -2"),
    ({"w": 1e6, "eps": [1, 1e-12]}, "lost beside"),
    ({"eps": [0.1, 1]}, "shrink"),
    ({"eps": [1, 0]}, "not 0"),
    ({"formula": "w +"}, "formula"),
]


def shown(run, name):
    return {number.text for number in run.lesson.shown if number.name == f"tangent.{name}"}


def test_shows_the_numbers_of_the_notes():
    run = run_lesson("derivative", {"eps": [1, 0.02, 0.01]})
    assert shown(run, "y_eps.1") == {"9.1204"}
    assert shown(run, "y_eps.2") == {"9.0601"}
    assert shown(run, "slope") == {"6"}
    assert shown(run, "slopes.2") == {"6.01"}
    assert [shown(run, f"taylor.{k}") for k in range(3)] == [{"9"}, {"6"}, {"1"}]


def test_writes_out_what_a_step_adds():
    (moment,) = [m for m in run_lesson("derivative").moments if m.beat == "expansion"][-1:]
    assert any("9.0601 &= 9 +" in text and "0.01^2" in text for text in moment.texts)


def test_no_line_is_drawn_through_a_pole():
    lesson = run_lesson("derivative", {"formula": "1/w", "w": 0.5, "eps": [1, 0.1]}).lesson
    xs, ys = lesson.plot.state["y.x"], lesson.plot.state["y.y"]
    left, right = np.flatnonzero(xs < 0)[-1], np.flatnonzero(xs > 0)[0]
    assert np.isnan(ys[left : right + 1]).any()
