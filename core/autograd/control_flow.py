"""A function with a loop and a branch: torch records the path that was taken, and no other.

After Aston Zhang et al., "Dive into Deep Learning" (2023), section 2.5.4: f(a) doubles 2a until
its norm is 1000, and takes a hundredfold of that unless it is positive.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import torch

from backprop_studio.core.autograd.graph import autograd_graph
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.network.passes import single_thread

if TYPE_CHECKING:
    from backprop_studio.core.autograd.records import AutogradRecord

LIMIT = 1000.0
FACTOR = 100.0

MAX_TURNS = 60
"""A graph of more doublings fits on no screen."""

SMALLEST = LIMIT / 2.0 ** (MAX_TURNS + 1)
"""From this distance to zero on, the loop ends in time."""


@dataclass(frozen=True)
class Turn:
    """One evaluation of the condition of the loop.

    Attributes
    ----------
    b : float
        As it comes.
    norm : float
        Its norm, which is compared with 1000.
    doubles : bool
        Whether it is below, so that b is doubled and comes again.
    """

    b: float
    norm: float
    doubles: bool


@dataclass(frozen=True)
class ControlFlowRecord:
    """f(a), the path it took, and its gradient.

    Attributes
    ----------
    a : float
    limit, factor : float
        1000 and 100.
    turns : tuple of Turn
        The last does not double.
    branch : {"positive", "not_positive"}
        By the sign of b's sum: b itself, or factor times b.
    value : float
        f(a).
    gradient : float
        f'(a) by torch. f is a straight line through zero around a, so it is f(a)/a.
    ratio : float
        f(a)/a, which may differ in the last digit.
    graph : AutogradRecord
        What torch recorded; the tensors b0 = 2a, b1, ..., and c are named.
    """

    a: float
    limit: float
    factor: float
    turns: tuple[Turn, ...]
    branch: Literal["positive", "not_positive"]
    value: float
    gradient: float
    ratio: float
    graph: AutogradRecord


def control_flow(a: float = -1.0) -> ControlFlowRecord:
    """Run f at a number.

    Parameters
    ----------
    a : float
        Not zero, and no closer to it than 1000/2^61, about 4.3e-16, so that the loop has at most
        60 turns.

    Raises
    ------
    InputError
        If a is too close to zero, or f(a) is too large for float64.

    Examples
    --------
    >>> record = control_flow()
    >>> record.value, record.gradient, record.branch, len(record.turns)
    (-102400.0, 102400.0, 'not_positive', 10)
    """
    if abs(a) < SMALLEST:
        text = N_(
            "{field}: with {value} the loop has more than {most} turns; "
            "expected at least {least} away from 0"
        )
        fields = {"value": f"{a:g}", "most": MAX_TURNS, "least": f"{SMALLEST:.2g}"}
        raise InputError("loop.turns", text, field="a", **fields)
    leaf = torch.tensor(a, dtype=torch.float64, requires_grad=True)
    names = {"a": leaf}
    turns: list[Turn] = []
    with single_thread():
        b = leaf * 2
        while True:
            names[f"b{len(turns)}"] = b
            norm = b.norm()
            doubles = bool(norm < LIMIT)
            turns.append(Turn(float(b.detach()), float(norm.detach()), doubles))
            if not doubles:
                break
            b = b * 2
        is_positive = bool(b.sum() > 0)
        c = b if is_positive else FACTOR * b
        if not is_positive:
            names["c"] = c
        value = float(c.detach())
        if not math.isfinite(value):
            text = N_("{field}: with {value} the result is too large for float64")
            raise InputError("loop.too_large", text, field="a", value=f"{a:g}")
        graph = autograd_graph(c, names)
        c.backward()  # type: ignore[no-untyped-call]
    gradient = math.nan if leaf.grad is None else float(leaf.grad)
    return ControlFlowRecord(
        a=a,
        limit=LIMIT,
        factor=FACTOR,
        turns=tuple(turns),
        branch="positive" if is_positive else "not_positive",
        value=value,
        gradient=gradient,
        ratio=value / a,
        graph=graph,
    )
