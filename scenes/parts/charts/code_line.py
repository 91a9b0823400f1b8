"""Lines of code, one of them marked as being executed, with what it returned beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np

from backprop_studio.scenes.paint.brush import rounded, set_colour
from backprop_studio.scenes.paint.context import Context, saved
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.style import SIZES, Rgb, Theme
from backprop_studio.scenes.paint.typeset import Ink, escape, set_type
from backprop_studio.scenes.parts.charts.axes import replaced

LINE = 1.75
"""From one line to the next, in em."""

INSET = 0.2
BAR = 0.07
BAR_GAP = 0.04
CORNER = 0.06
GLOW = 0.12
"""Opacity of the mark behind the line being executed."""

ADVANCE = 0.602
"""Width of every character of the fixed-width face, in em."""

RESULT_GAP = 0.4
LEAST_EM = 0.2


def lines_height(count: int) -> float:
    """Return the height in Manim units of so many lines of code."""
    return count * LINE * SIZES.small


class CodeLines(Painted):
    """Some lines of code in a column.

    Parameters
    ----------
    lines : sequence of str
        Plain code; spaces at the beginning indent, what follows ``#`` is a quiet comment.
    width : float
        In Manim units. All lines are set smaller alike where the longest would not fit.

    Raises
    ------
    ValueError
        If a line would have to be smaller than 18 px at 720p.
    """

    def __init__(self, lines: Sequence[str], width: float, theme: Theme) -> None:
        if not lines:
            raise ValueError("a listing needs at least one line")
        super().__init__(width, lines_height(len(lines)), row=0.0, running=0.0)
        self.theme = theme
        self.lines = list(lines)
        self.results = [""] * len(lines)
        self.line_fades = [1.0] * len(lines)
        self.result_fades = [1.0] * len(lines)
        self._check()

    # What a scene says

    def run(self, index: int) -> CodeLines:
        """Move the mark to a line; the first time it fades in there."""
        if not 0 <= index < len(self.lines):
            raise ValueError(f"there is no line {index} among {len(self.lines)}")
        self.state["row"] = np.array(float(index))
        self.state["running"] = np.array(1.0)
        return self

    def stop(self) -> CodeLines:
        """Take the mark away."""
        self.state["running"] = np.array(0.0)
        return self

    def set_line(self, index: int, text: str) -> CodeLines:
        """Replace a line."""
        self.lines = [text if k == index else old for k, old in enumerate(self.lines)]
        self._check()
        return self

    def set_result(self, index: int, text: str) -> CodeLines:
        """Write at a line's right end what it returned, as plain text in the code's face."""
        self.results = [text if k == index else old for k, old in enumerate(self.results)]
        self._check()
        return self

    def texts(self) -> list[str]:
        """Return lines and results as markup."""
        return [escape(text.strip()) for text in [*self.lines, *self.results] if text.strip()]

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Fade replaced lines out and new ones in."""
        self.lines, self.line_fades = replaced(start.lines, end.lines, alpha)
        self.results, self.result_fades = replaced(start.results, end.results, alpha)

    # Geometry

    def drawn_size(self) -> float:
        """Return the em of all lines: the usual one, or what the longest leaves."""
        longest = max(_length(*pair) for pair in zip(self.lines, self.results, strict=True))
        return min(SIZES.small, (self.box[0] - 2 * INSET) / max(longest * ADVANCE, 1e-9))

    def _check(self) -> None:
        if self.drawn_size() < LEAST_EM:
            longest = max(self.lines, key=len)
            raise ValueError(f"a listing {self.box[0]} wide has no room for {longest!r}")

    def y_of(self, row: float) -> float:
        """Return the middle of a line, in the part's units."""
        return float(self.box[1] / 2 - (row + 0.5) * LINE * SIZES.small)

    # Painting

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw the mark, then the lines and their results."""
        running = float(np.clip(self.state["running"], 0, 1))
        row = float(self.state["row"])
        if running > 0:
            self._paint_mark(ctx, self.y_of(row), opacity * running)
        size = self.drawn_size()
        left, right = -self.box[0] / 2 + INSET, self.box[0] / 2 - INSET
        for k, (text, result) in enumerate(zip(self.lines, self.results, strict=True)):
            # Without a mark no line is before the others; with one the mark's line is.
            lit = 1.0 - running * min(abs(row - k), 1.0)
            y = self.y_of(k)
            code, comment = _parts(text)
            indent = (len(code) - len(code.lstrip())) * ADVANCE * size
            fade = opacity * self.line_fades[k]
            self._ink(ctx, code.strip(), left + indent, y, size, fade, lit)
            after = left + len(code) * ADVANCE * size
            self._ink(ctx, comment, after, y, size, fade, 0.0)
            start = right - len(result) * ADVANCE * size
            self._ink(ctx, result, start, y, size, opacity * self.result_fades[k], lit)

    def _paint_mark(self, ctx: Context, y: float, alpha: float) -> None:
        height = LINE * SIZES.small - BAR_GAP
        left = -self.box[0] / 2
        rounded(ctx, left, y - height / 2, self.box[0], height, CORNER)
        set_colour(ctx, self.theme.focus, alpha * GLOW)
        ctx.fill()
        rounded(ctx, left, y - height / 2, BAR, height, BAR / 2)
        set_colour(ctx, self.theme.focus, alpha)
        ctx.fill()

    def _ink(
        self, ctx: Context, text: str, x: float, y: float, size: float, alpha: float, lit: float
    ) -> None:
        """Write code from its left end, between the quiet colour and the text's."""
        shades: tuple[tuple[Rgb, float], ...] = (
            (self.theme.muted, 1 - lit),
            (self.theme.text, lit),
        )
        for colour, share in shades:
            if not text or alpha * share <= 0:
                continue
            ink = code_ink(text, colour)
            with saved(ctx):
                ctx.translate(x + ink.width * size / 2, y)
                ctx.scale(size, -size)
                ink.paint(ctx, alpha * share)


def code_ink(text: str, colour: Rgb) -> Ink:
    """Return a piece of code in the fixed-width face."""
    return set_type(escape(text), colour, code=True)


def _parts(text: str) -> tuple[str, str]:
    """Return a line's code, spaces included, and its comment."""
    mark = text.find("  #")
    if text.lstrip().startswith("#"):
        mark = len(text) - len(text.lstrip()) - 2
    return (text, "") if mark < 0 and not text.startswith("#") else _cut(text, mark + 2)


def _cut(text: str, position: int) -> tuple[str, str]:
    return text[:position], text[position:]


def _length(text: str, result: str) -> float:
    """Return how many characters a line takes, its result and the gap before it included."""
    gap = RESULT_GAP / (SIZES.small * ADVANCE) if result else 0.0
    return len(text) + len(result) + gap
