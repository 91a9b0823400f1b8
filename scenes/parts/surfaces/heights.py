"""What a surface and its contour map have in common: values over a plane, and descents on it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from backprop_studio.core.base.arrays import Array
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.parts.charts.height_scale import HeightScale
from backprop_studio.scenes.parts.surfaces.trajectories import DescentSeries, most_steps


class Heights(Painted):
    """Values over a plane with series of points that run down.

    Attributes
    ----------
    x, y : (nx,) and (ny,) float64
        Axes, rising evenly.
    low, high : (2,) float64
        Opposite corners of the plane.
    height_scale : HeightScale
        From values to heights and colours.
    series : tuple of DescentSeries
        What runs down.
    fingerprint : str
        What tells values and series apart for Manim's cache, which shortens long arrays.
    """

    def take(
        self,
        x: Any,
        y: Any,
        values: Any,
        scale: HeightScale | None,
        series: Sequence[DescentSeries],
    ) -> Array:
        """Check and keep what stands over the plane; return the heights (ny, nx).

        Raises
        ------
        ValueError
            If the values do not have the shape (ny, nx).
        """
        values = np.array(values, dtype=np.float64)
        self.x, self.y = (np.array(it, dtype=np.float64) for it in (x, y))
        if values.shape != (len(self.y), len(self.x)) or min(values.shape) < 2:
            wanted = f"{len(self.x)} x and {len(self.y)} y need values (ny, nx)"
            raise ValueError(f"{wanted}, not {values.shape}")
        self.height_scale = scale or HeightScale.of(values)
        self.series = tuple(series)
        self.low, self.high = (np.array([self.x[k], self.y[k]]) for k in (0, -1))
        arrays = (self.x, self.y, values, *(it.points for it in self.series))
        self.fingerprint = hashlib.sha256(b"".join(it.tobytes() for it in arrays)).hexdigest()
        return self.height_scale.heights(values)

    def advance_to(self, progress: float) -> Self:
        """Let every series stand after so many steps; one with fewer stays at its end."""
        return self.set_state(progress=progress)

    def advance_to_end(self) -> Self:
        """Let every series run to its end."""
        return self.advance_to(most_steps(self.series))

    def fade_points(self, alpha: float) -> Self:
        """Show points and trails at an opacity from 0 to 1."""
        return self.set_state(points=alpha)
