"""Values and gradients of a formula at as many points as are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.derivatives.records import GradientRecord
from backprop_studio.core.formula.evaluate import evaluate
from backprop_studio.core.network.passes import single_thread

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from backprop_studio.core.formula import Formula


def gradient(formula: Formula, values: Mapping[str, npt.ArrayLike]) -> GradientRecord:
    """Return values and gradients by torch autograd, at as many points as are given.

    Parameters
    ----------
    formula : Formula
        What is differentiated.
    values : mapping
        A number or array for each name; shapes broadcast.

    Returns
    -------
    GradientRecord
        Where the formula has no value, its partial derivatives are nan.

    Raises
    ------
    KeyError
        If a name has no value.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> record = gradient(parse_formula("x^2 * y", ["x", "y"]), {"x": [1, 2], "y": 3})
    >>> record.values.tolist(), record.partials.tolist()
    ([3.0, 12.0], [[6.0, 12.0], [1.0, 4.0]])
    """
    arrays = [np.asarray(values[name], dtype=np.float64) for name in formula.names]
    inputs = [np.array(array) for array in np.broadcast_arrays(*arrays)]
    leaves = [torch.tensor(array, requires_grad=True) for array in inputs]
    with single_thread():
        result = evaluate(formula, dict(zip(formula.names, leaves, strict=True)))
        slopes = _slopes(result, leaves)
    found = result.detach().numpy()
    slopes = np.where(np.isfinite(found), slopes, np.nan)
    norms = np.sqrt((slopes**2).sum(axis=0))
    return GradientRecord(formula, frozen(inputs), frozen(found), frozen(slopes), frozen(norms))


def _slopes(result: Tensor, leaves: list[Tensor]) -> Array:
    if not result.requires_grad:  # a formula without variables
        return np.zeros((len(leaves), *result.shape))
    found = torch.autograd.grad(result.sum(), leaves, allow_unused=True, materialize_grads=True)
    return np.array([slope.numpy() for slope in found])
