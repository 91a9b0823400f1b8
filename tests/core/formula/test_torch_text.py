"""The line of torch computes what the formula computes: it is run."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from torch.nn import functional as F  # noqa: N812 (torch's own name for it)

from backprop_studio.core.formula import parse_formula
from backprop_studio.core.formula.evaluate import evaluate
from backprop_studio.core.formula.parse import Formula
from backprop_studio.core.formula.torch_text import formula_torch, tracked_torch
from backprop_studio.core.formula.tree import Variable
from tests.core.formula.trees import FUNCTIONS, NAMES, small_numbers, trees
from tests.core.specs import QUICK

KNOWN = [name for name in FUNCTIONS if name != "softplus"]
"""The formula's own softplus is more exact above 20 than torch's."""

LEAVES = small_numbers() | st.builds(Variable, st.sampled_from(NAMES))
POINTS = st.fixed_dictionaries(dict.fromkeys(NAMES, st.floats(-4, 4)))


def run(line, **values):
    """Return what a line gives when it is typed in, with tensors for its variables."""
    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        tensors = {name: torch.tensor(value) for name, value in values.items()}
        return float(eval(line, {"torch": torch, "F": F}, tensors))
    finally:
        torch.set_default_dtype(usual)


def line_of(text):
    return formula_torch(parse_formula(text, ["x", "y"]).tree)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("-x^2", "-x**2"),
        ("(-x)^2", "(-x)**2"),
        ("x^-2", "x**-2"),
        ("x^(y^2)", "x**y**2"),
        ("(x^y)^2", "(x**y)**2"),
        ("x - (y - 1)", "x - (y - 1)"),
        ("sin(x)^2 + log(y)", "torch.sin(x)**2 + torch.log(y)"),
        ("softplus(x) - relu(y)", "F.softplus(x) - torch.relu(y)"),
        (
            "max(x, y, 1)",
            "torch.maximum(torch.maximum(x, y), torch.tensor(float(1)))",
        ),
        ("2*pi*x", "2 * torch.pi * x"),
    ],
)
def test_reads_as_python_people_write_it(text, line):
    written = line_of(text)
    assert run(written, x=1.3, y=0.7) == pytest.approx(run(line, x=1.3, y=0.7), rel=1e-15)
    assert written.replace("(-2)", "-2").replace("(y**2)", "y**2") == line


@QUICK
@given(trees(LEAVES, KNOWN), POINTS)
def test_the_line_run_by_torch_is_the_formulas_value(tree, point):
    def value(nudge):
        moved = {name: x * nudge for name, x in point.items()}
        return float(evaluate(Formula(tree, NAMES), moved))

    expected = value(1)
    # Where rounding decides, two right answers may lie apart.
    slack = 1e-12 * abs(expected) + 10 * max(abs(value(1 + k) - expected) for k in (1e-13, -1e-13))
    assume(math.isfinite(expected) and slack < 1e-6 * max(1.0, abs(expected)))
    try:
        found = run(formula_torch(tree), **point)
    except (ZeroDivisionError, OverflowError):
        assume(False)  # in a part without variables Python computes, not torch
    assert abs(found - expected) <= slack + 1e-14


@pytest.mark.parametrize("text", ["sin(2)*x", "sqrt(2)*x", "relu(pi) + x"])
def test_a_function_of_a_number_runs(text):
    assert math.isfinite(run(line_of(text), x=1.0))


@pytest.mark.parametrize(
    ("text", "x", "value"),
    [
        ("step(x)", 0.0, 0.0),
        ("min(x, 2, -1)", 0.5, -1.0),
        ("e^x", 2.0, math.exp(2)),
    ],
)
def test_what_python_or_torch_call_otherwise_by_hand(text, x, value):
    assert run(line_of(text), x=x, y=0.0) == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize(
    ("text", "slopes"),
    [
        ("7", (0, 0)),
        ("step(x)", (0, 0)),
        ("1/x", (-1, 0)),
        ("y - x", (-1, 1)),
        ("max(x, y)", (0.5, 0.5)),
    ],
)
def test_torch_has_a_gradient_for_every_variable(text, slopes):
    x, y = (torch.tensor(1.0, requires_grad=True) for _ in "xy")
    line = tracked_torch(parse_formula(text, ["x", "y"]).tree, ["x", "y"])
    eval(line, {"torch": torch, "F": F, "x": x, "y": y}).backward()
    assert (x.grad.item(), y.grad.item()) == slopes
