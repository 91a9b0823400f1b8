"""How far a text can be dimmed and still be read."""

from __future__ import annotations

from functools import lru_cache

from backprop_studio.scenes.paint.brush import mix
from backprop_studio.scenes.paint.style import Rgb, Theme, contrast

LEGIBLE = 4.7
"""Contrast ratio by WCAG 2, a little above the 4.5 that texts need, as colours are rounded."""

FINENESS = 0.01


@lru_cache(maxsize=64)
def _least(colour: Rgb, grounds: tuple[Rgb, ...]) -> float:
    opacity = FINENESS
    while opacity < 1 and any(
        contrast(mix(ground, colour, opacity), ground) < LEGIBLE for ground in grounds
    ):
        opacity += FINENESS
    return min(opacity, 1.0)


def least_opacity(colour: Rgb, theme: Theme) -> float:
    """Return the least opacity at which a text can be read on the page and on a card.

    Examples
    --------
    >>> from backprop_studio.scenes.paint.style import THEMES
    >>> least_opacity(THEMES["dark"].text, THEMES["dark"]) < 0.6
    True
    """
    return _least(colour, (theme.background, theme.surface))
