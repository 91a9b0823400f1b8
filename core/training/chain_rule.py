"""One weight and the chain rule: y_pred = w x, L = (y_pred - y)^2, step by step.

The steps are those of ``torch.optim.SGD``. A run ends before the first number that float64 cannot
hold, and says where.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.network.optimizers import OptimizerSpec, build_optimizer
from backprop_studio.core.network.passes import single_thread
from backprop_studio.core.network.training_loop import Divergence, counted_updates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.core.training.one_weight_params import ChainRuleGroup


LARGEST = 1e150
"""A number that can still be squared in a double."""


@dataclass(frozen=True)
class Nudge:
    """A small change of w, and how it reaches L through the chain.

    Attributes
    ----------
    dw, dy_pred, dL : float
        The change given to w, and what becomes of y_pred and L: exact differences.
    linear_dL : float
        What the chain rule says instead: dL/dw times dw.
    corner : float
        By how much the two differ: dy_pred squared.
    w, y_pred, distance, loss : float
        Where it leads.
    """

    dw: float
    dy_pred: float
    dL: float
    linear_dL: float
    corner: float
    w: float
    y_pred: float
    distance: float
    loss: float

    def numbers(self) -> list[float]:
        """Return all of its numbers."""
        return list(vars(self).values())


@dataclass(frozen=True)
class ChainRulePass:
    """Forward and backward at one weight.

    Attributes
    ----------
    w, y_pred, distance, loss : float
        Forward; the loss is the square of the distance from prediction to target.
    dL_dy_pred, dy_pred_dw, dL_dw : float
        Backward: 2 (y_pred - y), x, and their product, as torch has it.
    nudge : Nudge
        A small change of w.
    """

    w: float
    y_pred: float
    distance: float
    loss: float
    dL_dy_pred: float
    dy_pred_dw: float
    dL_dw: float
    nudge: Nudge


@dataclass(frozen=True)
class ChainRuleStep(ChainRulePass):
    """One training step: forward, backward and update.

    Attributes
    ----------
    w_after, y_pred_after, distance_after, loss_after : float
        After the update.
    """

    w_after: float
    y_pred_after: float
    distance_after: float
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


def forward(weight: Tensor, x: float, y: float) -> tuple[Tensor, Tensor]:
    """Return y_pred = w x and L = (y_pred - y)^2.

    Examples
    --------
    >>> [float(it) for it in forward(torch.tensor(1.0), 2.0, 4.0)]
    [2.0, 4.0]
    """
    y_pred = weight * x
    return y_pred, (y_pred - y) ** 2


def chain_rule(asked: ChainRuleGroup) -> ChainRuleRecord:
    """Return the steps of gradient descent of one weight on one sample.

    Parameters
    ----------
    asked : ChainRuleGroup
        The sample, the weight at the beginning, eta, how many updates, and the small change of w.

    Raises
    ------
    InputError
        If the first step already leaves float64.

    Examples
    --------
    >>> from backprop_studio.core.training.one_weight_params import ChainRuleGroup
    >>> first, second = chain_rule(ChainRuleGroup()).steps
    >>> first.y_pred, first.loss, first.dL_dy_pred, first.dy_pred_dw, first.dL_dw, first.w_after
    (2.0, 4.0, -4.0, 2.0, -8.0, 1.8)
    >>> [round(it, 12) for it in (second.dL_dw, second.w_after, second.loss_after)]
    [-1.6, 1.96, 0.0064]
    """
    weight = torch.tensor(asked.w, dtype=torch.float64, requires_grad=True)
    optimizer = build_optimizer(OptimizerSpec("sgd", asked.learning_rate), [weight])
    made: list[ChainRuleStep] = []
    divergence = None
    before: ChainRulePass | None = None
    with single_thread():
        for number in counted_updates(optimizer, asked.steps):
            after = _pass(weight, asked)
            if before:
                divergence = _divergence(number, before, after)
                if divergence:
                    break
                made.append(_step(before, after))
            before = after
    if not made:
        text = N_(
            "the numbers are too large to compute with: x = {x}, y = {y}, w = {w}, "
            "{other} = {learning_rate}; choose smaller ones"
        )
        names = ("x", "y", "w", "learning_rate")
        fields = {name: f"{getattr(asked, name):g}" for name in names}
        raise InputError("one_weight.too_large", text, other="learning_rate", **fields)
    return ChainRuleRecord(asked.x, asked.y, asked.learning_rate, tuple(made), divergence)


def _pass(weight: Tensor, asked: ChainRuleGroup) -> ChainRulePass:
    y_pred, loss = forward(weight, asked.x, asked.y)
    (dy_dw,) = torch.autograd.grad(y_pred, weight, retain_graph=True)
    dL_dy, dL_dw = torch.autograd.grad(loss, (y_pred, weight))
    weight.grad = dL_dw
    found = tuple(float(it.detach()) for it in (weight, y_pred, loss, dL_dy, dy_dw, dL_dw))
    w, y, L, by_prediction, by_weight, slope = found
    nudge = _nudge(asked, w, y, L, slope)
    return ChainRulePass(w, y, abs(y - asked.y), L, by_prediction, by_weight, slope, nudge)


def _nudge(asked: ChainRuleGroup, w: float, y_pred: float, loss: float, slope: float) -> Nudge:
    change = asked.nudge
    moved = torch.tensor(w, dtype=torch.float64) + change
    y, after = (float(it) for it in forward(moved, asked.x, asked.y))
    moves = change, y - y_pred, after - loss
    changes = *moves, slope * change, moves[1] ** 2 if abs(moves[1]) < LARGEST else math.inf
    return Nudge(*changes, float(moved), y, abs(y - asked.y), after)


def dragged(record: ChainRuleRecord, weights: Sequence[float]) -> tuple[list[float], ...]:
    """Return prediction and loss at some weights.

    Examples
    --------
    >>> from backprop_studio.core.training.one_weight_params import ChainRuleGroup
    >>> dragged(chain_rule(ChainRuleGroup()), [1.0, 1.5, 2.0])
    ([2.0, 3.0, 4.0], [4.0, 1.0, 0.0])
    """
    y_pred, loss = forward(torch.tensor(weights, dtype=torch.float64), record.x, record.y)
    return y_pred.tolist(), loss.tolist()


def distances(record: ChainRuleRecord, weights: Sequence[float]) -> list[float]:
    """Return how far the prediction is from the target at some weights.

    Examples
    --------
    >>> from backprop_studio.core.training.one_weight_params import ChainRuleGroup
    >>> distances(chain_rule(ChainRuleGroup()), [1.0, 1.5, 2.0])
    [2.0, 1.0, 0.0]
    """
    y_pred, _ = forward(torch.tensor(weights, dtype=torch.float64), record.x, record.y)
    found: list[float] = (y_pred - record.y).abs().tolist()
    return found


def _step(before: ChainRulePass, after: ChainRulePass) -> ChainRuleStep:
    ends = {f"{name}_after": getattr(after, name) for name in ("w", "y_pred", "distance", "loss")}
    return ChainRuleStep(**vars(before), **ends)


def _divergence(number: int, before: ChainRulePass, after: ChainRulePass) -> Divergence | None:
    return Divergence.first(
        number,
        weights=[after.w],
        loss=[before.loss, after.y_pred, after.loss],
        gradient=[before.dL_dy_pred, before.dL_dw, *before.nudge.numbers()],
    )
