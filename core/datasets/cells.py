"""Cells of a table: names, numbers and classes, or an error that names the cell."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Literal

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.core.base.validation_messages import shown
from backprop_studio.core.datasets.delimiter import DECIMAL_COMMA, NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MAX_NAME = 60
MAX_DIGITS = 400
"""A number of thousands of digits is no measurement, and slow to read."""

_NUMBER = Message.of("cell.number", N_("a number"))
_BELOW = Message.of("cell.below", N_("a number below 1.8e308"))
_POINT = Message.of("cell.point", N_("a number with a decimal point, as 1.5"))
_FINITE = Message.of("cell.finite", N_("a finite number"))
_CLASS = Message.of(
    "cell.class", N_("the name of a class, of at most {most} printable characters"), most=MAX_NAME
)
_NO_NUMBERS = {"nan", "inf", "infinity"}
_NOT_IN_NUMBERS = re.compile("[^0-9+.eE -]")


def number(path: Path, row: int, column: int, name: str, cell: str) -> float:
    """Return the number in a cell.

    Parameters
    ----------
    path : Path
    row, column : int
        Counted from 1.
    name : str
        Of the column.
    cell : str
        As it stands in the file.

    Raises
    ------
    InputError
        If it is not a finite number with a decimal point.

    Examples
    --------
    >>> from pathlib import Path
    >>> number(Path("a.csv"), 2, 1, "width", " 1.5 ")
    1.5
    >>> number(Path("a.csv"), 2, 1, "width", "1,5")
    Traceback (most recent call last):
    ...
    backprop_studio.core.base.errors.InputError: The file a.csv is wrong in row 2, column 1 \
("width"): expected a number with a decimal point, as 1.5, found "1,5" with a comma.
    """
    text = cell.strip()
    if len(text) <= MAX_DIGITS and NUMBER.fullmatch(text):
        value = float(text)
        if math.isfinite(value):
            return value
        raise _wrong(path, row, column, name, _BELOW, shown(text))
    if DECIMAL_COMMA.fullmatch(text):
        found = Message.of("cell.comma", N_("{value} with a comma"), value=shown(text))
        raise _wrong(path, row, column, name, _POINT, found)
    if text.lower().lstrip("+-") in _NO_NUMBERS:
        raise _wrong(path, row, column, name, _FINITE, shown(text))
    raise _wrong(path, row, column, name, _NUMBER, _found(text))


def plain_numbers(cells: list[str]) -> list[float] | None:
    """Return the numbers in a row of cells, or None if any of them needs a closer look.

    The quick path through a large table: of what float() takes
    and :func:`number` does not, nothing is left once letters, _ and other digits are ruled out.

    Examples
    --------
    >>> plain_numbers(["1", " 2.5"]), plain_numbers(["1", "nan"]), plain_numbers(["1e999"])
    ([1.0, 2.5], None, None)
    """
    if max(map(len, cells)) > MAX_DIGITS or _NOT_IN_NUMBERS.search("".join(cells)):
        return None
    try:
        values = list(map(float, cells))
    except ValueError:
        return None
    return values if all(map(math.isfinite, values)) else None


def class_name(path: Path, row: int, column: int, name: str, cell: str) -> str:
    """Return the class in a cell.

    Raises
    ------
    InputError
        If it is empty, a formula, too long, or not for printing.

    Examples
    --------
    >>> from pathlib import Path
    >>> class_name(Path("a.csv"), 2, 3, "kind", "rose")
    'rose'
    """
    text = cell.strip()
    if not text or text.startswith("=") or len(text) > MAX_NAME or not text.isprintable():
        raise _wrong(path, row, column, name, _CLASS, _found(text))
    return text


def kind_of_column(cells: Iterable[str]) -> Literal["numbers", "classes"]:
    """Return what a column holds: numbers if at least half of its cells are, else classes.

    The few cells of the other kind then are what is complained about, or classes such as "3".

    Examples
    --------
    >>> kind_of_column(["1", "2", "x"]), kind_of_column(["rose", "aster"])
    ('numbers', 'classes')
    """
    like = [_is_like_number(cell.strip()) for cell in cells]
    return "numbers" if 2 * sum(like) >= len(like) else "classes"


def column_names(path: Path, header: tuple[int, list[str]] | None, width: int) -> tuple[str, ...]:
    """Return the names of the columns; those without one are called by their number.

    Raises
    ------
    InputError
        If a name stands twice, is a formula, too long, or not for printing.

    Examples
    --------
    >>> from pathlib import Path
    >>> column_names(Path("a.csv"), (1, ["width", ""]), 2)
    ('width', 'column 2')
    """
    default = [f"column {at}" for at in range(1, width + 1)]
    if header is None:
        return tuple(default)
    row, cells = header
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = cell.strip() or default[number - 1]
        at = {"file": path, "row": row, "column": number}
        if name.startswith("=") or len(name) > MAX_NAME or not name.isprintable():
            text = N_(
                "the file {file} is wrong in row {row}, column {column}: expected a name of at "
                "most {most} printable characters, found {found}"
            )
            raise InputError("table.name", text, **at, most=MAX_NAME, found=_found(name))
        if name in names:
            text = N_(
                "the file {file} is wrong in row {row}, column {column}: expected a new name, "
                "found {found} as in column {other}"
            )
            other = names.index(name) + 1
            raise InputError("table.twice", text, **at, found=shown(name), other=other)
        names.append(name)
    return tuple(names)


def _is_like_number(text: str) -> bool:
    if NUMBER.fullmatch(text) or DECIMAL_COMMA.fullmatch(text):
        return True
    return text.lower().lstrip("+-") in _NO_NUMBERS


def _found(text: str) -> Message | str:
    if not text:
        return Message.of("cell.empty", N_("an empty cell"))
    if text.startswith("="):
        words = N_("the formula {formula}, which is not evaluated")
        return Message.of("cell.formula", words, formula=shown(text))
    return shown(text)


def _wrong(
    path: Path, row: int, column: int, name: str, expected: Message, found: Message | str
) -> InputError:
    text = N_(
        "the file {file} is wrong in row {row}, column {column} ({name}): expected {expected}, "
        "found {found}"
    )
    where = {"file": path, "row": row, "column": column, "name": shown(name)}
    return InputError("table.cell", text, **where, expected=expected, found=found)
