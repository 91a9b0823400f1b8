"""A squared error as what it is: a square, whose side is the distance and whose area the loss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np

from backprop_studio.scenes.paint.brush import Box, Context, fill, rectangle, stroke
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.style import SIZES, Theme
from backprop_studio.scenes.parts.charts.axes import replaced

FILLED = 0.22
"""Opacity of the area."""

STRIPS = 0.55
"""Opacity of what a change takes away or adds."""

EDGE = 0.035
SIDE_ROOM = 0.46
"""Below the square, for the length of its side."""

TEXT = SIZES.formula
"""Em of both numbers."""

AREA_ROOM = 0.5
"""Above it, for its area."""

DASHES = (0.1, 0.07)

CORNER_TEXT, GAP = SIZES.label, 0.15
"""Em of the corner's size, and what it keeps free towards the area."""


class ErrorSquare(Painted):
    """The square of a distance; its lower right corner stays where it is.

    A change of the distance is seen as two strips along its sides, which meet in a corner.

    Parameters
    ----------
    largest : float
        The distance whose square has all the room there is.
    size : (float, float)
        Width and height in Manim units, texts included.
    """

    def __init__(
        self, largest: float, size: tuple[float, float], theme: Theme, language: str
    ) -> None:
        super().__init__(*size, shown=0.0, side=0.0, other=0.0, strips=0.0, largest=largest)
        self.theme, self.language = theme, language
        self.course: list[float] = []
        self.labels = ["", "", ""]
        self.fades = [1.0, 1.0, 1.0]

    # What a scene says

    def put(self, side: float, text: str, area: str) -> Self:
        """Show the square of a distance, with the length of its side and its area as markup."""
        self.course, self.labels = [], [text, area, ""]
        return self.set_state(side=side, shown=1.0, strips=0.0)

    def compare(self, side: float, text: str = "", area: str = "", corner: str = "") -> Self:
        """Show how a change of its side changes the square that is there: as two strips.

        Parameters
        ----------
        corner : str
            How large the corner is in which the strips meet, if that is said; as markup.
        """
        self.labels = [text or self.labels[0], area or self.labels[1], corner]
        return self.set_state(other=side, strips=1.0)

    def run(self, sides: Sequence[float]) -> Self:
        """Let the side run through lengths, evenly in time; no number stands there meanwhile."""
        self.labels, self.course = ["", "", ""], list(sides)
        return self.set_state(side=self.course[-1], strips=0.0)

    def unlabel(self) -> Self:
        """Take the numbers away, as before the square changes."""
        self.course, self.labels = [], ["", "", ""]
        return self.set_state(strips=0.0)

    def look(self, largest: float) -> Self:
        """Bring another distance to all the room there is."""
        return self.set_state(largest=largest)

    # Where it is

    @property
    def room(self) -> float:
        """How long the longest side is drawn."""
        return min(self.box[0] - 2 * EDGE, self.box[1] - SIDE_ROOM - AREA_ROOM)

    def square(self, side: float) -> Box:
        """Return the box of a distance's square, in the part's own units."""
        largest = float(self.state["largest"])
        drawn = self.room * min(side / largest, 1.0) if largest > 0 else 0.0
        right = self.room / 2
        bottom = -(self.room + AREA_ROOM - SIDE_ROOM) / 2
        return right - drawn, bottom, right, bottom + drawn

    def area_at(self) -> tuple[float, float]:
        """Return where its area is written, the middle, in the part's own units.

        Above a larger square, too, with which it is compared.
        """
        sides = [float(self.state["side"])]
        sides += [float(self.state["other"])] * (float(self.state["strips"]) > 0)
        left, _, right, top = self.square(max(sides))
        return self._inside(self.labels[1], (left + right) / 2), top + AREA_ROOM / 2

    def texts(self) -> list[str]:
        """Return the numbers now visible."""
        if float(self.state["shown"]) <= 0:
            return []
        corner = [self.labels[2]] if self.corner_at() is not None else []
        return [text for text in [*self.labels[:2], *corner] if text]

    def corner_at(self) -> tuple[float, float] | None:
        """Return where the corner's size is written: above it, if the area leaves room there."""
        here, there = (self.square(float(self.state[it])) for it in ("side", "other"))
        inner, outer = sorted((here, there), key=lambda it: -it[0])
        half = self.width_of(self.labels[2], CORNER_TEXT) / 2
        x = max((outer[0] + inner[0]) / 2, half - self.box[0] / 2)
        area = self.area_at()[0] - self.width_of(self.labels[1], TEXT) / 2
        y = outer[3] + AREA_ROOM / 2
        return (x, y) if float(self.state["strips"]) > 0 and x + half + GAP <= area else None

    def _inside(self, text: str, x: float) -> float:
        reach = max(self.box[0] / 2 - self.width_of(text, TEXT) / 2, 0.0)
        return min(max(x, -reach), reach)

    # Between two states

    def interpolate_state(self, start: Self, end: Self, alpha: float) -> None:
        """Stand between two states; a square that was not there comes as large as it is."""
        super().interpolate_state(start, end, alpha)
        if end.course and end.course != start.course:
            at = alpha * (len(end.course) - 1)
            self.set_state(side=np.interp(at, np.arange(len(end.course)), end.course))
        if float(start.state["strips"]) <= 0 < alpha:  # strips grow from the side that is there
            first, last = float(self.state["side"]), float(end.state["other"])
            self.set_state(other=(1 - alpha) * first + alpha * last)  # exact at both ends

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Fade old numbers out and new ones in."""
        self.labels, self.fades = replaced(start.labels, end.labels, alpha)

    # Painting

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw the area, its strips, its edge and its numbers."""
        alpha = opacity * float(np.clip(self.state["shown"], 0, 1))
        if alpha <= 0:
            return
        colour = self.theme.loss
        here = self.square(float(self.state["side"]))
        rectangle(ctx, here)
        fill(ctx, colour, alpha * FILLED)
        self._strips(ctx, here, alpha * float(self.state["strips"]))
        rectangle(ctx, here)
        stroke(ctx, colour, alpha, EDGE)
        left, bottom, right, _ = here
        x = (left + right) / 2
        below = self._inside(self.labels[0], x), bottom - SIDE_ROOM / 2
        for k, at in enumerate((below, self.area_at())):
            ink = self.theme.text if k == 0 else colour
            self.write(ctx, self.labels[k], at, ink, alpha * self.fades[k], size=TEXT)
        corner = self.corner_at()
        if corner is not None:
            strength = alpha * self.fades[2] * float(self.state["strips"])
            self.write(ctx, self.labels[2], corner, self.theme.text, strength, size=CORNER_TEXT)

    def _strips(self, ctx: Context, here: Box, alpha: float) -> None:
        """Draw what lies between the square and the changed one, each strip with its own edge."""
        if alpha <= 0:
            return
        there = self.square(float(self.state["other"]))
        inner, outer = sorted((here, there), key=lambda it: -it[0])
        left, bottom, right, top = outer
        colour = self.theme.of_sign(float(self.state["other"] - self.state["side"]))
        for strip in (
            (left, bottom, inner[0], inner[3]),
            (inner[0], inner[3], right, top),
            (left, inner[3], inner[0], top),
        ):
            rectangle(ctx, strip)
            fill(ctx, colour, alpha * STRIPS)
            ctx.set_dash(DASHES)
            rectangle(ctx, strip)
            stroke(ctx, colour, alpha, EDGE / 2)
            ctx.set_dash(())
