"""Descent trajectories: the series that a surface and its contour map share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cairo
import numpy as np

from backprop_studio.core.base.arrays import Array
from backprop_studio.scenes.paint.brush import Context, set_colour
from backprop_studio.scenes.paint.lettering import write
from backprop_studio.scenes.paint.palette import series_colour, series_marker
from backprop_studio.scenes.paint.paths import exit_of
from backprop_studio.scenes.paint.style import SIZES, Rgb, Theme, Unchanging
from backprop_studio.scenes.paint.typeset import escape, set_type

POINT_RADIUS = 0.1
POINT_RING = 0.035
TRAIL_WIDTH = 0.045
TRAIL_CASING = 0.085
LEGEND_GAP, LEGEND_MARK_GAP, LEGEND_ROW = 0.35, 0.12, 0.36
_CORNERS = {
    "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
    "triangle": [(0, 1.25), (-1.1, -0.75), (1.1, -0.75)],
    "diamond": [(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)],
    "star": [
        (math.sin(k * math.pi / 5) * size, math.cos(k * math.pi / 5) * size)
        for k, size in enumerate((1.5, 0.65) * 5)
    ],
    "plus": [
        *((-0.4, -1.25), (0.4, -1.25), (0.4, -0.4), (1.25, -0.4)),
        *((1.25, 0.4), (0.4, 0.4), (0.4, 1.25), (-0.4, 1.25)),
        *((-0.4, 0.4), (-1.25, 0.4), (-1.25, -0.4), (-0.4, -0.4)),
    ],
    "inverted": [(0, -1.25), (1.1, 0.75), (-1.1, 0.75)],
    "arrow": [(1.5, 0), (-0.9, 1.2), (-0.3, 0), (-0.9, -1.2)],
}


@dataclass(frozen=True, eq=False)
class DescentSeries(Unchanging):
    """A descent: where it was before its first step, and after each.

    Attributes
    ----------
    points : (steps + 1, 2) float64
        In the coordinates of the surface; it ends before the first that is not finite.
    name : str
        In the lesson's language, for the legend; may be empty.
    """

    points: Array
    name: str = ""

    def __post_init__(self) -> None:
        points = np.array(self.points, dtype=np.float64)
        if points.ndim != 2 or points.shape[1] != 2:
            raise ValueError(f"a series has points (steps + 1, 2), not {points.shape}")
        bad = np.nonzero(~np.isfinite(points).all(axis=1))[0]
        points = points[: bad[0]] if len(bad) else points
        if not len(points):
            raise ValueError("a series needs a finite starting point")
        points.flags.writeable = False
        object.__setattr__(self, "points", points)

    @property
    def steps(self) -> int:
        """How many steps it has."""
        return len(self.points) - 1

    def place(self, progress: float) -> Array:
        """Return where the point is, (2,), after so many steps; on the way between two."""
        return np.asarray(self.path(progress)[-1])

    def path(self, progress: float) -> Array:
        """Return the corners of the path so far, (n, 2)."""
        progress = min(max(progress, 0.0), self.steps)
        whole = int(progress)
        done = self.points[: whole + 1]
        share = progress - whole
        if share <= 0:
            return done
        between = done[-1] + (self.points[whole + 1] - done[-1]) * share
        return np.concatenate([done, between[None]])

    def exit(self, progress: float, low: Any, high: Any) -> Array | None:
        """Return where the point last left a rectangle, or None while it is inside.

        Parameters
        ----------
        progress : float
            Steps so far.
        low, high : (float, float)
            Two opposite corners.

        Returns
        -------
        (2, 2) float64 or None
            The position on the border, and the direction of the step that crossed it.
        """
        end = self.place(progress)
        border = np.clip(end, low, high)
        if (border == end).all():
            return None
        crossing = exit_of(self.path(progress), (*low, *high), margin=0.0)
        # One that never was inside waits at the border nearest to it.
        return np.stack([border, end - border]) if crossing is None else crossing


def most_steps(series: Sequence[DescentSeries]) -> int:
    """Return the steps of the longest series."""
    return max((it.steps for it in series), default=0)


def draw_marker(
    ctx: Context,
    position: Any,
    kind: str,
    colour: Rgb,
    ring: Rgb,
    opacity: float,
    *,
    angle: float = 0.0,
    radius: float = POINT_RADIUS,
) -> None:
    """Draw a series' marker, or an ``arrow`` that points along an angle, with a ring around."""
    ctx.new_path()
    if kind == "circle":
        ctx.arc(position[0], position[1], radius, 0, 2 * math.pi)
    else:
        cos, sin = math.cos(angle) * radius, math.sin(angle) * radius
        for u, v in _CORNERS[kind]:
            ctx.line_to(position[0] + u * cos - v * sin, position[1] + u * sin + v * cos)
        ctx.close_path()
    ctx.set_line_join(cairo.LINE_JOIN_ROUND)
    ctx.set_line_width(2 * POINT_RING)
    set_colour(ctx, ring, opacity)
    ctx.stroke_preserve()
    set_colour(ctx, colour, opacity)
    ctx.fill()


def draw_trail(
    ctx: Context,
    runs: Sequence[Sequence[Sequence[float]]],
    colour: Rgb,
    casing: Rgb,
    opacity: float,
) -> None:
    """Draw a path in its visible runs, each a list of positions, with a casing that sets it off."""
    trace(ctx, runs)
    ctx.set_line_cap(cairo.LINE_CAP_ROUND)
    ctx.set_line_join(cairo.LINE_JOIN_ROUND)
    for width, tint, alpha in ((TRAIL_CASING, casing, 0.6), (TRAIL_WIDTH, colour, 1.0)):
        ctx.set_line_width(width)
        set_colour(ctx, tint, opacity * alpha)
        ctx.stroke_preserve()
    ctx.new_path()


def trace(ctx: Context, lines: Sequence[Sequence[Sequence[float]]]) -> None:
    """Make lines, each a list of positions, the context's path."""
    ctx.new_path()
    move_to, line_to = ctx.move_to, ctx.line_to
    for line in lines:
        move_to(*line[0])
        for x, y in line:
            line_to(x, y)


def legend_rows(
    series: Sequence[DescentSeries], width: float, theme: Theme, language: str
) -> list[list[tuple[int, str, float]]]:
    """Break a legend into rows that fit a width.

    Returns
    -------
    list of rows, each a list of (index of the series, name as markup, width)
    """
    rows: list[list[tuple[int, str, float]]] = [[]]
    used = 0.0
    for index, source in ((k, escape(it.name)) for k, it in enumerate(series) if it.name):
        ink = set_type(source, theme.text, language=language).width * SIZES.small
        item = 2 * POINT_RADIUS + LEGEND_MARK_GAP + ink
        if rows[-1] and used + LEGEND_GAP + item > width:
            rows.append([])
            used = 0.0
        used += item + (LEGEND_GAP if rows[-1] else 0.0)
        rows[-1].append((index, source, item))
    return rows if rows[0] else []


def draw_legend(
    ctx: Context,
    rows: list[list[tuple[int, str, float]]],
    position: tuple[float, float],
    theme: Theme,
    opacity: float,
    language: str,
) -> None:
    """Write the rows of a legend, centred; ``position`` is the middle of the lowest row."""
    for up, row in enumerate(reversed(rows)):
        x = position[0] - (sum(item for *_, item in row) + LEGEND_GAP * (len(row) - 1)) / 2
        y = position[1] + up * LEGEND_ROW
        for index, source, item in row:
            colour, kind = series_colour(theme, index), series_marker(index)
            draw_marker(ctx, (x + POINT_RADIUS, y), kind, colour, theme.background, opacity)
            start = (x + 2 * POINT_RADIUS + LEGEND_MARK_GAP, y)
            write(ctx, source, start, SIZES.small, theme.text, opacity, language=language, anchor=0)
            x += item + LEGEND_GAP
