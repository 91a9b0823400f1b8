"""Gradient accumulation without ``zero_grad``: torch adds each gradient to those before.

Then step k moves by eta times the sum of all gradients so far. That is momentum with gamma = 1, a
ball without friction: it does not stop where the slope does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.network.optimizers import OptimizerSpec
from backprop_studio.core.network.passes import draw_parameters, forward_pass, single_thread
from backprop_studio.core.network.trained.optimizer import trained_optimizer
from backprop_studio.core.network.training_loop import counted_updates, too_large_at_start

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor

    from backprop_studio.core.network.batch import Batch
    from backprop_studio.core.network.spec import NetworkSpec


@dataclass(frozen=True)
class DescentRun:
    """A run of plain gradient descent on all samples at once.

    Attributes
    ----------
    losses : (K,) float64
        L after each update; the first is that of the network as drawn.
    own : (K,) float64
        Length of the gradient of each of these losses, over all parameters.
    used : (K,) float64
        Length of what stands in ``.grad`` then, by which the next update goes.
    weight, weight_own, weight_used : (K,) float64
        The first weight of the first layer, its own gradient, and what stands in its ``.grad``.
    diverged_at : int or None
        After how many updates one of these was not finite, which is left out; else K is one more
        than the steps asked for.
    """

    losses: Array
    own: Array
    used: Array
    weight: Array
    weight_own: Array
    weight_used: Array
    diverged_at: int | None


@dataclass(frozen=True)
class ZeroGradComparison:
    """Two runs of the same descent, with and without ``opt.zero_grad()``.

    Attributes
    ----------
    network, batch, learning_rate
        What was asked for.
    zeroed, accumulated : DescentRun
        Both begin at the same weights.
    """

    network: NetworkSpec
    batch: Batch
    learning_rate: float
    zeroed: DescentRun
    accumulated: DescentRun


def compare_zero_grad(
    network: NetworkSpec, batch: Batch, learning_rate: float, steps: int
) -> ZeroGradComparison:
    """Return two runs of a descent, with ``zero_grad`` before each step and without.

    Parameters
    ----------
    network : NetworkSpec
        What is trained.
    batch : Batch
        All samples.
    learning_rate : float
        eta.
    steps : int
        How many updates.

    Raises
    ------
    InputError
        If the loss is not finite even before the first step.

    Examples
    --------
    One weight, x = 2, y = 4, eta = 0.1, from w = 1. Gradients -8 and, at w = 1.8, -1.6: not zeroed
    they add up to -9.6, so that the second step overshoots 2.

    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> params = NetworkGroup.model_validate({"network": {"preset": "one_weight"}})
    >>> record = compare_zero_grad(params.network_spec(), params.batch(), 0.1, 2)
    >>> record.zeroed.used.round(9).tolist(), record.accumulated.used.round(9).tolist()
    ([8.0, 1.6, 0.32], [8.0, 9.6, 3.52])
    >>> record.accumulated.weight.round(9).tolist()
    [1.0, 1.8, 2.76]
    """
    with single_thread():
        runs = [_run(network, batch, learning_rate, steps, zero) for zero in (True, False)]
    return ZeroGradComparison(network, batch, learning_rate, *runs)


def _run(
    network: NetworkSpec, batch: Batch, learning_rate: float, steps: int, zero: bool
) -> DescentRun:
    parameters = draw_parameters(network)
    trained = parameters.trained(network)
    optimizer = trained_optimizer(OptimizerSpec("sgd", learning_rate), network, parameters)
    data = torch.tensor(batch.inputs), torch.tensor(batch.targets)
    found: list[tuple[float, ...]] = []
    diverged_at = None
    for step in counted_updates(optimizer, steps):
        if zero:
            optimizer.zero_grad()
        loss = forward_pass(network, parameters, *data).loss
        own = torch.autograd.grad(loss, trained, retain_graph=True)
        loss.backward()  # type: ignore[no-untyped-call]
        used = [grad for tensor in trained if (grad := tensor.grad) is not None]
        weights = (it[0].detach().flatten()[0].item() for it in (trained, own, used))
        numbers = (loss.item(), _length(own), _length(used), *weights)
        if not all(map(math.isfinite, numbers)):
            diverged_at = step
            break
        found.append(numbers)
    if not found:
        raise too_large_at_start()
    losses, owned, held, weight, weight_own, weight_used = map(frozen, zip(*found, strict=True))
    return DescentRun(losses, owned, held, weight, weight_own, weight_used, diverged_at)


def _length(tensors: Iterable[Tensor]) -> float:
    return float(torch.linalg.vector_norm(torch.cat([tensor.flatten() for tensor in tensors])))
