"""Diagrams of directions: a surface's slope over all of them, and the hot plate with its ant."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from backprop_studio.core.derivatives.heat import HeatRecord
from backprop_studio.core.derivatives.records import DirectionalRecord
from backprop_studio.core.surfaces.grid import sample_grid
from backprop_studio.core.surfaces.landscape import FormulaLandscape
from backprop_studio.scenes.paint.style import Theme
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.height_scale import HeightScale
from backprop_studio.scenes.parts.charts.plot import Plot
from backprop_studio.scenes.parts.surfaces.compass_map import CompassMap
from backprop_studio.scenes.parts.surfaces.trajectories import DescentSeries

ANT_ARROW = 0.65
HEAT_SCALE = HeightScale(0.0, 50.0)
HEAT_SIDES = (121, 91)


def heading_of(vector: Any) -> float:
    """Return where a vector points, in radians from the x axis to the left."""
    return math.atan2(vector[1], vector[0])


def sweep_plot(
    record: DirectionalRecord, word: str, box: tuple[float, float], theme: Theme, language: str
) -> Plot:
    """Return the diagram of the slope over the direction, in degrees, not yet drawn.

    Parameters
    ----------
    word : str
        Typst markup of "direction".
    """
    most = record.steepness or 1.0
    across = Axis(0.0, 360.0, f"{word} (°)", count=4)
    up = Axis(-1.25 * most, 1.25 * most, "$D_bold(l) f$", count=4)
    plot = Plot(across, up, box, theme, language)
    degrees, slopes = np.degrees(record.sweep), record.sweep_slopes
    plot.add_curve("slopes", degrees, slopes, colour=theme.gradient, progress=0.0)
    plot.add_mark("zero", 0.0, way="y")
    return plot.add_point("here", 0.0, on="slopes")


def heat_map(
    heat: HeatRecord,
    notes: Sequence[tuple[str, float, float]],
    box: tuple[float, float],
    theme: Theme,
    language: str,
) -> CompassMap:
    """Return the hot plate with the ant at its start.

    Parameters
    ----------
    notes : sequence of (str, float, float)
        What is written on the isotherms, and where.
    """
    grid = sample_grid(FormulaLandscape(heat.formula, heat.ranges), *HEAT_SIDES)
    plate = CompassMap(
        grid.x,
        grid.y,
        grid.values,
        box,
        theme,
        language,
        scale=HEAT_SCALE,
        levels=len(heat.isotherms),
        fill="heat",
        names=("$x$", "$y$", "$T$"),
        series=[DescentSeries(heat.path)],
        origin=(float(heat.point[0]), float(heat.point[1])),
        radius=ANT_ARROW,
        uphill=heading_of(-heat.downhill) if heat.steepness else None,
        labels=("", "$nabla T$"),
        notes=notes,
    )
    return plate.hide("direction")
