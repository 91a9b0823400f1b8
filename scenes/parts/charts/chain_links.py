"""The links of a chain of number lines: what each does to a value, and its slope."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Self

import numpy as np

from backprop_studio.scenes.paint.brush import Context, arrow, set_colour
from backprop_studio.scenes.paint.named_glyphs import box_of
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.style import Theme
from backprop_studio.scenes.paint.typeset import set_type
from backprop_studio.scenes.parts.charts.axes import replaced

ARROW_X = 0.14
TEXT_X = 0.4
WIDTH = 0.05
LEAVES = 0.26
ARRIVES = 0.28
"""How far from a name the arrow begins and ends."""

SIZE = 0.32
"""Em of both."""

LINE = 0.42
"""Between what a link does and its slope."""


class ChainLinks(Painted):
    """Arrows from line to line, with what each link does and, once it is known, its slope.

    Parameters
    ----------
    rows : sequence of float
        Heights of the lines' names, from above, in the part's units.
    texts : sequence of str
        What each link does, as Typst markup.
    """

    def __init__(
        self,
        rows: Sequence[float],
        texts: Sequence[str],
        size: tuple[float, float],
        theme: Theme,
        language: str,
    ) -> None:
        super().__init__(*size, rows=rows)
        self.theme, self.language = theme, language
        self.labels = [*texts, *("" for _ in texts)]
        self.fades = [1.0] * len(self.labels)

    def spread(self, rows: Sequence[float]) -> Self:
        """Follow lines that move."""
        return self.set_state(rows=rows)

    def slope(self, number: int, text: str) -> Self:
        """Write the slope of a link, counted from 0."""
        place = len(self.labels) // 2 + number
        self.labels = [*self.labels[:place], text, *self.labels[place + 1 :]]
        return self

    def text_at(self, place: int, name: str = "") -> tuple[float, float]:
        """Return the middle of a text, or of a named part of it, in the part's units.

        Parameters
        ----------
        place : int
            What the links do come first, then their slopes.
        """
        x, y = -self.box[0] / 2 + TEXT_X, self._height(place)
        ink = set_type(self.labels[place], self.theme.text, language=self.language)
        left, top, right, bottom = box_of(ink, name) if name else ink.extents
        x += (ink.width / 2 + (left + right) / 2) * SIZE
        return x, y - (top + bottom) / 2 * SIZE

    def texts(self) -> list[str]:
        """Return what is written at the links."""
        return [text for text in self.labels if text]

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Fade old texts out and new ones in."""
        self.labels, self.fades = replaced(start.labels, end.labels, alpha)

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw arrows and texts."""
        rows, x = self.state["rows"], -self.box[0] / 2 + ARROW_X
        set_colour(ctx, self.theme.muted, opacity)
        for upper, lower in itertools.pairwise(rows):
            ends = np.array([x, upper - LEAVES]), np.array([x, lower + ARRIVES])
            arrow(ctx, *ends, WIDTH)
        for place, (text, fade) in enumerate(zip(self.labels, self.fades, strict=True)):
            is_slope = place >= len(self.labels) // 2
            colour = self.theme.gradient if is_slope else self.theme.text
            at = -self.box[0] / 2 + TEXT_X, self._height(place)
            self.write(ctx, text, at, colour, opacity * fade, size=SIZE, anchor=0)

    def _height(self, place: int) -> float:
        rows, half = self.state["rows"], len(self.labels) // 2
        number = place % half
        middle = float(rows[number] - LEAVES + rows[number + 1] + ARRIVES) / 2
        return middle + (-LINE / 2 if place >= half else LINE / 2)
