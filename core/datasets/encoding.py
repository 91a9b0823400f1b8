"""Text of a table file: its encoding is recognised, or was chosen."""

from __future__ import annotations

import codecs
import io
import re
from typing import TYPE_CHECKING, Literal, get_args

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, listed
from backprop_studio.core.base.user_files import FILE, kind_of_file
from backprop_studio.core.base.validation_messages import shown

if TYPE_CHECKING:
    from pathlib import Path

MAX_LINE = 2**20

Encoding = Literal["utf-8", "utf-16", "gbk", "windows-1252"]

_CODECS = {"utf-8": "utf-8-sig", "gbk": "gb18030", "windows-1252": "cp1252"}
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    codecs.BOM_UTF8: "utf-8",
}
_HIGH = re.compile(rb"[\x80-\xff]+")
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x81-\xfe][0-9][\x81-\xfe][0-9]")
_COMMON = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]|[\xa1-\xa3][\xa1-\xfe]")
"""The 3755 common characters of GB 2312, and its punctuation and full-width letters."""

_HANGUL = re.compile(rb"[\xb0-\xc8][\xa1-\xfe]")
"""The 2350 syllables of EUC-KR; in Chinese, nearly every second character stands behind them."""

_FEWEST_SYLLABLES = 6

_WITHIN_WORD = re.compile(rb"(?<=[A-Za-z])[\x80-\xff]+(?=[A-Za-z])")

_BETWEEN_LETTERS = "’‘·–—"

_WESTERN = 0.8
"""Share of the runs of other than ASCII bytes that are no longer than two letters."""


def text_of(path: Path, content: bytes, encoding: Encoding | None = None) -> tuple[str, str]:
    r"""Return the text of a table, with lines of at most 1 MiB, and its encoding.

    Parameters
    ----------
    path : Path
        For messages.
    content : bytes
        Of the file.
    encoding : {"utf-8", "utf-16", "gbk", "windows-1252"}, optional
        Not given, it is recognised: by a byte order mark, by zeros at every other byte, as UTF-8,
        as plausible Chinese, or as Western letters among those of ASCII.

    Returns
    -------
    text : str
        With its line breaks as they are, without a byte order mark.
    encoding : str

    Raises
    ------
    InputError
        If the encoding is none of these, or not the one that was chosen.

    Examples
    --------
    >>> from pathlib import Path
    >>> text_of(Path("a.csv"), "长度,种类\n".encode("gbk"))
    ('长度,种类\n', 'gbk')
    >>> text_of(Path("a.csv"), "Größe,Maß\n".encode("cp1252"))
    ('Größe,Maß\n', 'windows-1252')
    """
    if encoding is not None and encoding not in get_args(Encoding):
        words = N_("the file {file} has the encoding {encoding}: expected one of {allowed}")
        fields = {"encoding": shown(encoding), "allowed": listed(get_args(Encoding))}
        raise InputError("table.unknown_encoding", words, file=path, **fields)
    seems = _seems(content)
    if encoding is not None and seems not in {None, encoding}:
        raise _wrong_encoding(path, str(seems), encoding)
    found = encoding or seems or _recognised(content)
    text = _decoded(path, content, found).rstrip("\x1a")  # with which DOS ends a file
    _check_lines(path, text)
    return text, found


def other_readings(content: bytes, encoding: str) -> tuple[Message, ...]:
    r"""Return what else bytes may say that were taken for text in an encoding.

    Examples
    --------
    >>> found = other_readings("꽃받침길이,꽃잎너비\n".encode("euc-kr"), "gbk")
    >>> [it.code for it in found], other_readings("花萼长度,花瓣宽度,种类\n".encode("gbk"), "gbk")
    (['table.korean'], ())
    """
    pairs = set(_PAIR.findall(content)) if encoding == "gbk" else set()
    if len(pairs) < _FEWEST_SYLLABLES or not all(map(_HANGUL.fullmatch, pairs)):
        return ()
    text = N_("text in Korean (EUC-KR) has such bytes, too: if it is, save it as UTF-8")
    return (Message.of("table.korean", text),)


def _decoded(path: Path, content: bytes, encoding: str) -> str:
    name = _CODECS.get(encoding, encoding)
    if encoding == "utf-16" and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = _utf_16_without_mark(path, content)
    try:
        return content.decode(name)
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        fields = {"row": row, "byte": f"0x{content[error.start]:02x}", "encoding": encoding.upper()}
        text = N_(
            "the file {file} is not text in {encoding}: in line {row}, expected a character, "
            "found the byte {byte}; save it as UTF-8"
        )
        raise InputError("table.encoding", text, file=path, **fields) from error


def _seems(content: bytes) -> str | None:
    """Return the encoding that a byte order mark or zeros at every other byte give away."""
    for mark, name in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return name
    head = content[: min(len(content), 200) // 2 * 2]
    if any(
        half.count(0) > 0.25 * len(half) and not other.count(0)
        for half, other in ((head[::2], head[1::2]), (head[1::2], head[::2]))
    ):
        return "utf-16"
    return None


def _recognised(content: bytes) -> str:
    """Return which encoding bytes without a mark are most likely in."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        if _reads_as_chinese(content):
            return "gbk"
        # Anything else is refused as UTF-8: no wrong letters are better than wrong ones.
        return "windows-1252" if _reads_as_western(content) else "utf-8"
    return "utf-8"


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
    """Whether it is text in GB 18030 of which most is what is really written."""
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return False
    if any(len(run) == 1 for run in _WITHIN_WORD.findall(content)):
        return False  # a letter of a Western word, and what follows it
    pairs = _PAIR.findall(content)
    return 2 * sum(bool(_COMMON.fullmatch(pair)) for pair in pairs) > len(pairs)


def _reads_as_western(content: bytes) -> bool:
    """Whether it is text in Windows-1252 with a letter of its own here and there."""
    try:
        content.decode("cp1252")
    except UnicodeDecodeError:
        return False
    within = [run.decode("cp1252") for run in _WITHIN_WORD.findall(content)]
    if not all(run.isalpha() or run in _BETWEEN_LETTERS for run in within):
        return False  # as Polish has them: ³ for ł
    runs = _HIGH.findall(content)
    return sum(len(run) <= 2 for run in runs) >= _WESTERN * len(runs)


def _wrong_encoding(path: Path, seems: str, encoding: str) -> InputError:
    fields = {"found": seems.upper(), "expected": encoding.upper()}
    text = N_(
        "the file {file} seems to be text in {found}: expected {expected}, so choose {found} or "
        "leave {other} open"
    )
    return InputError("table.other_encoding", text, file=path, **fields, other="data.encoding")


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
