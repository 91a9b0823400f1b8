"""Rows of an Excel workbook: what its cells show, with the values that it stores of formulas."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.core.datasets.array_file import chosen_part
from backprop_studio.core.datasets.cells import as_cell

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from python_calamine import CalamineSheet, CalamineWorkbook

    from backprop_studio.core.datasets.cells import Cell

    Note = Callable[[int, int], Message | None]

MAX_CELLS = 8_000_000
"""The reader makes room for all that lies between the outermost cells."""

_SHEETS = re.compile(r"xl/worksheets/[^/]+\.xml")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})([0-9]+)["']""")
_SHEET_ID = re.compile(rb"""<(?:\w+:)?sheet\b[^>]*\b\w+:id\s*=\s*"([^"]+)\"""")
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_TARGET = re.compile(rb'Target="([^"]+)"')
_ERROR = rb"""<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*\br="%s"[^>]*>.*?<(?:\w+:)?v>([^<]*)"""
_FORMULA = rb"""<(?:\w+:)?c\b[^>]*\br\s*=\s*["']%s["'][^>]*>\s*<(?:\w+:)?f\b"""


def workbook_rows(
    path: Path, content: bytes, archive: zipfile.ZipFile, wanted: str | int | None
) -> tuple[Iterator[tuple[int, list[Cell]]], str, tuple[str, ...], Note]:
    """Return the rows of a sheet, its name, those of all sheets, and what else is known of cells.

    Parameters
    ----------
    path : Path
        For messages.
    content : bytes
        Of the file.
    archive : ZipFile
        Of the same.
    wanted : str, int or None
        The sheet, by its name or number; the first visible one that holds anything.

    Raises
    ------
    InputError
        If it is damaged, empty, has no such sheet, or cells far outside of its table.

    Examples
    --------
    >>> from pathlib import Path
    >>> import zipfile
    >>> with zipfile.ZipFile(io.BytesIO(), "w") as archive:
    ...     workbook_rows(Path("a.xlsx"), b"PK", archive, None)
    Traceback (most recent call last):
    ...
    backprop_studio.core.base.errors.InputError: The workbook a.xlsx is damaged: save it anew, \
or as CSV.
    """
    import python_calamine

    sheets = {it: archive.read(it) for it in archive.namelist() if _SHEETS.fullmatch(it)}
    for sheet in sheets.values():
        _check_reach(path, sheet)
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        chosen = _sheet(path, book, wanted)
        rows = list(chosen.iter_rows())
    except python_calamine.CalamineError as error:
        text = N_("the workbook {file} is damaged: save it anew, or as CSV")
        raise InputError("workbook.damaged", text, file=path) from error
    at = list(book.sheet_names).index(chosen.name)
    note = _notes(chosen, sheets.get(_file_of(archive, at), b""))
    cells = ((at, [as_cell(it) for it in row]) for at, row in enumerate(rows, start=1))
    filled = ((at, row) for at, row in cells if any(it != "" for it in row))
    return filled, chosen.name, tuple(book.sheet_names), note


def _check_reach(path: Path, sheet: bytes) -> None:
    """Refuse a sheet with a cell far out before room is made for all that lies between."""
    row, column, last = 1, 1, ""
    for found in _PLACE.finditer(sheet):
        letters, number = found.groups()
        row = max(row, int(number[:8]))
        at = 0
        for letter in letters:
            at = 26 * at + letter - 64
        column = max(column, at)
        last = f"{letters.decode()}{row}"
    if row * column > MAX_CELLS:
        text = N_(
            "the workbook {file} has cells as far out as row {row} and column {column}: "
            "delete what lies outside of the table, such as {last}"
        )
        where = {"row": row, "column": column, "last": last}
        raise InputError("workbook.reach", text, file=path, **where)


def _sheet(path: Path, book: CalamineWorkbook, wanted: str | int | None) -> CalamineSheet:
    names = book.sheet_names
    if wanted is not None:
        return book.get_sheet_by_name(chosen_part(path, wanted, tuple(names)))
    shown = type(book.sheets_metadata[0].visible).Visible
    hidden = {it.name for it in book.sheets_metadata if it.visible != shown}
    for name in names:
        sheet = book.get_sheet_by_name(name)
        if name not in hidden and sheet.end is not None:
            return sheet
    raise InputError("workbook.empty", N_("the workbook {file} has no cells"), file=path)


def _file_of(archive: zipfile.ZipFile, at: int) -> str:
    """Return the file in the archive that holds the sheet of this position, as far as is known."""
    ids = _SHEET_ID.findall(archive.read("xl/workbook.xml"))
    relations = archive.read("xl/_rels/workbook.xml.rels") if at < len(ids) else b""
    for relation in _RELATION.findall(relations):
        if b'Id="%s"' % ids[at] in relation and (target := _TARGET.search(relation)):
            return f"xl/{target[1].decode().removeprefix('/xl/')}"
    return ""


def _notes(sheet: CalamineSheet, content: bytes) -> Note:
    """Return what says why a cell of a sheet is empty: it is merged, or a formula without value."""
    left = sheet.start[1] if sheet.start else 0
    merged = sheet.merged_cell_ranges or []

    def note(row: int, column: int) -> Message | None:
        here = row - 1, column - 1 + left
        name = _cell_name(*here)
        for first, last in merged:
            if all(low <= at <= high for low, at, high in zip(first, here, last, strict=True)):
                text = N_("the empty rest of the merged cells {first} to {last}")
                ends = {"first": _cell_name(*first), "last": _cell_name(*last)}
                return Message.of("cell.merged", text, **ends)
        pattern = re.compile(_FORMULA % name.encode())
        if pattern.search(content):
            text = N_("the formula in {cell} without its value")
            return Message.of("cell.no_value", text, cell=name)
        if error := re.search(_ERROR % name.encode(), content):
            text = N_("the error {value} in {cell}")
            return Message.of("cell.error", text, value=error[1].decode(), cell=name)
        return None

    return note


def _cell_name(row: int, column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
