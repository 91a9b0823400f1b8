"""The Python line that computes a formula with torch."""

from __future__ import annotations

from backprop_studio.core.formula.text import number_text
from backprop_studio.core.formula.tree import (
    Binary,
    Call,
    Constant,
    Negative,
    Node,
    Number,
    Variable,
    nodes,
)

_LEVELS = {"+": 10, "-": 10, "*": 20, "/": 20, "^": 40}
_NEGATIVE = 30
_ATOM = 50
_SIGNS = {"^": "**"}
_CONSTANTS = {"pi": "torch.pi", "e": "torch.e"}
_CALLS = {"softplus": "F.softplus", "min": "min", "max": "max"}
"""What is not in torch itself: Python's min and max take single values in any number."""


def formula_torch(tree: Node) -> str:
    """Return a tree as Python code, for showing.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> formula_torch(parse_formula("-w^2 + 3*sin(w)", ["w"]).tree)
    '-w**2 + 3 * torch.sin(w)'
    """
    return _write(tree)[0]


def _write(tree: Node) -> tuple[str, int]:
    """Return code and how tightly it holds together."""
    if isinstance(tree, Number):
        return number_text(tree.value), _ATOM
    if isinstance(tree, Constant):
        return _CONSTANTS[tree.name], _ATOM
    if isinstance(tree, Negative):
        return f"-{_inside(tree.operand, _NEGATIVE)}", _NEGATIVE
    if isinstance(tree, Call):
        written = [_write(argument)[0] for argument in tree.arguments]
        if not any(isinstance(node, Variable) for node in nodes(tree)):
            # A function of torch's takes tensors, not numbers.
            written = [f"torch.tensor(float({text}))" for text in written]
        inside = ", ".join(written)
        if tree.function == "step":
            return f"({inside} > 0).double()", _ATOM
        return f"{_CALLS.get(tree.function, f'torch.{tree.function}')}({inside})", _ATOM
    if isinstance(tree, Binary):
        level = _LEVELS[tree.operator]
        is_power = tree.operator == "^"
        left = _inside(tree.left, level + is_power)
        right = _inside(tree.right, level + (not is_power))
        gap = "" if is_power else " "
        return f"{left}{gap}{_SIGNS.get(tree.operator, tree.operator)}{gap}{right}", level
    return tree.name, _ATOM


def _inside(tree: Node, level: int) -> str:
    text, own = _write(tree)
    return text if own >= level else f"({text})"
