"""Values of formulas: torch in float64 for values and gradients, numpy for plain arrays.

Outside its domain a formula is not wrong, it has no value there: ``log(-1)`` is nan and ``1/0`` is
inf, without a warning. :mod:`core.formula.curve` turns such stretches into gaps.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 (torch's own name for it)

from backprop_studio.core.formula.tree import CONSTANTS, Binary, Call, Constant, Negative, Number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.formula.parse import Formula
    from backprop_studio.core.formula.tree import Node

SOFTPLUS_THRESHOLD = 40.0
"""Above it, softplus(x) is x to the last bit; torch's own 20 leaves a visible step."""


def evaluate(formula: Formula, values: Mapping[str, Tensor | float]) -> Tensor:
    """Return a formula's value with torch, differentiable, also inside torch.func.

    Parameters
    ----------
    formula : Formula
        What is computed.
    values : mapping
        A tensor or number for each declared name; shapes broadcast.

    Returns
    -------
    Tensor
        float64, in the shape of all values together, also where the formula does not use them.
        nan or inf where the formula has no value.

    Raises
    ------
    KeyError
        If a declared name has no value.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> x = torch.tensor([0.0, 3.0], dtype=torch.float64, requires_grad=True)
    >>> y = evaluate(parse_formula("x^2 + 1", ["x"]), {"x": x})
    >>> torch.autograd.grad(y.sum(), x)[0].tolist()
    [0.0, 6.0]
    """
    tensors = {name: _TORCH.number(values[name]) for name in formula.names}
    shape = np.broadcast_shapes(*(tuple(tensor.shape) for tensor in tensors.values()))
    value: Tensor = _TORCH.value(formula.tree, tensors)
    return value.expand(shape)


def evaluate_array(formula: Formula, values: Mapping[str, npt.ArrayLike]) -> Array:
    """Return a formula's value with numpy.

    It agrees with :func:`evaluate` but for the last digits of the library functions.

    Parameters
    ----------
    formula : Formula
        What is computed.
    values : mapping
        Numbers or arrays for each declared name; shapes broadcast.

    Returns
    -------
    float64 array
        In the shape of all values together. nan or inf where the formula has no value.

    Raises
    ------
    KeyError
        If a declared name has no value.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> evaluate_array(parse_formula("1/x + log(x)", ["x"]), {"x": [-1, 0, 1]})
    array([nan, nan,  1.])
    """
    arrays = {name: np.asarray(values[name], dtype=np.float64) for name in formula.names}
    shape = np.broadcast_shapes(*(array.shape for array in arrays.values()))
    with np.errstate(all="ignore"):
        return np.array(np.broadcast_to(_NUMPY.value(formula.tree, arrays), shape))


def _exponent(node: Node) -> float | None:
    """Return an exponent that is a plain number; powers of those are exact where they can be."""
    if isinstance(node, Negative) and isinstance(node.operand, Number):
        return -node.operand.value
    return node.value if isinstance(node, Number) else None


@dataclass(frozen=True)
class _Library:
    """What computes: how a number is made, and a function for each name and sign."""

    number: Callable[..., Any]
    functions: Mapping[str, Callable[..., Any]]

    def value(self, node: Node, values: Mapping[str, Any]) -> Any:
        if isinstance(node, Number):
            return self.number(node.value)
        if isinstance(node, Negative):
            return -self.value(node.operand, values)
        if isinstance(node, Call):
            arguments = [self.value(argument, values) for argument in node.arguments]
            function = self.functions[node.function]
            return reduce(function, arguments) if len(arguments) > 1 else function(arguments[0])
        if isinstance(node, Binary):
            return self._binary(node, values)
        name = node.name
        return values[name] if name in values else self.number(CONSTANTS[name])

    def _binary(self, node: Binary, values: Mapping[str, Any]) -> Any:
        if node.operator == "^" and node.left == Constant("e"):
            return self.functions["exp"](self.value(node.right, values))
        left = self.value(node.left, values)
        exponent = _exponent(node.right) if node.operator == "^" else None
        right = self.value(node.right, values) if exponent is None else exponent
        return self.functions[node.operator](left, right)


def _sign(x: Tensor) -> Tensor:
    return torch.where(torch.isnan(x), x, torch.sign(x))  # torch's own gives 0 for nan


def _numpy_sigmoid(x: Array) -> Array:
    # Of a number that is not positive, so that a small result keeps its digits.
    small = np.exp(-np.abs(x))
    return np.where(x < 0, small / (1 + small), 1 / (1 + small))


def _numpy_softplus(x: Array) -> Array:
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


_FUNCTIONS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "sin": (torch.sin, np.sin),
    "cos": (torch.cos, np.cos),
    "tan": (torch.tan, np.tan),
    "exp": (torch.exp, np.exp),
    "log": (torch.log, np.log),
    "sqrt": (torch.sqrt, np.sqrt),
    "abs": (torch.abs, np.abs),
    "tanh": (torch.tanh, np.tanh),
    "sigmoid": (torch.sigmoid, _numpy_sigmoid),
    "relu": (torch.relu, lambda x: np.maximum(x, 0.0)),
    "softplus": (partial(F.softplus, threshold=SOFTPLUS_THRESHOLD), _numpy_softplus),
    "sign": (_sign, np.sign),
    "step": (lambda x: torch.relu(_sign(x)), lambda x: np.heaviside(x, 0.0)),
    "+": (torch.add, np.add),
    "-": (torch.sub, np.subtract),
    "*": (torch.mul, np.multiply),
    "/": (torch.div, np.divide),
    "^": (torch.pow, np.power),
    "min": (torch.minimum, np.minimum),
    "max": (torch.maximum, np.maximum),
}
_TENSOR = partial(torch.as_tensor, dtype=torch.float64)
_TORCH = _Library(_TENSOR, {name: torchs for name, (torchs, _) in _FUNCTIONS.items()})
_NUMPY = _Library(np.float64, {name: numpys for name, (_, numpys) in _FUNCTIONS.items()})
