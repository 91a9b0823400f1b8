"""A lesson with a board: the torch line and the formula stand under the picture at every step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from backprop_studio.scenes.lesson.board import Board
from backprop_studio.scenes.lesson.lesson import LessonScene
from backprop_studio.scenes.lesson.reading import formula_seconds
from backprop_studio.scenes.lesson.type_block import TypeBlock
from backprop_studio.scenes.paint.style import TIMES


class BoardLesson(LessonScene):
    """Base of scenes that show picture, formula and torch line of the same step together.

    Attributes
    ----------
    board : Board
        On the stage from the beginning.
    faded : list of (str, TypeBlock, TypeBlock)
        Formulas that took another one's place by fading, with their beats.
    """

    board: Board
    faded: list[tuple[str, TypeBlock, TypeBlock]]

    def furnish(self) -> None:
        """Put title and empty board on the stage."""
        super().furnish()
        layout = self.layout
        self.board = Board(layout.board, layout.board_y, *self.look, layout.code_lines)
        self.faded = []
        self.add(self.board.card)

    def show(
        self,
        code: str,
        formula: str | Callable[[], str],
        *animations: Any,
        seconds: float = TIMES.move,
    ) -> None:
        """Write on the board while the picture moves, and let it be read: most beats are that.

        Parameters
        ----------
        code, formula
            See :meth:`write`.
        seconds : float
            How long it moves.
        """
        self.write(code, formula, *animations, seconds=seconds)
        self.let_read()

    def write(
        self,
        code: str,
        formula: str | Callable[[], str],
        *animations: Any,
        seconds: float = TIMES.move,
    ) -> None:
        """Replace the torch line and the formula while the picture moves.

        Parameters
        ----------
        code : str
            The line that torch executes now, plain text.
        formula : str or callable
            Typst markup with its mathematics in dollars, numbers put in; or what writes it, if its
            digits are still to be chosen.
        """
        text = formula if isinstance(formula, str) else self.worked_out(formula)
        if self.board.formula is not None:
            self.let_read()
        before = self.board.formula
        leaving, coming = self.board.replace(code, text)
        if before is not None and self.board.formula is not None:
            self.faded.append((self.notes.beat, before, self.board.formula))
        if leaving:
            self.move(*leaving, seconds=TIMES.fade / 2)
        self.move(*coming, *animations, seconds=seconds)
        seconds = formula_seconds(self.notes.new_in(text), self.board.lines)
        self.reading.read(float(self.time), self.notes.beat, "formula", text, seconds)

    def has_room(self, formula: str) -> bool:
        """Whether a formula can be read on the board."""
        return self.board.has_room(formula)
