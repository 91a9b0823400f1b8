"""The nodes of a formula: immutable, hashable, and nothing that is not on the allow-list.

Numbers are never negative: a minus sign is a node of its own, as it is on the blackboard.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from collections.abc import Iterator

Operator: TypeAlias = Literal["+", "-", "*", "/", "^"]

OPERATORS: tuple[str, ...] = get_args(Operator)

CONSTANTS = {"pi": math.pi, "e": math.e}

MANY = 200
"""Of a function that takes as many values as there are: no formula has room for more."""

_ELEMENTARY = ("sin", "cos", "tan", "exp", "log", "sqrt", "abs")
_ACTIVATIONS = ("tanh", "sigmoid", "relu", "softplus")

FUNCTIONS = {
    **dict.fromkeys(_ELEMENTARY + _ACTIVATIONS, (1, 1)),
    **dict.fromkeys(("min", "max"), (2, MANY)),
}
"""From each function to the fewest and the most values it takes; log is the natural one."""

RESULT_FUNCTIONS = {"sign": (1, 1), "step": (1, 1)}
"""What derivatives of abs, min, max and relu need besides; readable, so that a printed derivative
can be typed in again, but not advertised. ``step(0)`` is 0, as torch's derivative of relu is.
"""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number, zero or more.

    Raises
    ------
    ValueError
        If it is negative, infinite or not a number.
    """

    value: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.value) or math.copysign(1.0, self.value) < 0:
            raise ValueError(f"a number of a formula is finite and not negative: {self.value}")


@dataclass(frozen=True, slots=True)
class Constant:
    """pi or e."""

    name: str

    def __post_init__(self) -> None:
        if self.name not in CONSTANTS:
            raise ValueError(f"no constant of a formula: {self.name!r}")


@dataclass(frozen=True, slots=True)
class Variable:
    """A declared name."""

    name: str

    def __post_init__(self) -> None:
        if not is_name(self.name):
            raise ValueError(f"no name of a variable: {self.name!r}")


@dataclass(frozen=True, slots=True)
class Negative:
    """A minus sign before an operand."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands and the sign between them."""

    operator: Operator
    left: Node
    right: Node

    def __post_init__(self) -> None:
        if self.operator not in OPERATORS:
            raise ValueError(f"no operator of a formula: {self.operator!r}")


@dataclass(frozen=True, slots=True)
class Call:
    """An allow-listed function with its values."""

    function: str
    arguments: tuple[Node, ...]

    def __post_init__(self) -> None:
        fewest, most = (FUNCTIONS | RESULT_FUNCTIONS).get(self.function, (1, 0))
        if not fewest <= len(self.arguments) <= most:
            raise ValueError(f"no call of a formula: {self.function!r} of {len(self.arguments)}")


Node: TypeAlias = Number | Constant | Variable | Negative | Binary | Call


def is_name(word: str) -> bool:
    """Whether a variable can be called so: ASCII letters, digits, underscores, and not taken.

    Examples
    --------
    >>> is_name("w_1"), is_name("sin"), is_name("__import__"), is_name("1x")
    (True, False, False, False)
    """
    taken = word in FUNCTIONS or word in RESULT_FUNCTIONS or word in CONSTANTS
    return bool(_NAME.fullmatch(word)) and not taken


def parts(node: Node) -> tuple[Node, ...]:
    """Return what stands directly below a node, from left to right.

    Examples
    --------
    >>> parts(Binary("+", Variable("y"), Number(2.0)))
    (Variable(name='y'), Number(value=2.0))
    """
    if isinstance(node, Negative):
        return (node.operand,)
    if isinstance(node, Binary):
        return node.left, node.right
    return node.arguments if isinstance(node, Call) else ()


def nodes(tree: Node) -> Iterator[Node]:
    """Yield every node, a parent before what stands below it, left before right.

    Examples
    --------
    >>> [type(node).__name__ for node in nodes(Negative(Variable("x")))]
    ['Negative', 'Variable']
    """
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(parts(node))


def variables(tree: Node) -> tuple[str, ...]:
    """Return the names that occur, in order of first appearance.

    Examples
    --------
    >>> variables(Binary("+", Variable("y"), Variable("x")))
    ('y', 'x')
    """
    return tuple(dict.fromkeys(node.name for node in nodes(tree) if isinstance(node, Variable)))
