"""Places of a network whose layers are columns, or rows from above downwards."""

from __future__ import annotations

from typing import Any

import cairo
import numpy as np

from backprop_studio.scenes.paint.brush import Context, saved
from backprop_studio.scenes.paint.painted import Painted

BESIDE = 1.2
"""Room at the left of rows for their names."""

COLUMN_TAG = 0.42
"""Room above columns for their names, and below them for what their numbers are."""

NAME_LINE = 0.36
"""From the name of a row to what stands below it."""

ROW_INSET = 0.16
"""Above the first and below the last row of nodes."""


class Turned(Painted):
    """A part that is laid out in columns, and may be drawn in rows.

    All places are those of columns: x along the network, y across it. With rows, what is painted
    is turned, so that the first layer is at the top and its first unit at the left; what is
    written stands upright at the place that it then has.

    Attributes
    ----------
    downward : bool
        Layers are rows.
    """

    downward: bool
    centres: list[np.ndarray]
    column_top: float

    def counts(self) -> list[str]:
        """Return per layer how many units it has, where the picture does not say so itself."""
        raise NotImplementedError

    @property
    def extent(self) -> tuple[float, float]:
        """How much room there is along the network and, without names of rows, across it."""
        width, height = self.box
        return (height, width - BESIDE) if self.downward else (width, height)

    @property
    def turn(self) -> cairo.Matrix:
        """From columns to where they are drawn."""
        if not self.downward:
            return cairo.Matrix()
        return cairo.Matrix(xx=0, yx=-1, xy=-1, yy=0, x0=BESIDE / 2, y0=0)

    def drawn_at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a place of the columns is drawn, in the part's units."""
        at: tuple[float, float] = self.turn.transform_point(x, y)
        return at

    def ends(self, inset: float, radius: float) -> tuple[float, float]:
        """Return where the first and the last layer stand.

        Parameters
        ----------
        inset : float
            What columns have beside them; of rows, their nodes' radius is enough.
        """
        half = self.extent[0] / 2
        inset = radius + ROW_INSET if self.downward else inset
        return inset - half, half - inset

    def write(
        self, ctx: Context, source: str, position: tuple[float, float], *args: Any, **options: Any
    ) -> None:
        """Write upright at a place of the columns."""
        if not self.downward:
            super().write(ctx, source, position, *args, **options)
            return
        back = self.turn
        back.invert()
        with saved(ctx):
            ctx.transform(back)
            super().write(ctx, source, self.drawn_at(*position), *args, **options)

    def _headline(self) -> float:
        """Return how high above the columns their names stand."""
        return COLUMN_TAG * 0.55

    def _places_of_names(self, layer: int) -> tuple[tuple[float, float], ...]:
        """Return where a layer's name, its count and its tag are written."""
        x = float(self.centres[layer][0][0])
        if not self.downward:
            above = self.column_top + COLUMN_TAG * 0.55
            below = -self.column_top - COLUMN_TAG * 0.75
            return (x, self.column_top + self._headline()), (x, above), (x, below)
        left, lines = (self.extent[1] + BESIDE) / 2 + BESIDE / 2, 3 if self.counts()[layer] else 2
        first = x - NAME_LINE * (lines - 1) / 2
        rows = [(first + NAME_LINE * k, left) for k in (0, 1, lines - 1)]
        return tuple(rows)
