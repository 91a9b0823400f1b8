"""Suspicions about a table: what may be meant in two ways, and what may be no measurement."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, counted, listed
from backprop_studio.core.base.validation_messages import shown
from backprop_studio.core.datasets.cells import is_missing, written
from backprop_studio.core.datasets.notation import (
    NOTATIONS,
    Notation,
    best_notations,
    is_like_number,
    two_readings,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.datasets.cells import Cell
    from backprop_studio.core.datasets.columns import Column
    from backprop_studio.core.datasets.grid import Grid
    from backprop_studio.core.datasets.layout import Layout
    from backprop_studio.core.datasets.record import Indices

FEW_ROWS = 5
"""So few numbers in a row count nothing."""

MOST_LISTED = 12

_NUMBERS_OF_ROWS = {"id", "index", "idx", "nr", "no", "no.", "#", "unnamed: 0", "编号", "序号"}

_PLAIN_WITH = {".": {",", "|", " ", "，"}, ",": {";", "；"}}
"""Delimiters beside which a mark is most likely one before decimals: where commas separate, points
do; where a comma does, semicolons separate."""


class FoundNotation(NamedTuple):
    """The notation of a table's numbers.

    Attributes
    ----------
    notation : Notation
    used : (str or None, str or None)
        The marks before decimals and between thousands that there are.
    marks : tuple of Message
        What may be meant in another way.
    """

    notation: Notation
    used: tuple[str | None, str | None]
    marks: tuple[Message, ...]


def notation_of(
    path: Path, grid: Grid, columns: Sequence[Column], rows: Indices, given: tuple[str | None, ...]
) -> FoundNotation:
    """Return the notation in which most cells are numbers.

    Parameters
    ----------
    path : Path
    grid : Grid
    columns : sequence of Column
        Those that may be numbers.
    rows : (N,) int64
        Numbers of their rows.
    given : (str or None, str or None)
        The marks before decimals and between thousands, as far as they were chosen.

    Raises
    ------
    InputError
        If 12.500 may be 12.5 as well as 12500, and nothing says which.

    Examples
    --------
    >>> from pathlib import Path
    >>> from backprop_studio.core.datasets.columns import Column
    >>> from backprop_studio.core.datasets.grid import Grid
    >>> column, rows = Column(0, "x"), np.array([1, 2])
    >>> column.add(["1,5", "12"])
    >>> notation_of(Path("a.csv"), Grid([], "text"), [column], rows, (None, None)).used
    (',', None)
    """
    decimal, thousands = given
    allowed = [
        it
        for it in NOTATIONS
        if decimal in {None, it.decimal} and thousands in {None, it.thousands}
    ]
    if not allowed:
        text = N_("{field}: the mark of thousands cannot be that of decimals, {mark}")
        raise InputError("table.marks", text, field="thousands", mark=shown(decimal))
    shapes: Counter[str] = Counter()
    for column in columns:
        if column.are_numbers:
            shapes.update(column.shapes)
    best = best_notations(shapes, allowed)
    notation = best[0]
    marks: tuple[Message, ...] = ()
    doubt = _doubt(columns, best)
    if doubt is not None:
        column, at, cell, (small, large) = doubt
        mark = "." if "." in cell else ","
        fields: dict[str, Any] = {"cell": shown(cell), "small": small, "large": large}
        where = {"row": int(rows[at]), "column": column.at + 1, "name": shown(column.name)}
        as_thousands = _advice("data.thousands", mark)
        if grid.delimiter not in _PLAIN_WITH[mark]:
            text = N_(
                "the file {file} says in row {row}, column {column} ({name}) {cell}, which is "
                "{small} or {large}: {decimal} for {small}, {thousands} for {large}"
            )
            both = {"decimal": _advice("data.decimal", mark), "thousands": as_thousands}
            raise InputError("table.two_readings", text, file=path, **where, **fields, **both)
        text = N_("row {row}, column {column}: {cell} is read as {small}; for {large} {thousands}")
        where.pop("name")
        marks = (Message.of("mark.thousandth", text, **where, **fields, thousands=as_thousands),)
    has_decimals = any(notation.decimal in shape for shape in shapes if notation.takes(shape))
    return FoundNotation(
        notation, (notation.decimal if has_decimals else None, notation.thousands), marks
    )


def _advice(field: str, value: str) -> Message:
    return Message.of("advice.set", N_('set {other} to "{choice}"'), other=field, choice=value)


def _doubt(
    columns: Sequence[Column], best: list[Notation]
) -> tuple[Column, int, str, tuple[float, float]] | None:
    """Return a cell that the notations read differently, in which column and where, if any."""
    for column in columns:
        for at, cell in column.example.values():
            readings = two_readings(cell, best) if column.are_numbers else None
            if readings is not None:
                return column, at, cell, readings
    return None


def check_decimal_commas(
    path: Path, head: Sequence[tuple[int, list[Cell]]], layout: Layout
) -> None:
    """Refuse a table in which commas separate and stand before decimals, too.

    It is told by half as many names as columns, or by every second column being what stands behind
    a comma: as many digits in each row, and some begin with 0.

    Raises
    ------
    InputError
        With both readings.

    Examples
    --------
    >>> from pathlib import Path
    >>> from backprop_studio.core.datasets.layout import layout_of
    >>> rows = [(1, ["x", "y"]), (2, ["1", "2"])]
    >>> check_decimal_commas(Path("a.csv"), rows, layout_of(rows))
    """
    body = [(at, cells) for at, cells in head[layout.start :] if len(cells) == layout.width]
    above = [layout.header] if layout.header else head[: layout.start]
    names = [cells for _, cells in above if all(map(written, cells))]
    if layout.width % 2 or not body or any("." in written(it) for _, row in body for it in row):
        return
    halves = any(2 * len(cells) == layout.width for cells in names)
    if not halves and (layout.header or not _are_decimals(body, layout.width)):
        return
    raise two_ways(path, *body[0])


def two_ways(path: Path, row: int, cells: Sequence[Cell]) -> InputError:
    """Return the error about a row in which commas may separate, or stand before decimals.

    Examples
    --------
    >>> from pathlib import Path
    >>> two_ways(Path("a.csv"), 2, ["1", "5", "2", "0"]).message.fields["pairs"]
    '1,5 | 2,0'
    """
    texts = [written(it) for it in cells]
    pairs = [f"{texts[at]},{texts[at + 1]}" for at in range(0, len(texts), 2)]
    text = N_(
        "the file {file} may have {most} columns or {few} with decimal commas: row {row} is "
        '{all} or {pairs}; save it with semicolons between the cells, or set {other} to "{choice}"'
    )
    counts = {"most": len(texts), "few": len(texts) // 2, "row": row, "other": "data.delimiter"}
    counts["choice"] = ","
    ends = {"all": " | ".join(texts[:6]), "pairs": " | ".join(pairs[:3])}
    return InputError("table.decimal_comma", text, file=path, **counts, **ends)


def _are_decimals(body: Sequence[tuple[int, list[Cell]]], width: int) -> bool:
    for at in range(1, width, 2):
        column = [written(cells[at]) for _, cells in body]
        is_even = len({len(it) for it in column}) == 1 and all(it.isdecimal() for it in column)
        if not is_even or not any(it.startswith("0") and len(it) > 1 for it in column):
            return False
    return True


def suspicious_first_row(head: Sequence[tuple[int, list[Cell]]], layout: Layout) -> list[Message]:
    """Return whether the first row, taken for data, may be names that are numbers, as years.

    Examples
    --------
    >>> from backprop_studio.core.datasets.layout import layout_of
    >>> rows = [(1, ["land", "2000", "2001"]), (2, ["A", "7", "5"])]
    >>> suspicious_first_row(rows, layout_of(rows))[0].code
    'mark.names'
    """
    if layout.above or len(head) < 2:
        return []
    (row, first), (_, second) = head[:2]
    counting = [_counted(cells) for cells in (first, second)]
    least = 2 if any(not is_like_number(written(it)) for it in first) else 3
    if len(counting[0]) < least or counting[1]:
        return []
    text = N_("row {row} counts, {numbers}: names of columns? Then set {other} to true")
    numbers = listed(counting[0][:3])
    return [Message.of("mark.names", text, row=row, numbers=numbers, other="data.header")]


def suspicious_first_class(row: int, texts: Any) -> list[Message]:
    """Return whether the first of a table's classes may be the name of its column.

    Examples
    --------
    >>> suspicious_first_class(1, ["kind", "a", "b", "a", "b"])[0].code
    'mark.first_class'
    >>> suspicious_first_class(1, ["c", "a", "b", "a"])
    []
    """
    counts = Counter(texts)
    if len(counts) < 3 or counts.pop(texts[0]) > 1 or min(counts.values()) < 2:
        return []
    text = N_("row {row} alone has the class {name}: names of columns? Then set {other} to true")
    fields = {"row": row, "name": shown(texts[0]), "other": "data.header"}
    return [Message.of("mark.first_class", text, **fields)]


def missing_classes(texts: Any) -> list[str]:
    """Return what stands for a missing value among classes; beside + a - is a class.

    Examples
    --------
    >>> missing_classes(["a", "NA", "-"]), missing_classes(["+", "-", ""])
    (['-', 'NA'], [''])
    """
    found = sorted({*texts})
    return [it for it in found if is_missing(it) and (it != "-" or "+" not in found)]


def counts_up(cells: Sequence[Cell]) -> bool:
    """Whether the numbers in a row are whole, each one more than that before, as years are.

    Examples
    --------
    >>> counts_up(["land", "2000", "2001"]), counts_up(["M", "2", "5"])
    (True, False)
    """
    return bool(_counted(cells))


def _counted(cells: Sequence[Cell]) -> list[int]:
    """Return the whole numbers in a row if each is one more than that before, else none."""
    texts = [text for text in map(written, cells) if is_like_number(text)]
    found = [int(text) for text in texts if text.isdecimal() and len(text) < 10]
    follow = all(later - one == 1 for one, later in itertools.pairwise(found))
    return found if len(found) == len(texts) > 1 and follow else []


def suspicious_columns(
    inputs: Sequence[Column], target: Column, values: Array, texts: Any
) -> list[Message]:
    """Return what may be no measurement: numbers of rows, marks for missing values.

    Parameters
    ----------
    inputs : sequence of Column
    target : Column
    values : (N, n) float64 array
        Of the inputs, and of the target if it is numbers; with all rows.
    texts : (N,) array of str, or None
        Of the target if it is classes.

    Examples
    --------
    >>> from backprop_studio.core.datasets.columns import Column
    >>> columns = [Column(at, name) for at, name in enumerate(("id", "x", "y"))]
    >>> values = np.column_stack([np.arange(9), np.ones(9), np.ones(9)])
    >>> suspicious_columns(columns[:2], columns[2], values, None)[0].code
    'mark.counts_rows'
    """
    found = []
    if len(inputs) > 1:
        for k, column in enumerate(inputs):
            if _counts(column.name, values[:, k]):
                found.append(_leave_out(column, inputs))
    columns = [*inputs, target]
    stand_ins: dict[float, list[tuple[Column, int]]] = {}
    for k in range(values.shape[1]):
        for value, count in _stand_ins(values[:, k]):
            stand_ins.setdefault(value, []).append((columns[k], count))
    found += [_stands_in(value, where) for value, where in stand_ins.items()]
    if texts is not None:
        counts = Counter(texts)
        for name in filter(None, missing_classes(texts)):
            text = N_("the class {name} stands {count}: a mark for missing?")
            told = {"name": shown(name), "count": _times(counts[name])}
            found.append(Message.of("mark.class", text, **told))
        found += _written_twice(counts)
    return found


def _written_twice(counts: Counter[str]) -> list[Message]:
    """Return which classes differ only in how they are written, as 1 and 1.0, or yes and Yes."""
    same: dict[Any, list[str]] = {}
    for name in counts:
        value = Notation().value(name)
        same.setdefault(name.casefold() if value is None else value, []).append(name)
    text = N_("the classes {names} are counted as different: are they one?")
    return [
        Message.of("mark.same_classes", text, names=listed(map(shown, names)))
        for names in same.values()
        if len(names) > 1
    ]


def _counts(name: str, values: Array) -> bool:
    """Whether a column counts its rows: from 0 or 1 on, in any order, or by its name."""
    if len(values) < FEW_ROWS:
        return False
    steps = np.diff(np.sort(values))  # with NaN at the end, which differs from all
    if name.lower() in _NUMBERS_OF_ROWS:
        return bool((steps >= 1).all() and (steps % 1 == 0).all())
    return bool((steps == 1).all()) and float(values.min()) in {0.0, 1.0}


def _leave_out(column: Column, inputs: Sequence[Column]) -> Message:
    others = [it.at + 1 for it in inputs if it is not column]
    fields = {"column": column.at + 1, "name": shown(column.name)}
    if len(others) > MOST_LISTED:
        text = N_("column {column} ({name}) counts the rows; leave it out?")
        return Message.of("mark.counts", text, **fields)
    text = N_("column {column} ({name}) counts the rows; leave it out? Then set {other} to {value}")
    advice = {"other": "data.input_columns", "value": shown(others)}
    return Message.of("mark.counts_rows", text, **fields, **advice)


def _stand_ins(values: Array) -> list[tuple[float, int]]:
    """Return outermost numbers that people write for a missing value, and how often."""
    known = values[np.isfinite(values)]
    found = []
    for value in {known.min(), known.max()} if len(known) else ():
        rest = known[known != value]
        digits = str(int(abs(value))) if float(value).is_integer() and abs(value) < 1e9 else ""
        if len(digits) < 2 or not len(rest):
            continue
        count, is_nines = len(known) - len(rest), not digits.strip("9")
        is_below = value < 0 <= rest.min() and (count > 1 or is_nines)
        is_far = is_nines and len(digits) > 2 and abs(value) > 2 * np.abs(rest).max()
        if is_below or is_far:
            found.append((float(value), count))
    return found


def _stands_in(value: float, where: list[tuple[Column, int]]) -> Message:
    (column, count), *others = where
    fields = {"column": column.at + 1, "value": f"{value:g}", "count": _times(count)}
    fields |= {"other": "data.missing_number"}
    if not others:
        text = N_(
            "column {column} holds {value} {count}: a mark for missing? Then set {other} to {value}"
        )
        return Message.of("mark.stands_in", text, **fields)
    text = N_(
        "column {column} holds {value} {count}, and so do columns {columns}: a mark for missing? "
        "Then set {other} to {value}"
    )
    numbers = [it.at + 1 for it, _ in others]
    more = listed([*numbers[:MOST_LISTED], *["…"] * (len(numbers) > MOST_LISTED)])
    return Message.of("mark.stand_ins", text, **fields, columns=more)


def _times(count: int) -> Message:
    return counted(count, N_("{number} time"), N_("{number} times"))
