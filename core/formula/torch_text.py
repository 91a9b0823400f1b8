"""The Python line that computes a formula with torch.

It is to be typed in after ``torch.set_default_dtype(torch.float64)``, as all lessons compute.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from backprop_studio.core.formula.text import LEVELS, NEGATIVE, level_of, number_text
from backprop_studio.core.formula.tree import (
    Binary,
    Call,
    Negative,
    Node,
    Number,
    parts,
    variables,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CONSTANTS = {"pi": "torch.pi", "e": "torch.e"}
_CALLS = {"softplus": "F.softplus", "min": "torch.minimum", "max": "torch.maximum"}
"""What torch calls otherwise."""


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


def tracked_torch(tree: Node, names: Iterable[str]) -> str:
    """Return the same code with every variable in it, as torch differentiates nothing else.

    A constant, or a step, is no function of anything to torch: ``backward()`` would fail, and
    ``.grad`` would stay None where the derivative is 0.

    Parameters
    ----------
    tree : Node
    names : iterable of str
        The variables whose gradients are asked for.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> tracked_torch(parse_formula("x^2", ["x", "y"]).tree, ["x", "y"])
    'x**2 + 0 * y'
    """
    seen = set(_tracked(tree))
    return formula_torch(tree) + "".join(f" + 0 * {name}" for name in names if name not in seen)


def _tracked(tree: Node) -> Iterator[str]:
    """Yield the variables that torch finds on its way back."""
    if isinstance(tree, Call) and tree.function == "step":
        return
    if not parts(tree):
        yield from variables(tree)
    for part in parts(tree):
        yield from _tracked(part)


def _call(tree: Call) -> str:
    # A function of torch's takes tensors, not numbers.
    written = [
        formula_torch(it) if variables(it) else f"torch.tensor(float({formula_torch(it)}))"
        for it in tree.arguments
    ]
    if tree.function == "step":
        return f"({written[0]} > 0).double()"
    name = _CALLS.get(tree.function, f"torch.{tree.function}")
    if len(written) == 1:
        return f"{name}({written[0]})"
    return reduce(lambda first, second: f"{name}({first}, {second})", written)


def _inside(tree: Node, level: int) -> str:
    text = formula_torch(tree)
    return text if level_of(tree) >= level else f"({text})"
