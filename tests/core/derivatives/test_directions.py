"""Slopes in every direction: the curriculum's numbers, and laws they must obey."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.derivatives.directions import directional
from backprop_studio.core.formula import parse_formula
from backprop_studio.core.formula.evaluate import evaluate_array
from tests.core.derivatives.functions import BOWL, COORDINATES, PLANE, SQUARE, tame
from tests.core.specs import QUICK


def test_direction_cosines_of_a_vector():
    record = directional(BOWL, {"x": 1, "y": 2}, (3, 4))
    assert record.length == 5.0
    assert record.cosines.tolist() == [0.6, 0.8]
    assert np.cos(record.angles) == pytest.approx([0.6, 0.8])
    assert record.terms == pytest.approx([2 * 0.6, 4 * 0.8])
    assert record.slope == pytest.approx(4.4)
    again = directional(BOWL, {"x": 1, "y": 2}, (300, 400))
    assert again.slope == pytest.approx(4.4)


def test_partial_derivatives_are_directions_along_the_axes():
    for vector, slope in [((1, 0), 2.0), ((0, 7), 4.0), ((-1, 0), -2.0), ((0, -1), -4.0)]:
        assert directional(BOWL, {"x": 1, "y": 2}, vector).slope == slope


def test_slopes_peak_along_the_gradient_and_vanish_along_the_contour():
    record = directional(BOWL, {"x": 3, "y": 4}, (1, 1), directions=3600)
    assert record.steepness == 10.0
    assert record.uphill.tolist() == [0.6, 0.8]
    assert record.downhill.tolist() == [-0.6, -0.8]
    assert record.contour.tolist() == [-0.8, 0.6]
    assert record.sweep_slopes.max() == pytest.approx(10.0, abs=1e-4)
    assert record.sweep_slopes.min() == pytest.approx(-10.0, abs=1e-4)
    best = record.sweep[np.argmax(record.sweep_slopes)]
    assert best == pytest.approx(math.atan2(4, 3), abs=2 * math.pi / 3600)
    assert directional(BOWL, {"x": 3, "y": 4}, record.uphill).slope == pytest.approx(10.0)
    assert directional(BOWL, {"x": 3, "y": 4}, record.contour).slope == pytest.approx(0, abs=1e-14)


def test_secants_in_the_vertical_plane_become_the_tangent():
    record = directional(BOWL, {"x": 1, "y": 2}, (3, 4), [1.0, 0.1, 0.01], reach=1.0, count=3)
    assert record.ends[0] == pytest.approx([1.6, 2.8, 1.6**2 + 2.8**2])
    assert record.slopes == pytest.approx([5.4, 4.5, 4.41])  # 4.4 + eps
    assert record.errors == pytest.approx([1.0, 0.1, 0.01], rel=1e-6)
    assert record.ray.tolist() == [-1.0, 0.0, 1.0]
    assert record.ray_points[:, 2] == pytest.approx([1.6, 5.0, 10.4])


def test_top_of_a_hill_has_no_uphill():
    record = directional(BOWL, {"x": 0, "y": 0}, (1, 2))
    assert (record.slope, record.steepness) == (0.0, 0.0)
    assert np.isnan(record.uphill).all()
    assert np.isnan(record.contour).all()


@settings(QUICK, max_examples=30)
@given(PLANE, COORDINATES, COORDINATES, st.floats(0, 6.28))
def test_slope_is_that_of_a_small_step_along_it(formula, x, y, angle):
    point = {"x": x, "y": y}
    tame(formula, point)
    record = directional(formula, point, (math.cos(angle), math.sin(angle)), count=3, directions=72)

    def value(t):
        at = {name: point[name] + t * part for name, part in zip("xy", record.cosines, strict=True)}
        return float(evaluate_array(formula, at))

    h = 2.0**-17
    assert record.slope == pytest.approx((value(h) - value(-h)) / (2 * h), rel=1e-4, abs=1e-4)
    assert record.slope == pytest.approx(record.terms.sum(), rel=1e-12, abs=1e-12)
    assert abs(record.slope) <= record.steepness * (1 + 1e-12)
    assert (np.abs(record.sweep_slopes) <= record.steepness * (1 + 1e-12) + 1e-300).all()


@pytest.mark.parametrize(
    "vector", [(0, 0), (1,), (1, 2, 3), (math.nan, 1), (math.inf, 1), (0, 1e-200)]
)
def test_vector_without_a_direction_is_refused(vector):
    with pytest.raises(InputError, match=r"^The direction \[.*\] is none; give two numbers.*\.$"):
        directional(BOWL, {"x": 1, "y": 2}, vector)


def test_direction_needs_a_gradient_and_two_variables():
    with pytest.raises(InputError, match="has no gradient at x = 0, y = 0"):
        directional(parse_formula("sqrt(x^2 + y^2)", ["x", "y"]), {"x": 0, "y": 0}, (1, 0))
    with pytest.raises(InputError, match="has no value at x = 0, y = 1"):
        directional(parse_formula("y/x", ["x", "y"]), {"x": 0, "y": 1}, (1, 0))
    with pytest.raises(ValueError, match="two variables"):
        directional(SQUARE, {"w": 1}, (1, 0))
