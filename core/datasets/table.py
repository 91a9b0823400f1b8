"""A user's own table: read cell by cell, never evaluated.

A wrong cell ends in one sentence with file, row, column, what was expected and what was found.
Rows and columns are counted from 1 as spreadsheets do.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, one_line
from backprop_studio.core.base.validation_messages import shown
from backprop_studio.core.datasets.cells import (
    Place,
    check_name,
    column_names,
    number,
    written,
)
from backprop_studio.core.datasets.columns import (
    Column,
    ColumnKey,
    classes_of,
    distinct,
    input_positions,
    no_row_left,
    position_of,
)
from backprop_studio.core.datasets.delimiter import NAMES, Delimiter
from backprop_studio.core.datasets.grid import MAX_COLUMNS, MAX_ROWS, Grid, open_grid, too_many_rows
from backprop_studio.core.datasets.layout import (
    LOOKED_AT,
    Layout,
    empty_end,
    is_comment,
    is_note,
    is_rule,
    layout_of,
)
from backprop_studio.core.datasets.record import Dataset
from backprop_studio.core.datasets.report import DataReport
from backprop_studio.core.datasets.suspicions import (
    check_decimal_commas,
    counts_up,
    missing_classes,
    notation_of,
    suspicious_columns,
    suspicious_first_class,
    suspicious_first_row,
    two_ways,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.datasets.cells import Cell
    from backprop_studio.core.datasets.encoding import Encoding
    from backprop_studio.core.datasets.notation import Decimal, Notation, Thousands
    from backprop_studio.core.datasets.record import Indices

BLOCK = 4096
"""Rows that are kept as texts at a time."""


@dataclass(frozen=True, kw_only=True)
class TableOptions:
    """Options of reading a table; None finds out.

    Attributes
    ----------
    header : bool or None
        Whether a row holds names. It does if any column's first cell is of another kind than those
        below.
    delimiter : Delimiter or None
    encoding : {"utf-8", "utf-16", "gbk", "windows-1252"} or None
    decimal : {".", ","} or None
        Before decimals.
    thousands : {",", ".", " ", "'"} or None
        Between groups of three digits.
    missing : {"skip"} or None
        Whether rows with a missing value are left out; None refuses them.
    missing_number : float or None
        A number that stands for a missing value; rows with one are left out.
    sheet : name, number or None
        Of a workbook the sheet, of an .npz file the array.
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
    decimal: Decimal | None = None
    thousands: Thousands | None = None
    missing: Literal["skip"] | None = None
    missing_number: float | None = None
    sheet: str | int | None = None
    input_columns: tuple[ColumnKey, ...] | None = None
    target_column: ColumnKey | None = None
    target_kind: Literal["numbers", "classes"] | None = None

    @property
    def skips(self) -> bool:
        """Whether rows with a missing value are left out."""
        return self.missing == "skip" or self.missing_number is not None


@dataclass
class _Table:
    """A table: what is known of it before its rows are read."""

    path: Path
    grid: Grid
    layout: Layout
    names: tuple[str, ...]
    lines: Iterator[tuple[int, list[Cell]]]
    marks: list[Message]
    may_be_names: bool
    """Whether the first row may be names, although nothing says so."""
    counts_up: bool
    """Whether numbers in the first row look like years."""
    notes: list[tuple[int, list[Cell]]] = field(default_factory=list)
    """Rows of one text each, behind which no more data may come."""

    def is_blank(self, column: Column, row: int) -> bool:
        """Whether a column holds nothing, and its first row says no more."""
        return column.is_blank and self.grid.note(row, column.at + 1) is None

    def place(self, row: int, column: Column) -> Place:
        return Place(self.path, row, column.at + 1, column.name, self.grid.note)


def read_table(path: Path, options: TableOptions | None = None) -> Dataset:
    r"""Read a table as a data set.

    Parameters
    ----------
    path : Path
        Text, an Excel workbook, or numpy's arrays; at most 32 MiB, 200 000 rows and 1000 columns.
    options : TableOptions, optional
        Which columns, and how.

    Returns
    -------
    Dataset
        inputs (N, n); targets (N, 1) numbers, or (N,) class indices in the order of the sorted
        class names; nothing is held out. Its report says how it was read.

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
    table = _opened(path, options)
    names = table.names
    target = position_of(path, names, options.target_column, table.layout.last)
    inputs = input_positions(path, names, options.input_columns, target)
    columns = [Column(at, names[at], keeps_text=at == target) for at in (*inputs, target)]
    for column in columns:
        if table.layout.header is not None:
            check_name(path, table.layout.header[0], column.at + 1, column.name)
    rows = _read(table, columns)
    layout, blank = table.layout, []
    if options.input_columns is None:
        blank = [it for it in columns if it.at != target and table.is_blank(it, rows[0])]
        columns = [it for it in columns if it not in blank]
    if len(columns) < 2:
        raise _one_column(path, table.grid)
    table.layout = replace(
        layout, above=layout.above + len(table.notes), empty=layout.empty + len(blank)
    )
    return _dataset(table, columns, np.array(rows), options)


def _opened(path: Path, options: TableOptions) -> _Table:
    """Return a table of which nothing but its beginning was read."""
    grid = open_grid(path, options.delimiter, options.encoding, options.sheet)
    rows = iter(grid.rows)
    head = list(itertools.islice(rows, LOOKED_AT))
    if not head:
        raise InputError("table.no_cells", N_("the file {file} holds no cells"), file=path)
    layout = layout_of(head, header=False if grid.form == "array" else options.header)
    if layout.width > MAX_COLUMNS:
        words = N_("the file {file} has too many columns: expected at most {most}, found {found}")
        raise InputError("table.wide", words, file=path, most=MAX_COLUMNS, found=layout.width)
    if layout.width < 2:
        raise _one_column(path, grid, head[0][1])
    if grid.delimiter == "," and options.delimiter is None:
        check_decimal_commas(path, head, layout)
    if layout.start == len(head):
        words = N_("the file {file} holds a header only: expected rows of data below it")
        raise InputError("table.header_only", words, file=path)
    noted = [at for at in range(layout.width) if grid.note(head[layout.start][0], at + 1)]
    layout = replace(layout, last=max([layout.last, *noted]))
    number, cells = layout.header or (0, [])
    _check_header(path, grid, head, layout)
    if len(cells) == layout.width - 1:  # as R writes it: the names of the rows have no name
        cells = ["", *cells]
    names = grid.names or column_names(path, number, cells, layout.width)
    lines = itertools.chain(head[layout.start :], rows)
    may_be_names = grid.form != "array" and options.header is None and layout.header is None
    marks = [*grid.marks, *(suspicious_first_row(head, layout) if may_be_names else [])]
    return _Table(
        path, grid, layout, distinct(names), lines, marks, may_be_names, counts_up(head[0][1])
    )


def _check_header(
    path: Path, grid: Grid, head: list[tuple[int, list[Cell]]], layout: Layout
) -> None:
    """Refuse data with other columns than the row of words above them names."""
    if (grid.delimiter in {None, " ", "\t"} and layout.header is not None) or not layout.start:
        return
    _, above = layout.header or head[layout.start - 1]
    names = 0 if is_comment(above) else len(above) - empty_end(above)
    if grid.delimiter != " " and 1 < names != layout.width and len(above) != layout.width:
        raise _ragged(path, grid, names, *head[layout.start])


def _one_column(path: Path, grid: Grid, row: list[Cell] | None = None) -> InputError:
    if grid.delimiter is None or row is None:
        words = N_("the file {file} has one column only: expected two or more")
        return InputError("table.narrow", words, file=path)
    words = N_(
        "the file {file} has one column only when it is separated by {delimiter}: expected two "
        "or more, found the row {row}"
    )
    fields = {"delimiter": NAMES[grid.delimiter], "row": shown(grid.delimiter.join(map(str, row)))}
    return InputError("table.one_column", words, file=path, **fields)


def _read(table: _Table, columns: list[Column]) -> list[int]:
    """Let columns take their cells, block by block, and return the numbers of their rows."""
    numbers: list[int] = []
    width = table.layout.width
    while block := list(itertools.islice(table.lines, BLOCK)):
        rows = [row for _, row in block]
        if set(map(len, rows)) != {width}:
            block = [it for it in block if _is_data(table, *it)]
            rows = [row[:width] for _, row in block]
        numbers += [at for at, _ in block]
        if len(numbers) > MAX_ROWS:
            raise too_many_rows(table.path)
        if table.notes and numbers[-1:] > [table.notes[0][0]]:
            raise _ragged(table.path, table.grid, width, *table.notes[0])
        cells = list(zip(*rows, strict=True)) or [()] * width
        for column in columns:
            column.add(cells[column.at])
    return numbers


def _is_data(table: _Table, at: int, row: list[Cell]) -> bool:
    """Whether a row is no comment and no note.

    Raises
    ------
    InputError
        If it has too few cells, or too many.
    """
    width = table.layout.width
    if len(row) == width or _fits(row, width):
        return True
    if is_comment(row) or is_rule(row):
        return False
    if is_note(row):
        table.notes.append((at, row))
        return False
    raise _ragged(table.path, table.grid, width, at, row)


def _fits(row: list[Cell], width: int) -> bool:
    """Whether a row has all columns, and nothing but empty cells behind them."""
    return len(row) > width and not any(written(cell) for cell in row[width:])


def _ragged(path: Path, grid: Grid, width: int, at: int, row: list[Cell]) -> InputError:
    if grid.delimiter == "," and len(row) == 2 * width:
        return two_ways(path, at, row)
    counts = {"row": at, "expected": width, "found": len(row)}
    words = N_("the file {file} is ragged in row {row}: expected {expected} columns, found {found}")
    return InputError("table.ragged", words, file=path, **counts)


def _dataset(table: _Table, columns: list[Column], rows: Indices, options: TableOptions) -> Dataset:
    """Return what was read as a data set, and the report about it."""
    *inputs, target = columns
    are_classes = (options.target_kind or target.kind) == "classes"
    of_numbers = inputs if are_classes else columns
    given = options.decimal, options.thousands
    found = notation_of(table.path, table.grid, of_numbers, rows, given)
    read = [column.values(found.notation) for column in of_numbers]
    values = np.column_stack([it for it, _ in read]) if read else np.empty((len(rows), 0))
    if options.missing_number is not None:
        values[values == options.missing_number] = np.nan
    texts = np.array([written(it) for it in target.cells()], dtype=object) if are_classes else None
    gone = np.isnan(values).any(axis=1)
    if texts is not None and options.skips:
        gone |= np.isin(texts, missing_classes(texts))
    _check_cells(table, of_numbers, read, rows, found.notation, target, options)
    keep = ~gone if options.skips else np.ones(len(rows), dtype=bool)
    if not keep.any():
        raise no_row_left(table.path, max(columns, key=lambda it: it.missing), target)
    kept = values[keep]
    targets: Array | Indices = kept[:, len(inputs) :]
    classes: tuple[str, ...] = ()
    if texts is not None:
        targets, classes = classes_of(target, texts[keep], rows[keep], table.place)
    marks = [*table.marks, *found.marks]
    if table.may_be_names and texts is not None:
        marks += suspicious_first_class(int(rows[0]), texts)
    marks += suspicious_columns(inputs, target, values, texts)
    report = DataReport.of(
        table.path.name,
        table.grid,
        table.layout,
        columns,
        kept,
        classes,
        found.used,
        rows[~keep],
        marks,
    )
    return Dataset(
        name=one_line(table.path.stem),
        inputs=kept[:, : len(inputs)],
        targets=targets,
        feature_names=tuple(it.name for it in inputs),
        target_names=(target.name,),
        class_names=classes,
        report=report,
    )


def _check_cells(
    table: _Table,
    columns: list[Column],
    read: list[tuple[Array, int | None]],
    rows: Indices,
    notation: Notation,
    target: Column,
    options: TableOptions,
) -> None:
    """Refuse the first cell that is no number, in the order in which people read."""
    wrong = []
    for column, (values, bad) in zip(columns, read, strict=True):
        if bad is not None:
            wrong.append((bad, column))
        if not options.skips and np.isnan(values).any():
            wrong.append((int(np.isnan(values).argmax()), column))
    if wrong:
        at, column = min(wrong, key=lambda it: it[0])
        place = table.place(int(rows[at]), column)
        # A text where the target was not chosen, and is numbers, may be what is to be told.
        is_open = options.target_column is options.target_kind is None and columns[-1] is target
        place = place._replace(
            may_be_name=table.may_be_names and at == 0 and (table.counts_up or column.numbers > 0),
            is_target=column is target,
            is_stray=column.numbers > 0 and column.are_numbers,
            may_be_class=is_open and column is not target,
        )
        number(place, column.cells()[at], notation)
