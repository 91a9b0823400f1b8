"""The text of a table file: what else it may be is recognised and said, not guessed at."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Literal, get_args

from backprop_studio.core.base.data_files import file_error, open_bounded

if TYPE_CHECKING:
    from pathlib import Path

    from backprop_studio.core.base.errors import InputError

__all__ = ["MAX_BYTES", "Encoding", "read_text"]

MAX_BYTES = 32 * 2**20
MAX_LINE = 2**20

Encoding = Literal["utf-8", "utf-16", "gbk"]

_KINDS = {
    b"PK\x03\x04": "an Excel workbook or another ZIP archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x1f\x8b": "packed with gzip",
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"{\\rtf": "an RTF document",
}
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
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
        allowed = ", ".join(get_args(Encoding))
        raise file_error(path, f"has the encoding {encoding!r}: expected one of {allowed}")
    file, _ = open_bounded(path, MAX_BYTES)
    with file:
        try:
            content = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise file_error(path, f"cannot be read: {error.strerror}") from error
    if len(content) > MAX_BYTES:  # it grew meanwhile
        raise file_error(path, f"is too large: expected at most {MAX_BYTES} bytes, found more")
    _check_kind(path, content)
    text = _decoded(path, content, encoding)
    _check_lines(path, text)
    return text


def _check_kind(path: Path, content: bytes) -> None:
    for start, kind in _KINDS.items():
        if content.startswith(start):
            raise file_error(
                path, f"is no text but {kind}: expected a table exported as CSV with UTF-8"
            )


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
        raise file_error(
            path,
            f"is not text in {encoding.upper()}: in line {row}, expected a character, "
            f"found the byte 0x{content[error.start]:02x}",
        ) from error


def _seems(content: bytes) -> str | None:
    """Return the encoding that a byte order mark or zeros at every other byte give away."""
    for mark, name in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return name
    if content.startswith(codecs.BOM_UTF8):
        return "utf-8"
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
    raise file_error(
        path, "is not text in UTF-16: expected a byte order mark or line breaks, found neither"
    )


def _reads_as_chinese(content: bytes) -> bool:
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return bool(_CHINESE.search(text))


def _wrong_encoding(path: Path, seems: str, encoding: str) -> InputError:
    advice = f"expected {encoding.upper()}, so save it as that"
    if seems in get_args(Encoding):
        advice += f" or choose the encoding {seems}"
    return file_error(path, f"seems to be text in {seems.upper()}: {advice}")


def _check_lines(path: Path, text: str) -> None:
    """Refuse what would only look like a table: NUL and lines without end."""
    at = text.find("\0")
    if at >= 0:
        raise file_error(
            path,
            f"is no plain text: in line {text.count(chr(10), 0, at) + 1}, "
            f"expected characters, found a NUL byte",
        )
    if not text.strip():
        raise file_error(path, "is empty")
    start = 0
    while start + MAX_LINE < len(text):
        stop = max(text.rfind(mark, start, start + MAX_LINE + 1) for mark in "\n\r")
        if stop < start:
            length = len(re.split("[\r\n]", text[start:], maxsplit=1)[0])
            raise file_error(
                path,
                f"has a line that is too long, line {text.count(chr(10), 0, start) + 1}: expected "
                f"at most {MAX_LINE} characters, found {length}",
            )
        start = stop + 1
