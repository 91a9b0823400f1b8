"""What lessons on slopes of a surface share: the cut surface, diagrams of a cut, their numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from backprop_studio.core.formula import Formula
from backprop_studio.core.formula.torch_text import tracked_torch
from backprop_studio.core.formula.typst_math import formula_typst
from backprop_studio.core.surfaces.grid import sample_grid
from backprop_studio.core.surfaces.landscape import FormulaLandscape
from backprop_studio.scenes.lesson.board_lesson import BoardLesson
from backprop_studio.scenes.paint.style import Rgb
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.height_scale import HeightScale
from backprop_studio.scenes.parts.charts.plot import Plot
from backprop_studio.scenes.parts.surfaces.cut import CutSurface

SIDE = 57
"""Samples per axis, odd: the point is one of them, and planes along the axes cut no cell."""

AZIMUTH, ELEVATION = math.radians(-62), math.radians(24)

TALLER, LIFTED = 1.2, 0.12
"""A surface leaves room to be turned upwards, too; here it is only turned a little."""

TOWARDS = 0.35
"""A slope that rises so much towards the camera, as a cosine, would hide its own point."""

FAR = 3.0
"""Interquartile ranges beyond the quartiles that are in sight; a pole goes further."""

FINEST = 1e-9
"""Values that differ by a smaller share of themselves differ by rounding."""


class SurfaceLesson(BoardLesson):
    """Base of lessons that stand at a point of z = f(x, y).

    Attributes
    ----------
    formula : Formula
        f.
    grid : SurfaceGrid
        Values around the point.
    """

    formula: Formula

    def sample(self) -> None:
        """Take the values around the point that the parameters name."""
        params = self.params
        self.formula = params.parsed()
        ranges = tuple((it - params.reach, it + params.reach) for it in (params.x, params.y))
        self.grid = sample_grid(FormulaLandscape(self.formula, ranges), SIDE)

    def surface(self, value: float, slopes: Any) -> CutSurface:
        """Return the surface with its point, flat, in the middle of the stage."""
        scale = even_sight(self.grid.values, value)
        # What is below the picture is a hole, as a pole has no bottom to stand on.
        low = scale.low - 1e-9 * (scale.top - scale.low)
        values = np.where(self.grid.values < low, np.nan, self.grid.values)
        fx, fy = (float(it) for it in slopes)
        width, height = self.layout.picture
        surface = CutSurface(
            self.grid.x,
            self.grid.y,
            values,
            (width, height * TALLER),
            *self.look,
            spot=(self.params.x, self.params.y, value),
            slopes=(fx, fy),
            scale=scale,
            names=("$x$", "$y$", "$z$"),
            grid=7,
            azimuth=_seen_from(fx, fy),
            elevation=ELEVATION,
        )
        surface.raise_to(0).move_to(self.place_of_surface(self.layout.stage_centre))
        return surface

    def place_of_surface(self, centre: tuple[float, float]) -> tuple[float, float, float]:
        """Return where a surface stands whose place has that centre."""
        return centre[0], centre[1] + LIFTED, 0.0

    def cut_plot(
        self, xs: Any, ys: Any, value: float, name: str, *, colour: Rgb, among: Any = None
    ) -> Plot:
        """Return a diagram beside the surface, with a curve "cut" that is not yet drawn.

        Parameters
        ----------
        among : array, optional
            The heights of all curves that it is compared with; its own if not given.
        """
        scale = even_sight(ys if among is None else among, value)
        room = 0.08 * (scale.top - scale.low)
        across = Axis(float(xs[0]), float(xs[-1]), name, count=4)
        up = Axis(scale.low - room, scale.top + room, "$z$", count=4)
        plot = Plot(across, up, self.layout.side, *self.look)
        plot.move_to((*self.layout.side_centre, 0))
        return plot.add_curve("cut", xs, interrupted(ys, scale), progress=0.0, colour=colour)

    # Numbers and words

    def rule(self) -> str:
        """Return f as mathematics."""
        return formula_typst(self.formula.tree)

    def torch_rule(self) -> str:
        """Return the line that computes z."""
        return f"z = {tracked_torch(self.formula.tree, 'xy')}"


def _seen_from(fx: float, fy: float) -> float:
    """Return the camera's azimuth, of four, so that a slope does not rise towards the camera."""
    size = math.hypot(fx, fy)
    if not 0 < size < math.inf:
        return AZIMUTH
    turns = [AZIMUTH - k * math.pi / 2 for k in range(4)]
    towards = [(fx * math.cos(it) + fy * math.sin(it)) / size for it in turns]
    return AZIMUTH if towards[0] <= TOWARDS else turns[int(np.argmin(towards))]


def even_sight(values: Any, around: float) -> HeightScale:
    """Return an even scale that shows a value and what is not far from the others.

    Parameters
    ----------
    values : array
        Some of them finite.
    around : float
        A value that has to be seen.
    """
    found = np.asarray(values, dtype=np.float64)
    found = np.append(found[np.isfinite(found)], around)
    # Quarters, so that no difference of two floats is infinite.
    lower, upper = np.quantile(found / 4, (0.25, 0.75))
    far = FAR * (upper - lower)
    low, high = max(found.min() / 4, lower - far), min(found.max() / 4, upper + far)
    low, high = 4 * min(low, around / 4), 4 * max(high, around / 4)
    least = FINEST * abs(around)
    if not high - low > least or not math.isfinite(high - low):
        least = max(least, 1.0)
        return HeightScale(around - least, around + least)
    return HeightScale(float(low), float(high))


def interrupted(values: Any, scale: HeightScale) -> np.ndarray:
    """Return values along a line, with a gap where they jump from far above to far below."""
    found = np.array(values, dtype=np.float64)
    with np.errstate(all="ignore"):
        heights = (found - scale.low) / (scale.top - scale.low)
        jumps = np.abs(np.diff(heights)) > 1
    found[:-1][jumps] = np.nan
    return np.where(np.isfinite(found), found, np.nan)
