"""A lesson with a board: the torch line and the formula stand under the picture at every step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from manim import Animation

from backprop_studio.scenes.lesson.board import Board
from backprop_studio.scenes.lesson.lesson import LessonScene
from backprop_studio.scenes.paint.style import TIMES


class BoardLesson(LessonScene):
    """Base of scenes that show picture, formula and torch line of the same step together.

    Attributes
    ----------
    board : Board
        On the stage from the beginning.
    """

    board: Board
    stands_still: bool = False

    def furnish(self) -> None:
        """Put title and empty board on the stage."""
        super().furnish()
        layout = self.layout
        self.board = Board(layout.board, layout.board_y, *self.look, layout.code_lines)
        self.add(self.board.card)

    def move(self, *animations: Animation | Any, seconds: float = TIMES.move) -> None:
        """Play animations together, at the lesson's pace."""
        super().move(*animations, seconds=seconds)
        self.stands_still = False

    def hold(self, seconds: float = TIMES.hold) -> None:
        """Stand still; a beat that does not end so by itself does it before the next one opens."""
        super().hold(seconds)
        self.stands_still = True

    def _close_beat(self) -> None:
        if self.beats and self.beats[-1].caption and not self.stands_still:
            self.hold()
        super()._close_beat()

    def show(
        self,
        code: str,
        formula: str | Callable[[], str],
        *animations: Any,
        seconds: float = TIMES.move,
        hold: float = TIMES.hold,
    ) -> None:
        """Write on the board while the picture moves, then stand still: most beats are just that.

        Parameters
        ----------
        code, formula
            See :meth:`write`.
        seconds, hold : float
            How long it moves, and how long it stands.
        """
        self.write(code, formula, *animations, seconds=seconds)
        self.hold(hold)

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
        leaving, coming = self.board.replace(code, text)
        if leaving:
            self.move(*leaving, seconds=TIMES.fade / 2)
        self.move(*coming, *animations, seconds=seconds)

    def has_room(self, formula: str) -> bool:
        """Whether a formula can be read on the board."""
        return self.board.has_room(formula)
