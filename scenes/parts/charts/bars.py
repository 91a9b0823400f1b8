"""Bars with their numbers, before and after, on a linear or logarithmic scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from backprop_studio.scenes.paint.brush import line, rounded, set_colour
from backprop_studio.scenes.paint.context import Context
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.style import SIZES, Rgb, Theme
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.charts.axes import AXIS_LINE, GRID_SHARE, HAIRLINE, Axis, replaced
from backprop_studio.scenes.parts.charts.ticks import Ticks

THICK_MOST = 0.62
"""A bar is never thicker, however few there are."""

SHARE = 0.66
"""Of a bar's position that the bar fills; of the position of a group, all its bars together."""

CORNER = 0.06
TEXT_GAP = 0.1
NAME_LINE = 0.36
LEGEND_LINE = 0.45
SWATCH = 0.18
OUTLINE = 0.045
BEFORE = 0.38
"""Opacity of the bars of earlier series."""

TICK_ROOM = 0.36


class Bars(Painted):
    """A row of bars, each with a name and its printed number.

    Parameters
    ----------
    names : sequence of str
        One per bar, as Typst markup.
    axis : Axis
        Range of the values, its label and whether it is logarithmic. A linear one should hold 0,
        where the bars begin; on a logarithmic one they begin at its low end.
    box : (float, float)
        Width and height in Manim units.
    series : sequence of str
        Plain names of what stands side by side, such as before and after; one without a name is
        the usual case. The last series is drawn in full, earlier ones faintly.
    colours : sequence of Rgb, optional
        One per bar; the colour of its sign if not given.
    is_horizontal : bool
        Bars lie, with names on the left: better for long names and many bars.
    has_ticks : bool
        Draw hairlines with round numbers; always on a logarithmic axis, which says little without.
    """

    def __init__(
        self,
        names: Sequence[str],
        axis: Axis,
        box: tuple[float, float],
        theme: Theme,
        language: str,
        *,
        series: Sequence[str] = ("",),
        colours: Sequence[Rgb] | None = None,
        is_horizontal: bool = False,
        has_ticks: bool = False,
    ) -> None:
        count, rows = len(names), len(series)
        if not count or not rows:
            raise ValueError("bars need at least one name and one series")
        if colours is not None and len(colours) != count:
            raise ValueError(f"{count} bars need as many colours, not {len(colours)}")
        low, high = axis.ends
        self.axis, self.theme, self.language = axis, theme, language
        self.base = low if axis.logarithmic else min(max(0.0, low), high)
        super().__init__(
            *box,
            values=np.full((rows, count), self.base),
            shown=np.zeros(rows),
            highlight=np.zeros(count),
        )
        self.names, self.series = list(names), list(series)
        self.colours = None if colours is None else list(colours)
        self.is_horizontal = is_horizontal
        self.ticks = axis.ticks() if has_ticks or axis.logarithmic else Ticks()
        self.signs = np.zeros((rows, count))
        self.labels = [[""] * count for _ in series]
        self.fades = [[1.0] * count for _ in series]
        self.inner = self._lay_out()

    # What a scene says

    def set_values(self, values: Any, texts: Sequence[str], series: int = 0) -> Bars:
        """Let the bars of one series grow to values.

        Parameters
        ----------
        values : (count,) array
            Where there is none (not finite, or not positive on a logarithmic axis) there is no
            bar; its text is still written.
        texts : sequence of str
            Printed numbers as Typst markup, one per bar; empty for none.
        series : int
            Which one, counted from 0.
        """
        values = np.asarray(values, dtype=np.float64)
        count = len(self.names)
        if values.shape != (count,) or len(texts) != count:
            raise ValueError(f"{count} bars need as many values and texts, not {values.shape}")
        positions = self.axis.places(values)
        self.state["values"][series] = np.where(np.isnan(positions), self.base, positions)
        self.state["shown"][series] = 1.0
        self.signs[series] = np.sign(np.nan_to_num(values))
        self.labels = [list(texts) if k == series else row for k, row in enumerate(self.labels)]
        return self

    def clear(self, series: int = 0) -> Bars:
        """Let the bars of a series shrink to nothing."""
        self.state["values"][series] = self.base
        self.state["shown"][series] = 0.0
        return self

    def highlight(self, *indices: int) -> Bars:
        """Outline some bars, and no others."""
        self.state["highlight"][:] = 0.0
        self.state["highlight"][list(indices)] = 1.0
        return self

    def texts(self) -> list[str]:
        """Return names and the numbers now visible."""
        labels = [
            text
            for row, shown in zip(self.labels, self.state["shown"], strict=True)
            for text in row
            if shown > 0
        ]
        found = [*self.names, *labels, *map(escape, filter(None, self.series)), *self.ticks.texts]
        return [text for text in [*found, self.axis.label] if text]

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Fade old numbers out and new ones in."""
        changed = [
            replaced(old, new, alpha) for old, new in zip(start.labels, end.labels, strict=True)
        ]
        self.labels = [texts for texts, _ in changed]
        self.fades = [fades for _, fades in changed]
        self.signs = (end if alpha >= 0.5 else start).signs.copy()

    # Geometry

    def _lay_out(self) -> tuple[float, float, float, float]:
        """Return left, bottom, right and top of where the bars are."""
        width, height = self.box
        left, bottom, right, top = -width / 2, -height / 2, width / 2, height / 2
        if any(self.series):
            top -= LEGEND_LINE
        if self.is_horizontal:
            left += min(max(map(self.width_of, self.names)) + 2 * TEXT_GAP, width * 0.4)
            bottom += TICK_ROOM * bool(self.ticks.places) + NAME_LINE * bool(self.axis.label)
            return left, bottom, right, top
        bottom += NAME_LINE
        if self.ticks.texts:
            left += max(map(self.width_of, self.ticks.texts)) + TEXT_GAP
        if self.axis.label:
            top -= NAME_LINE
        return left, bottom, right, top

    def _way(self) -> tuple[float, float]:
        """Return from where to where values run, with room for the numbers at the bars' ends."""
        left, bottom, right, top = self.inner
        low, _ = self.axis.ends
        if self.is_horizontal:
            room = max((self.width_of(text) for row in self.labels for text in row), default=0.0)
            # A number that changes must not move the bars: keep room for seven digits.
            room = max(room, 7 * 0.55 * SIZES.small) + TEXT_GAP
            return left + (room if low < self.base else 0.0), right - room
        room = SIZES.small * 1.3 * len(self.series) + TEXT_GAP
        return bottom + (room if low < self.base else 0.0), top - room

    def _at(self, position: float) -> float:
        low, high = self.axis.ends
        first, last = self._way()
        return first + (min(max(position, low), high) - low) / (high - low) * (last - first)

    def bar_box(self, index: int, series: int = 0) -> tuple[float, float, float, float]:
        """Return left, bottom, right and top of a bar, in the part's units."""
        left, bottom, right, top = self.inner
        rows, count = self.state["values"].shape
        whole = (top - bottom if self.is_horizontal else right - left) / count
        thick = min(whole * SHARE / rows, THICK_MOST)
        middle = (index + 0.5) * whole
        start = middle + thick * (series - rows / 2)
        ends = sorted((self._at(self.base), self._at(float(self.state["values"][series, index]))))
        if self.is_horizontal:
            return ends[0], top - start - thick, ends[1], top - start
        return left + start, ends[0], left + start + thick, ends[1]

    # Painting

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw hairlines, bars, base line, names and numbers."""
        self._paint_scale(ctx, opacity)
        rows, count = self.state["values"].shape
        for series in range(rows):
            for index in range(count):
                self._paint_bar(ctx, series, index, opacity)
        self._paint_base(ctx, opacity)
        for index in range(count):
            self._paint_name(ctx, index, opacity)
        self._paint_legend(ctx, opacity)

    def _colour(self, series: int, index: int) -> Rgb:
        if self.colours is not None:
            return self.colours[index]
        if self.axis.logarithmic:
            return self.theme.gradient
        return self.theme.of_sign(float(self.state["values"][series, index]) - self.base)

    def _strength(self, series: int) -> float:
        """Return how strong a series is: earlier ones step back as the last one comes."""
        last = len(self.series) - 1
        if series == last:
            return 1.0
        return 1.0 - (1.0 - BEFORE) * float(np.clip(self.state["shown"][last], 0, 1))

    def _paint_bar(self, ctx: Context, series: int, index: int, opacity: float) -> None:
        shown = float(self.state["shown"][series]) * opacity
        if shown <= 0:
            return
        left, bottom, right, top = self.bar_box(index, series)
        if right - left > 1e-4 and top - bottom > 1e-4:
            rounded(ctx, left, bottom, right - left, top - bottom, CORNER)
            set_colour(ctx, self._colour(series, index), shown * self._strength(series))
            ctx.fill()
        is_last = not (self.state["shown"][series + 1 :] > 0).any()
        outline = float(self.state["highlight"][index]) * shown if is_last else 0.0
        if outline > 0:
            rounded(ctx, left, bottom, right - left, top - bottom, CORNER, grow=OUTLINE)
            set_colour(ctx, self.theme.focus, outline)
            ctx.set_line_width(OUTLINE)
            ctx.stroke()
        colour = self.theme.text if series == len(self.series) - 1 else self.theme.muted
        colour = self.theme.text if len(self.series) == 1 else colour
        self._paint_number(ctx, series, index, colour, shown * self.fades[series][index])

    def _paint_number(
        self, ctx: Context, series: int, index: int, colour: Rgb, alpha: float
    ) -> None:
        left, bottom, right, top = self.bar_box(index, series)
        is_negative = float(self.state["values"][series, index]) < self.base
        rows = len(self.series)
        gap = TEXT_GAP + OUTLINE
        if self.is_horizontal:
            x, anchor = (left - gap, 1.0) if is_negative else (right + gap, 0.0)
            position = (x, (bottom + top) / 2)
        else:
            half = SIZES.small * 0.45
            y = bottom - gap - half if is_negative else top + gap + half
            if rows > 1:
                # Numbers are wider than bars that stand side by side: stack them above the group.
                boxes = [self.bar_box(index, k) for k in range(rows)]
                left, right = boxes[0][0], boxes[-1][2]
                y = max(box[3] for box in boxes) + gap + half
                y += (rows - 1 - series) * SIZES.small * 1.3
            position, anchor = ((left + right) / 2, y), 0.5
        self.write(ctx, self.labels[series][index], position, colour, alpha, anchor=anchor)

    def _paint_base(self, ctx: Context, opacity: float) -> None:
        left, bottom, right, top = self.inner
        base = self._at(self.base)
        set_colour(ctx, self.theme.muted, opacity)
        ctx.set_line_width(AXIS_LINE)
        if self.is_horizontal:
            line(ctx, np.array([base, bottom]), np.array([base, top]))
        else:
            line(ctx, np.array([left, base]), np.array([right, base]))

    def _paint_scale(self, ctx: Context, opacity: float) -> None:
        left, bottom, right, top = self.inner
        low, high = self.axis.ends
        for position, source in self.ticks.pairs():
            if not low - 1e-9 <= position <= high + 1e-9:
                continue
            at = self._at(position)
            set_colour(ctx, self.theme.line, opacity * GRID_SHARE)
            ctx.set_line_width(HAIRLINE)
            if self.is_horizontal:
                line(ctx, np.array([at, bottom]), np.array([at, top]))
                where, anchor = (at, bottom - TICK_ROOM / 2), 0.5
            else:
                line(ctx, np.array([left, at]), np.array([right, at]))
                where, anchor = (left - TEXT_GAP, at), 1.0
            self.write(ctx, source, where, self.theme.muted, opacity, anchor=anchor)
        if self.is_horizontal:
            where, anchor = ((left + right) / 2, -self.box[1] / 2 + SIZES.small / 2), 0.5
        else:
            where, anchor = (-self.box[0] / 2, top + NAME_LINE / 2), 0.0
        self.write(ctx, self.axis.label, where, self.theme.muted, opacity, anchor=anchor)

    def _paint_name(self, ctx: Context, index: int, opacity: float) -> None:
        left, bottom, right, top = self.inner
        count = len(self.names)
        if self.is_horizontal:
            whole = (top - bottom) / count
            position, anchor = (left - 2 * TEXT_GAP, top - (index + 0.5) * whole), 1.0
            room = left - 2 * TEXT_GAP + self.box[0] / 2
        else:
            whole = (right - left) / count
            position, anchor = (left + (index + 0.5) * whole, bottom - NAME_LINE * 0.6), 0.5
            room = whole * 0.95
        self.write(
            ctx, self.names[index], position, self.theme.text, opacity, anchor=anchor, width=room
        )

    def _paint_legend(self, ctx: Context, opacity: float) -> None:
        x, y = self.inner[0], self.box[1] / 2 - LEGEND_LINE / 2
        for series, name in enumerate(self.series):
            shown = float(self.state["shown"][series]) * opacity
            if not name or shown <= 0:
                continue
            rounded(ctx, x, y - SWATCH / 2, SWATCH, SWATCH, CORNER)
            set_colour(ctx, self.theme.text, shown * self._strength(series))
            ctx.fill()
            source = escape(name)
            self.write(ctx, source, (x + SWATCH + TEXT_GAP, y), self.theme.text, shown, anchor=0)
            x += SWATCH + TEXT_GAP + self.width_of(source) + 3 * TEXT_GAP
