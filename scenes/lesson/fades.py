"""Fades of texts that stand at one place: two of them on top of each other are none."""

from __future__ import annotations

from collections.abc import Iterable

from manim import Animation, FadeIn, FadeOut, Mobject
from manim.utils.rate_functions import smooth, squish_rate_func


def one_after_the_other(old: Mobject | None, new: Mobject | None) -> list[Animation]:
    """Return the animations by which a text goes, and then another one comes."""
    return exchanged([old] if old is not None else [], [new] if new is not None else [])


def exchanged(leaving: Iterable[Mobject], coming: Iterable[Mobject]) -> list[Animation]:
    """Return the animations by which parts of a picture go, and then others come."""
    out, into = squish_rate_func(smooth, 0, 0.5), squish_rate_func(smooth, 0.5, 1)
    return [
        *(FadeOut(it, rate_func=out) for it in leaving),
        *(FadeIn(it, rate_func=into) for it in coming),
    ]
