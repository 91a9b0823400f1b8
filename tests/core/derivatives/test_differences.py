"""Central differences: the U-shaped error, its two arms, and h = 1e-6 against autograd."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.derivatives.differences import central_differences, step_ladder
from backprop_studio.core.formula import parse_formula

CURVED = [
    ("sin(w)", 1.0, math.cos(1.0)),
    ("exp(w)", 1.0, math.e),
    ("1/w", 2.0, -0.25),
    ("log(w)", 2.0, 0.5),
    ("sqrt(w)", 2.0, 0.5 / math.sqrt(2)),
    ("w^4 - w", 1.3, 4 * 1.3**3 - 1),
]


def differences_of(text, w, **more):
    return central_differences(parse_formula(text, ["w"]), {"w": w}, **more)


def test_ladder_goes_from_1_to_1e_15_with_exact_powers_of_ten():
    assert step_ladder(1).tolist() == [float(f"1e-{k}") for k in range(16)]
    ladder = step_ladder()
    assert (len(ladder), ladder[0], ladder[-1]) == (61, 1.0, 1e-15)
    assert (np.diff(ladder) < 0).all()
    assert 1e-6 in ladder
    assert np.log10(ladder) == pytest.approx(np.linspace(0, -15, 61))


@pytest.mark.parametrize(("text", "w", "slope"), CURVED)
def test_error_is_a_u_as_theory_says_and_small_at_1e_6(text, w, slope):
    record = differences_of(text, w)
    assert record.gradient == pytest.approx(slope, rel=1e-14)
    assert record.step == 1e-6
    assert record.step_difference == (record.step_above - record.step_below) / (2 * 1e-6)
    assert record.step_error == abs(record.step_difference - record.gradient)
    assert record.step_error < 1e-8 * max(1.0, abs(slope))
    h, errors = record.h, record.errors
    # One lucky rounding moves the smallest error, so the bottom is where a decade is lowest.
    decades = {k: np.median(errors[np.abs(np.log10(h) + k) < 0.6]) for k in range(1, 15)}
    assert min(decades, key=decades.get) in {5, 6}
    assert 1e-7 <= h[record.best] <= 1e-4
    assert min(errors[0], errors[-1]) > 1e3 * errors[record.best]
    assert record.truncation_order == pytest.approx(2, abs=0.05)
    assert record.rounding_order == pytest.approx(-1, abs=0.15)
    small = (h < 0.02) & (record.truncation > 100 * record.rounding)
    np.testing.assert_allclose(errors[small], record.truncation[small], rtol=0.05)
    tiny = record.rounding > 10 * record.truncation
    assert (errors[tiny] <= 3 * record.rounding[tiny]).all()
    # theory's best step: where both parts together are least
    assert 2e-6 <= h[np.argmin(record.truncation + record.rounding)] <= 4e-5


def test_parabola_has_no_truncation():
    record = differences_of("w^2", 3.0)
    assert record.gradient == 6.0
    assert record.errors[0] == 0.0  # at h = 1 the central difference of a parabola is exact
    assert (record.truncation == 0).all()
    assert math.isnan(record.truncation_order)
    assert record.rounding_order == pytest.approx(-1, abs=0.15)


def test_formulas_of_the_record():
    record = differences_of("w^3", 2.0, step=0.5)
    assert (record.h[0], record.above[0], record.below[0]) == (1.0, 27.0, 1.0)
    assert (record.differences[0], record.errors[0]) == (13.0, 1.0)
    assert (record.step_above, record.step_below) == (15.625, 3.375)
    assert (record.step_difference, record.step_error) == (12.25, 0.25)
    assert record.truncation[0] == pytest.approx(1.0)
    assert (record.value, record.gradient) == (8.0, 12.0)
    plane = parse_formula("x^2*y", ["x", "y"])
    record = central_differences(plane, {"x": 3.0, "y": 2.0})
    assert (record.variable, record.w, record.gradient) == ("x", 3.0, 12.0)


def test_weight_moves_against_the_gradient():
    assert [differences_of("w^2", w).w_moves for w in (3.0, -3.0, 0.0)] == [-1, 1, 0]


def test_step_across_the_edge_of_the_domain_gives_none():
    record = differences_of("log(w)", 0.5)
    assert np.isnan(record.errors[0])
    assert math.isfinite(record.errors[record.best])
    assert record.truncation_order == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize(
    ("text", "w", "more", "words"),
    [
        ("1/w", 0.0, {}, "has no value at w = 0"),
        ("sqrt(w)", 0.0, {}, "has no finite slope at w = 0"),
        ("w", 1.0, {"step": 0.0}, "expected a positive number"),
        ("w", 1.0, {"step": math.nan}, "expected a positive number"),
    ],
)
def test_what_is_impossible_is_said_in_a_sentence(text, w, more, words):
    with pytest.raises(InputError, match=words):
        differences_of(text, w, **more)
