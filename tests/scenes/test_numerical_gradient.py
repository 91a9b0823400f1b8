"""The numerical gradient's numbers against calculus by hand, and points where it gets difficult."""

from __future__ import annotations

import math
from typing import Any

import pytest

from backprop_studio.scenes.parts.charts.plot import Plot
from tests.scenes.lesson_runs import run_lesson, shown

CASES: list[dict[str, Any]] = [
    {"formula": "w^2", "w": 3},
    {"formula": "w^2", "w": 0},
    {"formula": "abs(w)", "w": 0},
    {"formula": "relu(w)", "w": 0, "h": 0.01},
    {"formula": "step(w)", "w": 0},
    {"formula": "sin(w)", "w": 0},
    {"formula": "sin(w)", "w": -2, "h": 3e-9},
    {"formula": "log(w)", "w": 0.5},
    {"formula": "log(w)", "w": 1e-9, "h": 1e-10},
    {"formula": "1/w", "w": -0.5},
    {"formula": "exp(w)", "w": 600},
    {"formula": "exp(-w^2)", "w": 27},
    {"formula": "7", "w": 2},
    {"formula": "w^3", "w": 1e6, "h": 1e-12},
]

ZERO, KINK = {"formula": "w^2", "w": 0}, {"formula": "relu(w)", "w": 0}

STORIES = [
    ({}, "autograd chord smaller picked errors truncation rounding direction"),
    # (w + h)^2 - (w - h)^2 = 4 w h exactly: what misses is round-off alone.
    ({"formula": "w^2", "w": 3}, "autograd chord smaller picked errors rounding direction"),
    (KINK, "autograd chord smaller picked corner errors direction"),
]
SAYS = [(ZERO, "picked", "exactly 0"), (ZERO, "errors", "no place for 0")]
REFUSES = [
    ({"formula": "log(w)", "w": 0.5, "h": 1}, "no value at w - h = -0.5"),
    ({"formula": "sqrt(w)", "w": 0}, "no finite slope at w = 0"),
    ({"formula": "1/w", "w": 0}, "no value at w = 0"),
    ({"formula": "exp(w)", "w": 705}, "too large at w = 705"),
]


def errors_at_last(run, beat):
    """Return the plot of errors at the end of a beat."""
    moment = [moment for moment in run.moments if moment.beat == beat][-1]
    (plot,) = [part for part in moment.parts if isinstance(part, Plot) and "error" in part.items]
    return plot


def test_prints_the_numbers_of_calculus():
    """sin at 1: f(2) = sin 2, f(0) = 0; the difference is cos 1 times sin h over h."""
    run = run_lesson("numerical_gradient")
    assert shown(run, "central.h.0") == {"1"}
    assert shown(run, "central.step") == {"10^(-6)"}
    assert shown(run, "central.above.0") == {"0.909297"}  # sin 2 = 0.9092974268
    assert shown(run, "central.below.0") == {"0"}
    assert shown(run, "central.differences.0") == {"0.454649"}  # sin 2 / 2 = 0.4546487134
    assert shown(run, "central.errors.0") == {"0.086"}  # cos 1 - sin 2 / 2 = 0.0856535925
    assert shown(run, "central.errors.4") == {"9.0 times 10^(-4)"}  # cos 1 * 0.1^2 / 6 = 9.005e-4
    assert shown(run, "central.step_above") == {"0.8414715251"}  # sin 1.000001 = 0.84147152511
    assert shown(run, "central.step_below") == {"0.8414704445"}  # sin 0.999999 = 0.84147044450
    assert "0.540302305868" in shown(run, "central.gradient")  # cos 1 = 0.54030230586814
    (error,) = shown(run, "central.step_error")
    mantissa, exponent = error.removesuffix(")").split(" times 10^(")
    # One last digit of sin 1, 1.1e-16, over h.
    assert 1e-13 < float(mantissa) * 10.0 ** int(exponent) < 1.2e-10
    assert shown(run, "central.truncation.4") == {"9.0 times 10^(-4)"}  # cos 1 / 600 = 9.005e-4
    assert shown(run, "central.truncation_order") == {"1.998"}


def test_a_rise_in_the_last_digits_is_written_with_all_of_them():
    """At h = 1e-15 the two values of sin differ in the fifteenth decimal."""
    run = run_lesson("numerical_gradient")
    (above,), (below,) = (shown(run, f"central.{side}.60") for side in ("above", "below"))
    assert above[:16] == below[:15] + above[15]
    assert above.startswith("0.84147098480789")  # sin 1 = 0.841470984807896...
    assert above != below


@pytest.mark.parametrize(
    ("formula", "w", "way"),
    [("w^2", 3, "w shrinks"), ("w^2", -3, "w grows"), ("w^2", 0, "w stays")],
)
def test_the_gradients_sign_says_which_way_w_goes(formula, w, way):
    run = run_lesson("numerical_gradient", {"formula": formula, "w": w})
    assert any(f'"{way}"' in text for text in run.moments[-1].texts)
    (plot,) = [part for part in run.moments[-1].parts if isinstance(part, Plot)]
    arrows = {name: plot.state[f"{name}.at"] for name in plot.items if name.endswith("_way")}
    assert arrows
    for start, end, _ in arrows.values():
        assert end**2 < start**2
        assert abs(end) > 0 or start == 0
        assert start * end >= 0  # down into the valley, not through it


def test_at_a_corner_the_mean_of_both_sides_stands_beside_autograds_choice():
    run = run_lesson("numerical_gradient", KINK)
    assert shown(run, "sides.slopes.0") == {"1.000"}
    assert shown(run, "sides.slopes.1") == {"0"}
    assert "0.5000" in shown(run, "central.step_difference")
    assert shown(run, "central.gradient") == {"0"}


def test_an_error_of_zero_is_said_and_not_drawn():
    run = run_lesson("numerical_gradient", ZERO)
    assert "picked" not in errors_at_last(run, "errors").items
    assert "picked" in errors_at_last(run_lesson("numerical_gradient"), "errors").items


def test_the_first_chord_is_the_largest_that_has_values_at_both_ends():
    """log(0.5 - 1) is none, so the first step is 0.1: log 0.6 and log 0.4."""
    run = run_lesson("numerical_gradient", {"formula": "log(w)", "w": 0.5})
    assert shown(run, "central.h.0") == set()
    assert shown(run, "central.h.4") == {"0.1"}
    assert shown(run, "central.above.4") == {"−0.510826"}  # ln 0.6 = -0.5108256238
    assert shown(run, "central.below.4") == {"−0.916291"}  # ln 0.4 = -0.9162907319


def test_the_dots_of_the_tried_steps_lie_on_the_curve_of_errors():
    run = run_lesson("numerical_gradient")
    plot = errors_at_last(run, "picked")
    for k, h in ((0, 1.0), (4, 0.1), (8, 0.01)):
        at, expected = plot.state[f"tried_{k}.at"], math.cos(1) * abs(1 - math.sin(h) / h)
        assert at[0] == pytest.approx(math.log10(h), abs=1e-12)
        assert at[1] == pytest.approx(math.log10(expected), abs=1e-6)
