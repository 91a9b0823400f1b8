"""Gradients that go wrong: bars and captions against what was measured, one weight by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from backprop_studio.core.training.gradient_flow_params import FAULTS
from backprop_studio.scenes.parts.charts.bars import Bars
from backprop_studio.scenes.parts.charts.plot import Plot
from tests.scenes.lesson_runs import parts_at, run_lesson, shown

NAME = "gradient_flow"

CASES: list[dict[str, Any]] = [
    {"faults": ["not_zeroed"], "learning_rate": 1.5, "steps": 100},
    {"faults": ["dead_relu", "vanishing"], "depth": 2, "bias": 0, "activation": "identity"},
    {"faults": ["vanishing"], "init": "zeros", "cure_init": "constant", "depth": 8, "width": 64},
    {"faults": ["zero_weights", "exploding"], "gain": 10, "width": 1, "seed": 3},
]

VANISHING = {"faults": ["vanishing"]}

STORIES = [
    ({}, " ".join(["backward", *(f"{it}{end}" for it in FAULTS for end in ("", "_cure"))])),
    ({"faults": ["not_zeroed", "exploding"]},
     "not_zeroed not_zeroed_cure backward exploding exploding_cure"),
]  # fmt: skip
SAYS = [
    (VANISHING, "vanishing", "at most 1/4"),
    (VANISHING | {"activation": "softplus"}, "vanishing", "leaves a fraction"),
    (VANISHING | {"activation": "relu", "init": "he"}, "vanishing", "about the same size"),
    (VANISHING | {"init": "zeros"}, "vanishing", "no gradient at all"),
    (VANISHING | {"cure_init": "zeros"}, "vanishing_cure", "Even so, no layer"),
    (
        VANISHING | {"cure_activation": "sigmoid"},
        "vanishing_cure",
        "each layer back leaves",
    ),
    (VANISHING | {"cure_activation": "leaky_relu"}, "vanishing_cure", "in these layers"),
    ({"faults": ["exploding"], "gain": 1}, "exploding", "about the same size"),
    ({"faults": ["dead_relu"], "bias": 0}, "dead_relu", "flow"),
    ({"faults": ["not_zeroed"], "learning_rate": 1.5}, "not_zeroed_cure", "too long"),
]
REFUSES = [({"faults": ["vanishing", "vanishing"]}, "vanishing is named twice")]


def lengths(bars):
    boxes = [bars.bar_box(k) for k in range(len(bars.names))]
    return [right - left for left, _, right, _ in boxes]


def test_one_weight_by_hand():
    """x = 2, y = 4, w = 1, eta = 0.1: gradients 8 (w - 2); not zeroed they add up."""
    run = run_lesson(NAME, {"faults": ["not_zeroed"]})
    by_hand = {
        "accumulated": ("1 1.8 2.76 3.112", "−8 −1.6 6.08 8.896", "−8 −9.6 −3.52 5.376"),
        "zeroed": ("1 1.8 1.96 1.992", "−8 −1.6 −0.32 −0.064", "−8 −1.6 −0.32 −0.064"),
    }
    for path, rows in by_hand.items():
        for name, texts in zip(("weight", "weight_own", "weight_used"), rows, strict=True):
            for k, text in enumerate(texts.split()):
                assert shown(run, f"descent.{path}.{name}.{k}") == {text}


def test_bars_are_logarithms_of_what_was_measured():
    run = run_lesson(NAME)
    faulty, cured = sorted(parts_at(run, "vanishing_cure", Bars), key=lambda it: it.get_x())
    case = run.lesson.sheet["flow"]["vanishing"]
    for bars, side in ((faulty, "faulty"), (cured, "cured")):
        norms = [layer["norm_dL_dW"] for layer in case[side]["layers"]]
        expected = np.log10(norms) - np.log10(bars.axis.low)
        assert np.array(lengths(bars)) / lengths(bars)[-1] == pytest.approx(
            expected / expected[-1], rel=1e-6
        )
    assert faulty.axis == cured.axis
    # The sigmoids' first layer has less than a thousandth of the last's, relu's more than a tenth.
    assert lengths(faulty)[0] < 0.2 * lengths(faulty)[-1]
    assert lengths(cured)[0] > 0.8 * lengths(cured)[-1]


@pytest.mark.parametrize("fault", ["dead_relu", "zero_weights"])
def test_layers_without_a_gradient_have_a_zero_and_no_bar(fault):
    (bars,) = parts_at(run_lesson(NAME), fault, Bars)
    assert lengths(bars) == [0.0] * 7
    assert bars.labels == ["0"] * 7


def test_what_diverges_leaves_the_picture_and_says_when():
    """w - 2 is -1, then (1 - 8 eta) times as much: at eta = 2, 15 and -225."""
    run = run_lesson(NAME, {"faults": ["not_zeroed"], "learning_rate": 2})
    (plot,) = parts_at(run, "not_zeroed_cure", Plot)
    assert len(plot.state["zeroed.x"]) == 2
    assert plot.items["zeroed"].texts[1] == '#"left at step 1"'
    assert plot.exit("zeroed") is not None
