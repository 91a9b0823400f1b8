"""Texts in a theme and a language: written and measured by whatever has both."""

from __future__ import annotations

import math

from backprop_studio.scenes.paint.brush import write
from backprop_studio.scenes.paint.context import Context
from backprop_studio.scenes.paint.style import SIZES, Rgb, Theme
from backprop_studio.scenes.paint.typeset import set_type


def width_of(source: str, size: float, theme: Theme, language: str) -> float:
    """Return how wide Typst markup is at an em, in Manim units."""
    return set_type(source, theme.text, language=language).width * size if source else 0.0


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
        """Write Typst markup; see :func:`scenes.paint.brush.write`, which does it."""
        setting = (position, size, colour, opacity)
        write(ctx, source, *setting, language=self.language, anchor=anchor, width=width)

    def width_of(self, source: str, size: float = SIZES.small) -> float:
        """Return how wide Typst markup is at an em."""
        return width_of(source, size, self.theme, self.language)
