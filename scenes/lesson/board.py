"""The board under the picture: the torch line being executed, and the formula with its numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from manim import FadeIn, FadeOut

from backprop_studio.scenes.lesson.card import Card
from backprop_studio.scenes.lesson.line_breaks import arrangements
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
        self.strip = CODE_STRIP + (code_lines - 1) * CODE_LINE
        self.card = Card(box, theme).move_to((0, y, 0))
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
        new_code = self._code(code)
        if self.code is None or self.code.source != new_code.source:
            leaving += [FadeOut(self.code)] if self.code else []
            coming.append(FadeIn(new_code))
            self.code = new_code
        leaving += [FadeOut(self.formula)] if self.formula else []
        self.formula = self._formula(formula)
        coming.append(FadeIn(self.formula))
        return leaving, coming

    def _code(self, text: str) -> TypeBlock:
        block = code_block(
            text, self.box[0] - 2 * SIZES.gap, self.theme.muted, lines=self.code_lines
        )
        inset = CODE_INSET + (self.code_lines - 1) * CODE_LINE / 2
        return block.move_to((0, self.y + self.box[1] / 2 - inset, 0))

    def _formula(self, source: str) -> TypeBlock:
        box = (self.box[0] - 2 * SIZES.gap, self.box[1] - self.strip)
        blocks = (
            formula_block(way, box, self.theme.text, language=self.language)
            for way in arrangements(source)
        )
        block = _largest(blocks)
        return block.move_to((0, self.y - self.strip / 2 + 0.11, 0))


def _largest(blocks: Iterable[TypeBlock]) -> TypeBlock:
    """Return the first that is large enough, or else the largest."""
    best: TypeBlock | None = None
    for block in blocks:
        if best is None or block.drawn_size() > best.drawn_size():
            best = block
        if best.drawn_size() >= LEGIBLE * best.size:
            break
    assert best is not None
    return best
