"""The derivative of a formula as a formula, for display.

Our tree becomes a sympy expression by constructors alone, never by text. Every function is an
opaque one of our own with its derivative rule, so that sympy does algebra and nothing else: it
neither evaluates ``sin(1)`` nor rewrites ``exp(log(x))``. What could grow without bound is kept
from it: a constant with many digits or a function in it is a symbol, and so is an exponent that
would make coefficients huge. The work is bounded by counting, not by a clock: the same formula
gives the same derivative on every machine.

For values take autograd (:mod:`core.derivatives.gradients`): a simplified formula may be defined
where the formula itself is not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sympy  # type: ignore[import-untyped]

from backprop_studio.core.formula.algebra import ExpressionMaker, NotExpressibleError, TreeMaker
from backprop_studio.core.formula.text import formula_text
from backprop_studio.core.formula.tree import Binary, Negative, Node, Variable, nodes, parts
from backprop_studio.core.formula.typst_math import formula_typst

if TYPE_CHECKING:
    from backprop_studio.core.formula.parse import Formula

MAX_NODES = 400
"""A derivative of more nodes fits on no screen, and is not written down."""

MAX_RAW_NODES = 1500
"""Nor is one begun that would have more than this by the rules alone."""

CLEARLY_SHORTER = 0.85

MAX_TIDY_OPERATIONS = 60
MAX_TIDY_TERMS = 40
MAX_TIDY_DEGREE = 12
"""Up to here a derivative is also brought over one denominator and factored."""


@dataclass(frozen=True)
class SymbolicDerivative:
    """A derivative as a formula.

    Attributes
    ----------
    variable : str
        After which the formula was differentiated.
    tree : Node or None
        None if the derivative is too long to be written down, or cannot be (1/(x - x)).
    text, typst : str
        As text that can be typed in, and as Typst mathematics; empty if there is none. The text of
        a long formula's derivative may be longer than a formula may be.
    """

    variable: str
    tree: Node | None
    text: str
    typst: str


def symbolic_derivative(formula: Formula, variable: str) -> SymbolicDerivative:
    """Differentiate a formula.

    Parameters
    ----------
    formula : Formula
        What is differentiated.
    variable : str
        One of its names.

    Raises
    ------
    KeyError
        If the formula has no such name.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> for text in ("w^2", "1/w", "w/(1 + w)", "sigmoid(3*w)", "relu(w)"):
    ...     print(symbolic_derivative(parse_formula(text, ["w"]), "w").text)
    2*w
    -1/w^2
    1/(w + 1)^2
    3*sigmoid(3*w)*(1 - sigmoid(3*w))
    step(w)
    """
    if variable not in formula.names:
        raise KeyError(variable)
    is_short = _length_of_derivative(formula.tree, variable)[1] <= MAX_RAW_NODES
    tree = _differentiate(formula.tree, variable) if is_short else None
    if tree is None:
        return SymbolicDerivative(variable, None, "", "")
    return SymbolicDerivative(variable, tree, formula_text(tree), formula_typst(tree))


def _differentiate(tree: Node, variable: str) -> Node | None:
    maker = ExpressionMaker()
    try:
        raw = sympy.diff(maker.expression(tree), sympy.Symbol(variable))
        back = TreeMaker(maker.constants, decimal=maker.has_decimals)
        candidates = [raw]
        if _is_small(raw):
            together = sympy.cancel(raw)
            candidates += [together, sympy.factor(together)]
        made = [back.tree(candidate) for candidate in candidates]
    except NotExpressibleError:
        return None
    best = made[0]
    for tidied in made[1:]:
        # The plain one is what the rules of a textbook give: it stays unless another is clearly
        # shorter.
        if len(formula_text(tidied)) <= CLEARLY_SHORTER * len(formula_text(best)):
            best = tidied
    return best if sum(1 for _ in nodes(best)) <= MAX_NODES else None


# What is small enough


def _length_of_derivative(node: Node, variable: str) -> tuple[int, int]:
    """Return the number of nodes of a tree and, at most, of its derivative; 0 if that is zero."""
    if isinstance(node, Variable):
        return 1, int(node.name == variable)
    lengths = [_length_of_derivative(part, variable) for part in parts(node)]
    size = 1 + sum(length for length, _ in lengths)
    moved = sum(length for _, length in lengths)
    if not moved:
        return size, 0
    is_sum = isinstance(node, Negative) or (isinstance(node, Binary) and node.operator in "+-")
    return size, moved + 1 if is_sum else moved + size + 3


def _is_small(expression: Any) -> bool:
    """Whether bringing an expression over one denominator is certain to be quick."""
    if expression.count_ops() > MAX_TIDY_OPERATIONS:
        return False
    exponents = [power.exp for power in expression.atoms(sympy.Pow) if power.exp.is_Rational]
    # Roots become powers of a common root, so their orders multiply.
    root = math.lcm(*(int(exponent.q) for exponent in exponents))
    if any(abs(exponent) * root > MAX_TIDY_DEGREE for exponent in exponents):
        return False
    return _terms(expression) <= MAX_TIDY_TERMS


def _terms(expression: Any) -> float:
    """Return into how many terms an expression would expand, at most."""
    if expression.is_Add:
        # Over one denominator every term is multiplied by the denominators of the others.
        below = math.prod(_terms_below(term) for term in expression.args)
        return below * sum(_terms(term) for term in expression.args)
    if expression.is_Mul:
        return math.prod(_terms(factor) for factor in expression.args)
    if expression.is_Pow and expression.exp.is_Integer:
        power, terms = abs(int(expression.exp)), _terms(expression.base)
        too_many = terms > MAX_TIDY_TERMS
        return math.inf if too_many else math.comb(power + int(terms) - 1, power)
    return 1


def _terms_below(expression: Any) -> float:
    """Return how many terms an expression's denominator has."""
    factors = expression.args if expression.is_Mul else (expression,)
    return math.prod(_terms(it) for it in factors if it.is_Pow and it.exp.is_negative)
