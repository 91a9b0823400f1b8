"""Canonical text of a formula, with as few brackets as the grammar allows."""

from __future__ import annotations

from decimal import Decimal

from backprop_studio.core.formula.tokens import MAX_CHARACTERS
from backprop_studio.core.formula.tree import Binary, Call, Negative, Node, Number

LEVELS = {"+": 10, "-": 10, "*": 20, "/": 20, "^": 40}
NEGATIVE = 30
_ATOM = 50
"""How tightly signs, a minus sign before an operand, and all else hold together."""


def formula_text(tree: Node) -> str:
    """Return the canonical text of a tree, which parses to an equal tree.

    Sums are spaced; a formula that is only then longer than a formula may be is written without
    spaces.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> formula_text(parse_formula("((x)+(-1.50*y))**2", ["x", "y"]).tree)
    '(x + -1.5*y)^2'
    """
    text = _write(tree, spaced=True)
    return text if len(text) <= MAX_CHARACTERS else _write(tree, spaced=False)


def number_text(value: float) -> str:
    """Return the shortest digits that are read back as the same number, without a sign.

    Examples
    --------
    >>> number_text(2.0), number_text(0.1), number_text(1e22)
    ('2', '0.1', '1e22')
    """
    exact = Decimal(repr(value)).normalize()
    if -6 <= exact.adjusted() <= 15 and int(exact.as_tuple().exponent) <= 6:
        return f"{exact:f}"
    mantissa, _, power = f"{exact:e}".partition("e")
    return f"{mantissa}e{int(power)}"


def _shortest(value: float) -> str:
    """Return a number in as few characters as can be."""
    exact = Decimal(repr(value)).normalize()
    _, digits, exponent = exact.as_tuple()
    plain = f"{exact:f}" if abs(int(exponent)) < 40 else ""
    scientific = f"{''.join(map(str, digits))}e{exponent}"
    return min(filter(None, [plain.removeprefix("0") or plain, scientific]), key=len)


def level_of(node: Node) -> int:
    """Return how tightly a node holds together.

    Examples
    --------
    >>> level_of(Number(2.0)) > level_of(Negative(Number(2.0)))
    True
    """
    if isinstance(node, Binary):
        return LEVELS[node.operator]
    return NEGATIVE if isinstance(node, Negative) else _ATOM


def _write(node: Node, *, spaced: bool) -> str:
    if isinstance(node, Number):
        return number_text(node.value) if spaced else _shortest(node.value)
    if isinstance(node, Call):
        values = (_write(value, spaced=spaced) for value in node.arguments)
        return f"{node.function}({(', ' if spaced else ',').join(values)})"
    if isinstance(node, Negative):
        return "-" + _inside(node.operand, NEGATIVE, spaced=spaced)
    if isinstance(node, Binary):
        return _binary(node, spaced=spaced)
    return node.name


def _binary(node: Binary, *, spaced: bool) -> str:
    level = LEVELS[node.operator]
    is_power = node.operator == "^"
    left = _inside(node.left, level + is_power, spaced=spaced)
    # A minus sign may follow an operator as it is: what it holds ends where it must.
    needed = 0 if isinstance(node.right, Negative) else level + (not is_power)
    right = _inside(node.right, needed, spaced=spaced)
    blank = " " if spaced and level == LEVELS["+"] else ""
    return f"{left}{blank}{node.operator}{blank}{right}"


def _inside(node: Node, level: int, *, spaced: bool) -> str:
    text = _write(node, spaced=spaced)
    return text if level_of(node) >= level else f"({text})"
