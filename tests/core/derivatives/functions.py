"""Functions that the tests of derivatives share."""

from __future__ import annotations

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from backprop_studio.core.derivatives.gradients import gradient
from backprop_studio.core.formula import parse_formula
from backprop_studio.core.formula.evaluate import evaluate_array
from backprop_studio.core.formula.parse import Formula
from backprop_studio.core.formula.tree import Variable
from tests.core.formula.trees import small_numbers, trees

SQUARE = parse_formula("w^2", ["w"])
BOWL = parse_formula("x^2 + y^2", ["x", "y"])

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
