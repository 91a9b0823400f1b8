"""From a value to a height: the scale that a surface, its contour map and their colours share."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop_studio.scenes.parts.charts.ticks import round_ticks

LOG_TICK_GAP = 0.25
"""Heights between two ticks of a logarithmic scale."""


@dataclass(frozen=True)
class HeightScale:
    """Maps values to heights: 0 for the lowest, 1 for the highest that is shown.

    The formula is that of :class:`core.surfaces.grid.HeightScale`, whose low, high and knee it can
    be given.

    Attributes
    ----------
    low, top : float
        The lowest value, and where the picture is cut. Where they are the same, every height is 0.
    knee : float or None
        Heights follow log(1 + (v - low) / knee): even below the knee, counted from ``low``, and
        logarithmic above. None for even heights.

    Examples
    --------
    >>> HeightScale(0.0, 10.0).heights([0, 5, 12]).tolist()
    [0.0, 0.5, 1.2]
    >>> HeightScale(0.0, 99.0, 1.0).heights([0, 9, 99]).round(9).tolist()
    [0.0, 0.5, 1.0]
    """

    low: float
    top: float
    knee: float | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.top) and self.low <= self.top):
            raise ValueError(f"a height scale needs low <= top, not {self.low} and {self.top}")
        if self.knee is not None and not self.knee > 0:
            raise ValueError(f"a knee is above 0, not {self.knee}")

    @classmethod
    def of(cls, values: Any) -> HeightScale:
        """Return the scale from the lowest to the highest finite value."""
        values = np.asarray(values, dtype=np.float64)
        finite = values[np.isfinite(values)]
        return cls(float(finite.min()), float(finite.max())) if len(finite) else cls(0.0, 0.0)

    def heights(self, values: Any) -> np.ndarray:
        """Return heights like the values; above 1 beyond the top, nan where not finite."""
        values = np.asarray(values, dtype=np.float64)
        above = np.maximum(np.where(np.isfinite(values), values, math.nan) - self.low, 0.0)
        span = self.top - self.low
        if span <= 0:
            return above * 0.0
        if self.knee is None:
            return above / span
        return np.asarray(np.log1p(above / self.knee) / math.log1p(span / self.knee))

    def ticks(self, count: int = 4) -> list[float]:
        """Return round values within the range."""
        if self.knee is None:
            return round_ticks(self.low, self.top, count)
        powers = [10.0**k for k in range(-6, 10)]
        chosen: list[float] = []
        for value in sorted({*(-it for it in powers), 0.0, *powers}, reverse=True):
            if not self.low <= value <= self.top:
                continue
            last = float(self.heights(chosen[-1])) if chosen else math.inf
            if last - float(self.heights(value)) >= LOG_TICK_GAP:
                chosen.append(value)
        return chosen[::-1]
