"""A user's own table: CSV read cell by cell, never evaluated.

A wrong cell ends in one sentence with file, row, column, what was expected and what was found.
Rows and columns are counted from 1 as spreadsheets do, the header being row 1.
"""

from __future__ import annotations

import io
import itertools
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, did_you_mean, one_line
from backprop_studio.core.base.validation_messages import nearest_name, shown
from backprop_studio.core.datasets.cells import (
    class_name,
    column_names,
    kind_of_column,
    number,
    plain_numbers,
)
from backprop_studio.core.datasets.delimiter import (
    NAMES,
    NUMBER,
    Delimiter,
    find_delimiter,
    rows_of,
)
from backprop_studio.core.datasets.encoding import Encoding, read_text
from backprop_studio.core.datasets.record import Dataset

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.datasets.record import Indices

MAX_ROWS = 200_000
MAX_COLUMNS = 1_000
MAX_CLASSES = 100

Column = str | int
"""The name of a column, or its number counted from 1."""


@dataclass(frozen=True, kw_only=True)
class TableOptions:
    """Options of reading a table.

    Attributes
    ----------
    header : bool or None
        Whether the first row holds names. None finds out: it does if none of its cells is a number
        but a cell below is.
    delimiter : {",", ";", tab} or None
        None finds out.
    encoding : {"utf-8", "utf-16", "gbk"} or None
        None is UTF-8; another one is recognised and refused.
    input_columns : tuple of names or numbers, or None
        The columns that the network is shown, in this order; None takes all but the target.
    target_column : name, number or None
        The column that it should give; None takes the last one.
    target_kind : {"numbers", "classes"} or None
        What the target is. None finds out: classes if most of its cells are texts; classes that
        are written as numbers have to be asked for.

    Examples
    --------
    >>> TableOptions(target_column="species").header is None
    True
    """

    header: bool | None = None
    delimiter: Delimiter | None = None
    encoding: Encoding | None = None
    input_columns: tuple[Column, ...] | None = None
    target_column: Column | None = None
    target_kind: Literal["numbers", "classes"] | None = None


@dataclass
class _Table:
    """A table: its columns, the rows that hold data, and what was read of them."""

    path: Path
    names: tuple[str, ...]
    lines: Iterator[tuple[int, list[str]]]
    values: array[float] = field(default_factory=lambda: array("d"))
    targets: list[str] = field(default_factory=list)
    rows: array[int] = field(default_factory=lambda: array("q"))


def read_table(path: Path, options: TableOptions | None = None) -> Dataset:
    r"""Read a CSV file as a data set.

    Parameters
    ----------
    path : Path
        At most 32 MiB, 200 000 rows and 1000 columns.
    options : TableOptions, optional
        Which columns, and how.

    Returns
    -------
    Dataset
        inputs (N, n); targets (N, 1) numbers, or (N,) class indices in the order of the sorted
        class names; nothing is held out.

    Raises
    ------
    InputError
        If the file, a row, a cell or an option is wrong.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "flowers.csv")
    ...     _ = path.write_text("length,width,kind\n1,2,rose\n3,4,aster\n")
    ...     data = read_table(path)
    >>> data.inputs.tolist(), data.targets.tolist(), data.class_names
    ([[1.0, 2.0], [3.0, 4.0]], [1, 0], ('aster', 'rose'))
    """
    options = options or TableOptions()
    text = read_text(path, options.encoding or "utf-8")
    if max(text.count("\n"), text.count("\r")) > MAX_ROWS + 1:
        words = N_("the file {file} has too many rows: expected at most {most}")
        raise InputError("table.rows", words, file=path, most=MAX_ROWS)
    table = _opened(path, text, options)
    names = table.names
    target = _position(table, options.target_column, len(names) - 1)
    inputs = _input_positions(table, options.input_columns, target)
    _read(table, inputs, target)
    targets, classes = _targets(table, target, options)
    return Dataset(
        name=one_line(path.stem),
        inputs=np.frombuffer(table.values).reshape(-1, len(inputs)),
        targets=targets,
        feature_names=tuple(names[at] for at in inputs),
        target_names=(names[target],),
        class_names=classes,
    )


def _opened(path: Path, text: str, options: TableOptions) -> _Table:
    """Return a table of which nothing but the header was read."""
    delimiter = options.delimiter or find_delimiter(path, text)
    if delimiter not in NAMES:
        words = N_("the file {file} has the delimiter {found}: expected comma, semicolon or tab")
        raise InputError("table.delimiter", words, file=path, found=shown(delimiter))
    _check_width(path, text, delimiter)
    head = _first_two(path, text, delimiter)
    width = len(head[0])
    if width < 2:
        words = N_(
            "the file {file} has one column only when it is separated by {delimiter}: expected two "
            "or more, found the row {row}"
        )
        fields = {"delimiter": NAMES[delimiter], "row": shown(delimiter.join(head[0]))}
        raise InputError("table.one_column", words, file=path, **fields)
    header = options.header
    if header is None:
        header = not _has_number(head[0]) and (len(head) < 2 or _has_number(head[1]))
    if header and len(head) < 2:
        words = N_("the file {file} holds a header only: expected rows of data below it")
        raise InputError("table.header_only", words, file=path)
    rows = rows_of(path, text, delimiter)
    first = next(rows) if header else None
    return _Table(path, column_names(path, first, width), _checked(path, rows, width, delimiter))


def _check_width(path: Path, text: str, delimiter: str) -> None:
    """Refuse a table that is too wide before any of its rows is taken apart."""
    for at, line in enumerate(io.StringIO(text, newline=""), start=1):
        cells = line.count(delimiter) + 1
        # Quoted cells may hold delimiters too: what is clearly meant as text is let through.
        if cells > MAX_COLUMNS and line.count('"') < 2:
            words = N_(
                "the file {file} has too many columns in line {row}: expected at most {most}, "
                "found {found}"
            )
            counts = {"row": at, "most": MAX_COLUMNS, "found": cells}
            raise InputError("table.wide_line", words, file=path, **counts)


def _first_two(path: Path, text: str, delimiter: str) -> list[list[str]]:
    head = [row for _, row in itertools.islice(rows_of(path, text, delimiter), 2)]
    if not head:
        raise InputError("table.no_cells", N_("the file {file} holds no cells"), file=path)
    if len(head[0]) > MAX_COLUMNS:
        words = N_("the file {file} has too many columns: expected at most {most}, found {found}")
        raise InputError("table.wide", words, file=path, most=MAX_COLUMNS, found=len(head[0]))
    return head


def _has_number(row: list[str]) -> bool:
    return any(kind_of_column([cell]) == "numbers" for cell in row)


def _checked(
    path: Path, rows: Iterator[tuple[int, list[str]]], width: int, delimiter: str
) -> Iterator[tuple[int, list[str]]]:
    for at, row in rows:
        if len(row) != width:
            counts = {"row": at, "expected": width, "found": len(row)}
            if delimiter == "," and len(row) == 2 * width:
                words = N_(
                    "the file {file} is ragged in row {row}: expected {expected} columns, found "
                    "{found}; if the comma is a decimal mark, write 1.5 for 1,5"
                )
                raise InputError("table.decimal_comma", words, file=path, **counts)
            words = N_(
                "the file {file} is ragged in row {row}: expected {expected} columns, found {found}"
            )
            raise InputError("table.ragged", words, file=path, **counts)
        yield at, row


def _position(table: _Table, wanted: Column | None, default: int) -> int:
    """Return where a column is, counted from 0."""
    names = table.names
    if wanted is None:
        return default
    if isinstance(wanted, str):
        if wanted in names:
            return names.index(wanted)
        near = nearest_name(wanted, names)
        last = Message.of("hint.last", N_("the last one is {name}"), name=shown(names[-1]))
        hint = did_you_mean(shown(near)) if near else last
        words = N_("the file {file} has no column {column}; {hint}")
        raise InputError("table.no_column", words, file=table.path, column=shown(wanted), hint=hint)
    if not 1 <= wanted <= len(names):
        words = N_("the file {file} has no column {column}: expected 1 to {most}")
        raise InputError("table.no_number", words, file=table.path, column=wanted, most=len(names))
    return wanted - 1


def _input_positions(table: _Table, wanted: tuple[Column, ...] | None, target: int) -> list[int]:
    if wanted is None:
        return [at for at in range(len(table.names)) if at != target]
    found = [_position(table, column, 0) for column in wanted]
    if not found or len(set(found)) < len(found) or target in found:
        words = N_(
            "the file {file} cannot be read with the inputs {inputs}: expected one or more "
            "columns, each once and none the target {target}"
        )
        fields = {"inputs": shown(list(wanted)), "target": shown(table.names[target])}
        raise InputError("table.inputs", words, file=table.path, **fields)
    return found


def _read(table: _Table, inputs: list[int], target: int) -> None:
    """Turn cells into numbers as they come, so that no more than numbers is kept."""
    for row, line in table.lines:
        cells = [line[at] for at in inputs]
        values = plain_numbers(cells)
        if values is None:
            places = zip(inputs, cells, strict=True)
            values = [number(table.path, row, at + 1, table.names[at], it) for at, it in places]
        table.values.extend(values)
        table.targets.append(line[target].strip())
        table.rows.append(row)


def _targets(
    table: _Table, at: int, options: TableOptions
) -> tuple[Array | Indices, tuple[str, ...]]:
    """Return the targets, and the class names if they are classes."""
    path, name = table.path, table.names[at]
    cells = list(zip(table.rows, table.targets, strict=True))
    if (options.target_kind or kind_of_column(table.targets)) == "numbers":
        numbers = [number(path, row, at + 1, name, cell) for row, cell in cells]
        return np.array(numbers)[:, None], ()
    found: dict[str, int] = {}
    where = {"file": path, "column": at + 1, "name": shown(name)}
    for row, cell in cells:
        found.setdefault(class_name(path, row, at + 1, name, cell), row)
        if len(found) > MAX_CLASSES:
            words = N_(
                "the file {file} has too many classes in column {column} ({name}): expected at "
                "most {most}, and row {row} brings one more"
            )
            raise InputError("table.classes", words, **where, most=MAX_CLASSES, row=row)
    if len(found) < 2:
        words = N_(
            "the file {file} has one class only in column {column} ({name}): expected two or more, "
            "found {found} in all rows"
        )
        raise InputError("table.one_class", words, **where, found=shown(next(iter(found))))
    classes = tuple(sorted(found, key=_order))
    index = {text: k for k, text in enumerate(classes)}
    return np.array([index[cell] for cell in table.targets], dtype=np.int64), classes


def _order(name: str) -> tuple[bool, float, str]:
    """Sort classes that are numbers by size, before those that are texts."""
    is_number = NUMBER.fullmatch(name) is not None
    return not is_number, float(name) if is_number else 0.0, name
