"""Lying bars with their numbers, on a linear or logarithmic scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from backprop_studio.scenes.paint.brush import Context, fill, line, rounded, set_colour, stroke
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.style import SIZES, Rgb, Theme
from backprop_studio.scenes.parts.charts.axes import AXIS_LINE, GRID_SHARE, HAIRLINE, Axis, replaced
from backprop_studio.scenes.parts.charts.ticks import Ticks

THICK_MOST = 0.62
"""A bar is never thicker, however few there are."""

SHARE = 0.66
"""Of a bar's position that the bar fills."""

CORNER = 0.06
TEXT_GAP = 0.1
NAME_LINE = 0.36
OUTLINE = 0.045
TICK_ROOM = 0.36


class Bars(Painted):
    """Bars below each other, each with a name on its left and its printed number at its end.

    Parameters
    ----------
    names : sequence of str
        One per bar, as Typst markup.
    axis : Axis
        Range of the values, its label and whether it is logarithmic. A linear one should hold 0,
        where the bars begin; on a logarithmic one, which has ticks, they begin at its low end.
    box : (float, float)
        Width and height in Manim units.
    colours : sequence of Rgb, optional
        One per bar; the colour of its sign if not given.
    """

    def __init__(
        self,
        names: Sequence[str],
        axis: Axis,
        box: tuple[float, float],
        theme: Theme,
        language: str,
        *,
        colours: Sequence[Rgb] | None = None,
    ) -> None:
        count = len(names)
        if not count:
            raise ValueError("bars need at least one name")
        if colours is not None and len(colours) != count:
            raise ValueError(f"{count} bars need as many colours, not {len(colours)}")
        low, high = axis.ends
        self.axis, self.theme, self.language = axis, theme, language
        self.below = self.name_of_scale(axis.label, axis.logarithmic)
        self.base = low if axis.logarithmic else min(max(0.0, low), high)
        values = np.full(count, self.base)
        super().__init__(*box, values=values, shown=0.0, highlight=np.zeros(count))
        self.names = list(names)
        self.colours = None if colours is None else list(colours)
        self.ticks = axis.ticks() if axis.logarithmic else Ticks()
        self.labels, self.fades = [""] * count, [1.0] * count
        left, bottom, right, top = self.frame
        left += min(max(map(self.width_of, self.names)) + 2 * TEXT_GAP, self.box[0] * 0.4)
        bottom += TICK_ROOM * bool(self.ticks.places) + NAME_LINE * bool(self.axis.label)
        self.inner = left, bottom, right, top

    # What a scene says

    def set_values(self, values: Any, texts: Sequence[str]) -> Bars:
        """Let the bars grow to values.

        Parameters
        ----------
        values : (count,) array
            Where there is none (not finite, or not positive on a logarithmic axis) there is no
            bar; its text is still written.
        texts : sequence of str
            Printed numbers as Typst markup, one per bar; empty for none.
        """
        values = np.asarray(values, dtype=np.float64)
        count = len(self.names)
        if values.shape != (count,) or len(texts) != count:
            raise ValueError(f"{count} bars need as many values and texts, not {values.shape}")
        positions = self.axis.places(values)
        self.labels = list(texts)
        values = np.where(np.isnan(positions), self.base, positions)
        return self.set_state(values=values, shown=1.0)

    def highlight(self, *indices: int) -> Bars:
        """Outline some bars, and no others."""
        return self.set_state(highlight=[k in indices for k in range(len(self.names))])

    def texts(self) -> list[str]:
        """Return names and the numbers now visible."""
        labels = self.labels if self.state["shown"] > 0 else []
        found = [*self.names, *labels, *self.ticks.texts, self.below]
        return [text for text in found if text]

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Fade old numbers out and new ones in."""
        self.labels, self.fades = replaced(start.labels, end.labels, alpha)

    # Geometry

    def _at(self, position: float) -> float:
        """Return where a coordinate is across, with room for the numbers at the bars' ends."""
        low, high = self.axis.ends
        # A number that changes must not move the bars: keep room for seven digits.
        room = max(*map(self.width_of, self.labels), 7 * 0.55 * SIZES.small) + TEXT_GAP
        first = self.inner[0] + (room if low < self.base else 0.0)
        last = self.inner[2] - room
        return first + (min(max(position, low), high) - low) / (high - low) * (last - first)

    def bar_box(self, index: int) -> tuple[float, float, float, float]:
        """Return left, bottom, right and top of a bar, in the part's units."""
        _, bottom, _, top = self.inner
        whole = (top - bottom) / len(self.names)
        thick = min(whole * SHARE, THICK_MOST)
        start = (index + 0.5) * whole - thick / 2
        ends = sorted((self._at(self.base), self._at(float(self.state["values"][index]))))
        return ends[0], top - start - thick, ends[1], top - start

    # Painting

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw hairlines, bars, base line, names and numbers."""
        self._paint_scale(ctx, opacity)
        shown = float(self.state["shown"]) * opacity
        if shown > 0:
            for index in range(len(self.names)):
                self._paint_bar(ctx, index, shown)
        left, bottom, _, top = self.inner
        base = self._at(self.base)
        set_colour(ctx, self.theme.muted, opacity)
        ctx.set_line_width(AXIS_LINE)
        line(ctx, np.array([base, bottom]), np.array([base, top]))
        whole, x = (top - bottom) / len(self.names), left - 2 * TEXT_GAP
        for index, name in enumerate(self.names):
            at, room = (x, top - (index + 0.5) * whole), x + self.box[0] / 2
            self.write(ctx, name, at, self.theme.text, opacity, anchor=1.0, width=room)

    def _colour(self, index: int) -> Rgb:
        if self.colours is not None:
            return self.colours[index]
        if self.axis.logarithmic:
            return self.theme.gradient
        return self.theme.of_sign(float(self.state["values"][index]) - self.base)

    def _paint_bar(self, ctx: Context, index: int, shown: float) -> None:
        left, bottom, right, top = self.bar_box(index)
        if right - left > 1e-4 and top - bottom > 1e-4:
            rounded(ctx, left, bottom, right - left, top - bottom, CORNER)
            fill(ctx, self._colour(index), shown)
        outline = float(self.state["highlight"][index]) * shown
        if outline > 0:
            rounded(ctx, left, bottom, right - left, top - bottom, CORNER, grow=OUTLINE)
            stroke(ctx, self.theme.focus, outline, OUTLINE)
        gap = TEXT_GAP + OUTLINE
        is_negative = float(self.state["values"][index]) < self.base
        x, anchor = (left - gap, 1.0) if is_negative else (right + gap, 0.0)
        at, alpha = (x, (bottom + top) / 2), shown * self.fades[index]
        self.write(ctx, self.labels[index], at, self.theme.text, alpha, anchor=anchor)

    def _paint_scale(self, ctx: Context, opacity: float) -> None:
        left, bottom, right, top = self.inner
        low, high = self.axis.ends
        for position, source in self.ticks.pairs():
            if not low - 1e-9 <= position <= high + 1e-9:
                continue
            at = self._at(position)
            set_colour(ctx, self.theme.line, opacity * GRID_SHARE)
            ctx.set_line_width(HAIRLINE)
            line(ctx, np.array([at, bottom]), np.array([at, top]))
            self.write(ctx, source, (at, bottom - TICK_ROOM / 2), self.theme.muted, opacity)
        where = ((left + right) / 2, -self.box[1] / 2 + SIZES.small / 2)
        self.write(ctx, self.below, where, self.theme.muted, opacity)
