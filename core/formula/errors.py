"""The error of a formula that cannot be read, with its column."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.errors import InputError, ParameterError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.validation_messages import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backprop_studio.core.base.messages import Message

MAX_SHOWN = 300
"""Characters of a formula that are looked at for a message."""


class FormulaError(InputError):
    """A formula that cannot be read.

    Parameters
    ----------
    text : str
        What was typed.
    column : int
        Where the fault is, in characters, counted from 1; one past the end if something is missing.
    reason : Message
        What is wrong and what was expected.

    Examples
    --------
    >>> from backprop_studio.core.base.messages import Message
    >>> reason = Message.of("formula.product", "for a product write {product}", product="3*x")
    >>> print(FormulaError("3x", 2, reason))
    The formula "3x" is wrong at column 2: for a product write 3*x.
    """

    def __init__(self, text: str, column: int, reason: Message) -> None:
        self.text, self.column, self.reason = text, column, reason
        words = N_("the formula {formula} is wrong at column {column}: {reason}")
        formula = shown(text[:MAX_SHOWN])
        super().__init__("formula.wrong", words, formula=formula, column=column, reason=reason)

    def __reduce__(self) -> tuple[Any, ...]:
        """Let it travel between processes."""
        return type(self), (self.text, self.column, self.reason)


@contextmanager
def in_validator(field: str = "") -> Iterator[None]:
    """Tell of a formula that cannot be read as a validator of parameters has to.

    Parameters
    ----------
    field : str
        Which field it stands in, if the validator is one of the whole group.

    Raises
    ------
    ParameterError
        With column and reason.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> with in_validator("formula"):
    ...     parse_formula("x^", ["x"])
    Traceback (most recent call last):
    backprop_studio.core.base.errors.ParameterError: formula at column 3: expected a number, \
a name or a bracket, but the formula ends here
    """
    try:
        yield
    except FormulaError as error:
        column, reason = error.column, error.reason
        if not field:
            text = N_("at column {column}: {reason}")
            raise ParameterError("formula.at", text, column=column, reason=reason) from error
        text = N_("{field} at column {column}: {reason}")
        fields = {"field": field, "column": column, "reason": reason}
        raise ParameterError("field.formula", text, **fields) from error
