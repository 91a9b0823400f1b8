"""A lesson with a board: the torch line and the formula stand under the picture at every step."""

from __future__ import annotations

from typing import Any

from backprop_studio.core.answer_sheet import look_up
from backprop_studio.scenes.lesson.board import Board
from backprop_studio.scenes.lesson.lesson import LessonScene
from backprop_studio.scenes.paint.style import TIMES, decimals_for

__all__ = ["DIGITS", "ORDINARY", "BoardLesson"]

DIGITS = 4
"""Of a number as short as it can be."""

ORDINARY = (1e-3, 1e7)
"""Numbers from here to there are written out; others with a power of ten."""


class BoardLesson(LessonScene):
    """Base of scenes that show picture, formula and torch line of the same step together.

    Attributes
    ----------
    board : Board
        On the stage from the beginning.
    """

    board: Board

    def set_board(self) -> None:
        """Put the empty board on the stage."""
        self.board = Board(
            self.layout.board, self.layout.board_y, self.theme, self.language,
            self.layout.code_lines,
        )  # fmt: skip
        self.add(self.board.card)

    def write(self, code: str, formula: str, *animations: Any, seconds: float = TIMES.move) -> None:
        """Replace the torch line and the formula while the picture moves.

        Parameters
        ----------
        code : str
            The line that torch executes now, plain text.
        formula : str
            Typst markup with its mathematics in dollars, numbers put in.
        """
        leaving, coming = self.board.replace(code, formula)
        if leaving:
            self.move(*leaving, seconds=TIMES.fade / 2)
        self.move(*coming, *animations, seconds=seconds)

    def short(self, name: str, digits: int = DIGITS) -> str:
        """Return a number of the sheet with no more digits than it needs, whatever its size."""
        size = abs(look_up(self.sheet, name))
        low, high = ORDINARY
        if size and not low <= size < high:
            return self.scientific(name, digits, is_short=True)
        return self.given(name, decimals_for(size, digits=digits))
