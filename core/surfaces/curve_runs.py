"""Runs of gradient descent on a curve over one weight, each with its outcome.

The steps are those of :func:`core.surfaces.descent.descend`, which are torch.optim.SGD's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.claims.change import Lowest, lowest, who_is_lowest
from backprop_studio.core.claims.descent import SAME, SETTLED, Descent, Ends, descent, ends
from backprop_studio.core.formula.curve import sample_curve
from backprop_studio.core.network.optimizers import OptimizerSpec
from backprop_studio.core.surfaces.descent import descend
from backprop_studio.core.surfaces.outcomes import led_onward

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.core.surfaces.descent import Path
    from backprop_studio.core.surfaces.landscape import FormulaLandscape, Landscape
    from backprop_studio.core.surfaces.ranges import Range


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
    onward : float or None
        How far as many steps again would lead from the last point at most; None where it left the
        picture or ended at a number that is not finite.
    verdict : str
        What became of it, as :data:`core.claims.descent.Descent` has it.
    """

    learning_rate: float
    steps: int
    w: Array
    loss: Array
    slope: Array
    moves: Array
    left_at: int | None
    diverged_at: int | None
    onward: float | None
    verdict: Descent

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
        _run(landscape, path, OptimizerSpec("sgd", rate), steps, ranges)
        for rate in learning_rates
        for path in descend(landscape, OptimizerSpec("sgd", rate), points, steps).paths
    )


def lowest_runs(runs: Sequence[CurveRun]) -> tuple[Lowest, tuple[int, ...]]:
    """Return whether one run in the picture ends lowest, and which do.

    Examples
    --------
    >>> from backprop_studio.core.surfaces.params import CurveParams
    >>> square = CurveParams(name="square").landscape()
    >>> lowest_runs(curve_runs(square, [0.01, 0.3, 5.0], [2.0], 20))
    ('of_inside', (1,))
    >>> lowest_runs(curve_runs(square, [5.0, 6.0], [2.0], 20))
    ('none', ())
    """
    inside = [k for k, run in enumerate(runs) if is_inside(run)]
    losses = [float(runs[k].loss[-1]) for k in inside]
    verdict = who_is_lowest(losses, len(runs) - len(inside))
    return verdict, tuple(inside[k] for k in lowest(losses))


def run_ends(landscape: FormulaLandscape, runs: Sequence[CurveRun]) -> Ends:
    """Return where runs from several starts end.

    Examples
    --------
    >>> from backprop_studio.core.surfaces.params import CurveParams
    >>> for name, rate in (("square", 0.1), ("double_well", 0.1), ("quartic", 0.05)):
    ...     curve = CurveParams(name=name).landscape()
    ...     run_ends(curve, curve_runs(curve, [rate], [1.4, -1.4], 30))
    'same'
    'valleys'
    'under_way'
    """
    inside = [is_inside(run) for run in runs]
    where = [run.w[-1:] for run in runs]
    size = float(np.ptp(np.concatenate([run.w for run in runs]))) if all(inside) else 0.0
    settled = [run.verdict in {*SETTLED, "stationary"} for run in runs]
    is_low = all(run.verdict in SETTLED for run in runs)
    has_hill = is_low and _has_hill(landscape, np.array(where)[:, 0])
    return ends(where, settled, inside, size=size, has_hill=has_hill)


def _has_hill(landscape: FormulaLandscape, at: Array) -> bool:
    """Whether somewhere between the outermost of some places it is higher than at both."""
    low, high = float(at.min()), float(at.max())
    if low == high:
        return False
    heights = sample_curve(landscape.formula, "w", low, high).y
    rim = max(heights[0], heights[-1])
    return bool(np.nanmax(heights) > rim + SAME * max(abs(rim), 1.0))


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


def _run(
    landscape: Landscape,
    path: Path,
    optimizer: OptimizerSpec,
    steps: int,
    ranges: tuple[Range, Range],
) -> CurveRun:
    w, loss, slope = path.points[:, 0], path.values, path.gradients[:, 0]
    (left, right), (bottom, top) = ranges
    inside = (w >= left) & (w <= right) & (loss >= bottom) & (loss <= top)
    left_at = None if inside[-1] else int(np.flatnonzero(inside).max(initial=-1)) + 1
    if left_at is None and path.cause == "point":
        left_at = path.diverged_at
    is_whole = left_at is None and path.diverged_at is None
    onward = led_onward(landscape, optimizer, path) if is_whole else None
    has_left, breaks = left_at is not None, path.diverged_at is not None
    with np.errstate(over="ignore"):  # a run that diverges ends at the largest numbers there are
        moves = np.diff(w)
    return CurveRun(
        learning_rate=optimizer.learning_rate,
        steps=steps,
        w=frozen(w),
        loss=loss,
        slope=frozen(slope),
        moves=frozen(moves),
        left_at=left_at,
        diverged_at=path.diverged_at,
        onward=onward,
        verdict=descent(w, slope, onward or 0.0, has_left=has_left, breaks=breaks),
    )
