"""Texts in a theme and a language: written and measured by whatever has both."""

from __future__ import annotations

import math

from backprop_studio.core.base.i18n import N_, translator
from backprop_studio.scenes.paint.brush import Context, saved
from backprop_studio.scenes.paint.style import SIZES, Rgb, Theme
from backprop_studio.scenes.paint.typeset import escape, set_type


def width_of(source: str, size: float, theme: Theme, language: str) -> float:
    """Return how wide Typst markup is at an em, in Manim units."""
    return set_type(source, theme.text, language=language).width * size if source else 0.0


def write(
    ctx: Context,
    source: str,
    position: tuple[float, float],
    size: float,
    colour: Rgb,
    opacity: float,
    *,
    language: str,
    anchor: float = 0.5,
    width: float = math.inf,
) -> None:
    """Write Typst markup on a context in Manim units.

    Parameters
    ----------
    position : (float, float)
        Where the text's anchor stands; vertically that is its middle.
    size : float
        Em; less where the text would be wider than ``width``.
    anchor : float
        0 for the text's left end, 0.5 for its middle, 1 for its right end.
    """
    if not source or opacity <= 0:
        return
    ink = set_type(source, colour, language=language)
    size = min(size, width / max(ink.width, 1e-9))
    with saved(ctx):
        ctx.translate(position[0] + ink.width * size * (0.5 - anchor), position[1])
        ctx.scale(size, -size)
        ink.paint(ctx, opacity)


class Lettering:
    """Mixin for a part or a group of marks that has a theme and a language.

    Attributes
    ----------
    theme, language : Theme, str
        Of colours and words.
    """

    theme: Theme
    language: str

    def write(
        self,
        ctx: Context,
        source: str,
        position: tuple[float, float],
        colour: Rgb,
        opacity: float,
        *,
        size: float = SIZES.small,
        anchor: float = 0.5,
        width: float = math.inf,
    ) -> None:
        """Write Typst markup; see :func:`write`, which does it."""
        setting = (position, size, colour, opacity)
        write(ctx, source, *setting, language=self.language, anchor=anchor, width=width)

    def name_of_scale(self, source: str, is_logarithmic: bool) -> str:
        """Return an axis's name, which says so where its heights are no values."""
        if not (source and is_logarithmic):
            return source
        return f"{source} {escape(translator(self.language)(N_('(log)')))}"

    def width_of(self, source: str, size: float = SIZES.small) -> float:
        """Return how wide Typst markup is at an em."""
        return width_of(source, size, self.theme, self.language)
