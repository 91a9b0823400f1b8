"""A surface in three dimensions as one painted part: shaded, turning, points running on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Self

import cairo
import numpy as np

from backprop_studio.core.base.arrays import Array
from backprop_studio.scenes.paint.brush import Context, fill, polygon, stroke
from backprop_studio.scenes.paint.palette import (
    colour_map,
    series_colour,
    series_marker,
)
from backprop_studio.scenes.paint.quad_painter import fill_quads
from backprop_studio.scenes.paint.style import Theme
from backprop_studio.scenes.parts.charts.height_scale import HeightScale
from backprop_studio.scenes.parts.surfaces.axes3d import AXIS_WIDTH, HALF_HEIGHT, BoxAxes, on_floor
from backprop_studio.scenes.parts.surfaces.heights import Heights
from backprop_studio.scenes.parts.surfaces.lines import (
    DrapedPath,
    grid_lines,
    visible_runs,
)
from backprop_studio.scenes.parts.surfaces.projection import Projection, fitted, nearest_turn
from backprop_studio.scenes.parts.surfaces.relief import (
    back_to_front,
    bilinear,
    cells_of,
    clearance,
    slopes,
)
from backprop_studio.scenes.parts.surfaces.trajectories import (
    DescentSeries,
    draw_marker,
    draw_trail,
    trace,
)

DISTANCE = 7.0
LABEL_ROOM = (0.95, 0.55)
"""To the sides, and above and below, for ticks and names."""
LIGHT = np.array([-0.45, 0.35, 0.82])
"""From the viewer's upper left, as on maps; right, up and backward."""
DARKEST, BRIGHTEST = 0.62, 1.08
LIFT = 0.012
"""Of points and lines above the surface, in heights, so that it does not cover them itself."""
GRID_WIDTH = 0.011
GRID_SHADE = 0.45
"""Opacity of the black of grid lines."""


class SurfaceMesh(Heights):
    """Values over a grid as a shaded surface, its floor, axes, and points with trails on it.

    Parameters
    ----------
    x, y : (nx,) and (ny,) arrays
        Axes, rising evenly.
    values : (ny, nx) array
        Heights; nan leaves a hole.
    box : (float, float)
        Width and height in Manim units, with ticks and names.
    theme, language : Theme, str
        Of colours and words.
    scale : HeightScale, optional
        From values to heights; the range of the values if not given. What is above its top is cut
        off, which leaves the surface open there.
    series : sequence of DescentSeries
        What runs down on it.
    names : (str, str, str)
        Typst markup beside the axes.
    grid : int
        A line is drawn along every so many rows and columns.
    azimuth, elevation : float
        Where the camera stands, in radians.
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
        names: tuple[str, str, str] = ("", "", ""),
        grid: int = 6,
        azimuth: float = math.radians(-55),
        elevation: float = math.radians(32),
    ) -> None:
        heights = self.take(x, y, values, scale, series)
        camera = {"azimuth": azimuth, "elevation": _checked(elevation)}
        super().__init__(*box, **camera, heights=heights, relief=1.0, progress=0.0, points=1.0)
        self.theme, self.grid_step = theme, grid
        x_range, y_range = ((float(it[0]), float(it[-1])) for it in (self.x, self.y))
        self.axes = BoxAxes((x_range, y_range), self.height_scale, names, theme, language)
        self._draped = tuple(DrapedPath(self._places(it.points)) for it in self.series)

    # What a scene says

    def turn_to(self, azimuth: float, elevation: float | None = None) -> SurfaceMesh:
        """Turn the camera to an azimuth, the short path round, and to an elevation."""
        current = float(self.state["azimuth"])
        if elevation is not None:
            self.set_state(elevation=_checked(elevation))
        return self.set_state(azimuth=nearest_turn(current, azimuth))

    def turn_by(self, angle: float) -> SurfaceMesh:
        """Turn the camera by an angle, which may be more than a full turn."""
        return self.set_state(azimuth=self.state["azimuth"] + angle)

    def raise_to(self, relief: float) -> SurfaceMesh:
        """Press the surface flat (0), or raise it to its full height (1)."""
        return self.set_state(relief=relief)

    def interpolate_state(self, start: Self, end: Self, alpha: float) -> None:
        """Set the arrays between those of two states; both have the same grid."""
        shapes = {it.state["heights"].shape for it in (start, end)}
        if len(shapes) > 1:
            raise ValueError(f"surfaces over different grids, {shapes}, cannot become each other")
        super().interpolate_state(start, end, alpha)

    def texts(self) -> list[str]:
        """Return the ticks and names that are visible now, as Typst markup."""
        labels = self.axes.labels(self.projection(), float(self.state["relief"]))
        return [it.source for it in labels if it.alpha > 0]

    # From the data to the world to the plane

    def projection(self) -> Projection:
        """Return the camera as it stands now."""
        elevation = float(self.state["elevation"])
        fit = _fit(elevation, *self.box)
        azimuth = float(self.state["azimuth"])
        return Projection(azimuth, elevation, fit.distance, fit.scale, fit.shift)

    def _places(self, points: Array) -> Array:
        """Return points (n, 2) of the data in columns and rows of the grid."""
        count = np.array([len(self.x) - 1, len(self.y) - 1])
        return np.asarray((points - self.low) / (self.high - self.low) * count)

    def _span(self) -> float:
        return 2 * HALF_HEIGHT * float(self.state["relief"])

    def _world(self, positions: Array) -> Array:
        """Return positions (..., 3) of columns, rows and heights in the world's box."""
        rows, columns = self.state["heights"].shape
        world = positions * np.array([2 / (columns - 1), 2 / (rows - 1), self._span()])
        return np.asarray(world + np.array([-1.0, -1.0, -HALF_HEIGHT]))

    def _lifted(self, spots: Array) -> Array:
        """Return positions (n, 3) a little above the surface; nan where there is none."""
        rows, columns = self.state["heights"].shape
        inside = ((spots >= 0) & (spots <= [columns - 1, rows - 1])).all(axis=1)
        heights = np.full(len(spots), math.nan)
        heights[inside] = bilinear(self.state["heights"], *spots[inside].T)
        heights[heights > 1 + LIFT] = math.nan
        return np.column_stack([spots, heights + LIFT])

    def _clearance(self, projection: Projection, positions: Array) -> Array:
        rows, columns = self.state["heights"].shape
        rays = projection.towards_eye(self._world(positions))
        unit = np.array([(columns - 1) / 2, (rows - 1) / 2, 1 / max(self._span(), 1e-6)])
        return clearance(self.state["heights"], positions, rays * unit)

    # Painting

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw floor, axes, surface, and what runs on it."""
        projection = self.projection()
        self._paint_floor(ctx, projection, opacity)
        relief = float(self.state["relief"])
        self.axes.paint(ctx, projection, relief, opacity)
        self._paint_surface(ctx, projection, opacity)
        self._paint_on_surface(ctx, projection, opacity)
        self.axes.write_labels(ctx, projection, relief, opacity)

    def _paint_floor(self, ctx: Context, projection: Projection, opacity: float) -> None:
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
        polygon(ctx, projection.plane(on_floor(corners)).tolist())
        fill(ctx, self.theme.surface, opacity, keep=True)
        ctx.set_line_join(cairo.LINE_JOIN_ROUND)
        stroke(ctx, self.theme.line, opacity, AXIS_WIDTH)

    def _paint_surface(self, ctx: Context, projection: Projection, opacity: float) -> None:
        positions, quads, colours, _ = self._ordered(projection)
        if len(quads):
            fill_quads(ctx, positions, quads, colours, opacity)

    def _eye(self, projection: Projection) -> Array:
        """Return the camera's column and row."""
        rows, columns = self.state["heights"].shape
        return np.asarray((projection.eye[:2] + 1) / 2 * (columns - 1, rows - 1))

    def _ordered(self, projection: Projection) -> tuple[Array, Array, Array, Array]:
        """Return vertices as they are seen, and from back to front quads, colours and cells."""
        heights = self.state["heights"]
        cells = cells_of(heights)
        order = back_to_front(cells.cells, heights.shape, tuple(self._eye(projection)))
        colours = self._lit(projection, cells.cells, cells.heights)[order]
        positions = projection.plane(self._world(cells.vertices))
        return positions, cells.quads[order], colours, cells.cells[order]

    def _lit(self, projection: Projection, cells: Array, heights: Array) -> Array:
        """Return the colours (Q, 3) of quads: their height's, brighter towards the light."""
        rows, columns = self.state["heights"].shape
        across, up = slopes(self.state["heights"])
        span = self._span()
        east, north = -across[cells] * span * (columns - 1) / 2, -up[cells] * span * (rows - 1) / 2
        normals = np.stack([east, north, np.ones(len(cells))], axis=-1)
        normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
        light = LIGHT @ projection.axes / np.linalg.norm(LIGHT)
        shade = DARKEST + (BRIGHTEST - DARKEST) * np.clip(normals @ light, 0, 1)
        lit: Array = np.clip(colour_map(self.theme).colours(heights) * shade[:, None], 0, 1)
        return lit

    def _paint_on_surface(self, ctx: Context, projection: Projection, opacity: float) -> None:
        """Draw grid lines, trails and points where the surface does not hide them."""
        lines = grid_lines(*self.state["heights"].shape, self.grid_step)
        shown = float(self.state["points"]) > 0
        progress = float(self.state["progress"])
        trails = [path.until(progress) for path in self._draped] if shown else []
        heads = [self._head(it, progress) for it in self.series] if shown else []
        groups = [*lines, *trails, *heads]
        if not groups:
            return
        positions = self._lifted(np.concatenate(groups))
        free = self._clearance(projection, positions)
        seen = projection.plane(self._world(positions - [0, 0, LIFT]))
        ends = np.cumsum([len(it) for it in groups])[:-1]
        pieces = list(zip(np.split(seen, ends), np.split(free, ends), strict=True))
        self._paint_grid(ctx, pieces[: len(lines)], opacity)
        alpha = opacity * float(self.state["points"])
        for index in range(len(trails)):
            colour = series_colour(self.theme, index)
            runs = visible_runs(*pieces[len(lines) + index])
            draw_trail(ctx, runs, colour, self.theme.background, alpha)
        first = len(pieces) - len(heads)
        depth = projection.depth(self._world(positions[len(positions) - len(heads) :]))
        for index in np.argsort(np.nan_to_num(depth)).tolist():
            seen, free = pieces[first + index]
            self._paint_head(ctx, index, seen, free, alpha)

    def _paint_grid(self, ctx: Context, pieces: list[Any], opacity: float) -> None:
        trace(ctx, [run for seen, free in pieces for run in visible_runs(seen, free)])
        ctx.set_line_cap(cairo.LINE_CAP_BUTT)
        ctx.set_line_join(cairo.LINE_JOIN_BEVEL)
        ctx.set_antialias(cairo.ANTIALIAS_FAST)
        stroke(ctx, (0.0, 0.0, 0.0), GRID_SHADE * opacity, GRID_WIDTH)

    def _head(self, series: DescentSeries, progress: float) -> Array:
        """Return the point's column and row, (1, 2); on the border if it has left."""
        left = series.exit(progress, self.low, self.high)
        position = series.place(progress) if left is None else left[0]
        rows, columns = self.state["heights"].shape
        return np.clip(self._places(position[None]), 0, (columns - 1, rows - 1))

    def _paint_head(self, ctx: Context, index: int, seen: Array, free: Array, alpha: float) -> None:
        # A point goes behind a ridge little by little, not from one frame to the next.
        visible = float(np.clip(4 * free[0] / LIFT, 0, 1))
        if visible <= 0 or not np.isfinite(seen[0]).all():
            return
        series = self.series[index]
        gone = series.exit(float(self.state["progress"]), self.low, self.high)
        colour = series_colour(self.theme, index)
        kind, angle = series_marker(index), 0.0
        if gone is not None:
            kind = "arrow"
            ahead = np.array([*gone[1] / (self.high - self.low), 0.0])
            direction = self.projection().axes @ ahead
            angle = math.atan2(direction[1], direction[0])
        draw_marker(ctx, seen[0], kind, colour, self.theme.background, alpha * visible, angle=angle)


def _checked(elevation: float) -> float:
    if not 0 <= elevation <= math.pi / 2:
        raise ValueError(f"an elevation is between 0 and π/2, not {elevation}")
    return elevation


@lru_cache(maxsize=64)
def _fit(elevation: float, width: float, height: float) -> Projection:
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
    inner = (max(width - 2 * LABEL_ROOM[0], 0.2), max(height - 2 * LABEL_ROOM[1], 0.2))
    return fitted(0.0, elevation, corners * [1, 1, HALF_HEIGHT], inner, DISTANCE)
