"""Text on screen: captions, titles, code lines and formulas, set when they are first drawn."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any, Self

import cairo

from backprop_studio.scenes.paint.brush import saved
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.style import SIZES, Rgb
from backprop_studio.scenes.paint.typeset import Ink, escape, set_type

HALVINGS = 5
"""How often the width of broken lines is halved to make them even: to a thirtieth."""


_LONG_WORD = re.compile("[^\\s\u2e80-\uffef]{6,}")
"""Between blanks and Chinese characters, where a line ends anyway."""

_MAY_BREAK = "\u200b"
"""A space without width: a line may end there."""


class TypeBlock(Painted):
    """Typst markup inside a box; set smaller where it would not fit.

    Parameters
    ----------
    source : str
        Typst markup.
    size : float
        Em in Manim units.
    box : (float, float)
        Width and height in Manim units that the text may take.
    colour : Rgb
        Where the markup names none.
    align : {"left", "center"}
        Where in the box the text stands.
    wrap : bool
        Break lines at the box's width.
    """

    def __init__(
        self,
        source: str,
        size: float,
        box: tuple[float, float],
        colour: Rgb,
        *,
        align: str = "center",
        wrap: bool = False,
        **setting: Any,
    ) -> None:
        super().__init__(*box)
        self.source, self.size, self.colour = source, size, colour
        self.align, self.wrap, self.setting = align, wrap, setting

    @property
    def ink(self) -> Ink:
        """The outlines, set on first use and shared between equal texts."""
        ink = set_type(self.source, self.colour, align=self.align, **self.setting)
        widest = self.box[0] / self.size
        if not self.wrap or ink.width <= widest:
            return ink
        setting = tuple(sorted(self.setting.items()))
        return _balanced(self.source, self.colour, widest, self.align, setting)

    def drawn_size(self) -> float:
        """Return the em the text is drawn at: its own, or what fits the box."""
        ink = self.ink
        fit = min(self.box[0] / max(ink.width, 1e-9), self.box[1] / max(ink.height, 1e-9))
        return min(self.size, fit)

    def paint(self, ctx: cairo.Context[Any], opacity: float) -> None:
        """Draw the text in its box."""
        size = self.drawn_size()
        with saved(ctx):
            if self.align == "left":
                ctx.translate((self.ink.width * size - self.box[0]) / 2, 0)
            ctx.scale(size, -size)
            self.ink.paint(ctx, opacity)

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Become the other text at the half, without a word in between."""
        nearer = start if alpha < 0.5 else end
        for name in ("source", "size", "colour", "align", "wrap", "setting"):
            setattr(self, name, getattr(nearer, name))

    def texts(self) -> list[str]:
        """Return the markup."""
        return [self.source]


@lru_cache(maxsize=1024)
def _balanced(
    source: str, colour: Rgb, widest: float, align: str, setting: tuple[tuple[str, Any], ...]
) -> Ink:
    """Break a text into as few lines as fit, as even as they can be made.

    Lines of like length read better than a full line with one word below it.
    """

    def broken(width: float) -> Ink:
        return set_type(source, colour, width=width, align=align, **dict(setting))

    best = broken(widest)
    narrow, wide = widest / 2, widest
    for _ in range(HALVINGS):
        middle = (narrow + wide) / 2
        ink = broken(middle)
        if ink.height > best.height * 1.01 or ink.extents[2] - ink.extents[0] > middle:
            narrow = middle
        else:
            best, wide = ink, middle
    return best


def breakable(text: str, widest: float, **setting: Any) -> str:
    """Return a text as markup whose words may be broken where one alone is wider than a line.

    Parameters
    ----------
    widest : float
        A line, in em.
    **setting
        As the text is set.
    """

    def fitting(word: re.Match[str]) -> str:
        is_wide = set_type(escape(word[0]), (0.0, 0.0, 0.0), **setting).width > widest
        return _MAY_BREAK.join(word[0]) if is_wide else word[0]

    return escape(_LONG_WORD.sub(fitting, unicodedata.normalize("NFC", text)))


def title_block(text: str, width: float, colour: Rgb, language: str) -> TypeBlock:
    """Return a lesson's title, on the left of its box."""
    size, box = SIZES.title, (width, SIZES.title * 1.6)
    return TypeBlock(escape(text), size, box, colour, align="left", weight=500, language=language)


def caption_block(text: str, width: float, colour: Rgb, language: str) -> TypeBlock:
    """Return a caption of at most two lines, centred."""
    box = (width, SIZES.caption * 3.2)
    return TypeBlock(escape(text), SIZES.caption, box, colour, wrap=True, language=language)


def code_block(text: str, width: float, colour: Rgb, *, lines: int = 1) -> TypeBlock:
    """Return code, in so many lines where one is too short."""
    size, box = SIZES.small, (width, SIZES.small * 1.8 * lines)
    return TypeBlock(escape(text), size, box, colour, align="left", code=True, wrap=lines > 1)


def note_block(
    source: str, box: tuple[float, float], colour: Rgb, language: str, **setting: Any
) -> TypeBlock:
    """Return small type beside or below a part: Typst markup."""
    return TypeBlock(source, SIZES.small, box, colour, language=language, **setting)


def formula_block(
    source: str, box: tuple[float, float], colour: Rgb, *, language: str = "en"
) -> TypeBlock:
    """Return a formula: Typst markup with its mathematics in dollars."""
    return TypeBlock(source, SIZES.formula, box, colour, language=language)
