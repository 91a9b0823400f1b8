"""Formulas as numbers: torch in float64 for values and gradients, numpy for plain arrays.

Outside its domain a formula is not wrong, it has no value there: ``log(-1)`` is nan and ``1/0`` is
inf, without a warning. :mod:`core.formula.curve` turns such stretches into gaps.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 (torch's own name for it)

from backprop_studio.core.formula.tree import (
    CONSTANTS,
    Binary,
    Call,
    Constant,
    Negative,
    Node,
    Number,
    Variable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.formula.parse import Formula

__all__ = ["evaluate", "evaluate_array"]

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
    tensors = {name: _tensor(values[name]) for name in formula.names}
    shape = np.broadcast_shapes(*(tuple(tensor.shape) for tensor in tensors.values()))
    return _with_torch(formula.tree, tensors).expand(shape)


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
        return np.array(np.broadcast_to(_with_numpy(formula.tree, arrays), shape))


def _tensor(value: Tensor | float) -> Tensor:
    return torch.as_tensor(value, dtype=torch.float64)


def _exponent(node: Node) -> float | None:
    """Return an exponent that is a plain number; powers of those are exact where they can be."""
    if isinstance(node, Negative) and isinstance(node.operand, Number):
        return -node.operand.value
    return node.value if isinstance(node, Number) else None


def _is_e(node: Node) -> bool:
    return isinstance(node, Constant) and node.name == "e"


# torch


def _sign(x: Tensor) -> Tensor:
    return torch.where(torch.isnan(x), x, torch.sign(x))  # torch's own gives 0 for nan


_TORCH: dict[str, Callable[[Any], Tensor]] = {
    "sin": torch.sin,
    "cos": torch.cos,
    "tan": torch.tan,
    "exp": torch.exp,
    "log": torch.log,
    "sqrt": torch.sqrt,
    "abs": torch.abs,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "softplus": lambda x: F.softplus(x, threshold=SOFTPLUS_THRESHOLD),
    "sign": _sign,
    "step": lambda x: torch.relu(_sign(x)),
}
_TORCH_PAIRS: dict[str, Callable[[Any, Any], Tensor]] = {
    "+": torch.add,
    "-": torch.sub,
    "*": torch.mul,
    "/": torch.div,
    "^": torch.pow,
    "min": torch.minimum,
    "max": torch.maximum,
}


def _with_torch(node: Node, values: Mapping[str, Tensor]) -> Tensor:
    if isinstance(node, Variable):
        return values[node.name]
    if isinstance(node, Number):
        return _tensor(node.value)
    if isinstance(node, Constant):
        return _tensor(CONSTANTS[node.name])
    if isinstance(node, Negative):
        return torch.neg(_with_torch(node.operand, values))
    if isinstance(node, Call):
        arguments = [_with_torch(argument, values) for argument in node.arguments]
        if len(arguments) > 1:
            return reduce(_TORCH_PAIRS[node.function], arguments)
        return _TORCH[node.function](arguments[0])
    return _torch_binary(node, values)


def _torch_binary(node: Binary, values: Mapping[str, Tensor]) -> Tensor:
    if node.operator == "^" and _is_e(node.left):
        return torch.exp(_with_torch(node.right, values))
    left = _with_torch(node.left, values)
    exponent = _exponent(node.right) if node.operator == "^" else None
    if exponent is not None:
        return torch.pow(left, exponent)
    return _TORCH_PAIRS[node.operator](left, _with_torch(node.right, values))


# numpy


def _numpy_sigmoid(x: Array) -> Array:
    # Of a number that is not positive, so that a small result keeps its digits.
    small = np.exp(-np.abs(x))
    return np.where(x < 0, small / (1 + small), 1 / (1 + small))


_NUMPY: dict[str, Callable[[Any], Any]] = {
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "tanh": np.tanh,
    "sigmoid": _numpy_sigmoid,
    "relu": lambda x: np.maximum(x, 0.0),
    "softplus": lambda x: np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x))),
    "sign": np.sign,
    "step": lambda x: np.heaviside(x, 0.0),
}
_NUMPY_PAIRS: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
    "min": np.minimum,
    "max": np.maximum,
}


def _with_numpy(node: Node, values: Mapping[str, Any]) -> Any:
    if isinstance(node, Variable):
        return values[node.name]
    if isinstance(node, Number):
        return np.float64(node.value)
    if isinstance(node, Constant):
        return np.float64(CONSTANTS[node.name])
    if isinstance(node, Negative):
        return np.negative(_with_numpy(node.operand, values))
    if isinstance(node, Call):
        arguments = [_with_numpy(argument, values) for argument in node.arguments]
        if len(arguments) > 1:
            return reduce(_NUMPY_PAIRS[node.function], arguments)
        return _NUMPY[node.function](arguments[0])
    return _numpy_binary(node, values)


def _numpy_binary(node: Binary, values: Mapping[str, Any]) -> Any:
    if node.operator == "^" and _is_e(node.left):
        return np.exp(_with_numpy(node.right, values))
    left = _with_numpy(node.left, values)
    return _NUMPY_PAIRS[node.operator](left, _with_numpy(node.right, values))
