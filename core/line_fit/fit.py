"""A line y = w x + b fitted to points by gradient descent on the mean squared error."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.line_fit.record import LineFitRecord, LineRun
from backprop_studio.core.network.passes import single_thread
from backprop_studio.core.surfaces.grid import SurfaceGrid, choose_scale
from backprop_studio.core.surfaces.landscape import first_outside

if TYPE_CHECKING:
    import numpy.typing as npt

    from backprop_studio.core.surfaces.ranges import Range

LARGEST = 1e100
"""Of x and y; the squares of larger numbers leave no room to compute with."""

FEW_SHARE = 30
"""A run is first looked at after so small a part of its steps."""

EARLY, LATER = 100, 200
"""Steps that are kept of the first few, and of each stretch after them."""

MARGIN = 0.12
"""Around what the picture of the loss has to show, as a share of it."""

OVERSHOOT = 1.3
"""How far beyond the distance from start to minimum that picture goes where a run diverges."""

ALIKE, FULL = 2.5, 0.85
"""Where w and b go about as far, the picture is about as high as wide."""

FLAT = 1e-6
"""Of its size: a smaller extent is none."""


def fit_line(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    w: float = 0.0,
    b: float = 0.0,
    learning_rate: float = 0.01,
    steps: int = 3000,
    slower: int = 10,
    half: bool = False,
) -> LineFitRecord:
    """Return y = w x + b fitted to points by gradient descent, L = mean((w x + b - y)^2).

    Parameters
    ----------
    x, y : (N,) array_like
        Points, not all at one x.
    w, b : float
        Where the descent starts.
    learning_rate : float
        eta of torch.optim.SGD.
    steps : int
        How many updates.
    slower : int
        The second run has a learning rate so many times smaller and so many times as many steps.
    half : bool
        L is half of that, 1/(2 N) times the sum of the squares.

    Raises
    ------
    InputError
        If there are no two points at different x, or numbers are too large.

    Examples
    --------
    >>> record = fit_line([0, 1, 2], [1, 3, 5], learning_rate=0.1, steps=500)
    >>> round(float(record.run.w[-1]), 6), round(float(record.run.b[-1]), 6)
    (2.0, 1.0)
    """
    xs, ys = frozen(x), frozen(y)
    _check(xs, ys)
    best = _least_squares(xs, ys)
    # The Hessian of the loss: 2 [[mean x^2, mean x], [mean x, 1]].
    part = 0.5 if half else 1.0
    shape = np.array([[best.variance + best.mean_x**2, best.mean_x], [best.mean_x, 1.0]])
    hessian = 2.0 * part * shape
    curvatures = np.linalg.eigvalsh(hessian)
    largest = 2.0 / float(curvatures[-1])
    few = max(1, steps // FEW_SHARE)
    plans = (learning_rate, steps), (learning_rate / slower, steps * slower)
    with single_thread():
        tensors = torch.tensor(xs), torch.tensor(ys)
        found = [_descend(*tensors, (w, b), *plan, part) for plan in plans]
        grid = _grid(few, steps, steps * slower)
        kept = [_kept(*tensors, path, grid, part) for path in found]
    if len(kept[0].at) < 2:
        text = N_(
            "{field}: the first step of {value} leads to numbers too large to compute with; "
            "expected a smaller rate, or smaller x and y"
        )
        fields = {"field": "learning_rate", "value": f"{learning_rate:g}"}
        raise InputError("line.too_large", text, **fields)
    diverges = [_is_divergent(plan[0], largest, it) for plan, it in zip(plans, kept, strict=True)]
    ranges = _ranges(
        np.array([[w, b], [best.w, best.b]]),
        [path for path, is_wild in zip(found, diverges, strict=True) if not is_wild],
    )
    run, slow = (
        LineRun(
            learning_rate=plan[0],
            steps=plan[1],
            amount=plan[0] * plan[1],
            at=frozen(it.at, np.int64),
            w=frozen(path[it.at, 0]),
            b=frozen(path[it.at, 1]),
            loss=frozen(it.losses),
            dL_dw=frozen(it.slopes[:, 0]),
            dL_db=frozen(it.slopes[:, 1]),
            miss=_miss(path[it.at], best, xs, ys),
            left_at=first_outside(path, ranges),
            diverged_at=it.diverged_at or (len(path) if len(path) <= plan[1] else None),
            is_divergent=is_wild,
        )
        for plan, path, it, is_wild in zip(plans, found, kept, diverges, strict=True)
    )
    return LineFitRecord(
        x=xs,
        y=ys,
        half=half,
        errors=frozen(w * xs + b - ys),
        best_w=best.w,
        best_b=best.b,
        best_loss=part * float(((best.w * xs + best.b - ys) ** 2).mean()),
        mean_x=best.mean_x,
        variance_x=best.variance,
        curvatures=frozen(curvatures),
        largest_rate=largest,
        few=few,
        ranges=ranges,
        run=run,
        slower=slow,
        amount_same=slow.learning_rate * steps,
    )


def loss_map(record: LineFitRecord, side: int = 121) -> SurfaceGrid:
    """Return the loss over the ranges of a fit: w across, b up.

    The loss is an exact quadratic form around its minimum: L = L_best + var(x) dw^2
    + (mean(x) dw + db)^2.

    Examples
    --------
    >>> record = fit_line([0, 1], [0, 2], learning_rate=0.1, steps=10)
    >>> loss_map(record, 3).values.shape
    (3, 3)
    """
    w, b = (np.linspace(low, high, side) for low, high in record.ranges)
    dw, db = w[None, :] - record.best_w, b[:, None] - record.best_b
    squares = record.variance_x * dw**2 + (record.mean_x * dw + db) ** 2
    values = record.best_loss + (0.5 if record.half else 1.0) * squares
    return SurfaceGrid(frozen(w), frozen(b), frozen(values), choose_scale(values))


class _Best(NamedTuple):
    """The line of least squares, and what it is made of."""

    w: float
    b: float
    mean_x: float
    variance: float


class _Kept(NamedTuple):
    """Kept steps, their losses (K,) and gradients (K, 2), and the first that is not finite."""

    at: npt.NDArray[np.int64]
    losses: Array
    slopes: Array
    diverged_at: int | None


def _least_squares(x: Array, y: Array) -> _Best:
    mean_x, mean_y = float(x.mean()), float(y.mean())
    variance = float(((x - mean_x) ** 2).mean())
    slope = float(((x - mean_x) * (y - mean_y)).mean()) / variance
    return _Best(slope, mean_y - slope * mean_x, mean_x, variance)


def _miss(points: Array, best: _Best, x: Array, y: Array) -> Array:
    """Return how far lines (K, 2) are from the best one at most, in heights of the data."""
    height = float(np.ptp(y)) or float(np.abs(y).max()) or 1.0
    ends = np.array([x.min(), x.max()])
    apart = (points[:, :1] - best.w) * ends + (points[:, 1:] - best.b)
    return frozen(np.abs(apart).max(axis=1) / height)


def _check(x: Array, y: Array) -> None:
    for name, values in (("x", x), ("y", y)):
        if not (np.abs(values) <= LARGEST).all():
            text = N_("{field}: expected numbers of at most {most}")
            raise InputError("line.numbers", text, field=name, most=f"{LARGEST:g}")
    if not ((x - x.mean()) ** 2).mean() > 0:
        text = N_(
            "a line needs points at two or more different x, found x = {x} for all {count} points"
        )
        raise InputError("line.one_x", text, x=f"{x[0]:g}", count=len(x))


def _descend(
    x: torch.Tensor,
    y: torch.Tensor,
    start: tuple[float, float],
    rate: float,
    steps: int,
    part: float,
) -> Array:
    """Return (w, b) at every step, (steps + 1, 2); shorter where the next is not finite.

    A fit makes ten thousands of steps, and a backward pass and an optimizer's bookkeeping take
    twenty times as long as the arithmetic. So torch computes the gradient as the lecture writes it
    out, 2/N sum e x and 2/N sum e, and the update is the very operation that SGD performs. The
    gradients that are kept are autograd's, and the tests hold the path against SGD's own.
    """
    rows = torch.stack([x, torch.ones_like(x)], dim=1)
    columns = (rows.T * (2.0 * part / len(x))).contiguous()
    point = torch.tensor(start, dtype=torch.float64)
    slope = torch.zeros_like(point)
    path = [list(start)]
    for _ in range(steps):
        torch.mv(columns, torch.addmv(y, rows, point, beta=-1), out=slope)
        point.add_(slope, alpha=-rate)
        here = point.tolist()
        if not (math.isfinite(here[0]) and math.isfinite(here[1])):
            break
        path.append(here)
    return np.array(path)


def _kept(
    x: torch.Tensor, y: torch.Tensor, path: Array, grid: npt.NDArray[np.int64], part: float
) -> _Kept:
    """Return loss and gradient at the steps of a grid that were made, by autograd, all at once."""
    at = grid[grid < len(path)]
    w, b = (torch.tensor(path[at, k][:, None], requires_grad=True) for k in (0, 1))
    losses = part * ((w * x + b - y) ** 2).mean(dim=1)
    losses.sum().backward()  # type: ignore[no-untyped-call]
    slopes = torch.cat([it.grad for it in (w, b) if it.grad is not None], dim=1).numpy()
    found = losses.detach().numpy()
    bad = np.nonzero(~(np.isfinite(found) & np.isfinite(slopes).all(axis=1)))[0]
    if not len(bad):
        return _Kept(at, found, slopes, None)
    if bad[0] == 0:
        text = N_("the numbers are too large to compute with even before the first step")
        raise InputError("line.too_large_at_start", text)
    end = int(bad[0])
    return _Kept(at[:end], found[:end], slopes[:end], int(at[end]))


def _grid(few: int, steps: int, end: int) -> npt.NDArray[np.int64]:
    """Return the steps to keep: close together at first, and evenly in each stretch."""
    stretches = ((0, few, EARLY), (few, steps, LATER), (steps, end, LATER))
    parts = [
        np.rint(np.linspace(first, last, min(last - first, count) + 1))
        for first, last, count in stretches
    ]
    # The first step is told in numbers, however many there are.
    return np.unique(np.concatenate([*parts, [0, 1]])).astype(np.int64)


def _is_divergent(rate: float, largest: float, found: _Kept) -> bool:
    grows = bool(found.losses[-1] > found.losses[0])
    return rate > largest and (found.diverged_at is not None or grows)


def _ranges(starts: Array, calm: list[Array]) -> tuple[Range, Range]:
    """Return what a picture of the loss shows: start, minimum, and what stays near them."""
    points = np.concatenate([starts, *calm])
    low, high = points.min(axis=0), points.max(axis=0)
    if not calm:
        reach = OVERSHOOT * np.abs(starts[1] - starts[0])
        low, high = starts[1] - reach, starts[1] + reach
    wide = high - low
    # What has no extent gets that of the other, or of its own size.
    size = np.maximum(np.abs(low), np.abs(high))
    has_extent = wide > FLAT * size
    instead = np.where(has_extent[::-1], wide[::-1], np.where(size > 0, size, 1.0))
    wide = np.where(has_extent, wide, np.maximum(instead, FLAT * size))
    if wide.max() <= ALIKE * wide.min():
        wide = np.maximum(wide, FULL * wide.max())
    middle = (low + high) / 2
    half = wide * (0.5 + MARGIN)
    (w_low, b_low), (w_high, b_high) = (middle - half).tolist(), (middle + half).tolist()
    return (w_low, w_high), (b_low, b_high)
