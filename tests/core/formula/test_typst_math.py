"""Formulas as Typst mathematics: it compiles, and brackets stand where they must."""

from __future__ import annotations

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_studio.core.formula import parse_formula
from backprop_studio.core.formula.typst_math import formula_typst, name_typst
from tests.core.formula.trees import trees
from tests.core.specs import QUICK

VARIABLES = ("x", "y", "w_1", "theta", "loss")


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("-x^2", "-x^(2)"),
        ("(-x)^2", "(-x)^(2)"),
        ("-1/x", "-frac(1, x)"),
        ("-(1/x)", "-frac(1, x)"),
        ("(x/y)^2", "(frac(x, y))^(2)"),
        ("2*3", "2 dot 3"),
        ("2*(x+1)", "2 (x + 1)"),
        ("x*(y+1)", "x dot (y + 1)"),
        ("2*(1/x)", "2 dot frac(1, x)"),
        ("x*-y", "x dot (-y)"),
        ("x - -y", "x - (-y)"),
        ("x + -y*2", "x + (-y dot 2)"),
        ("--x", "-(-x)"),
        ("sin(x)^2", "sin^(2) (x)"),
        ("sin(x)^-1", "(sin (x))^(-1)"),
        ("sigmoid(x)^2", "sigma (x)^(2)"),
        ("y*sin(x)*cos(x)^2", "y sin (x) cos^(2) (x)"),
        ("-2*x/4", "-frac(2 x, 4)"),
        ("(-x - 1)/4", "frac(-x - 1, 4)"),
        ("relu(loss)", 'op("relu") ("loss")'),
        ("1e22*x", "10^(22) x"),
        ("1.5e-9", "1.5 dot 10^(-9)"),
        ("(1e22)^2", "(10^(22))^(2)"),
    ],
)
def test_markup(text, markup):
    assert parse_formula(text, VARIABLES).typst == markup


def test_names():
    names = ("x", "w1", "w_12", "eta", "eta_t", "y_pred", "a_b_c")
    assert [name_typst(name) for name in names] == [
        "x", "w_(1)", "w_(12)", "eta", "eta_(t)", 'y_("pred")', 'a_("b_c")',
    ]  # fmt: skip


@settings(QUICK, max_examples=4)
@given(st.lists(trees(), min_size=40, max_size=40))
def test_typst_takes_every_formula_and_every_kind_of_name(drawn):
    names = ["w", "w1", "w_1", "eps", "eps_in", "alpha", "Omega_2", "x_y_z", "lambda", "A1b"]
    text = " + ".join(f"{name}*(x - {name})^{name}" for name in names)
    markups = [parse_formula(text, ["x", *names]).typst, *map(formula_typst, drawn)]
    lines = "\n\n".join(f"$ {markup} $" for markup in markups)
    typst.compile(f"#set page(width: auto, height: auto)\n{lines}".encode(), format="svg")
