"""A surface cut by an upright plane: the curve of the cut, secants and tangents in the plane."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cairo
import numpy as np

from backprop_studio.scenes.paint.brush import Context, fill, polygon, stroke
from backprop_studio.scenes.paint.quad_painter import fill_quads
from backprop_studio.scenes.paint.style import Rgb, Theme
from backprop_studio.scenes.parts.charts.items import Named
from backprop_studio.scenes.parts.surfaces.axes3d import HALF_HEIGHT
from backprop_studio.scenes.parts.surfaces.lines import visible_runs
from backprop_studio.scenes.parts.surfaces.mesh import LIFT, SurfaceMesh
from backprop_studio.scenes.parts.surfaces.projection import Projection
from backprop_studio.scenes.parts.surfaces.trajectories import draw_marker, trace

CURVE_WIDTH, LINE_WIDTH, CASING = 0.055, 0.05, 0.045
PLANE_TINT = 0.2
PLANE_EDGE = 0.02
GLASS = 0.72
"""How much of the surface's nearer half is taken away while the plane is seen."""

BEHIND = {"curve": 0.3, "line": 0.7, "tangent": 0.7, "point": 0.6}
"""Opacity of what the surface hides; a tangent often lies below it, and is what matters."""

EDGE_ON = 0.35
"""Seen under a smaller sine the plane shows little; the halves change there unnoticed."""

LINE_SHARE = 0.85
"""Of the distance to the border that a straight line goes."""

SAMPLES = 121


@dataclass(frozen=True)
class _Item:
    kind: str
    colour: Rgb
    follows: bool


class CutSurface(Named, SurfaceMesh):
    """A surface, one point on it, and what lies in upright planes through that point.

    A heading is an angle in radians, from the x axis to the y axis. Everything is added once with a
    name, outside of animations, and is invisible until it is revealed.

    Parameters
    ----------
    spot : (x, y, z)
        The point, in the units of the axes.
    slopes : (float, float)
        Of the surface at the point along x and along y, in the units of the axes.
    x, y, values, box, theme, language
        As for :class:`SurfaceMesh`; heights have to be even, or no tangent would be straight.
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
        spot: tuple[float, float, float],
        slopes: tuple[float, float] = (0.0, 0.0),
        **options: Any,
    ) -> None:
        super().__init__(x, y, values, box, theme, language, **options)
        if self.height_scale.knee is not None:
            raise ValueError("a surface with straight tangents needs an even height scale")
        self.spot = np.array(spot, dtype=np.float64)
        self.slopes = np.array(slopes, dtype=np.float64)
        self.items: dict[str, _Item] = {}
        self.set_state(heading=0.0, plane=0.0)

    # What a scene adds

    def add_curve(self, name: str, heading: float | None = None, *, colour: Rgb) -> CutSurface:
        """Add the curve that a plane cuts; without a heading, the plane that is shown."""
        return self._put(name, _Item("curve", colour, heading is None), heading)

    def add_line(
        self, name: str, heading: float | None = None, *, slope: float | None = None, colour: Rgb
    ) -> CutSurface:
        """Add a straight line through the point; without a slope, the tangent."""
        kind = "tangent" if slope is None else "line"
        self._put(name, _Item(kind, colour, heading is None), heading)
        if slope is not None:
            self.state[f"{name}.slope"] = np.array(float(slope))
        return self

    def add_point(
        self, name: str, heading: float | None = None, *, at: float = 0.0, colour: Rgb
    ) -> CutSurface:
        """Add a point of a curve, so far from the spot along the heading."""
        self._put(name, _Item("point", colour, heading is None), heading)
        return self.set_state(**{f"{name}.at": at})

    # What a scene says

    def fade_plane(self, alpha: float) -> CutSurface:
        """Show the plane, and the surface before it as glass, at a strength from 0 to 1."""
        return self.set_state(plane=alpha)

    def turn_plane(self, heading: float) -> CutSurface:
        """Turn the plane, and what lies in it, to a heading."""
        return self.set_state(heading=heading)

    def tilt(self, name: str, slope: float) -> CutSurface:
        """Give a line another slope."""
        self.known(name, "line")
        return self.set_state(**{f"{name}.slope": slope})

    def slide(self, name: str, at: float) -> CutSurface:
        """Move a point along its curve."""
        self.known(name, "point")
        return self.set_state(**{f"{name}.at": at})

    # Places

    def heading_of(self, name: str) -> float:
        """Return in which plane something lies."""
        follows = self.items[name].follows
        return float(self.state["heading" if follows else f"{name}.heading"])

    def places_of(self, name: str) -> np.ndarray:
        """Return the corners (n, 3) of a curve, line or point in columns, rows and heights."""
        item, heading = self.items[name], self.heading_of(name)
        low, high = self._ends(heading)
        if item.kind == "point":
            return self._lifted(self._at(heading, self.state[f"{name}.at"].reshape(1)))
        if item.kind == "curve":
            return self._lifted(self._at(heading, np.linspace(low, high, SAMPLES)))
        along = np.array([math.cos(heading), math.sin(heading)])
        slope = float(self.state[f"{name}.slope"] if item.kind == "line" else self.slopes @ along)
        reach = LINE_SHARE * np.array([low, high])
        start, rise = self._height(), self._rise(slope)
        if rise:
            # As far as the box is high.
            inside = np.sort((np.array([0.0, 1.0]) - start) / rise)
            reach = np.clip(reach, *inside)
        t = np.linspace(reach[0], reach[1], SAMPLES)
        return np.column_stack([self._at(heading, t), start + rise * t + LIFT])

    def _height(self) -> float:
        return float(self.height_scale.heights(self.spot[2]))

    def _rise(self, slope: float) -> float:
        span = self.height_scale.top - self.height_scale.low
        return slope / span if span > 0 else 0.0

    def _at(self, heading: float, t: np.ndarray) -> np.ndarray:
        """Return columns and rows (n, 2) of positions so far from the spot."""
        along = np.array([math.cos(heading), math.sin(heading)])
        return self._places(self.spot[:2] + t[:, None] * along)

    def _ends(self, heading: float) -> tuple[float, float]:
        """Return how far the grid goes to either side of the spot."""
        along = np.array([math.cos(heading), math.sin(heading)])
        moving = np.abs(along) > 1e-9
        borders = np.stack([self.low, self.high])
        distances = ((borders - self.spot[:2]) / np.where(moving, along, 1.0))[:, moving]
        # A hair less, so that rounding does not put an end beside the grid.
        distances *= 1 - 1e-9
        return float(distances.min(axis=0).max()), float(distances.max(axis=0).min())

    def _put(self, name: str, item: _Item, heading: float | None) -> CutSurface:
        self.items = {**self.items, name: item}
        return self.set_state(**{f"{name}.heading": heading or 0.0, f"{name}.shown": 0.0})

    # Painting

    def _glass(self, projection: Projection) -> float:
        """Return the opacity of the nearer half."""
        heading = float(self.state["heading"])
        towards = projection.axes[2][:2]
        across = abs(math.cos(heading) * towards[1] - math.sin(heading) * towards[0])
        share = float(min(1.0, across / max(np.hypot(*towards), 1e-9) / EDGE_ON))
        return 1.0 - GLASS * float(self.state["plane"]) * share * share * (3 - 2 * share)

    def _paint_surface(self, ctx: Context, projection: Projection, opacity: float) -> None:
        if float(self.state["plane"]) <= 0:
            super()._paint_surface(ctx, projection, opacity)
            return
        positions, quads, colours, cells = self._ordered(projection)
        columns = len(self.x) - 1
        middles = np.column_stack([cells % columns, cells // columns]) + 0.5
        spot, tip = self._at(float(self.state["heading"]), np.array([0.0, 1.0]))
        normal = np.array([spot[1] - tip[1], tip[0] - spot[0]])
        is_near = ((middles - spot) @ normal > 0) == ((self._eye(projection) - spot) @ normal > 0)
        for half, alpha in ((~is_near, opacity), (is_near, opacity * self._glass(projection))):
            if half.any():
                fill_quads(ctx, positions, quads[half], colours[half], alpha)
            if half is not is_near:
                self._paint_plane(ctx, projection, opacity)

    def _paint_plane(self, ctx: Context, projection: Projection, opacity: float) -> None:
        heading = float(self.state["heading"])
        ends = self._at(heading, np.array(self._ends(heading)))
        world = self._world(np.column_stack([ends, np.zeros(2)]))
        bottom, top = world.copy(), world.copy()
        bottom[:, 2], top[:, 2] = -HALF_HEIGHT, HALF_HEIGHT
        corners = projection.plane(np.concatenate([bottom, top[::-1]]))
        polygon(ctx, corners.tolist())
        alpha = opacity * float(self.state["plane"])
        fill(ctx, self.theme.text, PLANE_TINT * alpha, keep=True)
        stroke(ctx, self.theme.text, 2 * PLANE_TINT * alpha, PLANE_EDGE)

    def _paint_on_surface(self, ctx: Context, projection: Projection, opacity: float) -> None:
        super()._paint_on_surface(ctx, projection, opacity)
        shown = [name for name in self.items if float(self.state[f"{name}.shown"]) > 0]
        for name in sorted(shown, key=lambda it: self.items[it].kind == "point"):
            self._paint_item(ctx, projection, name, opacity * float(self.state[f"{name}.shown"]))

    def _paint_item(self, ctx: Context, projection: Projection, name: str, alpha: float) -> None:
        item, positions = self.items[name], self.places_of(name)
        free = self._clearance(projection, positions)
        seen = projection.plane(self._world(positions - [0, 0, LIFT]))
        if item.kind == "point":
            if np.isfinite(seen).all():
                visible = max(float(np.clip(4 * free[0] / LIFT, 0, 1)), BEHIND["point"])
                page, alpha = self.theme.background, alpha * visible
                draw_marker(ctx, seen[0], "circle", item.colour, page, alpha)
            return
        width = CURVE_WIDTH if item.kind == "curve" else LINE_WIDTH
        ctx.set_line_join(cairo.LINE_JOIN_ROUND)
        ctx.set_line_cap(cairo.LINE_CAP_ROUND)
        known = np.isfinite(positions).all(axis=1)
        trace(ctx, visible_runs(seen, np.where(known, -free, -1.0)))
        stroke(ctx, item.colour, BEHIND[item.kind] * alpha, width)
        runs = visible_runs(seen, free)
        trace(ctx, runs)
        stroke(ctx, self.theme.background, 0.55 * alpha, width + CASING)
        trace(ctx, runs)
        stroke(ctx, item.colour, alpha, width)
