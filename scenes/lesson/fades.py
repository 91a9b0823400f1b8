"""Fades of texts that stand at one place: two of them on top of each other are none."""

from __future__ import annotations

from manim import Animation, FadeIn, FadeOut, Mobject
from manim.utils.rate_functions import smooth, squish_rate_func


def one_after_the_other(old: Mobject | None, new: Mobject | None) -> list[Animation]:
    """Return the animations by which a text goes, and then another one comes."""
    fades: list[Animation] = []
    if old is not None:
        fades.append(FadeOut(old, rate_func=squish_rate_func(smooth, 0, 0.5)))
    if new is not None:
        fades.append(FadeIn(new, rate_func=squish_rate_func(smooth, 0.5, 1)))
    return fades
