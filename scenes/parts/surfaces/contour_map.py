"""A surface seen from above as one painted part: bands and lines of height, and points that run."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import Any

import cairo
import numpy as np

from backprop_studio.scenes.paint.brush import arrow, set_colour
from backprop_studio.scenes.paint.context import Context, saved
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.palette import colour_map, series_colour, series_marker
from backprop_studio.scenes.paint.raster import RASTERS
from backprop_studio.scenes.paint.style import SIZES, Theme
from backprop_studio.scenes.paint.typeset import escape, is_watched
from backprop_studio.scenes.parts.charts.height_scale import HeightScale
from backprop_studio.scenes.parts.charts.ticks import round_ticks, tick_text
from backprop_studio.scenes.parts.surfaces.ground import MapGround
from backprop_studio.scenes.parts.surfaces.trajectories import (
    LEGEND_GAP,
    LEGEND_ROW,
    DescentSeries,
    draw_legend,
    draw_marker,
    draw_trail,
    legend_rows,
    most_steps,
)

__all__ = ["ContourMap"]

LEFT, BOTTOM, TOP, RIGHT = 0.75, 0.5, 0.2, 0.3
"""Room around the plot for ticks."""
NAME_ROOM, LEGEND_RISE, BAR_ROOM = 0.38, 0.34, 1.1
BAR_GAP, BAR_WIDTH, BAR_NAME = 0.3, 0.22, 0.42
TICK_LENGTH, TICK_GAP = 0.08, 0.12
TICK_COUNTS, TICK_APART = (5, 3, 2, 1), 0.15
"""Fewer ticks below where their numbers are long, and what is left between those."""

FRAME_WIDTH = 0.02
ARROW_WIDTH = 0.05
CROSS = 0.09
"""Half of the cross that marks a minimum."""
FAR = 10.0
"""Plots that a step may be long before it is shortened."""


class ContourMap(Painted):
    """Values over a plane as bands or a heat map, with axes, minima, and racing points.

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
        values = np.array(values, dtype=np.float64)
        self.x, self.y = (np.array(it, dtype=np.float64) for it in (x, y))
        if values.shape != (len(self.y), len(self.x)) or min(values.shape) < 2:
            raise ValueError(
                f"a map over {len(self.x)} x and {len(self.y)} y needs values (ny, nx), "
                f"not {values.shape}"
            )
        if fill not in {"bands", "heat", "none"}:
            raise ValueError(f"a map is filled with bands, heat or none, not {fill!r}")
        self.height_scale = scale or HeightScale.of(values)
        count = len(series)
        super().__init__(
            *box,
            progress=0.0,
            points=1.0,
            strengths=np.ones(count),
            gradients=np.zeros((count, 2)),
            velocities=np.zeros((count, 2)),
        )
        self.series, self.names = tuple(series), names
        self.theme, self.language, self.bar = theme, language, bar
        self.minima = np.array(minima, dtype=np.float64).reshape(-1, 2)
        self.low = np.array([self.x[0], self.y[0]])
        self.high = np.array([self.x[-1], self.y[-1]])
        # Long numbers push the name aside.
        widest = max((self._width(it) for it in self._ticks(1)), default=0.0)
        self.room = max(LEFT, TICK_LENGTH + 2 * TICK_GAP + widest)
        self.plot = self._lay_out(equal)
        reach = FAR * (self.high - self.low)
        self._wild = [bool((np.abs(it.points - self.low) > reach).any()) for it in self.series]
        self._ground = MapGround(self.height_scale.heights(values), levels, fill, theme)
        # Manim's cache shortens long arrays; two maps must not look the same to it.
        self.fingerprint = hashlib.sha256(
            b"".join(it.tobytes() for it in (self.x, self.y, values, *(s.points for s in series)))
        ).hexdigest()

    # What a scene says

    def advance_to(self, progress: float) -> ContourMap:
        """Let every series stand after so many steps; one with fewer stays at its end."""
        self.state["progress"] = np.array(float(progress))
        return self

    def advance_to_end(self) -> ContourMap:
        """Let every series run to its end."""
        return self.advance_to(most_steps(self.series))

    def point_along(self, gradients: Any = None, velocities: Any = None) -> ContourMap:
        """Draw arrows from the points, (n, 2) in the units of the axes; None for no arrows."""
        for name, vectors in (("gradients", gradients), ("velocities", velocities)):
            shape = self.state[name].shape
            chosen = np.zeros(shape) if vectors is None else np.array(vectors, dtype=np.float64)
            if chosen.shape != shape:
                raise ValueError(f"{name} need shape {shape}, not {chosen.shape}")
            self.state[name] = chosen
        return self

    def fade_points(self, alpha: float) -> ContourMap:
        """Show points and trails at an opacity from 0 to 1."""
        self.state["points"] = np.array(float(alpha))
        return self

    def choose(self, *indices: int) -> ContourMap:
        """Show only these series, counted from 0; the others wait out of sight."""
        strengths = np.zeros(len(self.series))
        strengths[list(indices)] = 1.0
        self.state["strengths"] = strengths
        return self

    def texts(self) -> list[str]:
        """Return ticks, names and the legend, as markup."""
        ticks = [escape(tick_text(it)) for axis in (0, 1) for it in self._ticks(axis)]
        bar = [escape(tick_text(it)) for it in self.height_scale.ticks(5)] if self.bar else []
        return [
            *ticks,
            *bar,
            *filter(None, self.names),
            *(it.name for it in self.series if it.name),
        ]

    def locate(self, places: Any) -> np.ndarray:
        """Return where points (..., 2) of the data are on the part."""
        left, bottom, width, height = self.plot
        share = (np.asarray(places, dtype=np.float64) - self.low) / (self.high - self.low)
        place: np.ndarray = share * (width, height) + (left, bottom)
        return place

    # Painting

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw what stands still, then what runs."""
        right, top = self.box[0] / 2, self.box[1] / 2
        if is_watched():  # whoever watches wants to know where each text stands
            ctx.push_group()
            self._paint_still(ctx)
            ctx.pop_group_to_source()
            ctx.paint_with_alpha(opacity)
        else:
            # What decides this picture never changes in the life of a map and its copies.
            box = (-right, -top, right, top)
            RASTERS.paint(ctx, self._ground, box, self._paint_still, opacity)
        with saved(ctx):
            ctx.rectangle(*self.plot)
            ctx.clip()
            self._paint_minima(ctx, opacity)
            self._paint_series(ctx, opacity * float(self.state["points"]))

    def _paint_still(self, ctx: Context) -> None:
        """Draw ground, frame, ticks, names, bar and legend."""
        left, bottom, width, height = self.plot
        self._ground.paint(ctx, self.plot)
        ctx.set_line_width(FRAME_WIDTH)
        set_colour(ctx, self.theme.line, 1.0)
        ctx.rectangle(left, bottom, width, height)
        ctx.stroke()
        for value in self._ticks(0):
            x = float(self.locate((value, self.y[0]))[0])
            self._paint_tick(ctx, (x, bottom), (0.0, -1.0), tick_text(value))
        for value in self._ticks(1):
            y = float(self.locate((self.x[0], value))[1])
            self._paint_tick(ctx, (left, y), (-1.0, 0.0), tick_text(value))
        for source, place in (
            (self.names[0], (left + width / 2, bottom - BOTTOM - NAME_ROOM / 2)),
            (self.names[1], (left - self.room - NAME_ROOM / 2, bottom + height / 2)),
        ):
            self.write(ctx, source, place, SIZES.label, self.theme.text, 1.0)
        if self.bar:
            self._paint_bar(ctx)
        rows = self._legend()
        longest = max(
            (sum(it[2] for it in row) + LEGEND_GAP * len(row) for row in rows), default=0.0
        )
        # Above the middle of the plot, as far as the box allows.
        room = max(0.0, (self.box[0] - longest) / 2)
        middle = min(max(left + width / 2, -room), room)
        place = (middle, bottom + height + LEGEND_RISE)
        draw_legend(ctx, rows, place, self.theme, 1.0, self.language)

    def _legend(self) -> list[list[tuple[int, str, float]]]:
        return legend_rows(self.series, self.box[0] - 0.2, self.theme, self.language)

    def _paint_tick(
        self,
        ctx: Context,
        place: tuple[float, float],
        outward: tuple[float, float],
        text: str,
    ) -> None:
        set_colour(ctx, self.theme.muted, 1.0)
        ctx.set_line_width(FRAME_WIDTH)
        ctx.move_to(*place)
        ctx.rel_line_to(outward[0] * TICK_LENGTH, outward[1] * TICK_LENGTH)
        ctx.stroke()
        gap = TICK_LENGTH + TICK_GAP + (SIZES.small / 2 if outward[1] else 0.0)
        where = (place[0] + outward[0] * gap, place[1] + outward[1] * gap)
        anchor = {-1.0: 1.0, 0.0: 0.5, 1.0: 0.0}[outward[0]]
        self.write(ctx, escape(text), where, SIZES.small, self.theme.muted, 1.0, anchor=anchor)

    def _paint_bar(self, ctx: Context) -> None:
        left, bottom, width, height = self.plot
        x = left + width + BAR_GAP
        height -= BAR_NAME if self.names[2] else 0.0
        shares = self._ground.shares_of_bar()
        step = height / len(shares)
        with saved(ctx):
            ctx.set_antialias(cairo.ANTIALIAS_NONE)
            for k, colour in enumerate(colour_map(self.theme).colours(shares).tolist()):
                set_colour(ctx, tuple(colour), 1.0)
                ctx.rectangle(x, bottom + k * step, BAR_WIDTH, height - k * step)
                ctx.fill()
        set_colour(ctx, self.theme.line, 1.0)
        ctx.set_line_width(FRAME_WIDTH)
        ctx.rectangle(x, bottom, BAR_WIDTH, height)
        ctx.stroke()
        for value in self.height_scale.ticks(5):
            y = bottom + height * float(self.height_scale.heights(value))
            self._paint_tick(ctx, (x + BAR_WIDTH, y), (1.0, 0.0), tick_text(value))
        self.write(
            ctx,
            self.names[2],
            (x + BAR_WIDTH / 2, bottom + height + BAR_NAME * 0.6),
            SIZES.label,
            self.theme.text,
            1.0,
        )

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
        shown = [(k, it) for k, it in enumerate(self.series) if alphas[k] > 0]
        for index, series in shown:
            way = series.path(progress)
            if self._wild[index]:
                way = _tamed(way, self.low, self.high)
            path = self.locate(way).tolist()
            colour = series_colour(self.theme, index)
            draw_trail(ctx, [path], colour, self.theme.background, alphas[index])
        for index, series in shown:
            self._paint_point(ctx, index, series, progress, alphas[index])

    def _paint_point(
        self,
        ctx: Context,
        index: int,
        series: DescentSeries,
        progress: float,
        opacity: float,
    ) -> None:
        colour = series_colour(self.theme, index)
        left = series.exit(progress, self.low, self.high)
        if left is not None:
            place = self.locate(left[0])
            ahead = left[1] / (self.high - self.low) * self.plot[2:]
            angle = math.atan2(ahead[1], ahead[0])
            inward = 0.2 * np.array([math.cos(angle), math.sin(angle)])
            draw_marker(
                ctx, place - inward, "arrow", colour, self.theme.background, opacity, angle=angle
            )
            return
        place = series.place(progress)
        start = self.locate(place)
        for name, tint in (("velocities", self.theme.text), ("gradients", self.theme.gradient)):
            vector = self.state[name][index]
            tip = self.locate(_tamed(np.stack([place, place + vector]), self.low, self.high)[1])
            if np.hypot(*(tip - start)) > CROSS:
                set_colour(ctx, tint, opacity)
                arrow(ctx, start, tip, ARROW_WIDTH)
        draw_marker(ctx, start, series_marker(index), colour, self.theme.background, opacity)

    # Layout

    def _lay_out(self, equal: bool) -> tuple[float, float, float, float]:
        """Return left, bottom, width and height of the plot."""
        left = -self.box[0] / 2 + self.room + (NAME_ROOM if self.names[1] else 0.0)
        bottom = -self.box[1] / 2 + BOTTOM + (NAME_ROOM if self.names[0] else 0.0)
        above = LEGEND_ROW * len(self._legend())
        right = self.box[0] / 2 - (BAR_GAP + BAR_WIDTH + BAR_ROOM if self.bar else RIGHT)
        top = self.box[1] / 2 - TOP - above
        width, height = max(right - left, 0.1), max(top - bottom, 0.1)
        if not equal:
            return left, bottom, width, height
        unit = min(np.array([width, height]) / (self.high - self.low))
        fit = unit * (self.high - self.low)
        return left + (width - fit[0]) / 2, bottom + (height - fit[1]) / 2, *fit.tolist()

    def _ticks(self, axis: int) -> list[float]:
        numbers = (self.x, self.y)[axis]
        if axis == 1:
            return round_ticks(numbers[0], numbers[-1], 5)
        for count in TICK_COUNTS:
            ticks = round_ticks(numbers[0], numbers[-1], count)
            widths = [self._width(it) for it in ticks]
            if sum(widths) + TICK_APART * len(ticks) <= self.plot[2]:
                break
        # A number that would stick out of the box is not written.
        places = [float(self.locate((it, self.y[0]))[0]) for it in ticks]
        ends = [abs(at) + width / 2 for at, width in zip(places, widths, strict=True)]
        return [it for it, end in zip(ticks, ends, strict=True) if end <= self.box[0] / 2]

    def _width(self, value: float) -> float:
        return self.width_of(escape(tick_text(value)))


def _tamed(points: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return points with no long steps between them: cairo's numbers end at about 8 million."""
    reach = FAR * (high - low)
    tamed: np.ndarray = points.copy()
    for k in range(1, len(points)):
        # Shortened along its own direction, so that what is inside of the plot does not turn.
        step = points[k] - tamed[k - 1]
        excess = float(np.max(np.abs(step) / reach))
        tamed[k] = tamed[k - 1] + step / max(excess, 1.0)
    return tamed
