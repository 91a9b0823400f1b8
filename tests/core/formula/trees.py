"""Random formulas for property tests, and a second way to compute them: Python's own.

The tree becomes a syntax tree of Python by constructors (no text of anybody is compiled) and is
computed with the floats and the ``math`` of the standard library.
"""

from __future__ import annotations

import ast
import math

from hypothesis import strategies as st

from backprop_studio.core.formula.evaluate import evaluate
from backprop_studio.core.formula.tree import (
    CONSTANTS,
    Binary,
    Call,
    Constant,
    Negative,
    Number,
    Variable,
)
from backprop_studio.core.formula.tree import FUNCTIONS as ALL_FUNCTIONS

NAMES = ("x", "y", "w_1")
FUNCTIONS = [name for name, (_, most) in ALL_FUNCTIONS.items() if most == 1]
SMOOTH = ("sin", "cos", "exp", "tanh", "sigmoid", "softplus")


def numbers():
    plain = st.sampled_from([0.0, 1.0, 2.0, 3.0, 0.5, 10.0, 1e-3, 0.1])
    return st.builds(Number, plain | st.floats(min_value=0, max_value=1e300, allow_nan=False))


def small_numbers():
    return st.builds(Number, st.sampled_from([1.0, 2.0, 3.0, 0.5, 0.25, 1.5]))


def trees(leaves=None, functions=FUNCTIONS, operators="+-*/^", pairs=("min", "max")):
    if leaves is None:
        leaves = numbers() | st.builds(Variable, st.sampled_from(NAMES))
        leaves |= st.builds(Constant, st.sampled_from(["pi", "e"]))

    def deeper(inner):
        kinds = [
            st.builds(Negative, inner),
            st.builds(Binary, st.sampled_from(operators), inner, inner),
            st.builds(lambda f, it: Call(f, (it,)), st.sampled_from(functions), inner),
        ]
        if pairs:
            some = st.lists(inner, min_size=2, max_size=3).map(tuple)
            kinds.append(st.builds(Call, st.sampled_from(pairs), some))
        return st.one_of(kinds)

    return st.recursive(leaves, deeper, max_leaves=12)


def smooth_trees():
    """Formulas that have derivatives everywhere, and values of a sensible size."""
    leaves = small_numbers() | st.builds(Variable, st.sampled_from(NAMES))
    return trees(leaves, SMOOTH, "+-*", ())


# The second way

OPERATORS = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult, "/": ast.Div, "^": ast.Pow}


def second_way(tree, values, nudge=1.0):
    """Return a tree's value, or None where Python has none: an error, or a complex number.

    Parameters
    ----------
    nudge : float
        Every result of a function or power is multiplied by it, to see how much that matters.
    """
    expression = ast.fix_missing_locations(ast.Expression(_python(tree)))
    space = {"__builtins__": {}, **values, **_functions(nudge), "nudge": nudge}
    try:
        value = eval(compile(expression, "tree", "eval"), space)
    except (ZeroDivisionError, OverflowError, ValueError):
        return None
    return None if isinstance(value, complex) else float(value)


def _python(tree):
    if isinstance(tree, Number):
        return ast.Constant(tree.value)
    if isinstance(tree, Constant):
        return ast.Constant(CONSTANTS[tree.name])
    if isinstance(tree, Variable):
        return ast.Name(tree.name, ast.Load())
    if isinstance(tree, Negative):
        return ast.UnaryOp(ast.USub(), _python(tree.operand))
    if isinstance(tree, Binary):
        pair = ast.BinOp(_python(tree.left), OPERATORS[tree.operator](), _python(tree.right))
        if tree.operator != "^":
            return pair
        return ast.BinOp(pair, ast.Mult(), ast.Name("nudge", ast.Load()))
    values = [_python(value) for value in tree.arguments]
    return ast.Call(ast.Name(tree.function, ast.Load()), values, [])


def _functions(nudge):
    def sigmoid(x):
        return 1 / (1 + math.exp(-x)) if x > -700 else math.exp(x)

    def softplus(x):
        return x if x > 700 else math.log1p(math.exp(x))

    def nudged(function):
        return lambda x: function(x) * nudge

    known = {name: getattr(math, name) for name in ("sin", "cos", "tan", "exp", "log", "sqrt")}
    known |= {"tanh": math.tanh, "sigmoid": sigmoid, "softplus": softplus}
    return {
        **{name: nudged(function) for name, function in known.items()},
        "abs": abs,
        "relu": lambda x: max(0.0, x),
        "min": min,
        "max": max,
    }


def as_function(formula):
    """Return a formula as a function of its names, in their order, for torch.func."""

    def function(*values):
        return evaluate(formula, dict(zip(formula.names, values, strict=True)))

    return function
