"""Which characters of a text on a picture no face has a shape for."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from backprop_studio.scenes.paint.compiler import quoted
from backprop_studio.scenes.paint.glyphs import named, without_shape

if TYPE_CHECKING:
    from backprop_studio.scenes.paint.typeset import Ink


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
    if not without_shape(setting, markup):
        return ()
    suspects = [sign for sign in dict.fromkeys(markup) if ord(sign) > 127]
    found = [sign for sign in suspects if without_shape(setting, "#" + quoted(sign))]
    return tuple(map(named, found)) or ("",)
