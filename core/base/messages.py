"""Messages as data: a code and fields, put into words where shown, in the reader's language.

A message is made where something is found out and travels as it is, between modules and between
processes. Whoever has to decide asks for its code or its fields; its words are for people.
"""

from __future__ import annotations

import errno
import os
import re
from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic import BaseModel, ConfigDict

from backprop_studio.core.base.i18n import N_, Translate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MOST_DIGITS = 20
"""Of a whole number in a message."""

_EXPONENT = re.compile(r"(-?\d+(?:\.\d+)?)e([+-]\d+)")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Message(BaseModel):
    """A message: a code, an English template, and the fields that the template names.

    Parameters
    ----------
    code : str
        What it is about, for programs: ``area.fact`` such as ``file.not_utf8``. One code has one
        text.
    text : str
        The English template, marked with ``N_``; its ``{names}`` are those of the fields. It has
        neither a capital nor a full stop of its own; :func:`sentence` gives both.
    fields : dict
        Numbers, texts, other messages, or rows of them. Texts are not translated.

    Examples
    --------
    >>> Message.of("file.empty", "the file {file} is empty", file="a.csv").words()
    'the file a.csv is empty'
    """

    model_config = ConfigDict(frozen=True, ser_json_inf_nan="strings")

    code: str
    text: str
    fields: dict[str, Value] = {}

    @classmethod
    def of(cls, code: str, text: str, /, **fields: Any) -> Message:
        """Return the message of a code, with its fields."""
        given = {name: _plain(value) for name, value in fields.items()}
        return cls(code=code, text=text, fields=given)

    @classmethod
    def plain(cls, text: str) -> Message:
        """Return a message that says somebody else's words, such as a library's."""
        return cls.of("words", "{words}", words=text)

    def words(self, translate: Translate = str) -> str:
        """Return the message in words.

        Parameters
        ----------
        translate : callable
            From an English text to the reader's language; English if it is left out.
        """
        values = {name: _words(value, translate) for name, value in self.fields.items()}
        return translate(self.text).format(**values) if values else translate(self.text)

    def changed(self, change: Callable[[str], str]) -> Message:
        """Return the same message with every text in its fields changed, at any depth."""
        fields = {name: _changed(value, change) for name, value in self.fields.items()}
        return self.model_copy(update={"fields": fields})

    def with_fields(self, **fields: Any) -> Message:
        """Return the same message with other values in some of its fields.

        Examples
        --------
        >>> said = Message.of("sample.missing", "{field}: expected 1 to 3", field="sample")
        >>> said.with_fields(field="data.sample").words()
        'data.sample: expected 1 to 3'
        """
        return Message.of(self.code, self.text, **{**self.fields, **fields})

    def every(self) -> Iterator[Message]:
        """Yield this message and those in its fields."""
        yield self
        for value in self.fields.values():
            for item in value if isinstance(value, tuple) else (value,):
                if isinstance(item, Message):
                    yield from item.every()

    @property
    def is_disk_full(self) -> bool:
        """Whether it says that a disk has no room left."""
        return any(it.fields.get("errno") in _FULL for it in self.every())


Item: TypeAlias = Message | bool | int | float | str | None
Value: TypeAlias = Item | tuple[Item, ...]
"""What a field may hold."""

Message.model_rebuild()

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})

_OS_REASONS = {
    errno.EACCES: N_("permission denied"),
    errno.EBUSY: N_("device or resource busy"),
    errno.EDQUOT: N_("disk quota exceeded"),
    errno.EEXIST: N_("file exists"),
    errno.EFBIG: N_("file too large"),
    errno.EINVAL: N_("invalid argument"),
    errno.EIO: N_("input/output error"),
    errno.EISDIR: N_("is a directory"),
    errno.ELOOP: N_("too many levels of symbolic links"),
    errno.EMFILE: N_("too many open files"),
    errno.ENAMETOOLONG: N_("file name too long"),
    errno.ENOENT: N_("no such file or directory"),
    errno.ENOSPC: N_("no space left on device"),
    errno.ENOTDIR: N_("not a directory"),
    errno.ENXIO: N_("no such device or address"),
    errno.EPERM: N_("operation not permitted"),
    errno.EPIPE: N_("broken pipe"),
    errno.EROFS: N_("read-only file system"),
    errno.ETXTBSY: N_("text file busy"),
}
"""The system's own words in English, so that they can be translated like all others."""


def os_reason(error: OSError) -> Message:
    """Return why the operating system refused something; its field ``errno`` says so for programs.

    Examples
    --------
    >>> os_reason(OSError(errno.ENOSPC, "whatever the system calls it")).words()
    'no space left on device'
    """
    number = error.errno
    if number in _OS_REASONS:
        return Message.of("os", _OS_REASONS[number], errno=number)
    words = (error.strerror or str(error)).lower()
    return Message.of("os", "{words}", errno=number, words=words)


def listed(items: Iterable[Item]) -> Message:
    """Return items in a row, as a language writes one.

    Examples
    --------
    >>> listed(["a", "b", "c"]).words()
    'a, b, c'
    """
    return Message.of("list", "{items}", items=tuple(items))


def either(items: Iterable[Item]) -> Message:
    """Return the items of which one may be chosen.

    Examples
    --------
    >>> either(["a", "b", "c"]).words(), either(["a"]).words()
    ('a, b or c', 'a')
    """
    *others, last = items
    if not others:
        return listed([last])
    return Message.of("either", N_("{others} or {last}"), others=listed(others), last=last)


def counted(number: int, one: str, many: str) -> Message:
    """Return a number of things.

    Parameters
    ----------
    number : int
    one, many : str
        Templates with ``{number}``, marked with ``N_``.

    Examples
    --------
    >>> counted(2, "{number} row", "{number} rows").words()
    '2 rows'
    """
    return Message.of("count", one if number == 1 else many, number=number)


def did_you_mean(name: str) -> Message:
    """Return the question whether a known name is meant.

    Examples
    --------
    >>> did_you_mean("relu").words()
    'did you mean relu?'
    """
    return Message.of("hint.near", N_("did you mean {near}?"), near=name)


def sentence(message: Message, translate: Translate = str) -> str:
    """Return a message as one line with a capital and a full stop.

    What a user has typed keeps its first letter as it is.

    Examples
    --------
    >>> sentence(Message.of("disk.full", "the disk  is full"))
    'The disk is full.'
    >>> sentence(Message.of("sample.missing", "{field}: expected one of 1 to 3", field="sample"))
    'sample: expected one of 1 to 3.'
    """
    line = one_line(message.words(translate))
    if _begins_with_own_words(message, translate):
        line = line[:1].upper() + line[1:]
    # A value that was cut short may end in … too: the text decides whether that is the end.
    is_ended = line.endswith((*".?!", *"。？！")) or message.text.endswith("…")
    return line if is_ended else line + translate(N_("."))


def written(number: float | str) -> str:
    """Return a number, or the text of one, as people write it: with a power of ten, not with an e.

    Examples
    --------
    >>> written(1e-09), written(-2.5e13), written("1e+06"), written(0.5), written(10**12)
    ('10⁻⁹', '-2.5 × 10¹³', '10⁶', '0.5', '10¹²')
    """
    text = str(number) if isinstance(number, int | str) else f"{number:.10g}"
    if found := _EXPONENT.fullmatch(text):
        factor, power = found[1], int(found[2])
    elif re.fullmatch("-?10{7,}", text):
        factor, power = text[: -text.count("0")], text.count("0")
    else:
        return text
    raised = f"10{str(power).translate(_RAISED)}"
    return {"1": raised, "-1": f"-{raised}"}.get(factor, f"{factor} × {raised}")


def one_line(text: str) -> str:
    r"""Return a text without line breaks and other characters that are not for printing.

    Examples
    --------
    >>> one_line("two\nlines and a bell\a")
    'two lines and a bell?'
    """
    line = " ".join(text.split())
    return "".join(letter if letter.isprintable() else "?" for letter in line)


def _begins_with_own_words(message: Message, translate: Translate) -> bool:
    text = translate(message.text)
    if not text.startswith("{"):
        return True
    first = message.fields.get(text[1:].partition("}")[0])
    return isinstance(first, Message) and _begins_with_own_words(first, translate)


def _plain(value: Any) -> Any:
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if isinstance(value, str):  # a name on the disk may hold bytes that are no characters
        return value.encode(errors="replace").decode()
    if isinstance(value, list | tuple):
        return tuple(map(_plain, value))
    return value


def _words(value: Value, translate: Translate) -> str:
    if isinstance(value, Message):
        return value.words(translate)
    if isinstance(value, tuple):
        return translate(N_(", ")).join(_words(item, translate) for item in value)
    if isinstance(value, int) and abs(value) >= 10**MOST_DIGITS:
        return f"{str(value)[:MOST_DIGITS]}…"
    return str(value) if value is None or isinstance(value, bool) else written(value)


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, tuple):
        return tuple(_changed(item, change) for item in value)
    if isinstance(value, Message):
        return value.changed(change)
    return change(value) if isinstance(value, str) else value
