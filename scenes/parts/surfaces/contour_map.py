"""A surface seen from above as one painted part: bands and lines of height, and points that run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from backprop_studio.scenes.paint.brush import Context, arrow, saved, set_colour
from backprop_studio.scenes.paint.palette import series_colour, series_marker
from backprop_studio.scenes.paint.raster import RASTERS
from backprop_studio.scenes.paint.style import Theme
from backprop_studio.scenes.paint.typeset import is_watched
from backprop_studio.scenes.parts.charts.height_scale import HeightScale
from backprop_studio.scenes.parts.surfaces.ground import MapGround
from backprop_studio.scenes.parts.surfaces.heights import Heights
from backprop_studio.scenes.parts.surfaces.map_axes import MapAxes
from backprop_studio.scenes.parts.surfaces.trajectories import (
    LEGEND_GAP,
    LEGEND_ROW,
    DescentSeries,
    draw_legend,
    draw_marker,
    draw_trail,
    legend_rows,
)

LEGEND_RISE = 0.34
ARROW_WIDTH = 0.05
CROSS = 0.09
"""Half of the cross that marks a minimum."""
FAR = 10.0
"""Plots that a step may be long before it is shortened."""


class ContourMap(Heights):
    """Values over a plane as bands or a heat map, with axes, minima, and descents.

    Parameters
    ----------
    x, y : (nx,) and (ny,) arrays
        Axes, rising evenly.
    values : (ny, nx) array
        Heights; nan stays empty.
    box : (float, float)
        Width and height in Manim units, with ticks, names and legend.
    theme, language : Theme, str
        Of colours and words.
    scale : HeightScale, optional
        From values to heights and colours; give the surface's own to show both together.
    series : sequence of DescentSeries
        What runs down; named in the legend.
    minima : (k, 2) array
        Where a cross stands.
    names : (str, str, str)
        Typst markup beside the axes and above the bar of colours.
    levels : int
        Lines of equal height; 0 for none.
    fill : {"bands", "heat", "none"}
        One colour between two lines, a smooth heat map, or lines alone.
    bar : bool
        Show which colour is which value.
    equal : bool
        One unit of x is as long as one of y, so that gradients stand upright on lines.
    """

    def __init__(
        self,
        x: Any,
        y: Any,
        values: Any,
        box: tuple[float, float],
        theme: Theme,
        language: str,
        *,
        scale: HeightScale | None = None,
        series: Sequence[DescentSeries] = (),
        minima: Any = (),
        names: tuple[str, str, str] = ("", "", ""),
        levels: int = 9,
        fill: str = "bands",
        bar: bool = True,
        equal: bool = True,
    ) -> None:
        heights = self.take(x, y, values, scale, series)
        if fill not in {"bands", "heat", "none"}:
            raise ValueError(f"a map is filled with bands, heat or none, not {fill!r}")
        super().__init__(*box, progress=0.0, points=1.0, strengths=np.ones(len(series)))
        arrows = np.zeros((len(series), 2))
        self.set_state(gradients=arrows, velocities=arrows)
        self.theme, self.language = theme, language
        self.minima = np.array(minima, dtype=np.float64).reshape(-1, 2)
        self.axes = MapAxes(
            self.low,
            self.high,
            box,
            theme,
            language,
            names=names,
            scale=self.height_scale if bar else None,
            above=LEGEND_ROW * len(self._legend()),
            equal=equal,
        )
        self._reach = FAR * (self.high - self.low)
        wild = [np.abs(it.points - self.low) > self._reach for it in self.series]
        self._wild = [bool(it.any()) for it in wild]
        self._ground = MapGround(heights, levels, fill, theme)

    # What a scene says

    def point_along(self, gradients: Any = None, velocities: Any = None) -> ContourMap:
        """Draw arrows from the points, (n, 2) in the units of the axes; None for no arrows."""
        for name, vectors in (("gradients", gradients), ("velocities", velocities)):
            shape = self.state[name].shape
            chosen = np.zeros(shape) if vectors is None else np.array(vectors, dtype=np.float64)
            if chosen.shape != shape:
                raise ValueError(f"{name} need shape {shape}, not {chosen.shape}")
            self.state[name] = chosen
        return self

    def choose(self, *indices: int) -> ContourMap:
        """Show only these series, counted from 0; the others wait out of sight."""
        return self.set_state(strengths=[k in indices for k in range(len(self.series))])

    def texts(self) -> list[str]:
        """Return ticks, names and the legend, as markup."""
        return [*self.axes.texts(), *(it.name for it in self.series if it.name)]

    def locate(self, positions: Any) -> np.ndarray:
        """Return where points (..., 2) of the data are on the part."""
        return self.axes.locate(positions)

    # Painting

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw the ground, the axes and the legend as one kept picture, then the descents."""
        if is_watched():  # whoever watches wants to know where each text stands
            ctx.push_group()
            self._paint_still(ctx)
            ctx.pop_group_to_source()
            ctx.paint_with_alpha(opacity)
        else:
            # What decides this picture never changes in the life of a map and its copies.
            RASTERS.paint(ctx, self._ground, self.frame, self._paint_still, opacity)
        with saved(ctx):
            self.axes.clip(ctx)
            self._paint_minima(ctx, opacity)
            self._paint_series(ctx, opacity * float(self.state["points"]))

    def _paint_still(self, ctx: Context) -> None:
        """Draw ground, frame, ticks, names, bar and legend."""
        left, bottom, width, height = self.axes.plot
        self._ground.paint(ctx, self.axes.plot)
        self.axes.paint(ctx)
        self.axes.paint_bar(ctx, self._ground.shares_of_bar())
        rows = self._legend()
        lengths = [sum(it[2] for it in row) + LEGEND_GAP * len(row) for row in rows]
        longest = max(lengths, default=0.0)
        # Above the middle of the plot, as far as the box allows.
        room = max(0.0, (self.box[0] - longest) / 2)
        middle = min(max(left + width / 2, -room), room)
        position = (middle, bottom + height + LEGEND_RISE)
        draw_legend(ctx, rows, position, self.theme, 1.0, self.language)

    def _legend(self) -> list[list[tuple[int, str, float]]]:
        return legend_rows(self.series, self.box[0] - 0.2, self.theme, self.language)

    def _paint_minima(self, ctx: Context, opacity: float) -> None:
        if opacity <= 0 or not len(self.minima):
            return
        lines = []
        for x, y in self.locate(self.minima).tolist():
            lines += [[(x - CROSS, y - CROSS), (x + CROSS, y + CROSS)]]
            lines += [[(x - CROSS, y + CROSS), (x + CROSS, y - CROSS)]]
        draw_trail(ctx, lines, self.theme.text, self.theme.background, opacity)

    def _paint_series(self, ctx: Context, opacity: float) -> None:
        if opacity <= 0:
            return
        progress = float(self.state["progress"])
        alphas = (opacity * self.state["strengths"]).tolist()
        shown = [k for k, alpha in enumerate(alphas) if alpha > 0]
        for index in shown:
            corners = self.series[index].path(progress)
            if self._wild[index]:
                corners = _tamed(corners, self._reach)
            path = self.locate(corners).tolist()
            colour = series_colour(self.theme, index)
            draw_trail(ctx, [path], colour, self.theme.background, alphas[index])
        for index in shown:
            self._paint_point(ctx, index, progress, alphas[index])

    def _paint_point(self, ctx: Context, index: int, progress: float, opacity: float) -> None:
        series, page = self.series[index], self.theme.background
        colour = series_colour(self.theme, index)
        left = series.exit(progress, self.low, self.high)
        if left is not None:
            position = self.locate(left[0])
            ahead = left[1] / (self.high - self.low) * self.axes.plot[2:]
            angle = math.atan2(ahead[1], ahead[0])
            inward = 0.2 * np.array([math.cos(angle), math.sin(angle)])
            draw_marker(ctx, position - inward, "arrow", colour, page, opacity, angle=angle)
            return
        position = series.place(progress)
        start = self.locate(position)
        for name, tint in (("velocities", self.theme.text), ("gradients", self.theme.gradient)):
            vector = self.state[name][index]
            tip = self.locate(_tamed(np.stack([position, position + vector]), self._reach)[1])
            if np.hypot(*(tip - start)) > CROSS:
                set_colour(ctx, tint, opacity)
                arrow(ctx, start, tip, ARROW_WIDTH)
        draw_marker(ctx, start, series_marker(index), colour, page, opacity)


def _tamed(points: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """Return points with no long steps between them: cairo's numbers end at about 8 million."""
    tamed: np.ndarray = points.copy()
    for k in range(1, len(points)):
        # Shortened along its own direction, so that what is inside of the plot does not turn.
        step = points[k] - tamed[k - 1]
        excess = float(np.max(np.abs(step) / reach))
        tamed[k] = tamed[k - 1] + step / max(excess, 1.0)
    return tamed
