"""Text of a table file, in a known encoding; another one is recognised and refused."""

from __future__ import annotations

import codecs
import io
import re
from typing import TYPE_CHECKING, Literal, get_args

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import listed
from backprop_studio.core.base.user_files import FILE, kind_of_file, read_bounded
from backprop_studio.core.base.validation_messages import shown

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 32 * 2**20
MAX_LINE = 2**20

Encoding = Literal["utf-8", "utf-16", "gbk"]

_KINDS = {
    b"PK\x03\x04": N_("an Excel workbook or another ZIP archive"),
    b"\xd0\xcf\x11\xe0": N_("an old Excel workbook"),
    b"\x1f\x8b": N_("packed with gzip"),
    b"%PDF": N_("a PDF document"),
    b"\x89PNG": N_("a picture"),
    b"{\\rtf": N_("an RTF document"),
}
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    codecs.BOM_UTF8: "utf-8",
}
_CHINESE = re.compile("[\u4e00-\u9fff]")


def read_text(path: Path, encoding: Encoding = "utf-8") -> str:
    """Read a text file of at most 32 MiB with lines of at most 1 MiB.

    Parameters
    ----------
    path : Path
        Of a regular file.
    encoding : {"utf-8", "utf-16", "gbk"}
        A byte order mark is read away. UTF-16 without one is told by its line breaks.

    Returns
    -------
    str
        With its line breaks as they are.

    Raises
    ------
    InputError
        If it is no such file, or its encoding is another; the message says which one it seems to
        be.

    Examples
    --------
    >>> from pathlib import Path
    >>> read_text(Path("nowhere.csv"))
    Traceback (most recent call last):
    ...
    backprop_studio.core.base.errors.InputError: The file nowhere.csv does not exist.
    """
    if encoding not in get_args(Encoding):
        words = N_("the file {file} has the encoding {encoding}: expected one of {allowed}")
        fields = {"encoding": shown(encoding), "allowed": listed(get_args(Encoding))}
        raise InputError("table.unknown_encoding", words, file=path, **fields)
    content = read_bounded(path, MAX_BYTES)
    _check_kind(path, content)
    text = _decoded(path, content, encoding)
    _check_lines(path, text)
    return text


def _check_kind(path: Path, content: bytes) -> None:
    for start, kind in _KINDS.items():
        if content.startswith(start):
            text = N_(
                "the file {file} is no text but {kind}: expected a table exported as CSV with UTF-8"
            )
            raise InputError("table.other_kind", text, file=path, kind=kind_of_file(kind))


def _decoded(path: Path, content: bytes, encoding: Encoding) -> str:
    seems = _seems(content)
    if seems not in {None, encoding}:
        raise _wrong_encoding(path, str(seems), encoding)
    name = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "gbk": "gb18030"}[encoding]
    if encoding == "utf-16" and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = _utf_16_without_mark(path, content)
    try:
        return content.decode(name)
    except UnicodeDecodeError as error:
        if encoding == "utf-8" and _reads_as_chinese(content):
            raise _wrong_encoding(path, "gbk", encoding) from error
        row = content.count(b"\n", 0, error.start) + 1
        text = N_(
            "the file {file} is not text in {encoding}: in line {row}, expected a character, "
            "found the byte {byte}"
        )
        fields = {"encoding": encoding.upper(), "byte": f"0x{content[error.start]:02x}"}
        raise InputError("table.encoding", text, file=path, row=row, **fields) from error


def _seems(content: bytes) -> str | None:
    """Return the encoding that a byte order mark or zeros at every other byte give away."""
    for mark, name in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return name
    head = content[: min(len(content), 200) // 2 * 2]
    if any(
        half.count(0) > 0.8 * len(half) and other.count(0) < 0.1 * len(half)
        for half, other in ((head[::2], head[1::2]), (head[1::2], head[::2]))
    ):
        return "utf-16"
    return None


def _utf_16_without_mark(path: Path, content: bytes) -> str:
    """Return the order of the bytes in which there are line breaks."""
    for name in ("utf-16-le", "utf-16-be"):
        if "\n" in content.decode(name, errors="ignore"):
            return name
    text = N_(
        "the file {file} is not text in UTF-16: expected a byte order mark or line breaks, "
        "found neither"
    )
    raise InputError("table.byte_order", text, file=path)


def _reads_as_chinese(content: bytes) -> bool:
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return bool(_CHINESE.search(text))


def _wrong_encoding(path: Path, seems: str, encoding: str) -> InputError:
    fields = {"found": seems.upper(), "expected": encoding.upper()}
    if seems not in get_args(Encoding):
        text = N_(
            "the file {file} seems to be text in {found}: expected {expected}, so save it as that"
        )
        return InputError("table.wrong_encoding", text, file=path, **fields)
    text = N_(
        "the file {file} seems to be text in {found}: expected {expected}, so save it as that "
        "or choose the encoding {choice}"
    )
    return InputError("table.other_encoding", text, file=path, **fields, choice=seems)


def _check_lines(path: Path, text: str) -> None:
    """Refuse what would only look like a table: NUL and lines without end."""
    at = text.find("\0")
    if at >= 0:
        words = N_(
            "the file {file} is no plain text: in line {row}, expected characters, found a NUL byte"
        )
        raise InputError("table.nul", words, file=path, row=text.count("\n", 0, at) + 1)
    if not text.strip():
        words = N_("the {kind} {file} is empty")
        raise InputError("file.empty", words, kind=kind_of_file(FILE), file=path)
    for row, line in enumerate(io.StringIO(text, newline=""), start=1):
        length = len(line.rstrip("\r\n"))
        if length > MAX_LINE:
            words = N_(
                "the file {file} has a line that is too long, line {row}: expected at most {most} "
                "characters, found {found}"
            )
            counts = {"row": row, "most": MAX_LINE, "found": length}
            raise InputError("table.long_line", words, file=path, **counts)
