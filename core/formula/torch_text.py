"""The Python line that computes a formula with torch."""

from __future__ import annotations

from backprop_studio.core.formula.text import LEVELS, NEGATIVE, level_of, number_text
from backprop_studio.core.formula.tree import Binary, Call, Negative, Node, Number, variables

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
    if isinstance(tree, Number):
        return number_text(tree.value)
    if isinstance(tree, Negative):
        return f"-{_inside(tree.operand, NEGATIVE)}"
    if isinstance(tree, Call):
        return _call(tree)
    if isinstance(tree, Binary):
        level, is_power = LEVELS[tree.operator], tree.operator == "^"
        left = _inside(tree.left, level + is_power)
        right = _inside(tree.right, level + (not is_power))
        return f"{left}**{right}" if is_power else f"{left} {tree.operator} {right}"
    return _CONSTANTS.get(tree.name, tree.name)


def _call(tree: Call) -> str:
    written = [formula_torch(argument) for argument in tree.arguments]
    if not variables(tree):
        # A function of torch's takes tensors, not numbers.
        written = [f"torch.tensor(float({text}))" for text in written]
    inside = ", ".join(written)
    if tree.function == "step":
        return f"({inside} > 0).double()"
    return f"{_CALLS.get(tree.function, f'torch.{tree.function}')}({inside})"


def _inside(tree: Node, level: int) -> str:
    text = formula_torch(tree)
    return text if level_of(tree) >= level else f"({text})"
