"""The derivative's story: the curriculum's digits, corners and gaps, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from backprop_studio.scenes.parts.charts.plot import Plot
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


def plots(run, beat):
    return [it for m in run.moments if m.beat == beat for it in m.parts if isinstance(it, Plot)]


@pytest.mark.parametrize("params", [{}, {"formula": "w^3", "w": -2}, {"formula": "sin(w)", "w": 1}])
def test_the_slope_is_drawn_as_far_as_its_tangent_has_come(params):
    told = plots(run_lesson("derivative", params), "everywhere")
    start, end = (
        next(it for it in told if it.state["secant.at"][0] == it.state["slope.x"][k])
        for k in (0, -1)
    )
    start, end = (it.copy().grow(k, "slope") for k, it in ((0.0, start), (1.0, end)))
    for alpha in (0.0, 0.1, 0.37, 0.8, 1.0):
        plot = start.copy()
        plot.interpolate_state(start, end, alpha)
        item = plot.items["secant"]
        (x, y), slope = plot._secant_at("secant", item)
        assert np.isfinite([y, slope]).all()  # a tangent is there from end to end
        tip = plot._path("slope")[-1]
        assert tip == pytest.approx(plot._place(x, plot.height_on("slope", x)), abs=1e-6)
        assert plot.height_on("slope", x) == pytest.approx(slope, rel=0.02, abs=0.05)


@pytest.mark.parametrize(
    ("formula", "slopes"), [("abs(w)", (-1, 1)), ("relu(w)", (0, 1)), ("abs(w-1)+w", (0, 2))]
)
def test_a_corner_has_two_tangents_and_no_slope_between_them(formula, slopes):
    w = 1.0 if "1" in formula else 0.0
    run = run_lesson("derivative", {"formula": formula, "w": w})
    for beat in ("tangent", "everywhere"):
        plot = plots(run, beat)[-1]
        drawn = [plot._secant_at(name, plot.items[name])[1] for name in ("other", "secant")]
        assert drawn == pytest.approx(slopes)
        assert plot._shown("other") == plot._shown("secant") == 1
    heights = plot.state["slope.y"][np.abs(plot.state["slope.x"] - w) > 1e-9]
    assert np.isnan(heights).any()  # the jump is no line
    assert set(np.round(heights[~np.isnan(heights)], 6)) == set(slopes)
    assert "w.grad" in plot.items["at"].texts[0]


def test_a_wave_is_seen_as_one_and_a_pole_does_not_flatten_the_curve():
    assert run_lesson("derivative", {"formula": "sin(w)", "w": 1}).lesson.view[0] < -0.95
    plot = plots(
        run_lesson("derivative", {"formula": "1/w", "w": 0.2, "eps": [0.1, 0.01]}), "everywhere"
    )[-1]
    low, high = plot.state["window"][2:]
    assert low < -25 < high < 100
