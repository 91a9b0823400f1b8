"""Cells of a table: what kind each is, its number or its class, or an error that names the cell."""

from __future__ import annotations

import datetime
import math
import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, one_line
from backprop_studio.core.base.validation_messages import shown
from backprop_studio.core.datasets.notation import Notation, in_ascii, is_like_number

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MAX_NAME = 60

Cell: TypeAlias = str | float
"""As it stands in the file: a text, or a number where the file knows numbers."""

Kind: TypeAlias = Literal["number", "missing", "date", "flag", "quantity", "formula", "text"]

MISSING = frozenset(
    [
        *("", "?", "-", "--", "---", "—", "——", "/", ".", "...", "…", "*", "\\n"),
        *("na", "n/a", "n.a.", "n.a", "#n/a", "<na>", "nan", "nan(ind)", "1.#qnan", "1.#ind"),
        *("null", "(null)", "none", "nil", "missing", "n.d.", "n/d", "k.a.", "k. a.", "n.v."),
        *("#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!"),
        *("缺失", "无", "空", "空值", "暂无", "无数据"),
    ]
)
"""What people write where there is no value; in small letters."""

FLAGS = {"true": 1.0, "false": 0.0}

_INFINITE = {"inf", "infinity", "∞", "1.#inf"}
_DATE = re.compile(
    r"\d{1,4}([-/.年])\d{1,2}([-/.月])\d{1,4}日?([ T]\d{1,2}[:.]\d{2}.*)?"
    r"|\d{1,2}[:.]\d{2}[:.]\d{2}.*|\d{1,2}:\d{2}(?: ?[ap]m)?",
    re.IGNORECASE,
)
_QUANTITY = re.compile(r"[$€£¥₹￥]? ?(?P<number>[+-]?[\d.,']*\d[\d.,']*)(?P<unit>.*)")

_NUMBER = Message.of("cell.number", N_("a number"))
_BELOW = Message.of("cell.below", N_("a number below 1.8e308"))
_FINITE = Message.of("cell.finite", N_("a finite number"))
_CLASS = Message.of(
    "cell.class", N_("the name of a class, of at most {most} printable characters"), most=MAX_NAME
)
_DECIMALS = {
    ".": Message.of("cell.point", N_("a number with a decimal point, as 1.5")),
    ",": Message.of("cell.comma", N_("a number with a decimal comma, as 1,5")),
}


class Place(NamedTuple):
    """The place of a cell in a file: row and column counted from 1, and the column's name."""

    path: Path
    row: int
    column: int
    name: str
    note: Callable[[int, int], Message | None] = lambda _row, _column: None
    """Says more about a cell than what it holds, such as that it is merged with others."""
    may_be_name: bool = False
    """Whether it may be the name of its column."""
    is_target: bool = False
    is_stray: bool = False
    """Whether most other cells of its column are numbers."""
    may_be_class: bool = False
    """Whether its column may be the target, of which nothing was said."""

    def wrong(self, expected: Message, found: Message | str, advice: Message | None) -> InputError:
        """Return the error that says what was expected here."""
        where = {"file": self.path, "row": self.row, "column": self.column}
        fields: dict[str, Any] = {**where, "name": shown(self.name), "expected": expected}
        text = N_(
            "the file {file} is wrong in row {row}, column {column} ({name}): expected {expected}, "
            "found {found}"
        )
        if advice is None:
            return InputError("table.cell", text, **fields, found=found)
        text = N_(
            "the file {file} is wrong in row {row}, column {column} ({name}): expected {expected}, "
            "found {found}; {advice}"
        )
        return InputError("table.cell_advice", text, **fields, found=found, advice=advice)


def written(cell: Cell) -> str:
    """Return a cell as a text; a whole number has no point.

    Examples
    --------
    >>> written(3.0), written(" a "), written(0.1)
    ('3', 'a', '0.1')
    """
    if isinstance(cell, str):
        return cell.strip()
    return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)


def as_cell(value: object) -> Cell:
    """Return a value of a library that knows kinds as a cell.

    Examples
    --------
    >>> as_cell(True), as_cell(3), as_cell(datetime.date(2024, 5, 1)), as_cell(None)
    ('true', 3.0, '2024-05-01', '')
    """
    if isinstance(value, str | bytes):
        return value if isinstance(value, str) else value.decode("utf-8", "replace")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else str(value)
    if value is None:
        return ""
    is_day = isinstance(value, datetime.datetime) and value.time() == datetime.time()
    return str(value.date() if is_day else value)  # type: ignore[attr-defined]


def kind_of(cell: Cell) -> Kind:
    """Return what kind of thing a cell holds.

    Examples
    --------
    >>> [kind_of(it) for it in ("1,5", "NA", "2024-05-01", "TRUE", "5 s", "=A1", "rose")]
    ['number', 'missing', 'date', 'flag', 'quantity', 'formula', 'text']
    """
    if not isinstance(cell, str):
        return "number"
    text = in_ascii(cell).strip()
    low = text.lower()
    if is_missing(text):
        return "missing"
    if is_like_number(text) or low.lstrip("+-") in _INFINITE:
        return "number"
    if low in FLAGS:
        return "flag"
    if text.startswith("="):
        return "formula"
    if _DATE.fullmatch(text):
        return "date"
    if len(text) <= MAX_NAME and (parts := _QUANTITY.fullmatch(text)):
        # A unit has few letters; with more it is a name, such as "1st class".
        return "quantity" if len(parts["unit"].strip()) <= 5 else "text"
    return "text"


def is_missing(text: str) -> bool:
    """Whether a cell holds what people write where there is no value.

    Examples
    --------
    >>> is_missing(" N/A "), is_missing(""), is_missing("-nan"), is_missing("0"), is_missing("+")
    (True, True, True, False, False)
    """
    low = in_ascii(text).strip().lower()
    return low in MISSING or (low[:1] in {"+", "-"} and len(low) > 2 and low[1:] in MISSING)


def number(place: Place, cell: Cell, notation: Notation) -> float:
    """Return the number in a cell.

    Raises
    ------
    InputError
        If it is not a finite number in this notation.

    Examples
    --------
    >>> from pathlib import Path
    >>> number(Place(Path("a.csv"), 2, 1, "width"), " 1.5 ", Notation())
    1.5
    >>> number(Place(Path("a.csv"), 2, 1, "width"), "1,5", Notation())
    Traceback (most recent call last):
    ...
    backprop_studio.core.base.errors.InputError: The file a.csv is wrong in row 2, column 1 \
("width"): expected a number with a decimal point, as 1.5, found "1,5" with a comma.
    """
    if not isinstance(cell, str):
        return cell
    value = notation.value(cell)
    if value is not None and math.isfinite(value):
        return value
    raise _no_number(place, cell, notation)


def _no_number(place: Place, cell: str, notation: Notation) -> InputError:
    """Return the error about a cell that is no number, and what to do."""
    text = cell.strip()
    kind = kind_of(text)
    if notation.value(text) is not None:
        return place.wrong(_BELOW, shown(text), None)
    if kind == "missing":
        return _missing(place, text, _NUMBER)
    if kind == "number":
        if in_ascii(text).lower().lstrip("+-") in _INFINITE:
            return place.wrong(_FINITE, shown(text), None)
        mark = Message.of("cell.with_comma", N_("{value} with a comma"), value=shown(text))
        found: Message | str = mark if notation.decimal == "." and "," in text else shown(text)
        return place.wrong(_DECIMALS[notation.decimal], found, None)
    advice = _as_header() if place.may_be_name and kind == "text" else _advice(place, kind)
    return place.wrong(_NUMBER, _found(text), advice)


def _as_header() -> Message:
    text = N_("if this row holds names, set {other} to true")
    return Message.of("advice.header", text, other="data.header")


def _advice(place: Place, kind: Kind) -> Message | None:
    """Return what to do about a cell that is something else than a number."""
    columns = "data.target_column" if place.is_target else "data.input_columns"
    if kind == "date":
        words = N_(
            "write a number, such as the days since the first row, or name other columns in {other}"
        )
        return Message.of("advice.date", words, other=columns)
    if kind == "text" and place.is_stray:
        words = N_('write a number, or nothing and set {other} to "{choice}"')
        return Message.of("advice.stray", words, other="data.missing", choice="skip")
    if kind == "text":
        words = N_("name the columns that are numbers in {other}")
        if place.is_target:
            words = N_("name a column that is numbers in {other}")
        found = Message.of("advice.columns", words, other=columns)
        return _or_classes(place, found) if place.may_be_class else found
    if kind == "quantity":
        words = N_("write the number alone, and what it counts into the header")
        return Message.of("advice.unit", words)
    if kind == "flag":
        return Message.of("advice.flag", N_("write 1 for true and 0 for false"))
    return None


def _or_classes(place: Place, columns: Message) -> Message:
    words = N_("set {other} to {value}")
    target = Message.of("advice.target", words, other="data.target_column", value=place.column)
    text = N_("{columns}; if these are the classes, {target}")
    return Message.of("advice.or_classes", text, columns=columns, target=target)


def class_name(place: Place, cell: Cell) -> str:
    """Return the class in a cell.

    Raises
    ------
    InputError
        If it is empty, a formula, too long, or not for printing.

    Examples
    --------
    >>> from pathlib import Path
    >>> class_name(Place(Path("a.csv"), 2, 3, "kind"), "rose")
    'rose'
    """
    text = written(cell)
    if not text:
        raise _missing(place, text, _CLASS)
    if text.startswith("=") or len(text) > MAX_NAME or not text.isprintable():
        raise place.wrong(_CLASS, _found(text), None)
    return text


def _missing(place: Place, text: str, expected: Message) -> InputError:
    """Return the error about a missing value, and what to do."""
    note = place.note(place.row, place.column) if not text else None
    words = N_('set {other} to "{choice}" to leave out rows with a missing value')
    skip = Message.of("advice.missing", words, other="data.missing", choice="skip")
    if note is not None and note.code == "cell.no_value":
        skip = Message.of("advice.save", N_("open the file in Excel and save it"))
    return place.wrong(expected, note or _found(text), skip)


def column_names(path: Path, row: int, cells: list[Cell], width: int) -> tuple[str, ...]:
    """Return the names of the columns; those without one are called by their number.

    Parameters
    ----------
    path : Path
    row : int
        Of the header, for the message.
    cells : list of Cell
        Of the header; none if there is no header.
    width : int

    Examples
    --------
    >>> from pathlib import Path
    >>> column_names(Path("a.csv"), 1, ["width", ""], 2)
    ('width', 'column 2')
    """
    names = [one_line(written(cell)) for cell in cells[:width]]
    names += [""] * (width - len(names))
    return tuple(name or f"column {at}" for at, name in enumerate(names, start=1))


def check_name(path: Path, row: int, column: int, name: str) -> None:
    """Refuse the name of a column that cannot be shown.

    Raises
    ------
    InputError
        If it is a formula or too long.

    Examples
    --------
    >>> from pathlib import Path
    >>> check_name(Path("a.csv"), 1, 1, "width")
    """
    if name.startswith("=") or len(name) > MAX_NAME:
        text = N_(
            "the file {file} is wrong in row {row}, column {column}: expected a name of at "
            "most {most} printable characters, found {found}"
        )
        at = {"file": path, "row": row, "column": column}
        raise InputError("table.name", text, **at, most=MAX_NAME, found=_found(name))


def _found(text: str) -> Message | str:
    if not text:
        return Message.of("cell.empty", N_("an empty cell"))
    if text.startswith("="):
        words = N_("the formula {formula}, which is not evaluated")
        return Message.of("cell.formula", words, formula=shown(text))
    if kind_of(text) == "date":
        return Message.of("cell.date", N_("the date {value}"), value=shown(text))
    return shown(text)
