"""Secants, tangents and slices: the curriculum's numbers, and laws they must obey."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.derivatives.secants import partials, secants
from backprop_studio.core.formula import parse_formula
from tests.core.derivatives.functions import BOWL, COORDINATES, PLANE, SQUARE, tame
from tests.core.specs import QUICK

# derivative: the secant becomes the tangent


def test_square_at_three():
    record = secants(SQUARE, {"w": 3}, [0.02, 0.01])
    assert record.x_eps.tolist() == [3.02, 3.01]
    assert record.y_eps == pytest.approx([9.1204, 9.0601], rel=1e-15)
    assert (record.x, record.y, record.slope) == (3.0, 9.0, 6.0)
    assert record.derivative.text == "2*w"
    assert record.taylor.tolist() == [9.0, 6.0, 1.0]  # 9 + 6 eps + eps^2
    assert record.expansion == pytest.approx([9.1204, 9.0601], rel=1e-15)
    assert record.rises == pytest.approx([0.1204, 0.0601], rel=1e-13)
    assert record.slopes == pytest.approx([6.02, 6.01], rel=1e-13)  # 6 + eps
    assert record.errors == pytest.approx([0.02, 0.01], rel=1e-10)
    assert (record.slope * 3 + record.intercept) == record.y
    assert record.is_smooth
    assert secants(SQUARE, {"w": 3}, [-1, 1]).slopes.tolist() == [5.0, 7.0]
    with pytest.raises(AttributeError):
        record.slope = 1.0
    with pytest.raises(ValueError, match="read-only"):
        record.slopes[0] = 1.0


@pytest.mark.parametrize(
    ("text", "at", "slope"),
    [("w^3", 1.0, 3.0), ("1/w", 2.0, -0.25), ("exp(w)", 0.0, 1.0), ("sqrt(w)", 4.0, 0.25)],
)
def test_slope_of_secants_closes_in_on_the_tangent(text, at, slope):
    record = secants(parse_formula(text, ["w"]), {"w": at}, [1.0, 0.5, 0.1, 0.01, 0.001])
    assert record.slope == slope
    distances = np.abs(record.errors)
    assert (np.diff(distances) < 0).all()
    assert distances[-1] < 1e-2


def test_secant_that_ends_outside_the_domain_has_no_slope():
    record = secants(parse_formula("log(w)", ["w"]), {"w": 1}, [-2, -1, 1])
    assert np.isnan(record.y_eps[0])
    assert record.y_eps[1] == -np.inf
    assert record.slopes[1] == np.inf
    assert math.isfinite(record.slopes[2])


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("w^2", 0, True),
        ("abs(w)", 0, False),
        ("relu(w)", 0, False),
        ("w^1.5", 0, False),  # no curve to the left
        ("abs(w)^1.5", 0, True),
        ("sin(1000*w)", 0.3, True),
        ("w^2 + 1e9", 0, True),
        ("w", 1e6, True),
    ],
)
def test_corners_are_noticed(text, at, expected):
    record = secants(parse_formula(text, ["w"]), {"w": at}, [1])
    assert record.is_smooth is expected


@pytest.mark.parametrize(
    ("text", "at", "eps", "message"),
    [
        ("1/w", 0, [1], "The formula 1/w has no value at w = 0."),
        ("sqrt(w)", 0, [1], "The formula sqrt(w) has no finite slope at w = 0."),
        ("w", math.nan, [1], "The point is wrong: w is nan, expected a finite number."),
        ("w", 0, [1, 0], "A secant cannot reach 0 far; expected any number but 0."),
        ("w", 0, [math.inf], "A secant cannot reach inf far; expected any number but 0."),
    ],
)
def test_what_is_impossible_is_said_in_a_sentence(text, at, eps, message):
    with pytest.raises(InputError) as caught:
        secants(parse_formula(text, ["w"]), {"w": at}, eps)
    assert str(caught.value) == message


# partial_derivatives: hold one, move the other


def test_bowl_in_slices():
    record = partials(BOWL, {"x": 1, "y": 2}, [0.1], reach=1.0, count=5)
    assert record.value == 5.0
    assert record.partials.tolist() == [2.0, 4.0]
    along_x, along_y = record.slices
    assert (along_x.variable, along_y.variable) == ("x", "y")
    assert (along_x.derivative.text, along_y.derivative.text) == ("2*x", "2*y")
    assert along_x.y_eps == pytest.approx([1.1**2 + 4])
    assert along_y.y_eps == pytest.approx([1 + 2.1**2])
    assert record.curves[0].held == {"y": 2.0}
    assert record.curves[0].x.tolist() == [0.0, 0.5, 1.0, 1.5, 2.0]
    assert record.curves[0].y.tolist() == [4.0, 4.25, 5.0, 6.25, 8.0]
    assert record.curves[1].y.tolist() == [2.0, 3.25, 5.0, 7.25, 10.0]


@settings(QUICK, max_examples=30)
@given(PLANE, COORDINATES, COORDINATES)
def test_each_slice_is_the_derivative_of_the_function_of_one_variable(formula, x, y):
    point = {"x": x, "y": y}
    slopes = tame(formula, point)
    record = partials(formula, point, [1e-6], count=3)
    assert record.partials == pytest.approx(slopes, rel=1e-12, abs=1e-12)
    for it, slope in zip(record.slices, slopes, strict=True):
        assert it.slopes[0] == pytest.approx(slope, rel=1e-3, abs=1e-3)
        assert it.y == pytest.approx(it.slope * it.x + it.intercept, rel=1e-9, abs=1e-9)
