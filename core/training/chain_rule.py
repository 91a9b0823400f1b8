"""One weight and the chain rule: y_pred = w x, L = (y_pred - y)^2, step by step.

The steps are those of ``torch.optim.SGD``. A run ends before the first number that float64 cannot
hold, and says where.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.network.optimizers import OptimizerSpec, build_optimizer
from backprop_studio.core.network.passes import single_thread
from backprop_studio.core.network.training_loop import Divergence, counted_updates
from backprop_studio.core.training.one_weight import as_number, forward


@dataclass(frozen=True)
class Nudge:
    """A small change of w, and how it reaches L through the chain.

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
    """One training step: forward, backward and update.

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
    """Return the steps of gradient descent of one weight on one sample.

    Parameters
    ----------
    x, y : float
        The sample.
    w : float
        The weight at the beginning.
    learning_rate : float
        eta.
    steps : int
        How many updates.
    nudge : float
        The small change of w.

    Raises
    ------
    InputError
        If the first step already leaves float64.

    Examples
    --------
    >>> first, second = chain_rule().steps
    >>> first.y_pred, first.loss, first.dL_dy_pred, first.dy_pred_dw, first.dL_dw, first.w_after
    (2.0, 4.0, -4.0, 2.0, -8.0, 1.8)
    >>> [round(it, 12) for it in (second.dL_dw, second.w_after, second.loss_after)]
    [-1.6, 1.96, 0.0064]
    """
    weight = torch.tensor(float(w), dtype=torch.float64, requires_grad=True)
    optimizer = build_optimizer(OptimizerSpec("sgd", float(learning_rate)), [weight])
    made: list[ChainRuleStep] = []
    divergence = None
    before: _Pass | None = None
    with single_thread():
        for number in counted_updates(optimizer, steps):
            after = _pass(weight, float(x), float(y), float(nudge))
            if before:
                divergence = _divergence(number, before, after)
                if divergence:
                    break
                made.append(_step(before, after))
            before = after
    if not made:
        raise InputError(
            "one_weight.too_large",
            N_(
                "the numbers are too large to compute with: x = {x}, y = {y}, w = {w}, "
                "learning_rate = {learning_rate}; choose smaller ones"
            ),
            x=f"{x:g}",
            y=f"{y:g}",
            w=f"{w:g}",
            learning_rate=f"{learning_rate:g}",
        )
    return ChainRuleRecord(float(x), float(y), float(learning_rate), tuple(made), divergence)


@dataclass(frozen=True)
class _Pass:
    """Forward and backward at one weight, as :class:`ChainRuleStep` has them."""

    w: float
    y_pred: float
    loss: float
    dL_dy_pred: float
    dy_pred_dw: float
    dL_dw: float
    nudge: Nudge


def _pass(weight: Tensor, x: float, y: float, nudge: float) -> _Pass:
    y_pred, loss = forward(weight, x, y)
    (slope,) = torch.autograd.grad(y_pred, weight, retain_graph=True)
    y_pred.retain_grad()  # only now: the gradient of that pass would be retained as well
    weight.grad = None
    loss.backward()  # type: ignore[no-untyped-call]
    dL_dy, dL_dw = as_number(y_pred.grad), as_number(weight.grad)
    with torch.no_grad():
        moved_y, moved_loss = forward(weight + nudge, x, y)
        moved = Nudge(nudge, float(moved_y - y_pred), float(moved_loss - loss), dL_dw * nudge)
        return _Pass(float(weight), float(y_pred), float(loss), dL_dy, float(slope), dL_dw, moved)


def _step(before: _Pass, after: _Pass) -> ChainRuleStep:
    return ChainRuleStep(
        **vars(before), w_after=after.w, y_pred_after=after.y_pred, loss_after=after.loss
    )


def _divergence(number: int, before: _Pass, after: _Pass) -> Divergence | None:
    return Divergence.first(
        number,
        weights=[after.w],
        loss=[before.loss, after.y_pred, after.loss],
        gradient=[before.dL_dy_pred, before.dL_dw, *vars(before.nudge).values()],
    )
