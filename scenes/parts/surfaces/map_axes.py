"""Axes of a contour map: a frame with ticks and names, and beside it the colours of the heights."""

from __future__ import annotations

from typing import Any

import cairo
import numpy as np

from backprop_studio.core.base.arrays import Array
from backprop_studio.scenes.paint.brush import Context, saved, set_colour
from backprop_studio.scenes.paint.lettering import Lettering
from backprop_studio.scenes.paint.palette import colour_map
from backprop_studio.scenes.paint.style import SIZES, Theme, Unchanging
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.charts.height_scale import HeightScale
from backprop_studio.scenes.parts.charts.ticks import Ticks, round_ticks, tick_text

LEFT, BOTTOM, TOP, RIGHT = 0.75, 0.5, 0.2, 0.3
"""Room around the plot for ticks."""

NAME_ROOM, BAR_ROOM = 0.38, 1.1
BAR_GAP, BAR_WIDTH, BAR_NAME = 0.3, 0.22, 0.42
TICK_LENGTH, TICK_GAP = 0.08, 0.12
TICK_COUNTS, TICK_APART = (5, 3, 2, 1), 0.15
"""Fewer ticks below where their numbers are long, and what is left between those."""

FRAME_WIDTH = 0.02


class MapAxes(Lettering, Unchanging):
    """Two axes around a plot, and the bar that says which colour is which value.

    Parameters
    ----------
    low, high : (2,) arrays
        Opposite corners of the plot, in data.
    box : (float, float)
        Width and height of the whole in Manim units.
    names : (str, str, str)
        Typst markup beside the axes and above the bar; may be empty.
    scale : HeightScale or None
        Of the bar; None for no bar.
    above : float
        Room kept for a legend.
    equal : bool
        One unit of x is as long as one of y.

    Attributes
    ----------
    plot : (float, float, float, float)
        Left, bottom, width and height of the frame.
    """

    def __init__(
        self,
        low: Array,
        high: Array,
        box: tuple[float, float],
        theme: Theme,
        language: str,
        *,
        names: tuple[str, str, str],
        scale: HeightScale | None,
        above: float,
        equal: bool,
    ) -> None:
        self.low, self.high, self.box = low, high, box
        self.theme, self.language, self.scale = theme, language, scale
        is_uneven = scale is not None and scale.knee is not None
        self.names = (*names[:2], self.name_of_scale(names[2], is_uneven))
        upright = _written(round_ticks(low[1], high[1], 5))
        # Long numbers push the name aside.
        widest = max(map(self.width_of, upright.texts), default=0.0)
        self.room = max(LEFT, TICK_LENGTH + 2 * TICK_GAP + widest)
        self.plot = self._lay_out(above, equal)
        self.ticks = (self._level_ticks(), upright)
        self.bar_ticks = Ticks() if scale is None else _written(scale.ticks(5))

    def texts(self) -> list[str]:
        """Return ticks and names."""
        ticks = [text for it in (*self.ticks, self.bar_ticks) for text in it.texts]
        return [*ticks, *filter(None, self.names)]

    def locate(self, points: Any) -> Array:
        """Return where points (..., 2) of the data are on the part."""
        left, bottom, width, height = self.plot
        share = (np.asarray(points, dtype=np.float64) - self.low) / (self.high - self.low)
        return np.asarray(share * (width, height) + (left, bottom))

    def clip(self, ctx: Context) -> None:
        """Let nothing be drawn outside of the plot."""
        ctx.rectangle(*self.plot)
        ctx.clip()

    def paint(self, ctx: Context) -> None:
        """Draw the frame, the ticks and the names."""
        left, bottom, width, height = self.plot
        self._frame(ctx, *self.plot)
        for value, text in self.ticks[0].pairs():
            x = float(self.locate((value, self.low[1]))[0])
            self._paint_tick(ctx, (x, bottom), (0.0, -1.0), text)
        for value, text in self.ticks[1].pairs():
            y = float(self.locate((self.low[0], value))[1])
            self._paint_tick(ctx, (left, y), (-1.0, 0.0), text)
        self._name(ctx, 0, (left + width / 2, bottom - BOTTOM - NAME_ROOM / 2))
        self._name(ctx, 1, (left - self.room - NAME_ROOM / 2, bottom + height / 2))

    def paint_bar(self, ctx: Context, shares: Array) -> None:
        """Draw the bar with the colours of these heights from below to above, if there is one."""
        if self.scale is None:
            return
        left, bottom, width, height = self.plot
        x = left + width + BAR_GAP
        height -= BAR_NAME if self.names[2] else 0.0
        step = height / len(shares)
        with saved(ctx):
            ctx.set_antialias(cairo.ANTIALIAS_NONE)
            for k, colour in enumerate(colour_map(self.theme).colours(shares).tolist()):
                set_colour(ctx, tuple(colour), 1.0)
                ctx.rectangle(x, bottom + k * step, BAR_WIDTH, height - k * step)
                ctx.fill()
        self._frame(ctx, x, bottom, BAR_WIDTH, height)
        for value, text in self.bar_ticks.pairs():
            y = bottom + height * float(self.scale.heights(value))
            self._paint_tick(ctx, (x + BAR_WIDTH, y), (1.0, 0.0), text)
        self._name(ctx, 2, (x + BAR_WIDTH / 2, bottom + height + BAR_NAME * 0.6))

    def _frame(self, ctx: Context, left: float, bottom: float, width: float, height: float) -> None:
        ctx.set_line_width(FRAME_WIDTH)
        set_colour(ctx, self.theme.line, 1.0)
        ctx.rectangle(left, bottom, width, height)
        ctx.stroke()

    def _name(self, ctx: Context, k: int, position: tuple[float, float]) -> None:
        self.write(ctx, self.names[k], position, self.theme.text, 1.0, size=SIZES.label)

    def _paint_tick(
        self, ctx: Context, start: tuple[float, float], outward: tuple[float, float], text: str
    ) -> None:
        set_colour(ctx, self.theme.muted, 1.0)
        ctx.set_line_width(FRAME_WIDTH)
        ctx.move_to(*start)
        ctx.rel_line_to(outward[0] * TICK_LENGTH, outward[1] * TICK_LENGTH)
        ctx.stroke()
        gap = TICK_LENGTH + TICK_GAP + (SIZES.small / 2 if outward[1] else 0.0)
        position = (start[0] + outward[0] * gap, start[1] + outward[1] * gap)
        anchor = {-1.0: 1.0, 0.0: 0.5, 1.0: 0.0}[outward[0]]
        self.write(ctx, text, position, self.theme.muted, 1.0, anchor=anchor)

    def _lay_out(self, above: float, equal: bool) -> tuple[float, float, float, float]:
        """Return left, bottom, width and height of the plot."""
        left = -self.box[0] / 2 + self.room + (NAME_ROOM if self.names[1] else 0.0)
        bottom = -self.box[1] / 2 + BOTTOM + (NAME_ROOM if self.names[0] else 0.0)
        right = self.box[0] / 2 - (RIGHT if self.scale is None else BAR_GAP + BAR_WIDTH + BAR_ROOM)
        top = self.box[1] / 2 - TOP - above
        width, height = max(right - left, 0.1), max(top - bottom, 0.1)
        if not equal:
            return left, bottom, width, height
        unit = min(np.array([width, height]) / (self.high - self.low))
        fit = unit * (self.high - self.low)
        return left + (width - fit[0]) / 2, bottom + (height - fit[1]) / 2, *fit.tolist()

    def _level_ticks(self) -> Ticks:
        """Return as many ticks below as there is room for between their numbers."""
        for count in TICK_COUNTS:
            ticks = _written(round_ticks(self.low[0], self.high[0], count))
            widths = [self.width_of(it) for it in ticks.texts]
            if sum(widths) + TICK_APART * len(widths) <= self.plot[2]:
                break
        # A number that would stick out of the box is not written.
        middles = [float(self.locate((it, self.low[1]))[0]) for it in ticks.places]
        ends = [abs(at) + width / 2 for at, width in zip(middles, widths, strict=True)]
        shown = zip(ticks.places, ends, strict=True)
        return _written([it for it, end in shown if end <= self.box[0] / 2])


def _written(values: list[float]) -> Ticks:
    return Ticks(tuple(values), tuple(escape(tick_text(it)) for it in values))
