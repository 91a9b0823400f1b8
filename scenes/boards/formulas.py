"""Base of the boards: a writer of formulas that notes what it prints in its lesson."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from backprop_studio.scenes.boards.markup import coloured, over
from backprop_studio.scenes.lesson.writer import Writer

Write = TypeVar("Write", bound=Callable[..., str])


def true_digits(write: Write) -> Write:
    """Write a formula with the digits at which what it says is true; see `Writer.worked_out`."""

    @wraps(write)
    def chosen(self: Writer, *args: Any, **kwargs: Any) -> str:
        return self.worked_out(lambda: write(self, *args, **kwargs))

    return chosen  # type: ignore[return-value]


class Formulas(Writer):
    """Writes the formulas of a lesson, with the lesson's numbers, words and colours.

    Parameters
    ----------
    writer : Writer
        The lesson.
    """

    def __init__(self, writer: Writer) -> None:
        super().__init__(writer.sheet, writer.theme, writer.tr)
        self.notes, self.has_room = writer.notes, writer.has_room  # type: ignore[method-assign]

    def as_gradient(self, text: str) -> str:
        """Return mathematics in the gradients' colour."""
        return coloured(text, self.theme.gradient)

    def as_loss(self, text: str) -> str:
        """Return mathematics in the loss's colour."""
        return coloured(text, self.theme.loss)

    def remark(self, sentence: str, formula: str) -> str:
        """Return a sentence with the formula that it ends in."""
        return f"{self.word(sentence)} space {formula}"

    def dL_over(self, quantity: str) -> str:
        """Return dL over a quantity, in the gradients' colour."""
        return self.as_gradient(over("L", quantity))
