"""A table of printed numbers whose rows appear one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np

from backprop_studio.scenes.paint.brush import Context, fill, line, rounded, set_colour
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.style import Rgb, Theme

ROW_MOST = 0.56
ROW_LEAST = 0.3
HEAD = 1.15
"""Height of the heading's row, in rows."""

GLOW = 0.14
INSET = 0.14
HAIRLINE = 0.02
APART = 0.16
"""Least space between two columns."""

TIGHT = 0.05
"""Both, before a text is set smaller."""


class Rows(Painted):
    """Rows below a heading, of which one can be marked.

    Attributes
    ----------
    row : float
        Height of a row.
    head : float
        Height of what is above the first row.
    """

    row: float
    head: float

    def highlight(self, index: int) -> Self:
        """Mark a row as the one that is spoken of."""
        return self.set_state(row=index, highlight=1.0)

    def y_of(self, row: float) -> float:
        """Return the height of a row's middle in the part's own units."""
        return float(self.box[1] / 2 - self.head - (row + 0.5) * self.row)

    def paint_mark(self, ctx: Context, alpha: float) -> None:
        """Draw the mark."""
        if self.state["highlight"] > 0:
            width, y = self.box[0], self.y_of(float(self.state["row"]))
            rounded(ctx, -width / 2, y - self.row / 2, width, self.row, 0.08)
            fill(ctx, self.theme.focus, alpha * float(self.state["highlight"]))

    def paint_rule(self, ctx: Context, y: float, width: float, alpha: float) -> None:
        """Draw the line below the heading."""
        set_colour(ctx, self.theme.line, alpha)
        ctx.set_line_width(width)
        line(ctx, np.array((self.frame[0], y)), np.array((self.frame[2], y)))


class Table(Rows):
    """Columns with a heading each, and rows that stay empty until they are written.

    Parameters
    ----------
    columns : sequence of str
        Typst markup of the headings.
    rows : int
        How many rows there is room for.
    box : (float, float)
        Most of width and height in Manim units; a short table takes less height.
    row_most : float
        Height of a row where there is enough room.

    Raises
    ------
    ValueError
        If the rows would have to be lower than their text.
    """

    def __init__(
        self,
        columns: Sequence[str],
        rows: int,
        box: tuple[float, float],
        theme: Theme,
        language: str,
        *,
        row_most: float = ROW_MOST,
    ) -> None:
        self.row = min(row_most, box[1] / (rows + HEAD))
        self.head = self.row * HEAD
        if self.row < ROW_LEAST:
            raise ValueError(f"{rows} rows do not fit a height of {box[1]:g}")
        height = self.row * (rows + HEAD)
        super().__init__(box[0], height, rows=np.zeros(rows), row=0.0, highlight=0.0)
        self.columns = list(columns)
        self.cells = [[""] * len(columns) for _ in range(rows)]
        self.theme, self.language = theme, language
        self.fades = [1.0] * rows

    # What a scene says

    def set_row(self, index: int, texts: Sequence[str]) -> Table:
        """Write a row, markup per column; an empty one appears, a written one is replaced."""
        if len(texts) != len(self.columns):
            raise ValueError(f"a row takes {len(self.columns)} texts, not {len(texts)}")
        self.cells = [list(texts) if k == index else old for k, old in enumerate(self.cells)]
        self.state["rows"][index] = 1.0
        return self

    def fits(self, texts: Sequence[str]) -> bool:
        """Whether a row can be written as large as the others, whatever they are."""
        rows = [self.columns, *self.cells, texts]
        needs = [max(map(self.width_of, column)) for column in zip(*rows, strict=True)]
        return sum(needs) + TIGHT * (len(needs) + 1) <= self.box[0]

    def release(self) -> Table:
        """Take the mark away."""
        return self.set_state(highlight=0.0)

    def texts(self) -> list[str]:
        """Return headings and the rows that are written."""
        shown = [self.cells[k] for k in np.flatnonzero(self.state["rows"])]
        return [text for row in [self.columns, *shown] for text in row if text]

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Fade replaced rows out and new ones in."""
        nearer = start if alpha < 0.5 else end
        self.columns = nearer.columns
        for k, (old, new) in enumerate(zip(start.cells, end.cells, strict=True)):
            # A row that appears is written from the beginning; its own strength fades it in.
            self.cells[k] = nearer.cells[k] if any(old) else new
            self.fades[k] = abs(2 * alpha - 1) if any(old) and old != new else 1.0

    # Painting

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw the mark, the hairline under the heading, and the texts."""
        top = self.box[1] / 2
        self.paint_mark(ctx, GLOW * opacity)
        self.paint_rule(ctx, top - self.row * (HEAD - 0.1), HAIRLINE, opacity)
        self._write_row(ctx, self.columns, top - self.row * HEAD / 2, self.theme.muted, opacity)
        for k, cells in enumerate(self.cells):
            alpha = opacity * float(self.state["rows"][k]) * self.fades[k]
            if alpha > 0:
                self._write_row(ctx, cells, self.y_of(float(k)), self.theme.text, alpha)

    def _write_row(
        self, ctx: Context, texts: Sequence[str], y: float, colour: Rgb, opacity: float
    ) -> None:
        """Write each text at its column's right edge, where digits line up."""
        for text, right, room in zip(texts, *self.column_edges(), strict=True):
            self.write(ctx, text, (right, y), colour, opacity, anchor=1, width=room)

    def column_edges(self) -> tuple[list[float], list[float]]:
        """Return the right edges of the columns and their widths, by what they have to hold."""
        columns = zip(self.columns, *self.cells, strict=True)
        needs = [max(map(self.width_of, texts)) for texts in columns]
        inset, apart = INSET, APART
        if sum(needs) + 2 * inset + apart * (len(needs) - 1) > self.box[0]:
            inset = apart = TIGHT
        # What does not fit is set smaller, and never touches its neighbour.
        room = self.box[0] - 2 * inset - apart * (len(needs) - 1)
        spare = max(room - sum(needs), 0.0) / len(needs)
        share = min(1.0, room / max(sum(needs), 1e-9))
        widths = [need * share + spare for need in needs]
        edges = -self.box[0] / 2 + inset + np.cumsum(widths) + apart * np.arange(len(needs))
        return edges.tolist(), widths
