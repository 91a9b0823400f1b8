"""A landscape sampled on a grid, with a scale of heights on which its picture says something."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.surfaces.landscape import checked_ranges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.core.surfaces.landscape import Landscape
    from backprop_studio.core.surfaces.named import Range

__all__ = ["HeightScale", "SurfaceGrid", "choose_scale", "sample_grid"]

ScaleKind: TypeAlias = Literal["even", "log"]

MOST_SIDE = 2000
"""Samples per axis; more than pixels is of no use."""

_SPIKE = 5.0
"""A highest value so many times as high as the median is a spike."""

_FINEST = 1e-30
"""No knee is a smaller share of all heights: a picture has no room for more decades."""

_HOLE = 10.0
"""A lowest value so many interquartile ranges below the lower quartile is a pole."""


@dataclass(frozen=True)
class HeightScale:
    """From a value to a height in the picture, 0 at ``low`` and 1 at ``high``.

    Even, or logarithmic with log(1 + (v - low) / knee): nearly even below the knee, so that a
    lowest value of 0 is no trouble, and a decade above it takes the same height as the next.

    Attributes
    ----------
    kind : {"even", "log"}
    low, high : float
        Values at the bottom and at the top; where they are the same, every height is 0.
    knee : float or None
        Where even turns into logarithmic, counted from ``low``; None of an even scale.

    Examples
    --------
    >>> HeightScale("even", 0.0, 10.0).heights([0, 5, 10, 12]).tolist()
    [0.0, 0.5, 1.0, 1.2]
    >>> HeightScale("log", 0.0, 99.0, 1.0).levels(1).round(9).tolist()
    [9.0]
    """

    kind: ScaleKind
    low: float
    high: float
    knee: float | None = None

    def heights(self, values: npt.ArrayLike) -> Array:
        """Return heights in the shape of the values; below ``low`` 0, above ``high`` beyond 1."""
        above = np.maximum(np.asarray(values, dtype=np.float64) - self.low, 0.0)
        span = self.high - self.low
        if span <= 0:
            return np.zeros_like(above)
        if self.knee is None:
            return above / span
        return np.asarray(np.log1p(above / self.knee) / math.log1p(span / self.knee))

    def levels(self, count: int) -> Array:
        """Return values of contour lines that lie evenly between bottom and top, shape (count,)."""
        span = self.high - self.low
        if span <= 0:
            return frozen([])
        at = np.arange(1, count + 1) / (count + 1)
        if self.knee is None:
            return frozen(self.low + at * span)
        return frozen(self.low + self.knee * np.expm1(at * math.log1p(span / self.knee)))


@dataclass(frozen=True)
class SurfaceGrid:
    """Values of a landscape over two axes.

    Attributes
    ----------
    names : (str, str)
        What x and y are called.
    x, y : (nx,), (ny,) float64
        The axes, evenly from end to end of the ranges.
    values : (ny, nx) float64
        ``values[j, i]`` is at (x[i], y[j]); nan where there is no finite value.
    gaps : (ny, nx) bool
        Where that is so.
    undefined, infinite : int
        How many of the gaps have no value, and how many an infinite one.
    lowest, highest : float
        Of the finite values.
    lowest_at : (2,) float64
        The grid point of the lowest value, the first if there are several.
    scale : HeightScale
        Chosen by :func:`choose_scale`.
    levels : (K,) float64
        Values of contour lines, even on the scale; none of a flat surface.
    """

    names: tuple[str, ...]
    x: Array
    y: Array
    values: Array
    gaps: npt.NDArray[np.bool_]
    undefined: int
    infinite: int
    lowest: float
    highest: float
    lowest_at: Array
    scale: HeightScale
    levels: Array

    @property
    def heights(self) -> Array:
        """The values on the scale, (ny, nx), 0 to 1; nan in gaps."""
        return self.scale.heights(self.values)


def sample_grid(
    landscape: Landscape,
    nx: int = 101,
    ny: int | None = None,
    *,
    ranges: Sequence[Range] | None = None,
    levels: int = 12,
) -> SurfaceGrid:
    """Compute a landscape's values on a grid, all at once.

    Parameters
    ----------
    landscape : Landscape
        Of two coordinates.
    nx, ny : int
        Samples per axis, 2 to 2000, both ends included; ny is nx if not given.
    ranges : two of (float, float), optional
        From where to where, if not what the landscape shows.
    levels : int
        How many contour lines.

    Raises
    ------
    InputError
        If a count is out of its bounds, a range is empty, or no value is finite.
    ValueError
        If the landscape has one coordinate only.

    Examples
    --------
    >>> from backprop_studio.core.surfaces.landscape import named_landscape
    >>> grid = sample_grid(named_landscape("himmelblau"), 11)
    >>> grid.values.shape, grid.lowest, grid.lowest_at.tolist(), grid.scale.kind
    ((11, 11), 0.0, [3.0, 2.0], 'log')
    """
    if len(landscape.names) != 2:
        raise ValueError("a grid needs a landscape of two coordinates")
    ny = nx if ny is None else ny
    for name, count in (("nx", nx), ("ny", ny)):
        if not 2 <= count <= MOST_SIDE:
            raise InputError(f"{name}: allowed are 2 to {MOST_SIDE}, found {count}.")
    shown = checked_ranges(landscape.names, landscape.ranges if ranges is None else ranges)
    x, y = (
        np.linspace(low, high, count) for (low, high), count in zip(shown, (nx, ny), strict=True)
    )
    found = landscape.grid(x, y)
    gaps = ~np.isfinite(found)
    undefined = int(np.isnan(found).sum())
    if gaps.all():
        places = " and ".join(
            f"{name} from {low:g} to {high:g}"
            for name, (low, high) in zip(landscape.names, shown, strict=True)
        )
        raise InputError(f"The surface has no finite value for {places}; choose other ranges.")
    values = np.where(gaps, np.nan, found)
    row, column = np.unravel_index(int(np.nanargmin(values)), values.shape)
    scale = choose_scale(values)
    return SurfaceGrid(
        names=tuple(landscape.names),
        x=frozen(x),
        y=frozen(y),
        values=frozen(values),
        gaps=frozen(gaps, np.bool_),
        undefined=undefined,
        infinite=int(gaps.sum()) - undefined,
        lowest=float(values[row, column]),
        highest=float(np.nanmax(values)),
        lowest_at=frozen([x[column], y[row]]),
        scale=scale,
        levels=scale.levels(levels),
    )


def choose_scale(values: npt.ArrayLike) -> HeightScale:
    """Choose a scale on which values are neither one flat sheet nor one spike.

    The scale is even, unless the highest value is more than five times as far above the lowest as
    the median is. Then it is logarithmic, with the knee that puts the median at half the height. A
    pole to minus infinity would press all else flat; what lies far below the lower quartile is cut.

    Parameters
    ----------
    values : array_like
        At least one finite; others are left out.

    Examples
    --------
    >>> choose_scale([0.0, 1.0, 2.0]).kind
    'even'
    >>> scale = choose_scale([0.0, 1.0, 1e6])
    >>> scale.kind, scale.heights(1.0).round(12).item()
    ('log', 0.5)
    """
    found = np.asarray(values, dtype=np.float64)
    found = found[np.isfinite(found)]
    # Halves and back, so that no difference of two floats is infinite.
    low, lower, median, upper, high = (np.quantile(found / 4, k / 4) for k in range(5))
    if upper > lower:
        low = max(low, lower - _HOLE * (upper - lower))
    top, middle = float(high - low), float(median - low)
    bounds = (float(4 * low), float(min(4 * high, np.finfo(float).max / 4 + 4 * low)))
    if middle <= 0 or top <= _SPIKE * middle:
        return HeightScale("even", *bounds)
    # From log(1 + m/k) = log(1 + t/k) / 2.
    knee = max(middle * (middle / (top - 2 * middle)), top * _FINEST)
    return HeightScale("log", *bounds, 4 * knee)
