"""One weight trained over data, one sample at a time: y_pred = w x, L = (y_pred - y)^2.

The steps are those of ``torch.optim.SGD``. A run ends before the first weight that float64 cannot
hold, and says where.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.graph_limits import MAX_SAMPLES, MAX_UPDATES
from backprop_studio.core.network.eager_optimizers import eager
from backprop_studio.core.network.passes import single_thread
from backprop_studio.core.training.one_weight import as_number, check_numbers, forward
from backprop_studio.core.training.record import Divergence

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["DataLoopRecord", "data_loop"]


@dataclass(frozen=True)
class DataLoopRecord:
    """Training one weight on samples, one at a time and in their order.

    Shapes use N samples, E epochs and U updates made, E N unless the run diverges.

    Attributes
    ----------
    x, y : (N,) float64
    learning_rate : float
    epochs : int
        As asked for.
    w : (U + 1,) float64
        At the beginning and after each update.
    losses, gradients : (U,) float64
        (w x - y)^2 of the sample of each update before it, and the dL/dw of which it is made.
    epoch_w, epoch_losses : (E + 1,) float64
        At the beginning and after each whole epoch: w, and the mean loss over all samples, which
        may be inf shortly before a run diverges.
    test_x, before, after : float
        Where a prediction is made, and w x there before and after training; the latter may be
        infinite where a run diverged.
    divergence : Divergence or None
        Its step counts updates from 1; the reason is what was not finite first.
    """

    x: Array
    y: Array
    learning_rate: float
    epochs: int
    w: Array
    losses: Array
    gradients: Array
    epoch_w: Array
    epoch_losses: Array
    test_x: float
    before: float
    after: float
    divergence: Divergence | None


def data_loop(
    x: Sequence[float] = (1, 2, 3),
    y: Sequence[float] = (2, 4, 6),
    *,
    w: float = 1.0,
    learning_rate: float = 0.01,
    epochs: int = 100,
    test_x: float = 4.0,
) -> DataLoopRecord:
    """Train one weight on samples, one at a time and in their order.

    Parameters
    ----------
    x, y : sequence of float
        1 to 100 samples.
    w : float
        The weight at the beginning.
    learning_rate : float
        eta.
    epochs : int
        How often all samples are gone through; at most 20000 updates together.
    test_x : float
        Where a prediction is made before and after.

    Raises
    ------
    InputError
        If a number is not finite or out of its bounds, the lengths differ, or the loss is too
        large for float64 from the beginning.

    Examples
    --------
    >>> record = data_loop()
    >>> record.before, round(record.after, 6), round(float(record.epoch_w[1]), 6)
    (4.0, 8.0, 1.260688)
    """
    xs, ys = _samples("x", x), _samples("y", y)
    if len(xs) != len(ys):
        raise InputError(f"y: expected as many numbers as in x, {len(xs)}, found {len(ys)}.")
    check_numbers(w=w, learning_rate=learning_rate, test_x=test_x)
    most = MAX_UPDATES // len(xs)
    if not 1 <= epochs <= most:
        raise InputError(f"epochs: allowed are 1 to {most} with {len(xs)} samples, found {epochs}.")
    with single_thread():
        weights, losses, gradients, divergence = _train(
            xs.tolist(), ys.tolist(), float(w), float(learning_rate), epochs
        )
    found = frozen(weights)
    epoch_w = found[:: len(xs)]
    with np.errstate(over="ignore"):
        epoch_losses = ((epoch_w[:, None] * xs - ys) ** 2).mean(axis=1)
    before, after = weights[0] * test_x, weights[-1] * test_x
    if not np.isfinite(epoch_losses[0]) or not math.isfinite(before):
        raise InputError(f"The numbers are too large to compute with from w = {w:g} on.")
    return DataLoopRecord(
        xs, ys, float(learning_rate), epochs, found, frozen(losses), frozen(gradients),
        frozen(epoch_w), frozen(epoch_losses), float(test_x), before, after,
        divergence,
    )  # fmt: skip


def _train(
    xs: list[float], ys: list[float], w: float, learning_rate: float, epochs: int
) -> tuple[list[float], list[float], list[float], Divergence | None]:
    """Return w before and after each update, and the loss and gradient of each."""
    weight = torch.tensor(w, dtype=torch.float64, requires_grad=True)
    optimizer = eager(torch.optim.SGD)([weight], lr=learning_rate)
    weights, losses, gradients = [w], list[float](), list[float]()
    for _ in range(epochs):
        for x, y in zip(xs, ys, strict=True):
            _, loss = forward(weight, x, y)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            number, gradient = float(loss.detach()), as_number(weight.grad)
            if not math.isfinite(number):
                return weights, losses, gradients, Divergence(len(losses) + 1, "loss")
            if not math.isfinite(gradient):
                return weights, losses, gradients, Divergence(len(losses) + 1, "gradient")
            optimizer.step()
            if not math.isfinite(float(weight.detach())):
                return weights, losses, gradients, Divergence(len(losses) + 1, "weights")
            losses.append(number)
            gradients.append(gradient)
            weights.append(float(weight.detach()))
    return weights, losses, gradients, None


def _samples(name: str, values: Sequence[float]) -> Array:
    found = frozen([float(value) for value in values])
    if not 1 <= len(found) <= MAX_SAMPLES:
        raise InputError(f"{name}: allowed are 1 to {MAX_SAMPLES} numbers, found {len(found)}.")
    for value in found.tolist():
        check_numbers(**{name: value})
    return found
