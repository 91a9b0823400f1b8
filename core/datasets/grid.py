"""Grid: the rows of a user's file before anybody knows what its cells mean, whatever wrote it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.user_files import kind_of_file, read_bounded
from backprop_studio.core.base.validation_messages import shown
from backprop_studio.core.datasets.array_file import npy_rows, npz_rows
from backprop_studio.core.datasets.delimiter import (
    NAMES,
    Delimiter,
    declared_delimiter,
    find_delimiter,
    rows_of,
)
from backprop_studio.core.datasets.encoding import Encoding, other_readings, text_of
from backprop_studio.core.datasets.workbook import workbook_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from backprop_studio.core.base.messages import Message
    from backprop_studio.core.datasets.cells import Cell

MAX_BYTES = 32 * 2**20
MAX_UNPACKED = 256 * 2**20
MAX_ROWS = 200_000
MAX_COLUMNS = 1_000

_KINDS = {
    b"\xd0\xcf\x11\xe0": N_("an old Excel workbook, or one with a password"),
    b"\x1f\x8b": N_("packed with gzip"),
    b"%PDF": N_("a PDF document"),
    b"\x89PNG": N_("a picture"),
    b"{\\rtf": N_("an RTF document"),
    b"\x80\x02": N_("a pickle, which could run code"),
    b"\x80\x03": N_("a pickle, which could run code"),
    b"\x80\x04": N_("a pickle, which could run code"),
    b"\x80\x05": N_("a pickle, which could run code"),
    b"\x89HDF": N_("an HDF5 file"),
    b"PAR1": N_("a Parquet file"),
    b"SQLite format 3": N_("a database"),
    b"MATLAB 5.0": N_("a MATLAB file"),
    b"ARROW1": N_("an Arrow file"),
    b"BZh": N_("packed with bzip2"),
    b"\xfd7zXZ": N_("packed with xz"),
    b"\x28\xb5\x2f\xfd": N_("packed with Zstandard"),
    b"7z\xbc\xaf": N_("a 7z archive"),
    b"Rar!": N_("a RAR archive"),
    b"@relation": N_("an ARFF file of Weka"),
    b"@RELATION": N_("an ARFF file of Weka"),
    b"<": N_("HTML or XML"),
    b"{": N_("JSON"),
    b"[{": N_("JSON"),
    b"[[": N_("JSON"),
}
"""From how a file begins to what it is; only text is looked for behind blanks."""

_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
"""Stands in the first file of such an archive, which is not packed."""


@dataclass(frozen=True)
class Grid:
    """Rows of a file.

    Attributes
    ----------
    rows : iterable of (int, list of Cell)
        With their number in the file, counted from 1; blank ones are left out.
    form : {"text", "workbook", "array"}
    names : tuple of str
        What the file itself calls its columns; none of most.
    delimiter, encoding : str or None
        Of a text.
    part : str or None
        The sheet or the array that was taken, if there are several.
    parts : tuple of str
        All that there are.
    note : callable
        Says more about the cell of a row and a column than what it holds.
    marks : tuple of Message
        How else it may have to be read.
    """

    rows: Iterable[tuple[int, list[Cell]]]
    form: Literal["text", "workbook", "array"]
    names: tuple[str, ...] = ()
    delimiter: Delimiter | None = None
    encoding: str | None = None
    part: str | None = None
    parts: tuple[str, ...] = ()
    note: Callable[[int, int], Message | None] = lambda _row, _column: None
    marks: tuple[Message, ...] = ()


def open_grid(
    path: Path,
    delimiter: Delimiter | None = None,
    encoding: Encoding | None = None,
    sheet: str | int | None = None,
) -> Grid:
    r"""Open a table: text, an Excel workbook, or numpy's arrays; told by its first bytes.

    Parameters
    ----------
    path : Path
    delimiter, encoding : str, optional
        Of a text; found out if not given.
    sheet : str or int, optional
        Which sheet of a workbook or which array, by name or number.

    Raises
    ------
    InputError
        If it is none of these, or wrong.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.csv")
    ...     _ = path.write_text("x;y\n1;2\n")
    ...     grid = open_grid(path)
    >>> list(grid.rows), grid.delimiter, grid.encoding
    ([(1, ['x', 'y']), (2, ['1', '2'])], ';', 'utf-8')
    """
    content = read_bounded(path, MAX_BYTES)
    if content.startswith(b"\x93NUMPY"):
        return Grid(*npy_rows(path, content))
    if content.startswith(b"PK\x03\x04"):
        return _packed(path, content, sheet)
    _check_kind(path, content)
    text, found = text_of(path, content, encoding)
    if max(text.count("\n"), text.count("\r")) > MAX_ROWS + 1:
        raise too_many_rows(path)
    declared, text = declared_delimiter(text)
    mark = delimiter or declared or find_delimiter(path, text)
    if mark not in NAMES:
        words = N_("the file {file} has the delimiter {found}: expected one of {delimiters}")
        fields = {"found": shown(mark), "delimiters": tuple(NAMES.values())}
        raise InputError("table.delimiter", words, file=path, **fields)
    _check_width(path, text, mark)
    marks = other_readings(content, found) if encoding is None else ()
    rows: Iterable[Any] = rows_of(path, text, mark)
    known = cast("Delimiter", mark)
    return Grid(rows, "text", delimiter=known, encoding=found, marks=marks)


def _packed(path: Path, content: bytes, sheet: str | int | None) -> Grid:
    """Open what is a ZIP archive: a workbook, or several arrays."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        names = archive.namelist()
        size = sum(it.file_size for it in archive.infolist())
        if size > MAX_UNPACKED:
            text = N_("the file {file} unpacks to {found} bytes: expected at most {limit}")
            raise InputError("table.unpacked", text, file=path, found=size, limit=MAX_UNPACKED)
        if names and all(name.endswith(".npy") for name in names):
            arrays = {name.removesuffix(".npy"): archive.read(name) for name in names}
            rows, form, columns, part = npz_rows(path, arrays, sheet)
            return Grid(rows, form, columns, part=part, parts=tuple(arrays))
        if "xl/workbook.xml" in names:
            rows, part, parts, note = workbook_rows(path, content, archive, sheet)
            return Grid(rows, "workbook", part=part, parts=parts, note=note)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        text = N_("the file {file} is damaged: it cannot be unpacked")
        raise InputError("table.damaged", text, file=path) from error
    if content[38:73] == _OPEN_DOCUMENT:
        raise _other_kind(path, N_("an OpenDocument spreadsheet"))
    raise _other_kind(path, N_("a ZIP archive, and no Excel workbook (.xlsx)"))


def _check_kind(path: Path, content: bytes) -> None:
    text = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:16]
    for start, kind in _KINDS.items():
        if content.startswith(start) or (start.isascii() and text.startswith(start)):
            raise _other_kind(path, kind)


def _other_kind(path: Path, kind: str) -> InputError:
    text = N_(
        "the file {file} is no table but {kind}: expected text as CSV, an Excel workbook (.xlsx), "
        "or .npy or .npz"
    )
    return InputError("table.other_kind", text, file=path, kind=kind_of_file(kind))


def too_many_rows(path: Path) -> InputError:
    """Return the error about a table that is too long.

    Examples
    --------
    >>> from pathlib import Path
    >>> str(too_many_rows(Path("a.csv")))
    'The file a.csv has too many rows: expected at most 200000.'
    """
    words = N_("the file {file} has too many rows: expected at most {most}")
    return InputError("table.rows", words, file=path, most=MAX_ROWS)


def _check_width(path: Path, text: str, delimiter: str) -> None:
    """Refuse a table that is too wide before any of its rows is taken apart."""
    for at, line in enumerate(io.StringIO(text, newline=""), start=1):
        cells = line.count(delimiter) + 1
        # Quoted cells may hold delimiters too, and blanks stand in rows: what is clearly meant
        # as text is let through.
        if cells > MAX_COLUMNS and line.count('"') < 2 and delimiter != " ":
            words = N_(
                "the file {file} has too many columns in line {row}: expected at most {most}, "
                "found {found}"
            )
            counts = {"row": at, "most": MAX_COLUMNS, "found": cells}
            raise InputError("table.wide_line", words, file=path, **counts)
