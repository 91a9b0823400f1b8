"""A table of printed numbers whose rows appear one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np

from backprop_studio.scenes.paint.brush import line, rounded, set_colour
from backprop_studio.scenes.paint.context import Context
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.style import Theme

ROW_MOST = 0.56
ROW_LEAST = 0.3
HEAD = 1.15
"""Height of the heading's row, in rows."""

GLOW = 0.14
INSET = 0.14
HAIRLINE = 0.02


class Table(Painted):
    """Columns with a heading each, and rows that stay empty until they are written.

    Parameters
    ----------
    columns : sequence of str
        Typst markup of the headings.
    rows : int
        How many rows there is room for.
    box : (float, float)
        Most of width and height in Manim units; a short table takes less height.

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
    ) -> None:
        self.row = min(ROW_MOST, box[1] / (rows + HEAD))
        if self.row < ROW_LEAST:
            raise ValueError(f"{rows} rows do not fit a height of {box[1]:g}")
        super().__init__(
            box[0], self.row * (rows + HEAD), rows=np.zeros(rows), row=0.0, highlight=0.0
        )
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

    def highlight(self, index: int) -> Table:
        """Mark a row as the one that is spoken of."""
        self.state["row"] = np.array(float(index))
        self.state["highlight"] = np.array(1.0)
        return self

    def release(self) -> Table:
        """Take the mark away."""
        self.state["highlight"] = np.array(0.0)
        return self

    def texts(self) -> list[str]:
        """Return headings and the rows that are written."""
        shown = [
            cells for cells, alpha in zip(self.cells, self.state["rows"], strict=True) if alpha
        ]
        return [text for row in [self.columns, *shown] for text in row if text]

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Fade replaced rows out and new ones in."""
        nearer = start if alpha < 0.5 else end
        self.columns = nearer.columns
        pairs = list(zip(start.cells, end.cells, strict=True))
        # A row that appears is written from the beginning; its own strength fades it in.
        self.cells = [
            new if not any(old) else (nearer.cells[k]) for k, (old, new) in enumerate(pairs)
        ]
        self.fades = [
            1.0 if old == new or not any(old) else abs(2 * alpha - 1) for old, new in pairs
        ]

    # Painting

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw the mark, the hairline under the heading, and the texts."""
        width, height = self.box
        if self.state["highlight"] > 0:
            y = self.y_of(float(self.state["row"]))
            set_colour(ctx, self.theme.focus, GLOW * opacity * float(self.state["highlight"]))
            rounded(ctx, -width / 2, y - self.row / 2, width, self.row, 0.08)
            ctx.fill()
        set_colour(ctx, self.theme.line, opacity)
        ctx.set_line_width(HAIRLINE)
        edge = height / 2 - self.row * (HEAD - 0.1)
        line(ctx, np.array((-width / 2, edge)), np.array((width / 2, edge)))
        heading_y = height / 2 - self.row * HEAD / 2
        self._write_row(ctx, self.columns, heading_y, opacity, is_heading=True)
        for k, cells in enumerate(self.cells):
            alpha = opacity * float(self.state["rows"][k]) * self.fades[k]
            if alpha > 0:
                self._write_row(ctx, cells, self.y_of(float(k)), alpha)

    def y_of(self, row: float) -> float:
        """Return the height of a row's middle in the part's own units."""
        return float(self.box[1] / 2 - self.row * (HEAD + row + 0.5))

    def _write_row(
        self,
        ctx: Context,
        texts: Sequence[str],
        y: float,
        opacity: float,
        *,
        is_heading: bool = False,
    ) -> None:
        """Write each text at its column's right edge, where digits line up."""
        colour = self.theme.muted if is_heading else self.theme.text
        for text, right, room in zip(texts, *self.column_edges(), strict=True):
            if not text:
                continue
            self.write(ctx, text, (right, y), colour, opacity, anchor=1, width=room)

    def column_edges(self) -> tuple[list[float], list[float]]:
        """Return the right edges of the columns and their widths, by what they have to hold."""
        needs = [
            max(
                self.width_of(text)
                for text in [heading, *(cells[k] for cells in self.cells if cells[k])]
            )
            for k, heading in enumerate(self.columns)
        ]
        spare = max(self.box[0] - 2 * INSET - sum(needs), 0.0) / len(needs)
        share = min(1.0, (self.box[0] - 2 * INSET) / max(sum(needs), 1e-9))
        widths = [need * share + spare for need in needs]
        edges = -self.box[0] / 2 + INSET + np.cumsum(widths)
        return [float(edge) for edge in edges], [float(width) for width in widths]
