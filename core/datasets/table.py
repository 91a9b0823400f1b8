"""A user's own table: CSV read cell by cell, never evaluated.

A wrong cell ends in one sentence with file, row, column, what was expected and what was found.
Rows and columns are counted from 1 as spreadsheets do, the header being row 1.
"""

from __future__ import annotations

import io
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, did_you_mean
from backprop_studio.core.base.validation_messages import nearest_name, one_line, shown
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
from backprop_studio.core.datasets.split import split_rows, standardise

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


@dataclass(frozen=True)
class TableOptions:
    """Options of reading a table.

    Attributes
    ----------
    header : bool or None
        Whether the first row holds names. None finds out: it does if none of its cells is a number
        but a cell below is.
    inputs : tuple of names or numbers, or None
        The columns that the network is shown, in this order; None takes all but the target.
    target : name, number or None
        The column that it should give; None takes the last one.
    kind : {"numbers", "classes"} or None
        What the target is. None finds out: classes if most of its cells are texts; classes that
        are written as numbers have to be asked for.
    standardise : bool
        Whether each input column is brought to mean 0 and deviation 1 over the training rows.
    hold_out : int
        How many rows are held out, drawn by seed.
    seed : int
        From 0 to 2^32 - 1.
    delimiter : {",", ";", tab} or None
        None finds out.
    encoding : {"utf-8", "utf-16", "gbk"}
        Another one is recognised and refused.

    Examples
    --------
    >>> TableOptions(target="species", hold_out=20).standardise
    False
    """

    header: bool | None = None
    inputs: tuple[Column, ...] | None = None
    target: Column | None = None
    kind: Literal["numbers", "classes"] | None = None
    standardise: bool = False
    hold_out: int = 0
    seed: int = 0
    delimiter: Delimiter | None = None
    encoding: Encoding = "utf-8"


@dataclass
class _Content:
    """Content of a table as far as it was read."""

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
        class names.

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
    text = read_text(path, options.encoding)
    if max(text.count("\n"), text.count("\r")) > MAX_ROWS + 1:
        words = N_("the file {file} has too many rows: expected at most {most}")
        raise InputError("table.rows", words, file=path, most=MAX_ROWS)
    names, rows = _opened(path, text, options)
    target = _position(path, names, options.target, len(names) - 1)
    inputs = _input_positions(path, names, options.inputs, target)
    content = _read(path, rows, names, inputs, target)
    targets, classes = _targets(path, content, names[target], target, options)
    size = len(content.rows)
    train, test = split_rows(size, options.hold_out, options.seed)
    data = Dataset(
        name=one_line(path.stem),
        inputs=np.frombuffer(content.values).reshape(size, len(inputs)),
        targets=targets,
        feature_names=tuple(names[at] for at in inputs),
        target_names=(names[target],),
        class_names=classes,
        train=train,
        test=test,
        source=one_line(f"The table {path.name} of the user."),
        licence="as the user's table",
    )
    return standardise(data) if options.standardise else data


def _opened(
    path: Path, text: str, options: TableOptions
) -> tuple[tuple[str, ...], Iterator[tuple[int, list[str]]]]:
    """Return the names of the columns and the rows that hold data."""
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
    return column_names(path, first, width), _checked(path, rows, width, delimiter)


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
    head = []
    for _, row in rows_of(path, text, delimiter):
        head.append(row)
        if len(head) == 2:
            break
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


def _position(path: Path, names: tuple[str, ...], wanted: Column | None, default: int) -> int:
    """Return where a column is, counted from 0."""
    if wanted is None:
        return default
    if isinstance(wanted, str):
        if wanted in names:
            return names.index(wanted)
        near = nearest_name(wanted, names)
        last = Message.of("hint.last", N_("the last one is {name}"), name=shown(names[-1]))
        hint = did_you_mean(shown(near)) if near else last
        words = N_("the file {file} has no column {column}; {hint}")
        raise InputError("table.no_column", words, file=path, column=shown(wanted), hint=hint)
    if not 1 <= wanted <= len(names):
        words = N_("the file {file} has no column {column}: expected 1 to {most}")
        raise InputError("table.no_number", words, file=path, column=wanted, most=len(names))
    return wanted - 1


def _input_positions(
    path: Path, names: tuple[str, ...], wanted: tuple[Column, ...] | None, target: int
) -> list[int]:
    if wanted is None:
        return [at for at in range(len(names)) if at != target]
    found = [_position(path, names, column, 0) for column in wanted]
    if not found or len(set(found)) < len(found) or target in found:
        words = N_(
            "the file {file} cannot be read with the inputs {inputs}: expected one or more "
            "columns, each once and none the target {target}"
        )
        fields = {"inputs": shown(list(wanted)), "target": shown(names[target])}
        raise InputError("table.inputs", words, file=path, **fields)
    return found


def _read(
    path: Path,
    rows: Iterator[tuple[int, list[str]]],
    names: tuple[str, ...],
    inputs: list[int],
    target: int,
) -> _Content:
    """Turn cells into numbers as they come, so that no more than numbers is kept."""
    content = _Content()
    for row_number, row in rows:
        cells = [row[at] for at in inputs]
        values = plain_numbers(cells)
        if values is None:
            values = [
                number(path, row_number, at + 1, names[at], cell)
                for at, cell in zip(inputs, cells, strict=True)
            ]
        content.values.extend(values)
        content.targets.append(row[target].strip())
        content.rows.append(row_number)
    return content


def _targets(
    path: Path, content: _Content, name: str, at: int, options: TableOptions
) -> tuple[Array | Indices, tuple[str, ...]]:
    """Return the targets, and the class names if they are classes."""
    if (options.kind or kind_of_column(content.targets)) == "numbers":
        numbers = [
            number(path, row, at + 1, name, cell)
            for row, cell in zip(content.rows, content.targets, strict=True)
        ]
        return np.array(numbers)[:, None], ()
    found: dict[str, int] = {}
    where = {"file": path, "column": at + 1, "name": shown(name)}
    for row, cell in zip(content.rows, content.targets, strict=True):
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
    return np.array([index[cell] for cell in content.targets], dtype=np.int64), classes


def _order(name: str) -> tuple[bool, float, str]:
    """Sort classes that are numbers by size, before those that are texts."""
    is_number = NUMBER.fullmatch(name) is not None
    return not is_number, float(name) if is_number else 0.0, name
