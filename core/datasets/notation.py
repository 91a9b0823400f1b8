"""Notation of numbers: which mark stands before decimals, and which between thousands.

``1.5``, ``1,5``, ``12,500`` and ``12.500``: what a mark means is a property of the whole table, and
is found out from all of its numbers together. Digits, signs and blanks of any script are read.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Decimal = Literal[".", ","]
Thousands = Literal[",", ".", " ", "'"]

MAX_DIGITS = 400
"""A number of thousands of digits is no measurement, and slow to read."""

_SAME = {"−": "-", "–": "-", "﹣": "-", "٫": ".", "٬": "'", "’": "'", "⁄": "/"}
_SHAPE = str.maketrans("23456789", "11111111")


def in_ascii(text: str) -> str:
    """Return a cell with digits, signs and blanks of other scripts as those of ASCII.

    Raised digits stay what they are: 10² is not 102.

    Examples
    --------
    >>> in_ascii("−１．５"), in_ascii("١٫٥"), in_ascii("10²")
    ('-1.5', '1.5', '10²')
    """
    if text.isascii():
        return text
    return "".join(map(_letter_in_ascii, text))


@lru_cache(maxsize=1024)
def _letter_in_ascii(letter: str) -> str:
    if letter in _SAME:
        return _SAME[letter]
    digit = unicodedata.decimal(letter, None)
    if digit is not None:
        return str(digit)
    if "！" <= letter <= "～":
        return chr(ord(letter) - 0xFEE0)
    category = unicodedata.category(letter)
    return {"Zs": " ", "Cf": ""}.get(category, letter)  # Cf: without width, as of web pages


@dataclass(frozen=True)
class Notation:
    """Notation of numbers.

    Attributes
    ----------
    decimal : {".", ","}
        Before the decimals.
    thousands : {",", ".", " ", "'"} or None
        Between groups of three digits; None where there is none.

    Examples
    --------
    >>> Notation(",", ".").value("1.234,5"), Notation().value("1,5")
    (1234.5, None)
    """

    decimal: Decimal = "."
    thousands: Thousands | None = None

    def value(self, text: str) -> float | None:
        """Return the number that a cell holds, None if it is none in this notation."""
        text = in_ascii(text).strip()
        if len(text) > MAX_DIGITS or not _pattern(self.decimal, self.thousands).fullmatch(text):
            return None
        return float(self.plain(text))

    def plain(self, text: str) -> str:
        """Return a number in this notation as Python writes it."""
        text = in_ascii(text)
        if self.thousands:
            text = text.strip().replace(self.thousands, "")
        return text.replace(",", ".") if self.decimal == "," else text

    def takes(self, shape: str) -> bool:
        """Whether a number of this shape is one in this notation."""
        return bool(_pattern(self.decimal, self.thousands).fullmatch(shape))


NOTATIONS = (
    Notation(),
    Notation(","),
    *(Notation(".", mark) for mark in (",", " ", "'")),
    *(Notation(",", mark) for mark in (".", " ", "'")),
)
"""The plainest first."""


@lru_cache(maxsize=len(NOTATIONS))
def _pattern(decimal: str, thousands: str | None) -> re.Pattern[str]:
    """Return what a number looks like.

    Digits can be matched in one way only, so that a long cell of them takes no longer than its
    length.
    """
    point = re.escape(decimal)
    whole = "[0-9]+"
    if thousands:
        whole = rf"(?:[1-9][0-9]{{0,2}}(?:{re.escape(thousands)}[0-9]{{3}})+(?![0-9])|[0-9]+)"
    return re.compile(rf"[+-]?(?:{whole}(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?")


def shape_of(text: str, *, strip: bool = True) -> str:
    """Return what decides in which notations a cell is a number: cells of one shape are alike.

    With ``strip`` false blanks at the ends stay, so that a text of many cells stays one.

    Examples
    --------
    >>> shape_of(" 27,05 "), shape_of("－3")
    ('11,01', '-1')
    """
    shape = in_ascii(text).translate(_SHAPE)
    return shape.strip() if strip else shape


@lru_cache(maxsize=4096)
def _takers(shape: str) -> tuple[Notation, ...]:
    return tuple(it for it in NOTATIONS if it.takes(shape))


def is_like_number(text: str) -> bool:
    """Whether a cell is a number in any notation.

    Examples
    --------
    >>> is_like_number("12,5"), is_like_number("1_000"), is_like_number("5 s")
    (True, False, False)
    """
    return len(text) <= MAX_DIGITS and bool(_takers(shape_of(text)))


def best_notations(shapes: Counter[str], allowed: Iterable[Notation]) -> list[Notation]:
    """Return the notations in which most cells are numbers, the plainest first.

    Parameters
    ----------
    shapes : Counter
        How many cells there are of each shape.
    allowed : iterable of Notation

    Examples
    --------
    >>> best_notations(Counter({"11,1": 3, "1": 2}), NOTATIONS)[0]
    Notation(decimal=',', thousands=None)
    """
    fits: Counter[Notation] = Counter()
    for shape, count in shapes.items():
        for notation in _takers(shape):
            fits[notation] += count
    chosen = [it for it in NOTATIONS if it in set(allowed)]
    most = max((fits[it] for it in chosen), default=0)
    return [it for it in chosen if fits[it] == most]


def two_readings(cell: str, notations: Iterable[Notation]) -> tuple[float, float] | None:
    """Return what a cell is with its mark before decimals and between thousands, if it may be both.

    Examples
    --------
    >>> two_readings("12,500", NOTATIONS), two_readings("12,50", NOTATIONS)
    ((12.5, 12500.0), None)
    """
    found = {it.value(cell) for it in notations} - {None}
    values = sorted(value for value in found if value is not None)
    return (values[0], values[-1]) if len(values) > 1 else None
