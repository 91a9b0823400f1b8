"""The board under the picture: the torch line being executed, and the formula with its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from manim import FadeIn, FadeOut

from backprop_studio.scenes.lesson.card import Card
from backprop_studio.scenes.lesson.line_breaks import NEW_LINE, arrangements
from backprop_studio.scenes.lesson.type_block import TypeBlock, code_block, formula_block
from backprop_studio.scenes.paint.style import SIZES, Theme

CODE_INSET = 0.24
CODE_STRIP = 0.56
CODE_LINE = 0.36


LEGIBLE = 0.8
"""Of the full type size: a formula is broken before it is set smaller than this."""


class Board:
    """A card with a line of code above a formula; both are replaced from beat to beat.

    Parameters
    ----------
    box : (float, float)
        Width and height in Manim units.
    y : float
        Height of its centre in the frame.
    code_lines : int
        How many lines the code may take.
    """

    def __init__(
        self, box: tuple[float, float], y: float, theme: Theme, language: str, code_lines: int = 1
    ) -> None:
        self.box, self.y, self.theme, self.language = box, y, theme, language
        self.code_lines = code_lines
        strip = CODE_STRIP + (code_lines - 1) * CODE_LINE
        self.formula_box = (box[0] - 2 * SIZES.gap, box[1] - strip)
        self.card = Card(box, theme).move_to((0, y, 0))
        self.card.is_pinned = True
        self.code: TypeBlock | None = None
        self.formula: TypeBlock | None = None

    def replace(self, code: str, formula: str) -> tuple[list[Any], list[Any]]:
        """Write a new line and formula.

        Returns
        -------
        leaving, coming : list of Animation
            To be played one after the other; a line of code that stays the same does not move.
        """
        leaving, coming = [], []
        new_code = self.code_of(code)
        if self.code is None or self.code.source != new_code.source:
            leaving += [FadeOut(self.code)] if self.code else []
            coming.append(FadeIn(new_code))
            self.code = new_code
        leaving += [FadeOut(self.formula)] if self.formula else []
        self.formula = self._formula(formula)
        coming.append(FadeIn(self.formula))
        return leaving, coming

    @property
    def spare(self) -> float:
        """Height that the code leaves to the formula: lines that it has room for and not taken."""
        written = 1 if self.code is None else round(self.code.ink.height)
        return max(self.code_lines - max(written, 1), 0) * CODE_LINE

    @property
    def lines(self) -> int:
        """How many lines the formula has."""
        return self.formula.source.count(NEW_LINE.strip()) + 1 if self.formula else 0

    def code_of(self, text: str) -> TypeBlock:
        """Return a line of code in its place."""
        block = code_block(text, self.formula_box[0], self.theme.muted, lines=self.code_lines)
        block.is_pinned = True
        inset = CODE_INSET + (max(round(block.ink.height), 1) - 1) * CODE_LINE / 2
        return block.move_to((0, self.y + self.box[1] / 2 - inset, 0))

    def formula_of(self, source: str, spare: float = 0.0) -> TypeBlock:
        """Return a formula that is broken nowhere."""
        box = (self.formula_box[0], self.formula_box[1] + spare)
        return formula_block(source, box, self.theme.text, language=self.language)

    def ways_of(self, source: str, spare: float = 0.0) -> Iterator[TypeBlock]:
        """Yield a formula in all the ways in which it may be broken, each set when it is taken."""
        for way in arrangements(source):
            yield self.formula_of(way, spare)

    def has_room(self, source: str) -> bool:
        """Whether a formula can be read on the board."""
        return any(block.drawn_size() >= SIZES.small for block in self.ways_of(source))

    def _formula(self, source: str) -> TypeBlock:
        """Return a formula in the first way that is large enough, or else in the largest."""
        tried: list[TypeBlock] = []
        for block in self.ways_of(source, self.spare):
            tried.append(block)
            if block.drawn_size() >= LEGIBLE * block.size:
                break
        else:
            block = max(tried, key=TypeBlock.drawn_size)
        block.is_pinned = True
        below = (self.box[1] - block.box[1]) / 2
        return block.move_to((0, self.y - below + 0.11, 0))
