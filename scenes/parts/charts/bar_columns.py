"""Rows that go through several quantities: in each column a number and its bar, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from backprop_studio.scenes.paint.brush import Context, fill, line, rounded, set_colour
from backprop_studio.scenes.paint.style import SIZES, Rgb, Theme
from backprop_studio.scenes.parts.charts.axes import HAIRLINE, replaced
from backprop_studio.scenes.parts.charts.table import Rows

ROW_MOST = 0.86
TALL_ROW_MOST = 1.15
HEAD = 0.5
GAP = 0.16
"""Between a number and its bar."""

APART = 0.36
"""Between two columns; half of it in a narrow table."""

LEAST_GAP = 0.06
"""A longer number is set smaller, so that it keeps away from the next column."""

ROOMY = 0.46
"""Rows that are at least as high have larger numbers, if their columns have the room."""

NARROW = 1.5
"""A column that is not wider has its numbers above the bars, if the rows are high enough."""

BAR_MOST = 0.4
FLAT_BAR = 0.15
BAR_SHARE = 0.56
CORNER = 0.05
GLOW = 0.08
LEAST_BAR = 0.012
"""A value that is not zero leaves a line at least."""


@dataclass(frozen=True)
class BarColumn:
    """A quantity.

    Attributes
    ----------
    heading : str
        Typst markup.
    ends : (float, float)
        Values at the left and right end of where bars may be; 0 is between them.
    colour : Rgb, optional
        Of all its bars; the colour of their sign if there is none.
    ink : Rgb, optional
        Of the heading; muted if there is none.
    scale : str
        Columns with the same word have bars to be compared: one unit is as long in all of them.
    share : float
        Of the table's width, where the others have 1.
    """

    heading: str
    ends: tuple[float, float] = (0.0, 1.0)
    colour: Rgb | None = None
    ink: Rgb | None = None
    scale: str = ""
    share: float = 1.0

    @property
    def span(self) -> float:
        """How much is between its ends."""
        return self.ends[1] - self.ends[0]

    @classmethod
    def of(cls, heading: str, values: Any, **more: Any) -> BarColumn:
        """Return a column whose longest bar fills it; what is not finite has none.

        Examples
        --------
        >>> BarColumn.of("z", [3.0, -1.0, float("inf")]).ends
        (-1.0, 3.0)
        """
        found = np.asarray(values, dtype=np.float64)
        found = found[np.isfinite(found)]
        low, high = float(found.min(initial=0.0)), float(found.max(initial=0.0))
        return cls(heading, (low, high if high > low else low + 1.0), **more)


class BarColumns(Rows):
    """A table of bars; columns appear one after the other and their bars grow.

    Parameters
    ----------
    names : sequence of str
        One per row, as Typst markup.
    columns : sequence of BarColumn
        Those that may be shown; each has its position from the beginning.
    box : (float, float)
        Most of width and height in Manim units; few rows take less height.
    """

    def __init__(
        self,
        names: Sequence[str],
        columns: Sequence[BarColumn],
        box: tuple[float, float],
        theme: Theme,
        language: str,
    ) -> None:
        rows, count, self.head = len(names), len(columns), HEAD
        if not rows or not count:
            raise ValueError("a table of bars needs at least one row and one column")
        self.names, self.columns = list(names), list(columns)
        self.theme, self.language = theme, language
        self.size = SIZES.label
        column = (box[0] - self._stub()) / count
        is_low = (box[1] - HEAD) / rows < ROOMY
        self.is_narrow = column < NARROW and not is_low
        if self.is_narrow or is_low:
            self.size = SIZES.small
            column = (box[0] - self._stub()) / count
        self.apart = APART / 2 if column < NARROW else APART
        shares = np.array([it.share for it in columns])
        self.widths: list[float] = (count * column * shares / shares.sum()).tolist()
        self.row = min(TALL_ROW_MOST if self.is_narrow else ROW_MOST, (box[1] - HEAD) / rows)
        state = {"values": np.zeros((count, rows)), "shown": np.zeros(count)}
        super().__init__(box[0], HEAD + rows * self.row, **state, row=0.0, highlight=0.0)
        self.cells = [[""] * rows for _ in columns]
        self.fades = [[1.0] * rows for _ in columns]
        self.has_bar = np.ones((count, rows), dtype=bool)

    # What a scene says

    def set_column(self, index: int, values: Any, texts: Sequence[str]) -> BarColumns:
        """Let a column appear, or its bars change.

        Parameters
        ----------
        values : (rows,) array
            Where one is not finite there is no bar; its text is still written.
        texts : sequence of str
            Typst markup, one per row.
        """
        values = np.asarray(values, dtype=np.float64)
        if values.shape != (len(self.names),) or len(texts) != len(self.names):
            raise ValueError(f"{len(self.names)} rows need as many values, not {values.shape}")
        self.state["values"][index] = np.where(np.isfinite(values), values, 0.0)
        self.state["shown"][index] = 1.0
        self.has_bar[index] = np.isfinite(values)
        self.cells = [list(texts) if k == index else old for k, old in enumerate(self.cells)]
        return self

    def texts(self) -> list[str]:
        """Return the names, and the columns now visible."""
        shown = np.flatnonzero(self.state["shown"] > 0)
        found = [text for k in shown for text in (self.columns[k].heading, *self.cells[k])]
        return [text for text in [*self.names, *found] if text]

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Fade old numbers out and new ones in; a column that appears has its own from the start.

        Its strength fades it in already.
        """
        changed = [
            replaced(old if any(old) else new, new, alpha)
            for old, new in zip(start.cells, end.cells, strict=True)
        ]
        self.cells = [texts for texts, _ in changed]
        self.fades = [fades for _, fades in changed]
        self.has_bar = end.has_bar.copy()

    # Geometry

    def _width(self, source: str) -> float:
        return self.width_of(source, self.size)

    def _stub(self) -> float:
        """Return the width of the rows' names, with room to the first column."""
        return max(map(self._width, self.names)) + GAP + APART

    def _left(self, column: int) -> float:
        return -self.box[0] / 2 + self._stub() + sum(self.widths[:column])

    def number_edge(self, column: int) -> float:
        """Return where a column's numbers end on their right; narrow ones begin at its left."""
        if self.is_narrow:
            return self._left(column) + self.widths[column] - self.apart
        widest = max(map(self._width, [self.columns[column].heading, *self.cells[column]]))
        return self._left(column) + min(widest, self.widths[column] - self.apart - GAP)

    def bar_box(self, column: int, row: int) -> tuple[float, float, float, float]:
        """Return left, bottom, right and top of a bar, in the part's units."""
        left = self._left(column) if self.is_narrow else self.number_edge(column) + GAP
        y = self.y_of(row)
        thick = min(BAR_MOST, self.row * BAR_SHARE)
        if self.is_narrow:
            thick = min(FLAT_BAR, self.row * 0.25)
            y -= self.row * 0.22
        (low, high), span = self.columns[column].ends, self.columns[column].span
        room, value = self._bar_room(column), float(self.state["values"][column, row])
        # Shares first: one over the smallest numbers that e^z can be is infinite.
        zero = left - low / span * room
        ends = sorted((zero, zero + min(max(value, low), high) / span * room))
        return ends[0], y - thick / 2, ends[1], y + thick / 2

    def _bar_room(self, column: int) -> float:
        """Return how long all of a column's range is: with a scale, the same per unit."""
        spec, room = self.columns[column], self.widths[column] - self.apart
        if not spec.scale:
            edge = 0.0 if self.is_narrow else self.number_edge(column) + GAP - self._left(column)
            return max(room - edge, 0.0)
        # Numbers that come later must not move the bars: keep room for seven digits.
        room -= 0.0 if self.is_narrow else GAP + 7 * 0.55 * self.size
        longest = max(it.span for it in self.columns if it.scale == spec.scale)
        return max(room, 0.0) * spec.span / longest

    # Painting

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw the mark, the hairline below the headings, the names and the columns."""
        self.paint_mark(ctx, GLOW * opacity)
        self.paint_rule(ctx, self.box[1] / 2 - HEAD + 0.03, 2 * HAIRLINE, opacity)
        for row, name in enumerate(self.names):
            at = (self.frame[0] + GAP, self.y_of(row))
            self._write(ctx, name, at, self.theme.text, opacity, 0, self._stub())
        for column in range(len(self.columns)):
            strength = opacity * float(self.state["shown"][column])
            if strength > 0:
                self._paint_column(ctx, column, strength)

    def _paint_column(self, ctx: Context, column: int, opacity: float) -> None:
        spec = self.columns[column]
        y = self.box[1] / 2 - HEAD / 2 + 0.04
        edge = self.number_edge(column)
        position, anchor = ((self._left(column), y), 0) if self.is_narrow else ((edge, y), 1)
        ink, width = spec.ink or self.theme.muted, self.widths[column]
        self._write(ctx, spec.heading, position, ink, opacity, anchor, width)
        for row, text in enumerate(self.cells[column]):
            left, bottom, right, top = self.bar_box(column, row)
            value = float(self.state["values"][column, row])
            if value:
                thin = max(LEAST_BAR - (right - left), 0.0)
                rounded(ctx, left, bottom, right - left + thin, top - bottom, CORNER)
                fill(ctx, spec.colour or self.theme.of_sign(value), opacity)
            position = (edge, self.y_of(row))
            if self.is_narrow:
                position = (self._left(column), self.y_of(row) + self.row * 0.16)
            alpha = opacity * self.fades[column][row]
            self._write(ctx, text, position, self.theme.text, alpha, anchor, width)
        self._paint_zero(ctx, column, opacity)

    def _paint_zero(self, ctx: Context, column: int, opacity: float) -> None:
        """Draw the line where a column's bars begin, beside each row."""
        for row in np.flatnonzero(self.has_bar[column]).tolist():
            left, bottom, right, top = self.bar_box(column, row)
            x = right if float(self.state["values"][column, row]) < 0 else left
            set_colour(ctx, self.theme.muted, opacity)
            ctx.set_line_width(2 * HAIRLINE)
            over = (top - bottom) * 0.25
            line(ctx, np.array((x, bottom - over)), np.array((x, top + over)))

    def _write(
        self,
        ctx: Context,
        text: str,
        position: tuple[float, float],
        colour: Rgb,
        opacity: float,
        anchor: float,
        width: float,
    ) -> None:
        setting = {"size": self.size, "anchor": anchor, "width": width - LEAST_GAP}
        self.write(ctx, text, position, colour, opacity, **setting)
