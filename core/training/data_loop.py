"""One weight trained over data, one sample at a time: y_pred = w x, L = (y_pred - y)^2.

The steps are those of ``torch.optim.SGD``. A run ends before the first weight that float64 cannot
hold, and says where.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np
import torch

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.network.optimizers import OptimizerSpec, build_optimizer
from backprop_studio.core.network.passes import single_thread
from backprop_studio.core.network.training_loop import Divergence, counted_updates
from backprop_studio.core.training.one_weight import as_number, forward

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class DataLoopRecord:
    """A training of one weight on samples, one at a time and in their order.

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
    """Return the training of one weight on samples, one at a time and in their order.

    Parameters
    ----------
    x, y : sequence of float
        The samples, one number each.
    w : float
        The weight at the beginning.
    learning_rate : float
        eta.
    epochs : int
        How often all samples are gone through.
    test_x : float
        Where a prediction is made before and after.

    Raises
    ------
    InputError
        If the loss is too large for float64 from the beginning.

    Examples
    --------
    >>> record = data_loop()
    >>> record.before, round(record.after, 6), round(float(record.epoch_w[1]), 6)
    (4.0, 8.0, 1.260688)
    """
    xs, ys = frozen(x), frozen(y)
    samples, updates = list(zip(xs.tolist(), ys.tolist(), strict=True)), epochs * len(xs)
    with single_thread():
        passes, divergence = _train(samples, float(w), float(learning_rate), updates)
    weights, losses, gradients = passes.T
    epoch_w = weights[:: len(xs)]
    with np.errstate(over="ignore"):
        epoch_losses = ((epoch_w[:, None] * xs - ys) ** 2).mean(axis=1)
    before, after = float(weights[0]) * test_x, float(weights[-1]) * test_x
    if not np.isfinite(epoch_losses[0]) or not math.isfinite(before):
        raise InputError(
            "data_loop.too_large",
            N_("the numbers are too large to compute with from w = {w} on"),
            w=f"{w:g}",
        )
    return DataLoopRecord(
        x=xs,
        y=ys,
        learning_rate=float(learning_rate),
        epochs=epochs,
        w=frozen(weights),
        losses=frozen(losses[:-1]),
        gradients=frozen(gradients[:-1]),
        epoch_w=frozen(epoch_w),
        epoch_losses=frozen(epoch_losses),
        test_x=float(test_x),
        before=before,
        after=after,
        divergence=divergence,
    )


def _train(
    samples: list[tuple[float, float]], w: float, learning_rate: float, updates: int
) -> tuple[Array, Divergence | None]:
    """Return w, loss and gradient (U + 1, 3) before each update and after the last."""
    weight = torch.tensor(w, dtype=torch.float64, requires_grad=True)
    optimizer = build_optimizer(OptimizerSpec("sgd", learning_rate), [weight])
    passes: list[tuple[float, float, float]] = []
    divergence = None
    for step, (x, y) in zip(counted_updates(optimizer, updates), cycle(samples), strict=False):
        _, loss = forward(weight, x, y)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        found = (float(weight.detach()), float(loss.detach()), as_number(weight.grad))
        divergence = Divergence.first(step, weights=found[:1])
        if not divergence:
            passes.append(found)
        if not divergence and step < updates:
            divergence = Divergence.first(step + 1, loss=found[1:2], gradient=found[2:])
        if divergence:
            break
    return np.array(passes), divergence
