"""Characters that no font has a shape for: Typst draws the font's empty box in their place."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from xml.etree import ElementTree

import typst

from backprop_studio.scenes.paint.typeset import Ink, compiled, escape

_SYMBOL = "{http://www.w3.org/2000/svg}symbol"

_NOWHERE = "\U0010fffd"
"""The last private character, to which no font gives a shape."""

_EMPTY_BOXES = "\n".join(
    [
        *(f'#text(weight: {weight})[#"{_NOWHERE}"]' for weight in range(100, 1000, 100)),
        f'#emph[#"{_NOWHERE}"] #raw("{_NOWHERE}") $"{_NOWHERE}" bold("{_NOWHERE}") {_NOWHERE}$',
    ]
)
"""Asks every face that a text may use for its empty box."""


def missing_characters(ink: Ink) -> tuple[str, ...]:
    """Return the characters of a text that the fonts cannot draw, each with its number.

    Parameters
    ----------
    ink : Ink
        A text as it was set.

    Returns
    -------
    tuple of str
        Such as ``("thai character ko kai U+0E01",)``; ``("",)`` where none can be named; or
        empty.
    """
    return _missing(ink.source.removesuffix(ink.markup), ink.markup)


@lru_cache(maxsize=4096)
def _missing(setting: str, markup: str) -> tuple[str, ...]:
    boxes = _shapes(setting, _EMPTY_BOXES)
    if not boxes & _shapes(setting, markup):
        return ()
    suspects = [sign for sign in dict.fromkeys(markup) if ord(sign) > 127]
    found = [sign for sign in suspects if boxes & _shapes(setting, escape(sign))]
    return tuple(map(_named, found)) or ("",)


def _named(sign: str) -> str:
    return f"{unicodedata.name(sign, '').lower()} U+{ord(sign):04X}".lstrip()


@lru_cache(maxsize=4096)
def _shapes(setting: str, markup: str) -> frozenset[str]:
    """Return the outlines of the glyphs that a text is set with."""
    try:
        svg = compiled(setting + markup)
    except typst.TypstError:  # half of a character pair does not stand alone
        return frozenset()
    symbols = ElementTree.fromstring(svg).iter(_SYMBOL)
    return frozenset(symbol[0].get("d", "") for symbol in symbols if len(symbol))
