"""Formulas as numbers: right to the last digits, differentiable, and silent outside the domain."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backprop_studio.core.formula import parse_formula
from backprop_studio.core.formula.evaluate import evaluate, evaluate_array
from backprop_studio.core.formula.parse import Formula
from backprop_studio.core.formula.point import derivative_at
from backprop_studio.core.formula.tree import FUNCTIONS, RESULT_FUNCTIONS
from tests.core.formula.trees import NAMES, as_function, second_way, trees
from tests.core.specs import QUICK

SOME = settings(QUICK, max_examples=40)
VALUES = st.sampled_from([0.0, 1.0, -1.0, 0.5, 2.0]) | st.floats(-5, 5)
POINTS = st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES))


def double(values):
    return torch.tensor(values, dtype=torch.float64)


def rounding(tree, point, value):
    """Return how much roundings inside may do to a result; much where it is ill-conditioned."""
    others = [second_way(tree, point, nudge) for nudge in (1 + 1e-13, 1 - 1e-13)]
    assume(None not in others)
    slack = 1e-12 * abs(value) + 10 * max(abs(other - value) for other in others)
    assume(math.isfinite(slack))
    return slack


def value_of(text, **values):
    formula = parse_formula(text, values)
    by_torch, by_numpy = evaluate(formula, values), evaluate_array(formula, values)
    assert by_torch.dtype == torch.float64
    assert by_numpy.dtype == np.float64
    first, second = float(by_torch), float(by_numpy)
    assert math.isclose(first, second, rel_tol=1e-14) or (first != first and second != second)
    return first


@SOME
@given(trees(), POINTS)
def test_agrees_with_pythons_own_arithmetic(tree, point):
    expected = second_way(tree, point)
    assume(expected is not None and math.isfinite(expected))
    slack = rounding(tree, point, expected)
    formula = Formula(tree, NAMES)
    for found in (evaluate(formula, point), evaluate_array(formula, point)):
        assert abs(float(found) - expected) <= slack


@pytest.mark.parametrize("name", [*FUNCTIONS, *RESULT_FUNCTIONS])
def test_every_function_can_be_differentiated_thrice(name):
    arguments = "(0.3*x, y)" if FUNCTIONS.get(name, (1, 1))[1] > 1 else "(0.3*x + 0.1*y)"
    formula, point = parse_formula(name + arguments, ["x", "y"]), {"x": 1.0, "y": 0.5}
    second = [derivative_at(formula, {**point, "x": x}, "x", 2) for x in (1 + 1e-5, 1 - 1e-5)]
    third = derivative_at(formula, point, "x", 3)
    assert third == pytest.approx((second[0] - second[1]) / 2e-5, rel=1e-6, abs=1e-9)


def test_jacobian_and_hessian_of_torch_func_work():
    bowl = as_function(parse_formula("x^2*y + y^3", ["x", "y"]))
    # Not torch.func.hessian: its forward mode calls what torch itself has deprecated.
    hessian = torch.func.jacrev(torch.func.jacrev(lambda p: bowl(p[0], p[1])))
    hessian = hessian(double([1.0, 2.0]))
    assert hessian.tolist() == [[4.0, 2.0], [2.0, 12.0]]


# Shapes


def test_shapes_broadcast_also_where_a_name_is_not_used():
    x, y = np.linspace(0, 1, 3)[:, None], np.linspace(0, 1, 4)
    for text in ("x*y", "x", "y^2", "2*pi"):
        formula = parse_formula(text, ["x", "y"])
        assert evaluate_array(formula, {"x": x, "y": y}).shape == (3, 4)
        tensors = {"x": torch.tensor(x), "y": torch.tensor(y)}
        assert evaluate(formula, tensors).shape == (3, 4)
    x = np.array([1.0, 2.0])
    found = evaluate_array(parse_formula("x", ["x"]), {"x": x})
    found[0] = 9.0
    assert x.tolist() == [1.0, 2.0]  # the result belongs to the caller
    assert evaluate(parse_formula("2*pi", []), {}).shape == ()
    assert evaluate_array(parse_formula("2*pi", []), {}).shape == ()


@pytest.mark.parametrize("function", [evaluate, evaluate_array])
def test_missing_value_is_the_callers_fault(function):
    with pytest.raises(KeyError, match="y"):
        function(parse_formula("x", ["x", "y"]), {"x": 1.0})


# Values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x^2", 9.0),
        ("2^x^2", 512.0),
        ("x^0.5", math.sqrt(3)),
        ("exp(x)", math.exp(3)),
        ("log(e)", 1.0),
        ("sqrt(x*12)", 6.0),
        ("relu(-x)", 0.0),
        ("min(x, 2, 5)", 2.0),
        ("sigmoid(x)", 1 / (1 + math.exp(-3))),
        ("softplus(x)", math.log(1 + math.exp(3))),
        ("tanh(x)", math.tanh(3)),
        ("sign(-x) + sign(0)", -1.0),
        ("step(x) + step(-x) + step(0)", 1.0),
    ],
)
def test_values(text, expected):
    assert value_of(text, x=3.0) == pytest.approx(expected, rel=1e-15)


def test_powers_that_can_be_exact_are():
    for x in (3.0, 0.1, 1.1, 7.3):
        assert value_of("x^2", x=x) == x * x
        assert value_of("x^1", x=x) == x
        assert value_of("x^-1", x=x) == 1 / x
        assert value_of("x^0.5", x=x) == math.sqrt(x)


def test_large_and_small_arguments_keep_their_digits():
    assert value_of("sigmoid(x)", x=-700.0) == pytest.approx(math.exp(-700), rel=1e-13)
    assert value_of("sigmoid(x)", x=1000.0) == 1.0
    assert value_of("sigmoid(x)", x=-1000.0) == 0.0
    assert value_of("softplus(x)", x=-700.0) == pytest.approx(math.exp(-700), rel=1e-13)
    assert value_of("softplus(x)", x=1000.0) == 1000.0
    for x in (19.9, 20.1, 30.0, 39.9, 40.1):
        assert value_of("softplus(x)", x=x) == pytest.approx(x + math.exp(-x), rel=1e-15)


@pytest.mark.parametrize(
    ("text", "x", "expected"),
    [
        ("1/x", 0.0, math.inf),
        ("0/x", 0.0, math.nan),
        ("log(x)", -1.0, math.nan),
        ("sqrt(x)", -1.0, math.nan),
        ("x^(1/3)", -8.0, math.nan),
        ("0^x", 0.0, 1.0),
        ("9^9^9^x", 9.0, math.inf),
        ("exp(x)", 1000.0, math.inf),
        ("max(log(x), 1)", -1.0, math.nan),
        ("sign(log(x))", -1.0, math.nan),
        ("sigmoid(log(x))", -1.0, math.nan),
        ("softplus(log(x))", -1.0, math.nan),
    ],
)
def test_outside_the_domain_there_is_no_value(text, x, expected):
    with np.errstate(all="raise"):
        found = value_of(text, x=x)
    assert found == expected or (math.isnan(expected) and math.isnan(found))


def test_corners_have_torchs_own_slopes():
    for text, slope in [("relu(x)", 0), ("abs(x)", 0), ("max(x, 0)", 0.5), ("min(x, 0)", 0.5)]:
        function = as_function(parse_formula(text, ["x"]))
        assert float(torch.func.grad(function)(double(0.0))) == slope
