"""The board under the picture: the torch line being executed, and the formula with its numbers."""

from __future__ import annotations

from typing import Any

from manim import FadeIn, FadeOut

from scenes.parts.card import Card
from scenes.parts.style import SIZES, Theme
from scenes.parts.type_block import TypeBlock, code_block, formula_block

__all__ = ["Board"]

CODE_INSET = 0.24
CODE_STRIP = 0.56


class Board:
    """A card with a line of code above a formula; both are replaced from beat to beat.

    Parameters
    ----------
    box : (float, float)
        Width and height in Manim units.
    y : float
        Height of its centre in the frame.
    """

    def __init__(self, box: tuple[float, float], y: float, theme: Theme, language: str) -> None:
        self.box, self.y, self.theme, self.language = box, y, theme, language
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
        block = code_block(text, self.box[0] - 2 * SIZES.gap, self.theme.muted)
        return block.move_to((0, self.y + self.box[1] / 2 - CODE_INSET, 0))

    def _formula(self, source: str) -> TypeBlock:
        box = (self.box[0] - 2 * SIZES.gap, self.box[1] - CODE_STRIP)
        block = formula_block(source, box, self.theme.text, language=self.language)
        return block.move_to((0, self.y - CODE_STRIP / 2 + 0.11, 0))
