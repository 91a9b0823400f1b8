"""A matrix as a heat map: the colour is the sign, its strength the size; numbers where they fit."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from backprop_studio.core.base.arrays import Array
from backprop_studio.scenes.paint.brush import Context, fill, middle_of, rounded, stroke
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.pixels import draw_pixels, with_alpha
from backprop_studio.scenes.paint.raster import repaint
from backprop_studio.scenes.paint.style import SIZES, Rgb, Theme, contrast

MOST_CELLS = 600
"""A matrix with more is an image: one pixel per entry, drawn large."""

CELL_MOST = 0.95
CELL_GAP = 0.035
CORNER = 0.05
LEAST_EM = 0.2
"""18 px at 720p; numbers that would have to be smaller are left out."""

NAME_GAP = 0.14
NAME_LINE = 0.36
OUTLINE = 0.05
SHADES = 255
"""Of either sign in an image; a pixel has no more."""

INKS: tuple[Rgb, Rgb] = ((1.0, 1.0, 1.0), (0.0, 0.0, 0.0))
"""Of numbers in cells: only white and black reach a contrast of 4.5 on every colour between."""


class HeatMatrix(Painted):
    """A matrix (rows, columns) whose entries are colours.

    Parameters
    ----------
    values : (rows, columns) array
        What is shown first; entries that are no numbers have no colour.
    box : (float, float)
        Width and height in Manim units that names and cells may take.
    texts : sequence of sequence of str, optional
        Printed entries as Typst markup; written if all of them fit their cells.
    row_names, column_names : sequence of str
        Typst markup; empty for none, otherwise one per row or column.
    limit : float, optional
        The size that has the full colour; the largest of ``values`` if not given. Give matrices
        that are compared the same one.
    is_grey : bool
        From the page's colour to the text's, for pictures whose entries are at least 0.
    """

    def __init__(
        self,
        values: Any,
        box: tuple[float, float],
        theme: Theme,
        language: str,
        *,
        texts: Sequence[Sequence[str]] | None = None,
        row_names: Sequence[str] = (),
        column_names: Sequence[str] = (),
        limit: float | None = None,
        is_grey: bool = False,
    ) -> None:
        matrix = np.asarray(values, dtype=np.float64)
        if matrix.ndim != 2 or not matrix.size:
            raise ValueError(f"a heat map needs a matrix (rows, columns), not {matrix.shape}")
        rows, columns = matrix.shape
        for names, count, what in ((row_names, rows, "row"), (column_names, columns, "column")):
            if names and len(names) != count:
                raise ValueError(f"{count} {what}s need as many names, not {len(names)}")
        finite = np.abs(matrix[np.isfinite(matrix)])
        self.limit = float(limit if limit is not None else finite.max(initial=0.0)) or 1.0
        # Top row, left column, rows, columns: the outline moves as a whole.
        frame = np.array([0.0, 0.0, rows, columns])
        super().__init__(*box, values=self._finite(matrix), frame=frame, framed=0.0)
        self.theme, self.language = theme, language
        self.row_names, self.column_names = list(row_names), list(column_names)
        self.is_grey = is_grey
        self.cell_texts: list[str] = [""] * matrix.size
        self.fades = 1.0
        self._lay_out(rows, columns)
        if texts is not None:
            self._write(texts)

    # What a scene says

    def set_values(self, values: Any, texts: Sequence[Sequence[str]] | None = None) -> HeatMatrix:
        """Show other entries of the same shape; without texts the numbers go."""
        matrix, shape = np.asarray(values, dtype=np.float64), self.state["values"].shape
        if matrix.shape != shape:
            raise ValueError(f"the matrix is {shape} and cannot become {matrix.shape}")
        self._write(texts if texts is not None else [[""] * shape[1]] * shape[0])
        return self.set_state(values=self._finite(matrix))

    def highlight(self, row: int | None = None, column: int | None = None) -> HeatMatrix:
        """Outline a cell, a whole row or a whole column; without arguments nothing."""
        if row is None and column is None:
            return self.set_state(framed=0.0)
        rows, columns = self.state["values"].shape
        for index, count in ((row, rows), (column, columns)):
            if index is not None and not 0 <= index < count:
                raise ValueError(f"index {index} is not among {count}")
        height, width = (rows if row is None else 1), (columns if column is None else 1)
        return self.set_state(frame=[row or 0, column or 0, height, width], framed=1.0)

    def texts(self) -> list[str]:
        """Return names and the numbers that fit."""
        cells = self.cell_texts if self.shows_numbers else []
        return [text for text in [*self.row_names, *self.column_names, *cells] if text]

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Fade old numbers out and new ones in."""
        self.cell_texts = list((start if alpha < 0.5 else end).cell_texts)
        self.fades = 1.0 if start.cell_texts == end.cell_texts else abs(2 * alpha - 1)

    def _finite(self, matrix: Array) -> Array:
        return np.nan_to_num(matrix, nan=0.0, posinf=self.limit, neginf=-self.limit)

    def _write(self, texts: Sequence[Sequence[str]]) -> None:
        rows, columns = self.state["values"].shape
        if len(texts) != rows or any(len(row) != columns for row in texts):
            raise ValueError(f"a matrix ({rows}, {columns}) needs a text for every entry")
        self.cell_texts = [text for row in texts for text in row]

    # Geometry

    def _lay_out(self, rows: int, columns: int) -> None:
        width, height = self.box
        names = max(map(self.width_of, self.row_names), default=-NAME_GAP) + NAME_GAP
        above = NAME_LINE if self.column_names else 0.0
        free = width - names, height - above
        cell = min(free[0] / columns, free[1] / rows, CELL_MOST)
        self.cell = (cell, cell)
        if rows * columns > MOST_CELLS:
            # What is drawn as an image may be stretched: its entries are no squares to be read.
            self.cell = (free[0] / columns, min(free[1] / rows, 4 * free[0] / columns))
        used = names + columns * self.cell[0]
        self.left = -used / 2 + names
        self.top = (rows * self.cell[1] + above) / 2 - above

    def cell_box(self, row: float, column: float) -> tuple[float, float, float, float]:
        """Return left, bottom, right and top of a cell, in the part's units."""
        left, top = self.left + column * self.cell[0], self.top - row * self.cell[1]
        return left, top - self.cell[1], left + self.cell[0], top

    @property
    def number_size(self) -> float:
        """Em at which every number fits its cell."""
        widest = max((self.width_of(text) / SIZES.small for text in self.cell_texts), default=0.0)
        return min(SIZES.label, self.cell[1] * 0.6, 0.86 * self.cell[0] / max(widest, 1e-9))

    @property
    def shows_numbers(self) -> bool:
        """Whether there are numbers and all of them fit."""
        return any(self.cell_texts) and self.number_size >= LEAST_EM

    # Painting

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw cells, numbers, names and outline."""
        values = self.state["values"]
        room = (self.theme.name, self.box, self.cell, self.left, self.top)
        key = ("heat", *room, self.limit, self.is_grey, values.shape, _digest(values), opacity)
        draw = self._cells if values.size <= MOST_CELLS else self._image
        repaint(ctx, key, self.frame, lambda ctx: draw(ctx, opacity))
        self._paint_numbers(ctx, opacity * self.fades)
        self._paint_names(ctx, opacity)
        self._paint_frame(ctx, opacity * float(self.state["framed"]))

    def colours(self, values: Array) -> Array:
        """Return (..., 3) red, green and blue from 0 to 1 of entries (...)."""
        share = np.clip(np.asarray(values, dtype=np.float64) / self.limit, -1, 1)[..., None]
        if self.is_grey:
            low, high = np.array(self.theme.background), np.array(self.theme.text)
            return np.asarray(low + (high - low) * np.maximum(share, 0))
        zero = np.array(self.theme.surface)
        ends = np.where(share >= 0, np.array(self.theme.positive), np.array(self.theme.negative))
        return np.asarray(zero + (ends - zero) * np.abs(share))

    def _cells(self, ctx: Context, opacity: float) -> None:
        colours = self.colours(self.state["values"])
        gap = min(CELL_GAP, self.cell[0] * 0.1)
        corner = CORNER * min(1.0, self.cell[0]) + gap / 2
        for row, line_ in enumerate(colours.tolist()):
            for column, (red, green, blue) in enumerate(line_):
                left, bottom, right, top = self.cell_box(row, column)
                rounded(ctx, left, bottom, right - left, top - bottom, corner, grow=-gap / 2)
                fill(ctx, (red, green, blue), opacity)

    def _image(self, ctx: Context, opacity: float) -> None:
        values = self.state["values"]
        rows, columns = values.shape
        table = with_alpha(self.colours(np.linspace(-self.limit, self.limit, 2 * SHADES + 1)))
        entries = np.clip(values * (SHADES / self.limit), -SHADES, SHADES)
        left, _, _, top = self.cell_box(0, 0)
        box = (left, top - rows * self.cell[1], left + columns * self.cell[0], top)
        draw_pixels(ctx, table[np.rint(entries).astype(np.intp) + SHADES], box, opacity)

    def _paint_numbers(self, ctx: Context, alpha: float) -> None:
        if alpha <= 0 or not self.shows_numbers:
            return
        size = self.number_size
        _, columns = self.state["values"].shape
        colours = self.colours(self.state["values"]).reshape(-1, 3)
        for index, (source, colour) in enumerate(zip(self.cell_texts, colours, strict=True)):
            at = middle_of(self.cell_box(index // columns, index % columns))
            self.write(ctx, source, at, readable(colour), alpha, size=size)

    def _paint_names(self, ctx: Context, opacity: float) -> None:
        for row, source in enumerate(self.row_names):
            left, bottom, _, top = self.cell_box(row, 0)
            at = (left - NAME_GAP, (bottom + top) / 2)
            self.write(ctx, source, at, self.theme.muted, opacity, anchor=1)
        for column, source in enumerate(self.column_names):
            left, _, right, top = self.cell_box(0, column)
            at = ((left + right) / 2, top + NAME_LINE / 2)
            self.write(ctx, source, at, self.theme.muted, opacity)

    def _paint_frame(self, ctx: Context, alpha: float) -> None:
        if alpha <= 0:
            return
        row, column, rows, columns = self.state["frame"].tolist()
        left, _, _, top = self.cell_box(row, column)
        width, height = columns * self.cell[0], rows * self.cell[1]
        rounded(ctx, left, top - height, width, height, CORNER)
        stroke(ctx, self.theme.focus, alpha, OUTLINE)


def _digest(values: Array) -> bytes:
    """Return what tells matrices apart and takes less room than they do in a cache of pictures."""
    return hashlib.blake2b(values.tobytes(), digest_size=16).digest()


def readable(colour: Array) -> Rgb:
    """Return the ink that stands out more from a cell."""
    return max(INKS, key=lambda ink: contrast(ink, tuple(colour.tolist())))
