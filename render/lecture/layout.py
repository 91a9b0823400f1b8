"""The text of a lecture file, changed where the lecture has changed and nowhere else.

It is cut into a head and a piece for each lesson, with the comment that stands right above it. A
lesson that moves takes its piece along as it is; of one that has changed, only the keys that differ
are written anew.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import tomlkit
from tomlkit.items import AoT, InlineTable

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.files.data_paths import PATH_KEYS
from backprop_studio.render.messages.voices import SILENT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Values: TypeAlias = Mapping[str, Any]

_TOKEN = re.compile(
    r"""
    "{3}(?:\\.|[^\\])*?"{3,5} | '{3}.*?'{3,5} | "(?:\\.|[^"\\\n])*" | '[^'\n]*'
    | (?P<comment>^[ \t]*\#[^\n]*\n) | \#[^\n]*
    | (?P<begin>^[ \t]*\[\[[ \t]*(?:part|"part"|'part')[ \t]*\]\])
    """,
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
"""What is between quotation marks or behind a # is no beginning of a lesson."""

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class WantedPart(NamedTuple):
    """A lesson as it shall be in the text.

    Attributes
    ----------
    origin : int or None
        Which lesson of the text it was, from 0; None if it is new.
    values : mapping
        Of its keys; paths are relative to the lecture's folder.
    """

    origin: int | None
    values: Values


def changed_text(text: str, path: Path, head: Values, parts: Sequence[WantedPart]) -> str:
    """Return a lecture's text with other values.

    Parameters
    ----------
    text : str
        As it is, which can be read; empty for a new lecture.
    path : Path
        Where it is going to be.
    head : mapping
        The wanted values of the header.
    parts : sequence of WantedPart

    Raises
    ------
    InputError
        If the lessons are in a notation that cannot be cut into pieces.
    """
    old_head, *old = pieces = _cut(text)
    same = Same(path.parent)
    if not _is_whole(text, pieces, same):
        wrong = N_(
            "the lessons of {file} are in a notation that cannot be changed here; write each "
            "below [[part]], behind all that is said of the whole"
        )
        raise InputError("lecture.notation", wrong, file=path)
    made, last = _HEAD.changed(old_head, head, same), -1
    for origin, values in parts:
        piece = _PART.changed("" if origin is None else old[origin], values, same)
        if origin != last + 1:  # they were no neighbours
            made, piece = made.rstrip("\n") + "\n\n", piece.lstrip("\n")
        elif not made.endswith("\n"):
            made += "\n"
        made += piece
        last = _NOWHERE if origin is None else origin
    return made if last == len(old) - 1 else made.rstrip("\n") + "\n"


def _cut(text: str) -> list[str]:
    """Return a text's head and its lessons, which are the text again if they are joined."""
    pieces = []
    begin = above = 0
    end_of_comment = -1
    for token in _TOKEN.finditer(text):
        if token["comment"]:
            above = above if token.start() == end_of_comment else token.start()
            end_of_comment = token.end()
        elif token["begin"]:
            at = above if token.start() == end_of_comment else token.start()
            pieces.append(text[begin:at])
            begin = at
    return [*pieces, text[begin:]]


def _is_whole(text: str, pieces: Sequence[str], same: Same) -> bool:
    """Whether the pieces of a text say what it says, and each but the first is one lesson."""
    try:
        head, *parts = (tomllib.loads(piece) for piece in pieces)
    except tomllib.TOMLDecodeError:
        return False
    if "part" in head or any(it.keys() != {"part"} or len(it["part"]) != 1 for it in parts):
        return False
    whole = head | ({"part": [it["part"][0] for it in parts]} if parts else {})
    return same(tomllib.loads(text), whole)


class Same:
    """Whether values mean the same, wherever in them a path is written in another way.

    Parameters
    ----------
    folder : Path
        In which paths start.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, one: Any, other: Any, key: str = "") -> bool:
        """Return whether they do; ``key`` is the name that they stand behind."""
        if isinstance(one, dict) and isinstance(other, dict):
            return one.keys() == other.keys() and all(self(one[k], other[k], k) for k in one)
        if isinstance(one, list) and isinstance(other, list):
            pairs = zip(one, other, strict=False)
            return len(one) == len(other) and all(self(a, b, key) for a, b in pairs)
        if isinstance(one, str) and isinstance(other, str) and key in PATH_KEYS:
            return self._place(one) == self._place(other)
        if isinstance(one, bool) or isinstance(other, bool):
            return one is other  # which Python takes for a number
        return bool(one == other) or (one != one and other != other)  # nan

    def _place(self, path: str) -> str:
        return os.path.realpath(self._folder / path) if path else ""


class _Kind(NamedTuple):
    """The head or a lesson: what is a table of values in its piece of the text.

    Attributes
    ----------
    unsaid : mapping
        What it means that a key is not there.
    is_part : bool
    """

    unsaid: Values
    is_part: bool

    def changed(self, piece: str, wanted: Values, same: Same) -> str:
        """Return a piece that says what is wanted."""
        said = {k: v for k, v in wanted.items() if not self._is_unsaid(k, v, same)}
        if piece and self._says(piece, said, same):
            return piece
        body, tail = _without_tail(piece)
        # Whatever an odd notation does to the library: then the piece is written anew.
        with suppress(Exception):
            document = tomlkit.parse(body)
            old = self._table(tomllib.loads(body))
            kept = {k: v for k, v in old.items() if self._is_unsaid(k, v, same)}
            _merge(self._table(document), old, kept | said, same)
            text = document.as_string()
            if self._says(text, said, same):
                return text.rstrip("\n") + "\n" + tail
        above = takewhile(_is_comment, _LINE.findall(body))
        return "".join([*above, self._new(said), tail])

    def _is_unsaid(self, key: str, value: Any, same: Same) -> bool:
        return key in self.unsaid and same(value, self.unsaid[key])

    def _says(self, piece: str, said: Values, same: Same) -> bool:
        found = self._table(tomllib.loads(piece))
        return same({**self.unsaid, **found}, {**self.unsaid, **said})

    def _table(self, values: Any) -> Any:
        return values["part"][0] if self.is_part else values

    def _new(self, said: Values) -> str:
        document = tomlkit.document()
        table: Any = document
        if self.is_part:
            document["part"] = tomlkit.aot()
            document["part"].append(table := tomlkit.table())
        for key, value in said.items():
            table[key] = _item(key, value)
        return document.as_string()


_HEAD = _Kind(
    {
        **{"languages": ["en"], "quality": "m", "theme": "dark", "frame": "16:9"},
        **{"captions": "on", "voice": SILENT, "handout": 3},
    },
    is_part=False,
)
_PART = _Kind(
    {"title": "", "notes": "", "theme": None, "frame": None, "params": {}, "script": {}},
    is_part=True,
)

_NOWHERE = -3
"""Where a new lesson was: beside no other one."""


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _without_tail(piece: str) -> tuple[str, str]:
    """Return a piece without its last lines that say nothing, and these."""
    lines = _LINE.findall(piece)
    while lines and (not lines[-1].strip() or _is_comment(lines[-1])):
        lines.pop()
    body = "".join(lines)
    return body, piece[len(body) :]


def _merge(table: Any, old: Values, wanted: Values, same: Same) -> None:
    """Change a table where it does not say what is wanted."""
    for key in old.keys() - wanted.keys():
        del table[key]
    for key, value in wanted.items():
        before = old.get(key)
        if key in old and same(before, value, key):
            continue
        if isinstance(before, dict) and isinstance(value, dict):
            _merge(table[key], before, value, same)
            continue
        item = _item(key, value)
        if _stands_behind(table.get(key)) or _stands_behind(item):
            table.pop(key, None)
        table[key] = item


def _stands_behind(item: Any) -> bool:
    """Whether it is a table with a line of its own, which stands behind all values."""
    return isinstance(item, dict | AoT) and not isinstance(item, InlineTable)


def _item(key: str, value: Any) -> Any:
    """Return a value as people would write it: a title in one line, a text in several."""
    if key == "title" and isinstance(value, dict):
        table = tomlkit.inline_table()
        table.update(value)
        return table
    if isinstance(value, str) and "\n" in value:
        text = tomlkit.string(value, multiline=True).as_string()
        return tomlkit.value(text.replace('"""', '"""\n', 1))
    return value
