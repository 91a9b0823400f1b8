"""Lines of code, one of them marked as being executed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np

from backprop_studio.scenes.paint.brush import Context, fill, rounded, saved
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
        self.lines, self.fades = list(lines), [1.0] * len(lines)
        self._check()

    # What a scene says

    def run(self, index: int) -> CodeLines:
        """Move the mark to a line; the first time it fades in there."""
        if not 0 <= index < len(self.lines):
            raise ValueError(f"there is no line {index} among {len(self.lines)}")
        return self.set_state(row=index, running=1.0)

    def stop(self) -> CodeLines:
        """Take the mark away."""
        return self.set_state(running=0.0)

    def set_line(self, index: int, text: str) -> CodeLines:
        """Replace a line."""
        self.lines = [text if k == index else old for k, old in enumerate(self.lines)]
        self._check()
        return self

    def texts(self) -> list[str]:
        """Return the lines as markup."""
        return [escape(text.strip()) for text in self.lines if text.strip()]

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Fade replaced lines out and new ones in."""
        self.lines, self.fades = replaced(start.lines, end.lines, alpha)

    # Geometry

    def drawn_size(self) -> float:
        """Return the em of all lines: the usual one, or what the longest leaves."""
        longest = max(map(len, self.lines)) * ADVANCE
        return min(SIZES.small, (self.box[0] - 2 * INSET) / max(longest, 1e-9))

    def _check(self) -> None:
        if self.drawn_size() < LEAST_EM:
            longest = max(self.lines, key=len)
            raise ValueError(f"a listing {self.box[0]} wide has no room for {longest!r}")

    def y_of(self, row: float) -> float:
        """Return the middle of a line, in the part's units."""
        return float(self.box[1] / 2 - (row + 0.5) * LINE * SIZES.small)

    # Painting

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw the mark, then the lines."""
        running = float(np.clip(self.state["running"], 0, 1))
        row = float(self.state["row"])
        if running > 0:
            self._paint_mark(ctx, self.y_of(row), opacity * running)
        size = self.drawn_size()
        left = -self.box[0] / 2 + INSET
        for k, text in enumerate(self.lines):
            # Without a mark no line is before the others; with one the mark's line is.
            lit = 1.0 - running * min(abs(row - k), 1.0)
            y = self.y_of(k)
            code, comment = _parts(text)
            indent = (len(code) - len(code.lstrip())) * ADVANCE * size
            fade = opacity * self.fades[k]
            self._ink(ctx, code.strip(), left + indent, y, size, fade, lit)
            after = left + len(code) * ADVANCE * size
            self._ink(ctx, comment, after, y, size, fade, 0.0)

    def _paint_mark(self, ctx: Context, y: float, alpha: float) -> None:
        height = LINE * SIZES.small - BAR_GAP
        left = -self.box[0] / 2
        rounded(ctx, left, y - height / 2, self.box[0], height, CORNER)
        fill(ctx, self.theme.focus, alpha * GLOW)
        rounded(ctx, left, y - height / 2, BAR, height, BAR / 2)
        fill(ctx, self.theme.focus, alpha)

    def _ink(
        self, ctx: Context, text: str, x: float, y: float, size: float, alpha: float, lit: float
    ) -> None:
        """Write code from its left end, between the quiet colour and the text's."""
        for colour, share in ((self.theme.muted, 1 - lit), (self.theme.text, lit)):
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
    end = len(text) if mark < 0 and not text.startswith("#") else mark + 2
    return text[:end], text[end:]
