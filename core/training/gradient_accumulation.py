"""What happens when gradients are not zeroed: torch adds each step's gradient to those before.

Then step k moves by eta times the sum of all gradients so far. That is momentum with gamma = 1, a
ball without friction: it does not stop where the slope does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.network.eager_optimizers import eager
from backprop_studio.core.network.passes import draw_parameters, forward_pass, single_thread

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor

    from backprop_studio.core.network.batch import Batch
    from backprop_studio.core.network.spec import NetworkSpec

__all__ = ["DescentRun", "ZeroingRecord", "zeroing"]

MOST_STEPS = 10_000


@dataclass(frozen=True)
class DescentRun:
    """Plain gradient descent on all samples at once.

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
class ZeroingRecord:
    """The same descent with and without ``opt.zero_grad()``.

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


def zeroing(network: NetworkSpec, batch: Batch, learning_rate: float, steps: int) -> ZeroingRecord:
    """Descend twice, once with the gradients zeroed before each step and once not.

    Parameters
    ----------
    network : NetworkSpec
        What is trained.
    batch : Batch
        All samples.
    learning_rate : float
        eta.
    steps : int
        How many updates, 1 to 10000.

    Raises
    ------
    InputError
        If there are too few or too many steps, or the loss is not finite even before the first.

    Examples
    --------
    One weight, x = 2, y = 4, eta = 0.1, from w = 1. Gradients -8 and, at w = 1.8, -1.6: not zeroed
    they add up to -9.6, so that the second step overshoots 2.

    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> params = NetworkGroup.model_validate({"network": {"preset": "one_weight"}})
    >>> record = zeroing(params.network_spec(), params.batch(), 0.1, 2)
    >>> record.zeroed.used.round(9).tolist(), record.accumulated.used.round(9).tolist()
    ([8.0, 1.6, 0.32], [8.0, 9.6, 3.52])
    >>> record.accumulated.weight.round(9).tolist()
    [1.0, 1.8, 2.76]
    """
    if not 1 <= steps <= MOST_STEPS:
        raise InputError(f"steps: allowed are 1 to {MOST_STEPS}, found {steps}.")
    with single_thread():
        runs = [_run(network, batch, learning_rate, steps, zero) for zero in (True, False)]
    return ZeroingRecord(network, batch, learning_rate, *runs)


def _run(
    network: NetworkSpec, batch: Batch, learning_rate: float, steps: int, zero: bool
) -> DescentRun:
    parameters = draw_parameters(network)
    trained = parameters.trained(network)
    optimizer = eager(torch.optim.SGD)(trained, lr=learning_rate)
    data = torch.tensor(batch.inputs), torch.tensor(batch.targets)
    found: list[tuple[float, ...]] = []
    diverged_at = None
    for step in range(steps + 1):
        if step:
            optimizer.step()
        if zero:
            optimizer.zero_grad()
        loss = forward_pass(network, parameters, *data).loss
        own = torch.autograd.grad(loss, trained, retain_graph=True)
        loss.backward()  # type: ignore[no-untyped-call]
        numbers = (
            loss.item(),
            _length(own),
            _length([tensor.grad for tensor in trained]),
            *(_first(tensor) for tensor in (trained[0], own[0], trained[0].grad)),
        )
        if not all(map(math.isfinite, numbers)):
            diverged_at = step
            break
        found.append(numbers)
    if not found:
        raise InputError(
            "The network's values are too large to compute with even before the first step; "
            "choose smaller inputs, targets or weights."
        )
    losses, own_lengths, used, *weight = map(frozen, zip(*found, strict=True))
    return DescentRun(losses, own_lengths, used, weight[0], weight[1], weight[2], diverged_at)


def _first(tensor: Tensor | None) -> float:
    assert tensor is not None
    return tensor.detach().flatten()[0].item()


def _length(tensors: Iterable[Tensor | None]) -> float:
    parts = [tensor.flatten() for tensor in tensors if tensor is not None]
    return float(torch.linalg.vector_norm(torch.cat(parts)))
