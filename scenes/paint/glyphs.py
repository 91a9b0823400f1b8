"""Characters that no face has a shape for: Typst draws the face's empty box in their place."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from xml.etree import ElementTree

import typst

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import listed
from backprop_studio.core.base.validation_messages import shown
from backprop_studio.scenes.paint.compiler import compiled, faces_of, quoted

_SYMBOL = "{http://www.w3.org/2000/svg}symbol"

_NOWHERE = "\U0010fffd"
"""The last private character, to which no face gives a shape."""

_EMPTY_BOXES = "\n".join(
    [
        *(f'#text(weight: {weight})[#"{_NOWHERE}"]' for weight in range(100, 1000, 100)),
        f'#emph[#"{_NOWHERE}"] #raw("{_NOWHERE}") $"{_NOWHERE}" bold("{_NOWHERE}") {_NOWHERE}$',
    ]
)
"""Asks every face that a text may use for its empty box."""

_DOUBTFUL = re.compile("[^\\x00-\\x7e\u3001-\u3011\u4e00-\u9fa5\uff01-\uff5e]")
"""What is looked up; ASCII and the common Chinese characters are in the faces, as a test holds."""


def check_shapes(text: str) -> None:
    """Refuse a text that cannot be drawn.

    Raises
    ------
    InputError
        If it has characters that no face has a shape for; names them.
    """
    if missing := [named(sign) for sign in undrawn(text)]:
        words = N_(
            "no font that comes with the program can draw {characters} in {text}; leave it out"
        )
        raise InputError("text.no_shape", words, characters=listed(missing), text=shown(text))


def undrawn(text: str) -> list[str]:
    """Return the characters of a text for which no face of ours has a shape, each once."""
    return [it for it in dict.fromkeys(_DOUBTFUL.findall(text)) if not _has_shape(it)]


@lru_cache(maxsize=4096)
def _has_shape(sign: str) -> bool:
    return not without_shape(f"#set text(font: {faces_of(sign, 'en')})\n", "#" + quoted(sign))


def without_shape(setting: str, markup: str) -> bool:
    """Whether an empty box stands somewhere in markup that is set with the rules before it."""
    return bool(_boxes(setting) & _shapes(setting, markup))


def named(sign: str) -> str:
    """Return what a character is called, and its number.

    Examples
    --------
    >>> named("\u0e01")
    'thai character ko kai U+0E01'
    """
    return f"{unicodedata.name(sign, '').lower()} U+{ord(sign):04X}".lstrip()


@lru_cache(maxsize=1024)
def _boxes(setting: str) -> frozenset[str]:
    return _shapes(setting, _EMPTY_BOXES)


def _shapes(setting: str, markup: str) -> frozenset[str]:
    """Return the outlines of the glyphs that markup is set with."""
    try:
        svg = compiled(setting + markup)
    except typst.TypstError:  # half of a character pair does not stand alone
        return frozenset()
    symbols = ElementTree.fromstring(svg).iter(_SYMBOL)
    return frozenset(symbol[0].get("d", "") for symbol in symbols if len(symbol))
