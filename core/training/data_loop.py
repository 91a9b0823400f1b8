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
from backprop_studio.core.training.chain_rule import forward

if TYPE_CHECKING:
    from backprop_studio.core.training.one_weight_params import DataLoopGroup

SAME = 1e-12
"""Two sizes that differ by no larger share differ by rounding."""


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
    factor : float or None
        By what every input is multiplied to make its target; None if it is not the same for all.
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
    factor: float | None


def data_loop(asked: DataLoopGroup) -> DataLoopRecord:
    """Return the training of one weight on samples, one at a time and in their order.

    Parameters
    ----------
    asked : DataLoopGroup
        The samples, the weight at the beginning, eta, how often all samples are gone through, and
        where a prediction is made before and after.

    Raises
    ------
    InputError
        If the loss is too large for float64 from the beginning.

    Examples
    --------
    >>> from backprop_studio.core.training.one_weight_params import DataLoopGroup
    >>> record = data_loop(DataLoopGroup())
    >>> record.before, round(record.after, 6), round(float(record.epoch_w[1]), 6)
    (4.0, 8.0, 1.260688)
    """
    xs, ys = frozen(asked.xs), frozen(asked.ys)
    with single_thread():
        passes, divergence = _train(asked)
    weights, losses, gradients = passes.T
    epoch_w = weights[:: len(xs)]
    with np.errstate(over="ignore"):
        epoch_losses = ((epoch_w[:, None] * xs - ys) ** 2).mean(axis=1)
    factor = _factor(xs, ys)
    before, after = float(weights[0]) * asked.test_x, float(weights[-1]) * asked.test_x
    if not np.isfinite(epoch_losses[0]) or not math.isfinite(before):
        text = N_("the numbers are too large to compute with from w = {w} on")
        raise InputError("data_loop.too_large", text, w=f"{asked.w:g}")
    return DataLoopRecord(
        x=xs,
        y=ys,
        learning_rate=asked.learning_rate,
        epochs=asked.epochs,
        w=frozen(weights),
        losses=frozen(losses[:-1]),
        gradients=frozen(gradients[:-1]),
        epoch_w=frozen(epoch_w),
        epoch_losses=frozen(epoch_losses),
        test_x=asked.test_x,
        before=before,
        after=after,
        divergence=divergence,
        factor=factor,
    )


def _factor(xs: Array, ys: Array) -> float | None:
    """Return by what each input is multiplied to make its target, if it is the same for all."""
    if not xs.all():
        return None
    with np.errstate(over="ignore"):
        found = ys / xs
    same = np.isfinite(found).all() and np.ptp(found) <= SAME * np.abs(found).max()
    return float(found[0]) if same else None


def _train(asked: DataLoopGroup) -> tuple[Array, Divergence | None]:
    """Return w, loss and gradient (U + 1, 3) before each update and after the last."""
    weight = torch.tensor(asked.w, dtype=torch.float64, requires_grad=True)
    optimizer = build_optimizer(OptimizerSpec("sgd", asked.learning_rate), [weight])
    samples, updates = cycle(zip(asked.xs, asked.ys, strict=True)), asked.epochs * len(asked.xs)
    passes: list[tuple[float, float, float]] = []
    divergence = None
    for step, (x, y) in zip(counted_updates(optimizer, updates), samples, strict=False):
        _, loss = forward(weight, x, y)
        (weight.grad,) = torch.autograd.grad(loss, weight)
        found = (float(weight.detach()), float(loss.detach()), float(weight.grad))
        divergence = Divergence.first(step, weights=found[:1])
        if not divergence:
            passes.append(found)
        if not divergence and step < updates:
            divergence = Divergence.first(step + 1, loss=found[1:2], gradient=found[2:])
        if divergence:
            break
    return np.array(passes), divergence
