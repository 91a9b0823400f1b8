"""What is wrong with a formula, and where."""

from __future__ import annotations

import unicodedata
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.validation_messages import one_line, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FormulaError", "in_validator"]

CARET_WINDOW = 30
"""So many characters are shown on either side of the fault."""


class FormulaError(InputError):
    """A formula that cannot be read.

    Parameters
    ----------
    text : str
        What was typed.
    column : int
        Where the fault is, in characters, counted from 1; one past the end if something is missing.
    reason : str
        What is wrong and what was expected, without capital and full stop.

    Examples
    --------
    >>> print(FormulaError("3x", 2, "for a product write 3*x"))
    The formula "3x" is wrong at column 2: for a product write 3*x.
    >>> print(FormulaError("3x", 2, "for a product write 3*x").caret)
    3x
     ^
    """

    def __init__(self, text: str, column: int, reason: str) -> None:
        self.text, self.column, self.reason = text, column, one_line(reason)
        stop = "" if reason.endswith("?") else "."
        shortened = _visible(shown(text[: 10 * CARET_WINDOW]))
        super().__init__(
            f"The formula {shortened} is wrong at column {column}: {self.reason}{stop}"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """Let it travel between processes."""
        return type(self), (self.text, self.column, self.reason)

    @property
    def caret(self) -> str:
        """The formula around the fault, and on a second line a caret under it.

        Chinese and full-width characters are taken as two columns, as terminals show them.
        """
        at = self.column - 1
        start = max(0, at - CARET_WINDOW)
        before = _visible(self.text[start:at])
        after = _visible(self.text[at : at + CARET_WINDOW])
        left = "…" if start else ""
        right = "…" if at + CARET_WINDOW < len(self.text) else ""
        width = len(left) + sum(map(_columns, before))
        return f"{left}{before}{after}{right}\n{' ' * width}^"


@contextmanager
def in_validator() -> Iterator[None]:
    """Tell of a formula that cannot be read as a validator of parameters has to.

    Raises
    ------
    ValueError
        With a message that pydantic's complaint can carry: no sentence of its own.

    Examples
    --------
    >>> with in_validator():
    ...     raise FormulaError("3x", 2, "for a product write 3*x")
    Traceback (most recent call last):
    ValueError: at column 2: for a product write 3*x
    """
    try:
        yield
    except FormulaError as error:
        raise ValueError(f"at column {error.column}: {error.reason}") from error


def _visible(text: str) -> str:
    """Replace what cannot be printed, one character by one."""
    shapes = (
        letter if letter.isprintable() else " " if letter.isspace() else "?" for letter in text
    )
    return "".join(shapes)


def _columns(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in {"W", "F"} else 1
