"""A second opinion on every gradient: central differences in float64.

A single central difference is limited by its step: too large and the curve bends, too small and
rounding eats the digits. So each derivative is taken at a ladder of steps, refined by Richardson
extrapolation, and read where two neighbouring steps agree best (Ridders, 1982). The gradient under
test plays no part in that choice.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from core.engine import batch_loss, parameters_of
from core.record import StepRecord

__all__ = ["verification"]

STEPS = 2.0 ** -np.arange(5, 19)
MAX_ENTRIES = 400
FLOOR = 1e-6


def verification(record: StepRecord) -> dict[str, Any]:
    """Compare dL_dW and dL_db of a record with central differences of its loss.

    Returns
    -------
    dict
        ``max_relative_error``: the largest of |g - d| / max(|g|, |d|, floor), where the floor is
        a millionth of the largest gradient, below which a difference of losses has no digits.
        ``checked`` of ``parameters`` entries were compared: all of them up to 400, else an even
        spread.
    """
    weights = [np.array(layer.weight) for layer in record.layers]
    biases = [np.array(layer.bias) for layer in record.layers]
    # Views on the same memory: moving an entry of the array moves the tensor.
    parameters = parameters_of([], [])
    parameters = type(parameters)(
        tuple(torch.from_numpy(weight) for weight in weights),
        tuple(torch.from_numpy(bias) for bias in biases),
    )
    inputs = torch.from_numpy(np.array(record.batch.inputs))
    targets = torch.from_numpy(np.array(record.batch.targets))

    def loss() -> float:
        with torch.no_grad():
            return float(batch_loss(record.network, parameters, inputs, targets))

    arrays = [*weights, *biases]
    gradients = np.concatenate(
        [layer.dL_dW.ravel() for layer in record.layers]
        + [layer.dL_db.ravel() for layer in record.layers]
    )
    places = [(array, index) for array in arrays for index in np.ndindex(array.shape)]
    chosen = np.linspace(0, len(places) - 1, min(len(places), MAX_ENTRIES)).round().astype(int)
    floor = FLOOR * float(np.abs(gradients).max(initial=0.0)) or np.finfo(float).tiny
    worst = 0.0
    for number in chosen:
        difference = _derivative(loss, *places[number])
        gradient = float(gradients[number])
        scale = max(abs(gradient), abs(difference), floor)
        worst = max(worst, abs(gradient - difference) / scale)
    return {"max_relative_error": worst, "checked": len(chosen), "parameters": len(places)}


def _derivative(loss: Any, array: np.ndarray[Any, Any], index: tuple[int, ...]) -> float:
    """Return d loss / d array[index] by extrapolated central differences."""
    value = array[index]
    slopes = []
    for step in STEPS * max(1.0, abs(float(value))):
        array[index] = value + step
        above = loss()
        array[index] = value - step
        below = loss()
        slopes.append((above - below) / (2.0 * step))
    array[index] = value
    estimates = (4.0 * np.array(slopes[1:]) - np.array(slopes[:-1])) / 3.0
    best = int(np.argmin(np.abs(np.diff(estimates))))
    return float(estimates[best + 1])
