"""One weight and the chain rule: y_pred = w x, L = (y_pred - y)^2, step by step.

The steps are those of ``torch.optim.SGD``. A run ends before the first number that float64 cannot
hold, and says where.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.graph_limits import MAX_STEPS
from backprop_studio.core.network.eager_optimizers import eager
from backprop_studio.core.network.passes import single_thread
from backprop_studio.core.training.one_weight import as_number, check_numbers, forward
from backprop_studio.core.training.record import Divergence

__all__ = ["ChainRuleRecord", "ChainRuleStep", "Nudge", "chain_rule"]


@dataclass(frozen=True)
class Nudge:
    """A small change of w running through to L.

    Attributes
    ----------
    dw, dy_pred, dL : float
        The change given to w, and what becomes of y_pred and L: exact differences.
    linear_dL : float
        What the chain rule says instead: dL/dw times dw.
    """

    dw: float
    dy_pred: float
    dL: float
    linear_dL: float


@dataclass(frozen=True)
class ChainRuleStep:
    """Forward, backward, update.

    Attributes
    ----------
    w, y_pred, loss : float
        Forward.
    dL_dy_pred, dy_pred_dw, dL_dw : float
        Backward: 2 (y_pred - y), x, and their product, as torch has it.
    nudge : Nudge
        Around w.
    w_after, y_pred_after, loss_after : float
        After the update.
    """

    w: float
    y_pred: float
    loss: float
    dL_dy_pred: float
    dy_pred_dw: float
    dL_dw: float
    nudge: Nudge
    w_after: float
    y_pred_after: float
    loss_after: float


@dataclass(frozen=True)
class ChainRuleRecord:
    """Steps of one weight on one sample.

    Attributes
    ----------
    x, y, learning_rate : float
    steps : tuple of ChainRuleStep
        Those whose numbers are all finite.
    divergence : Divergence or None
        Its step counts updates from 1; the reason is what was not finite first.
    """

    x: float
    y: float
    learning_rate: float
    steps: tuple[ChainRuleStep, ...]
    divergence: Divergence | None


def chain_rule(
    x: float = 2.0,
    y: float = 4.0,
    w: float = 1.0,
    learning_rate: float = 0.1,
    steps: int = 2,
    nudge: float = 0.1,
) -> ChainRuleRecord:
    """Take steps of gradient descent on one sample.

    Parameters
    ----------
    x, y : float
        The sample.
    w : float
        The weight at the beginning.
    learning_rate : float
        eta.
    steps : int
        1 to 1000.
    nudge : float
        The small change of w.

    Raises
    ------
    InputError
        If a number is not finite or out of its bounds, or the first step already too large.

    Examples
    --------
    >>> first, second = chain_rule().steps
    >>> first.y_pred, first.loss, first.dL_dy_pred, first.dy_pred_dw, first.dL_dw, first.w_after
    (2.0, 4.0, -4.0, 2.0, -8.0, 1.8)
    >>> [round(it, 12) for it in (second.dL_dw, second.w_after, second.loss_after)]
    [-1.6, 1.96, 0.0064]
    """
    check_numbers(x=x, y=y, w=w, learning_rate=learning_rate, nudge=nudge)
    if not 1 <= steps <= MAX_STEPS:
        raise InputError(f"steps: allowed are 1 to {MAX_STEPS}, found {steps}.")
    weight = torch.tensor(float(w), dtype=torch.float64, requires_grad=True)
    made: list[ChainRuleStep] = []
    divergence = None
    with single_thread():
        optimizer = eager(torch.optim.SGD)([weight], lr=float(learning_rate))
        for number in range(1, steps + 1):
            step = _step(weight, float(x), float(y), float(nudge), optimizer)
            divergence = _divergence(number, step)
            if divergence:
                break
            made.append(step)
    if not made:
        raise InputError(
            f"The numbers are too large to compute with: x = {x:g}, y = {y:g}, w = {w:g}, "
            f"learning_rate = {learning_rate:g}; choose smaller ones."
        )
    return ChainRuleRecord(float(x), float(y), float(learning_rate), tuple(made), divergence)


def _step(
    weight: Tensor, x: float, y: float, nudge: float, optimizer: torch.optim.Optimizer
) -> ChainRuleStep:
    w = float(weight.detach())
    y_pred, loss = forward(weight, x, y)
    (slope,) = torch.autograd.grad(y_pred, weight, retain_graph=True)
    y_pred.retain_grad()  # only now: the gradient of that pass would be retained as well
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    dL_dy, dL_dw = as_number(y_pred.grad), as_number(weight.grad)
    with torch.no_grad():
        moved_y, moved_loss = forward(weight + nudge, x, y)
        moved = Nudge(nudge, float(moved_y - y_pred), float(moved_loss - loss), dL_dw * nudge)
        optimizer.step()
        y_after, loss_after = forward(weight, x, y)
    return ChainRuleStep(
        w, float(y_pred.detach()), float(loss.detach()), dL_dy, float(slope), dL_dw, moved,
        float(weight.detach()), float(y_after), float(loss_after),
    )  # fmt: skip


def _divergence(number: int, step: ChainRuleStep) -> Divergence | None:
    gradients = (step.dL_dy_pred, step.dL_dw, *vars(step.nudge).values())
    if not math.isfinite(step.w_after):
        return Divergence(number, "weights")
    if not all(map(math.isfinite, (step.loss, step.y_pred_after, step.loss_after))):
        return Divergence(number, "loss")
    return None if all(map(math.isfinite, gradients)) else Divergence(number, "gradient")
