"""A landscape sampled on a grid, with a scale of heights on which its picture says something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_

if TYPE_CHECKING:
    from backprop_studio.core.surfaces.landscape import Landscape

_SPIKE = 5.0
"""A highest value so many times as high as the median is a spike."""

_FINEST = 1e-30
"""No knee is a smaller share of all heights: a picture has no room for more decades."""

_HOLE = 10.0
"""A lowest value so many interquartile ranges below the lower quartile is a pole."""


@dataclass(frozen=True)
class HeightScale:
    """A scale of heights: from which value to which a picture shows them, and how.

    Attributes
    ----------
    low, high : float
        Values at the bottom and at the top.
    knee : float or None
        Heights follow log(1 + (v - low) / knee): nearly even below the knee, so that a lowest value
        of 0 is no trouble, and a decade above it takes the same height as the next. None for even
        heights.
    """

    low: float
    high: float
    knee: float | None = None


@dataclass(frozen=True)
class SurfaceGrid:
    """Values of a landscape over two axes.

    Attributes
    ----------
    x, y : (nx,), (ny,) float64
        The axes, evenly from end to end of the ranges.
    values : (ny, nx) float64
        ``values[j, i]`` is at (x[i], y[j]); nan where there is no finite value.
    scale : HeightScale
        Chosen by :func:`choose_scale`.
    """

    x: Array
    y: Array
    values: Array
    scale: HeightScale


def sample_grid(landscape: Landscape, nx: int = 101, ny: int | None = None) -> SurfaceGrid:
    """Return a landscape's values on a grid, computed all at once.

    Parameters
    ----------
    landscape : Landscape
        Of two coordinates.
    nx, ny : int
        Samples per axis, both ends included; ny is nx if not given.

    Raises
    ------
    InputError
        If no value is finite.

    Examples
    --------
    >>> from backprop_studio.core.surfaces.params import SurfaceParams
    >>> grid = sample_grid(SurfaceParams(name="himmelblau").landscape(), 11)
    >>> grid.values.shape, float(grid.values.min()), grid.scale.knee is None
    ((11, 11), 0.0, False)
    """
    sides = zip(landscape.ranges, (nx, ny or nx), strict=True)
    x, y = (np.linspace(*ends, count) for ends, count in sides)
    found = landscape.grid(x, y)
    values = np.where(np.isfinite(found), found, np.nan)
    if np.isnan(values).all():
        raise _nowhere_finite(landscape)
    return SurfaceGrid(frozen(x), frozen(y), frozen(values), choose_scale(values))


def _nowhere_finite(landscape: Landscape) -> InputError:
    text = N_(
        "the surface has no finite value for {x} from {left} to {right} and {y} from {bottom} "
        "to {top}; choose other ranges"
    )
    x, y = landscape.names
    numbers = [f"{end:g}" for ends in landscape.ranges for end in ends]
    fields = dict(zip(("left", "right", "bottom", "top"), numbers, strict=True))
    return InputError("surface.not_finite", text, x=x, y=y, **fields)


def choose_scale(values: npt.ArrayLike) -> HeightScale:
    """Return a scale on which values are neither one flat sheet nor one spike.

    The scale is even, unless the highest value is more than five times as far above the lowest as
    the median is. Then it is logarithmic, with the knee that puts the median at half the height. A
    pole to minus infinity would press all else flat; what lies far below the lower quartile is cut.

    Parameters
    ----------
    values : array_like
        At least one finite; others are left out.

    Examples
    --------
    >>> choose_scale([0.0, 1.0, 2.0])
    HeightScale(low=0.0, high=2.0, knee=None)
    >>> scale = choose_scale([0.0, 1.0, 9.0])  # log(1 + 1/k) = log(1 + 9/k) / 2
    >>> round(scale.knee, 12) == round(1 / 7, 12)
    True
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
        return HeightScale(*bounds)
    # From log(1 + m/k) = log(1 + t/k) / 2.
    knee = max(middle * (middle / (top - 2 * middle)), top * _FINEST)
    return HeightScale(*bounds, 4 * knee)
