"""Secants, slices, directions and gradients: the curriculum's numbers, and laws they must obey."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from core.derivatives import directional, gradient, partials, secants
from core.errors import InputError
from core.formula import parse_formula
from core.formula.evaluate import as_function, evaluate_array
from core.formula.parse import Formula
from core.formula.tree import Variable
from tests.core.formula.trees import small_numbers, trees
from tests.core.specs import QUICK

SQUARE = parse_formula("w^2", ["w"])
BOWL = parse_formula("x^2 + y^2", ["x", "y"])
HEAT = parse_formula("10 + 30*exp(-(x^2 + y^2)/4)", ["x", "y"])

PLANE = trees(
    small_numbers() | st.sampled_from([Variable("x"), Variable("y")]),
    ["sin", "cos", "exp", "tanh", "sigmoid", "softplus"],
    "+-*",
    (),
).map(lambda tree: Formula(tree, ("x", "y")))
COORDINATES = st.floats(-2, 2).map(lambda x: round(x, 3))


def tame(formula, point):
    """Leave out formulas whose values around the point are too large to compare."""
    x, y = (point[name] + np.linspace(-0.5, 0.5, 5) for name in ("x", "y"))
    values = evaluate_array(formula, {"x": x[:, None], "y": y})
    assume(np.isfinite(values).all() and np.abs(values).max() < 100)
    return gradient(formula, point).partials


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


def test_slope_of_secants_closes_in_on_the_tangent():
    eps = [1.0, 0.5, 0.1, 0.01, 0.001]
    for text, at, slope in [
        ("w^2", 3.0, 6.0),
        ("w^3", 1.0, 3.0),
        ("1/w", 2.0, -0.25),
        ("sin(w)", 0.0, 1.0),
        ("exp(w)", 0.0, 1.0),
        ("log(w)", 2.0, 0.5),
        ("sqrt(w)", 4.0, 0.25),
    ]:
        record = secants(parse_formula(text, ["w"]), {"w": at}, eps)
        assert record.slope == slope
        distances = np.abs(record.errors)
        assert (np.diff(distances) < 0).all()
        assert distances[-1] < 1e-2


def test_secants_reach_to_the_left_as_well():
    record = secants(SQUARE, {"w": 3}, [-1, 1])
    assert record.slopes.tolist() == [5.0, 7.0]


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
        ("abs(w)", 0.1, True),
        ("relu(w)", 0, False),
        ("max(w, 1)", 1, False),
        ("w^1.5", 0, False),  # no curve to the left
        ("abs(w)^1.5", 0, True),
        ("sin(1000*w)", 0.3, True),
        ("exp(w)", 20, True),
        ("w^2 + 1e9", 0, True),
        ("w", 1e6, True),
        ("5", 0, True),
    ],
)
def test_corners_are_noticed(text, at, expected):
    record = secants(parse_formula(text, ["w"]), {"w": at}, [1])
    assert record.is_smooth is expected


@pytest.mark.parametrize(
    ("text", "at", "eps", "message"),
    [
        ("1/w", 0, [1], "The formula 1/w has no value at w = 0."),
        ("log(w)", -1, [1], "The formula log(w) has no value at w = -1."),
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


def test_missing_coordinate_is_the_callers_fault():
    with pytest.raises(KeyError, match="y"):
        secants(BOWL, {"x": 1}, [1])


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


@QUICK
@given(PLANE, COORDINATES, COORDINATES)
def test_each_slice_is_the_derivative_of_the_function_of_one_variable(formula, x, y):
    point = {"x": x, "y": y}
    slopes = tame(formula, point)
    record = partials(formula, point, [1e-6], count=3)
    assert record.partials == pytest.approx(slopes, rel=1e-12, abs=1e-12)
    for it, slope in zip(record.slices, slopes, strict=True):
        assert it.slopes[0] == pytest.approx(slope, rel=1e-3, abs=1e-3)
        assert it.y == pytest.approx(it.slope * it.x + it.intercept, rel=1e-9, abs=1e-9)


# directional_derivative


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


def test_ant_leaves_the_heat_against_the_gradient():
    record = directional(HEAT, {"x": 1, "y": 1}, (1, 0))
    assert 10 < record.value < 40
    assert record.downhill == pytest.approx([math.sqrt(0.5)] * 2)  # away from the middle
    down = directional(HEAT, {"x": 1, "y": 1}, record.downhill)
    assert down.slope == pytest.approx(-record.steepness, rel=1e-14)
    assert directional(HEAT, {"x": 0, "y": 0}, (1, 0)).value == 40.0


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


@QUICK
@given(PLANE, COORDINATES, COORDINATES, st.floats(0, 6.28))
def test_direction_is_the_forward_derivative_along_it(formula, x, y, angle):
    point = {"x": x, "y": y}
    tame(formula, point)
    record = directional(formula, point, (math.cos(angle), math.sin(angle)), count=3, directions=72)

    def along(t):
        move = [torch.tensor(part) * t for part in record.cosines.tolist()]
        return as_function(formula)(x + move[0], y + move[1])

    by_torch = torch.func.grad(along)(torch.tensor(0.0, dtype=torch.float64))
    assert record.slope == pytest.approx(float(by_torch), rel=1e-6, abs=1e-5)
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


# gradient


def test_gradient_at_many_points():
    x, y = np.meshgrid(np.linspace(-1, 1, 5), np.linspace(-2, 2, 3))
    record = gradient(parse_formula("x^2*y", ["x", "y"]), {"x": x, "y": y})
    assert record.inputs.shape == record.partials.shape == (2, 3, 5)
    np.testing.assert_allclose(record.values, x**2 * y)
    np.testing.assert_allclose(record.partials, [2 * x * y, x**2], atol=1e-15)
    np.testing.assert_allclose(record.norms, np.hypot(2 * x * y, x**2))
    assert not record.partials.flags.writeable


def test_gradient_without_value_is_none_although_autograd_has_a_number():
    record = gradient(parse_formula("log(x)", ["x"]), {"x": [-1.0, 2.0]})
    assert np.isnan(record.partials[0, 0])
    assert record.partials[0, 1] == 0.5


def test_gradient_of_what_does_not_vary():
    assert gradient(parse_formula("2*pi", ["x", "y"]), {"x": 1, "y": [1, 2]}).partials.tolist() == [
        [0.0, 0.0],
        [0.0, 0.0],
    ]
    assert gradient(parse_formula("x", ["x", "y"]), {"x": 1, "y": 2}).partials.tolist() == [
        1.0,
        0.0,
    ]


def test_records_do_not_change():
    record = secants(SQUARE, {"w": 3}, [0.1])
    with pytest.raises(AttributeError):
        record.slope = 1.0
    with pytest.raises(ValueError, match="read-only"):
        record.slopes[0] = 1.0
