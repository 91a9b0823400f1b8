"""Layout of a table: where its data begin, and what stands above them.

A header is told by any column whose first cell is of another kind than those below. Above it may
stand comments and titles, below it a row of units.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backprop_studio.core.datasets.cells import is_missing, kind_of, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.core.datasets.cells import Cell, Kind

    Row = tuple[int, list[Cell]]

LOOKED_AT = 60
"""Rows from which the layout is found out."""

_TYPED = {"number", "date", "flag", "quantity"}

_RULE = re.compile(r"[:+]?-{3,}[-:+]*")
"""What stands under the names where a table is drawn with letters."""


@dataclass(frozen=True)
class Layout:
    """Layout of a table.

    Attributes
    ----------
    width : int
        Columns, without empty ones at the right.
    start : int
        Of the rows looked at, which is the first with data, counted from 0.
    header : tuple of (int, list of Cell), or None
        The row with the names, and its number in the file.
    above, units, empty : int
        Rows of titles and comments, rows of units, and empty columns at the right.
    last : int
        Which column is the last in which the rows looked at have anything, counted from 0.
    """

    width: int
    start: int
    header: Row | None
    above: int = 0
    units: int = 0
    empty: int = 0
    last: int = 0


def is_rule(cells: Sequence[Cell]) -> bool:
    """Whether a row is a line drawn with letters.

    Examples
    --------
    >>> is_rule(["", "---", ":---:"]), is_rule(["", "--"])
    (True, False)
    """
    texts = [text for text in map(written, cells) if text]
    return bool(texts) and all(map(_RULE.fullmatch, texts))


def is_note(cells: Sequence[Cell]) -> bool:
    """Whether a row may be a note under a table: one text, and nothing beside it.

    Examples
    --------
    >>> is_note(["Source: a survey"]), is_note(["5"]), is_note(["a", "b"])
    (True, False, False)
    """
    texts = [cell for cell in cells if written(cell)]
    return len(texts) == 1 and kind_of(texts[0]) == "text"


def is_comment(cells: Sequence[Cell]) -> bool:
    """Whether a row may be a comment: it begins with #.

    Examples
    --------
    >>> is_comment(["# made by a logger", "units"]), is_comment(["#N/A"])
    (True, False)
    """
    first = written(cells[0])
    return first.startswith("#") and not is_missing(first)


def layout_of(rows: Sequence[Row], *, header: bool | None = None) -> Layout:
    """Return the layout of a table.

    Parameters
    ----------
    rows : sequence of (int, list of Cell)
        The first ones, at least one, none of them blank.
    header : bool, optional
        Whether a row holds names; found out if not given.

    Examples
    --------
    >>> rows = [["t", "v", ""], ["s", "m/s", ""], ["0", "1", ""], ["1", "2", ""]]
    >>> found = layout_of(list(enumerate(rows, start=1)))
    >>> found.width, found.start, found.header, found.units, found.empty
    (2, 2, (1, ['t', 'v', '']), 1, 1)
    """
    full = Counter(len(cells) for _, cells in rows).most_common(1)[0][0]
    plain: list[Row] = []
    for row in rows:  # what has as many cells as all others is a comment at the top only
        is_same = bool(plain) and len(row[1]) == full
        if not is_rule(row[1]) and (is_same or not is_comment(row[1])):
            plain.append(row)
    plain = plain or list(rows)
    same = [cells for _, cells in plain if len(cells) == full]
    width = max([len(cells) - empty_end(cells) for cells in same], default=full) or 1
    kinds = _kinds(plain, width)
    found = None
    at = 0
    if header is not False:
        found, at = _header(plain, kinds, width, is_wanted=header is True)
    start = rows.index(plain[at]) if at < len(plain) else len(rows)
    units = 0 if found is None else at - 1 - plain.index(found)
    above = at - units - (found is not None)
    above += start - at
    if found is None and header is None and start > at:
        found = _named_in_comment(rows[start - 1], width)
        above -= found is not None
    filled = [at for _, cells in rows[start:] for at in range(width) if any(cells[at : at + 1])]
    return Layout(width, start, found, above, units, full - width, max(filled, default=width - 1))


def empty_end(cells: list[Cell]) -> int:
    """Return how many cells at a row's end are empty.

    Examples
    --------
    >>> empty_end(["", "x", "", " "])
    2
    """
    at = len(cells)
    while at and not written(cells[at - 1]):
        at -= 1
    return len(cells) - at


def _kinds(rows: list[Row], width: int) -> list[Kind]:
    """Return of what kind most cells of a column are; the later half speaks for the data."""
    tail = [cells for _, cells in rows[max(1, len(rows) // 2) :]] or [rows[0][1]]
    kinds: list[Kind] = []
    for at in range(width):
        found = Counter(kind_of(cells[at]) for cells in tail if at < len(cells))
        del found["missing"]
        kinds.append(found.most_common(1)[0][0] if found else "missing")
    return kinds


def _header(
    rows: list[Row], kinds: list[Kind], width: int, *, is_wanted: bool
) -> tuple[Row | None, int]:
    """Return the row with the names, if there is one, and which row is the first with data."""
    if is_numbered(rows[0][1], width):
        return rows[0], 1
    if len(rows) == 1 and not {"number", "date", "flag", "quantity"} & {*map(kind_of, rows[0][1])}:
        return rows[0], 1
    typed = [at for at, kind in enumerate(kinds) if kind in _TYPED]
    end = 0  # behind the last row that can be no data
    for at, (_, cells) in enumerate(rows):
        if _is_of_words(cells, typed):
            end = at + 1
        elif not _is_sparse(cells, width):
            break
    names = [at for at in range(end) if _may_be_names(rows[at][1], width)]
    if not names and end and _names_some(rows[end - 1][1], width):
        names = [end - 1]
    if not names:
        return (rows[0], 1) if is_wanted else (None, end)
    # One row of units may follow; where one column alone holds numbers, it may be a wrong cell.
    first = names[-2] if len(names) > 1 and _are_units(rows[names[-1]][1]) else names[-1]
    if end - first > 1 and 1 == len(typed) < width:
        return rows[first], first + 1
    return rows[first], end


def is_numbered(cells: Sequence[Cell], width: int) -> bool:
    """Whether a row is the header that pandas writes of columns without names.

    Examples
    --------
    >>> is_numbered(["", "0", "1"], 3), is_numbered(["", "10", "11"], 3)
    (True, False)
    """
    return width > 1 and [written(it) for it in cells[:width]] == ["", *map(str, range(width - 1))]


def _is_of_words(cells: list[Cell], typed: list[int]) -> bool:
    """Whether a row holds words where the data hold numbers, dates or the like."""
    found = [kind_of(cells[at]) for at in typed if at < len(cells)]
    return "text" in found and not {"number", "flag"} & set(found)


def _is_sparse(cells: list[Cell], width: int) -> bool:
    return width > 1 and sum(bool(written(it)) for it in cells) == 1


def _may_be_names(cells: list[Cell], width: int) -> bool:
    """Whether a row names the columns: each but the first, which an index leaves open, or one less.

    The latter is what R writes: the names of its rows have none.
    """
    filled = [bool(written(it)) for it in cells]
    is_wide = len(filled) >= max(width - 1, 2) and not any(filled[width:])
    return is_wide and all(filled[1:width]) and "date" not in {kind_of(it) for it in cells}


def _names_some(cells: list[Cell], width: int) -> bool:
    """Whether a row right above the data names at least every second column."""
    filled = [bool(written(it)) for it in cells]
    kinds = {*map(kind_of, cells)}
    return 2 * sum(filled[:width]) > width and not any(filled[width:]) and "date" not in kinds


def _are_units(cells: list[Cell]) -> bool:
    return all(len(written(it)) <= 12 for it in cells)


def _named_in_comment(row: Row, width: int) -> Row | None:
    """Return the names that numpy.savetxt writes behind a #, if the row is such a comment."""
    number, cells = row
    if not is_comment(cells):
        return None
    first = written(cells[0])[1:].strip()
    names: list[Cell] = [first] * bool(first or len(cells) == width)
    names += map(written, cells[1:])
    return (number, names) if len(names) == width else None
