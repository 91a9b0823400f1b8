"""Runs of gradient descent on a curve over one weight, each with its outcome.

The steps are those of :func:`core.surfaces.descent.descend`, which are torch.optim.SGD's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.network.optimizers import OptimizerSpec
from backprop_studio.core.surfaces.descent import descend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.core.surfaces.descent import Path
    from backprop_studio.core.surfaces.landscape import Landscape
    from backprop_studio.core.surfaces.ranges import Range

Verdict: TypeAlias = Literal[
    "stationary",
    "slow",
    "converges",
    "overshoots",
    "oscillates",
    "bounces",
    "diverges",
    "not_finite",
]

CONVERGED = 0.02
"""Of the steepest slope of a run: one that ends on a flatter slope has converged."""

SAME = 1e-9
"""Two sizes that differ by no larger share are one: rounding must not decide between them."""


@dataclass(frozen=True)
class CurveRun:
    """A descent on a curve, K = steps + 1 points or fewer.

    Attributes
    ----------
    learning_rate : float
        eta.
    steps : int
        How many were asked for.
    w, loss, slope : (K,) float64
        The weight before its first step and after each, L there, and dL/dw.
    moves : (K - 1,) float64
        What each step adds to the weight, -eta dL/dw.
    left_at : int or None
        First step after which the point is outside of the picture for good.
    diverged_at : int or None
        First step at which a number is not finite; the record ends before it.
    verdict : str
        "stationary": on a slope of 0 from the beginning; "slow": still on its way down;
        "converges"; "overshoots": converges after it has turned round; "oscillates" from side to
        side, less and less; "bounces" without becoming less; "diverges": leaves the picture;
        "not_finite": the next step is at a point without a finite loss or slope.
    """

    learning_rate: float
    steps: int
    w: Array
    loss: Array
    slope: Array
    moves: Array
    left_at: int | None
    diverged_at: int | None
    verdict: Verdict

    @property
    def last(self) -> int:
        """The last step that is recorded."""
        return len(self.w) - 1

    @property
    def last_seen(self) -> int:
        """The last step worth drawing: the one that leaves the picture, or the last of all."""
        return self.last if self.left_at is None else min(self.left_at, self.last)


def curve_runs(
    landscape: Landscape,
    learning_rates: Sequence[float],
    starts: Sequence[float],
    steps: int,
    *,
    heights: Range = (-np.inf, np.inf),
) -> tuple[CurveRun, ...]:
    """Return the runs down a curve, with each learning rate from each start.

    Parameters
    ----------
    landscape : Landscape
        A curve over one weight; its range is the picture's.
    learning_rates : sequence of float
        Each with all starts before the next one.
    starts : sequence of float
        From where.
    steps : int
        How many.
    heights : (float, float), optional
        Lowest and highest loss in the picture.

    Raises
    ------
    InputError
        As :func:`core.surfaces.descent.descend`.

    Examples
    --------
    On w^2 a step multiplies w by 1 - 2 eta:

    >>> from backprop_studio.core.surfaces.params import CurveParams
    >>> square = CurveParams(name="square").landscape()
    >>> runs = curve_runs(square, [0.01, 0.3, 0.95, 1.03], [2.0], 20)
    >>> [(run.verdict, run.left_at) for run in runs]
    [('slow', None), ('converges', None), ('oscillates', None), ('diverges', 7)]
    >>> runs[1].w[:3].round(12).tolist(), runs[1].slope[:2].tolist(), runs[1].moves[0].item()
    ([2.0, 0.8, 0.32], [4.0, 1.6], -1.2)
    """
    ranges = (landscape.ranges[0], heights)
    points = [[start] for start in starts]
    return tuple(
        _run(path, rate, steps, ranges)
        for rate in learning_rates
        for path in descend(landscape, OptimizerSpec("sgd", rate), points, steps).paths
    )


def lowest(runs: Sequence[CurveRun]) -> int | None:
    """Return the run with the lowest last loss of those in the picture; None of a tie.

    Examples
    --------
    >>> from backprop_studio.core.surfaces.params import CurveParams
    >>> square = CurveParams(name="square").landscape()
    >>> lowest(curve_runs(square, [0.01, 0.3, 5.0], [2.0], 20))
    1
    >>> lowest(curve_runs(square, [5.0, 6.0], [2.0], 20)) is None
    True
    """
    ends = {k: float(run.loss[-1]) for k, run in enumerate(runs) if is_inside(run)}
    best = [k for k, loss in ends.items() if loss == min(ends.values())]
    return best[0] if len(best) == 1 else None


def end_together(runs: Sequence[CurveRun]) -> bool:
    """Return whether all runs converge, and in the same valley.

    Examples
    --------
    >>> from backprop_studio.core.surfaces.params import CurveParams
    >>> for name in ("square", "double_well"):
    ...     end_together(curve_runs(CurveParams(name=name).landscape(), [0.1], [1.5, -1.5], 30))
    True
    False
    """
    if any(run.verdict not in {"converges", "overshoots"} for run in runs):
        return False
    ends = np.array([run.w[-1] for run in runs])
    visited = np.concatenate([run.w for run in runs])
    return bool(np.ptp(ends) <= CONVERGED * np.ptp(visited))


def is_inside(run: CurveRun) -> bool:
    """Return whether a run made all its steps and is in the picture after the last.

    Examples
    --------
    >>> from backprop_studio.core.surfaces.params import CurveParams
    >>> square = CurveParams(name="square").landscape()
    >>> [is_inside(run) for run in curve_runs(square, [0.1, 5.0], [2.0], 9)]
    [True, False]
    """
    return run.verdict not in {"diverges", "not_finite"}


def _run(path: Path, rate: float, steps: int, ranges: tuple[Range, Range]) -> CurveRun:
    w, loss, slope = path.points[:, 0], path.values, path.gradients[:, 0]
    (left, right), (bottom, top) = ranges
    inside = (w >= left) & (w <= right) & (loss >= bottom) & (loss <= top)
    left_at = None if inside[-1] else int(np.flatnonzero(inside).max(initial=-1)) + 1
    if left_at is None and path.cause == "point":
        left_at = path.diverged_at
    with np.errstate(over="ignore"):  # a run that diverges ends at the largest numbers there are
        moves = np.diff(w)
    return CurveRun(
        learning_rate=rate,
        steps=steps,
        w=frozen(w),
        loss=loss,
        slope=frozen(slope),
        moves=frozen(moves),
        left_at=left_at,
        diverged_at=path.diverged_at,
        verdict=_verdict(slope, left_at, path.diverged_at),
    )


def _verdict(slope: Array, left_at: int | None, diverged_at: int | None) -> Verdict:
    if left_at is not None:
        return "diverges"
    if diverged_at is not None:
        return "not_finite"
    sizes = np.abs(slope)
    if sizes[0] == 0:
        return "stationary"
    # A slope that is nearly 0 has a sign by rounding alone.
    signs = np.sign(slope[sizes > SAME * sizes.max()])
    turns = bool((signs[1:] != signs[:-1]).any())
    if sizes[-1] <= CONVERGED * sizes.max():
        return "overshoots" if turns else "converges"
    if not turns:
        return "slow"
    part = max(len(sizes) // 4, 1)
    is_less = sizes[-part:].max() < sizes[:part].max() * (1 - SAME)
    return "oscillates" if is_less else "bounces"
