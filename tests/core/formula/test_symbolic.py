"""Symbolic derivatives: textbook forms, and the same values as autograd."""

from __future__ import annotations

import math
import os
import subprocess
import sys

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backprop_studio.core.formula import parse_formula
from backprop_studio.core.formula.evaluate import evaluate
from backprop_studio.core.formula.parse import Formula
from backprop_studio.core.formula.point import derivative_at
from backprop_studio.core.formula.symbolic import symbolic_derivative
from backprop_studio.core.formula.tree import Variable, nodes
from tests.core.formula.trees import NAMES, small_numbers, smooth_trees, trees
from tests.core.specs import QUICK

VARIABLES = ("w", "x", "y")


def derivative(text, variable="w"):
    return symbolic_derivative(parse_formula(text, VARIABLES), variable)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("w^2", "2*w"),
        ("1/w", "-1/w^2"),
        ("w^-2", "-2/w^3"),
        ("tan(w)", "tan(w)^2 + 1"),
        ("e^w", "e^w"),
        ("2^w", "2^w*log(2)"),
        ("log(w)", "1/w"),
        ("sqrt(w)", "1/(2*sqrt(w))"),
        ("w^0.5", "0.5/w^0.5"),
        ("w^(1/2)", "1/(2*w^(1/2))"),
        ("abs(w)", "sign(w)"),
        ("relu(w)", "step(w)"),
        ("max(w, 0)", "(1 + sign(w))/2"),
        ("2*min(w, 3)", "1 + sign(3 - w)"),
        ("pi*w^2", "2*pi*w"),
        ("0.1*w^2 - 3*w", "0.2*w - 3"),
        ("w/(1 + w)", "1/(w + 1)^2"),
        ("(w^2 + 1)^3", "6*w*(w^2 + 1)^2"),
        ("w^2*sin(w)", "w^2*cos(w) + 2*w*sin(w)"),
        ("exp(-w^2/2)", "-w*exp(-w^2/2)"),
        ("sqrt(w^2 + x^2)", "w/sqrt(w^2 + x^2)"),
        ("log(w)/log(10)", "1/(w*log(10))"),
        ("w^w", "w^w*log(w) + w^w"),
        ("w^x", "x*w^(x - 1)"),
        ("9^9^9*w", "9^9^9"),
        ("10 + 30*exp(-(w^2 + x^2)/4)", "-15*w*exp(-w^2/4 - x^2/4)"),
    ],
)
def test_textbook_forms(text, expected):
    found = derivative(text)
    assert found.text == expected
    assert found.variable == "w"
    # It can be typed in again.
    assert parse_formula(found.text, VARIABLES).tree == found.tree
    assert parse_formula(found.text, VARIABLES).typst == found.typst != ""


@pytest.mark.parametrize("text", ["1/(w - w)", "(w - w)^0*w", "w/0", "0^0*w"])
def test_derivative_that_does_not_exist_is_none(text):
    found = derivative(text)
    assert (found.tree, found.text, found.typst) == (None, "", "")


def test_unknown_variable_is_the_callers_fault():
    with pytest.raises(KeyError, match="z"):
        derivative("w", "z")


def slopes(tree, point, variable):
    """Return the value, autograd's slope, and the symbolic derivative's value."""
    formula = Formula(tree, NAMES)
    found = symbolic_derivative(formula, variable)
    value, slope = (derivative_at(formula, point, variable, order) for order in (0, 1))
    if found.tree is None:
        return value, slope, None
    return value, slope, float(evaluate(Formula(found.tree, NAMES), point))


SOME = settings(QUICK, max_examples=40)
WIDE = trees(small_numbers() | st.sampled_from([Variable(name) for name in NAMES]))
POINTS = st.fixed_dictionaries(
    {name: st.floats(0.3, 3).map(lambda x: round(x, 3)) for name in NAMES}
)


def check_slopes(tree, point, variable, tolerance):
    value, by_autograd, symbolic = slopes(tree, point, variable)
    assume(math.isfinite(value) and abs(value) < 1e6)
    assume(math.isfinite(by_autograd) and abs(by_autograd) < 1e6)
    assume(symbolic is not None and math.isfinite(symbolic))
    corner = {"relu", "abs", "min", "max"} & {getattr(it, "function", "") for it in nodes(tree)}
    if not corner:  # at one, both are right
        assert symbolic == pytest.approx(by_autograd, rel=tolerance, abs=tolerance)


@SOME
@given(smooth_trees(), POINTS, st.sampled_from(NAMES))
def test_agrees_with_autograd_where_everything_is_smooth(tree, point, variable):
    check_slopes(tree, point, variable, 1e-9)


@SOME
@given(WIDE, POINTS, st.sampled_from(NAMES))
def test_agrees_with_autograd_with_every_function_and_power(tree, point, variable):
    check_slopes(tree, point, variable, 1e-6)


def test_long_product_is_collected():
    assert derivative("w*" * 19 + "w").text == "20*w^19"


def test_derivative_is_the_same_in_every_run():
    texts = ["sin(w)*exp(x*w)/(y + w)", "(w + x + y)^3*pi*e*sin(1)", "w^x*log(w)/x + y/w"]
    code = (
        "from backprop_studio.core.formula import parse_formula as p\n"
        "from backprop_studio.core.formula.symbolic import symbolic_derivative as d\n"
        f"print([d(p(t, {VARIABLES}), 'w').text for t in {texts}])"
    )
    env = {**os.environ, "PYTHONHASHSEED": "1"}
    command = [sys.executable, "-c", code]
    said = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
    assert said == f"{[derivative(text).text for text in texts]}\n"
