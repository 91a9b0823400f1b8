"""Where in the text of a field an entry of its value stands; without Qt."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

Span: TypeAlias = tuple[int, int]
"""The first character and the one behind the last."""

_ATOM = re.compile(r'"[^"]*"|[^\s,;\[\](){}\N{FULLWIDTH COMMA}\N{FULLWIDTH SEMICOLON}]+')
_NUMBER = re.compile(r"[-+−]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_CHAIN = re.compile(r"\d+(?:\s*[-–×x]\s*\d+)+")
"""Layers as people name them: 2-4-4-1."""


def span_of(text: str, place: Sequence[str]) -> Span | None:
    """Return where an entry stands, None if it is not found.

    Parameters
    ----------
    text : str
        A list, a list of lists, or numbers with names, as a field takes them.
    place : sequence of str
        The way to the entry: positions from 0, and names.

    Examples
    --------
    >>> span_of("[[1, 2], [3, x]]", ["1", "1"]), span_of("2-4-80-1", ["2"])
    ((13, 14), (4, 6))
    >>> span_of("a = 5, b = x", ["b"]), span_of("1, 2", ["7"])
    ((11, 12), None)
    """
    span = (0, len(text))
    for step in place:
        inside = _inside(text, span)
        found = _entries(text, inside) if step.isdecimal() else _named(text, inside, step)
        at = int(step) if step.isdecimal() else 0
        if at >= len(found):
            return None
        span = found[at]
    return span if place else None


def column_span(text: str, column: int) -> Span:
    """Return the character in a column, counted from 1 in the text without blanks around it.

    Examples
    --------
    >>> column_span(" x^", 3), column_span("3x", 2)
    ((3, 3), (1, 2))
    """
    start = min(len(text) - len(text.lstrip()) + column - 1, len(text))
    return start, min(start + 1, len(text))


def stray_span(text: str) -> Span | None:
    """Return the first word of a list that is no number; None if there is none.

    Examples
    --------
    >>> stray_span("[1, zwei, 3]"), stray_span("2-x-1"), stray_span("1; 2")
    ((4, 8), (2, 3), None)
    """
    stray = next((it for it in _ATOM.finditer(text) if not _NUMBER.fullmatch(it[0])), None)
    if stray is None or _CHAIN.fullmatch(stray[0]):
        return None
    word = _WORD.search(text, *stray.span())
    return (word or stray).span()


def _inside(text: str, span: Span) -> Span:
    """Return a span without the blanks and the one pair of brackets around all of it."""
    start, end = span
    whole = text[start:end]
    groups = _entries(text, span)
    if len(groups) == 1 and whole.strip()[:1] in {"[", "(", "{"}:
        first, last = groups[0]
        return first + 1, last - (text[last - 1] in "])}")
    return start, end


def _entries(text: str, span: Span) -> list[Span]:
    """Return the entries at the outermost level: words, and brackets with what they hold."""
    at, end = span
    if _CHAIN.fullmatch(text[at:end].strip()):
        return [(at + it.start(), at + it.end()) for it in re.finditer(r"\d+", text[at:end])]
    found = []
    while at < end:
        if text[at] in "[({":
            close = _closing(text, at, end)
            found.append((at, close))
            at = close
        elif atom := _ATOM.match(text, at, end):
            found.append(atom.span())
            at = atom.end()
        else:
            at += 1
    return found


def _closing(text: str, at: int, end: int) -> int:
    depth = 0
    for here in range(at, end):
        depth += (text[here] in "[({") - (text[here] in "])}")
        if not depth:
            return here + 1
    return end


def _named(text: str, span: Span, name: str) -> list[Span]:
    """Return the value that a name is given."""
    start, end = span
    found = re.search(
        rf'(?<!\w)"?{re.escape(name)}"?\s*[=:＝：]\s*([^,;，；]*[^,;，；\s])', text[start:end]
    )
    return [(start + found.start(1), start + found.end(1))] if found else []
