"""Numbers that travel: from where they live to their place in a formula, and results back."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation
from manim.utils.rate_functions import smooth

from backprop_studio.scenes.paint.brush import Box, Context, fill, mix, rounded, saved
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.style import Rgb
from backprop_studio.scenes.paint.typeset import is_watched, set_type
from backprop_studio.scenes.stage.formula import Spot

LIFT = 0.12
"""Of the way: how far a number swings to the side of the straight line."""

PLATE = 0.12
"""In em: how far the plate reaches beyond the number."""

LEAVES = 0.6
"""Of its size: a copy is not seen as long as it lies upon the number that it comes from."""


class Traveller(Painted):
    """A number on its way from one place to another.

    Parameters
    ----------
    source : str
        Typst markup, its mathematics in dollars.
    start, end : Spot
        Where it sets out and where it arrives.
    plate : Rgb
        The page's colour.
    """

    def __init__(
        self,
        source: str,
        start: Spot,
        end: Spot,
        colours: tuple[Rgb, Rgb],
        language: str,
        plate: Rgb,
    ) -> None:
        super().__init__(1.0, 1.0, share=0.0)
        self.source, self.start, self.end = source, start, end
        self.colours, self.language, self.plate = colours, language, plate

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw the number where it is now; what is on its way is not read."""
        if is_watched():
            return
        share = float(self.state["share"])
        first, last = np.array(self.start), np.array(self.end)
        x, y, em = first + (last - first) * share
        across = np.array([-(last - first)[1], (last - first)[0]])
        # Upwards, so that what leaves a formula does not run along it.
        across *= np.copysign(LIFT, across[1]) * np.sin(np.pi * share)
        ink = set_type(self.source, mix(*self.colours, share), language=self.language)
        left, top, right, bottom = ink.extents
        moved = np.abs((last - first)[:2] * share + across) / em
        gone = float(np.max(moved / (right - left, bottom - top)))
        opacity *= min(max((gone - LEAVES) / LEAVES, 0.0), 1.0)
        with saved(ctx):
            ctx.translate(x + across[0], y + across[1])
            ctx.scale(em, -em)
            ctx.translate(-(left + right) / 2, -(top + bottom) / 2)
            ctx.push_group()
            self._plate(ctx, ink.extents, share)
            ink.draw(ctx)
            ctx.pop_group_to_source()
            ctx.paint_with_alpha(opacity)

    def _plate(self, ctx: Context, extents: Box, share: float) -> None:
        """Keep what lies below from being read with the number, until it stands in a text."""
        left, top, right, bottom = extents
        rounded(ctx, left, top, right - left, bottom - top, PLATE / 2, grow=PLATE)
        fill(ctx, self.plate, max(np.sin(np.pi * share), 0.0))

    def texts(self) -> list[str]:
        """Return the number."""
        return [self.source]


class Travel(Animation):
    """The way of a number; it is there only as long as it travels."""

    def __init__(self, traveller: Traveller, **options: Any) -> None:
        options.setdefault("rate_func", smooth)
        super().__init__(traveller, introducer=True, remover=True, **options)
        self.traveller = traveller

    def interpolate_mobject(self, alpha: float) -> None:
        """Bring the number so far."""
        self.traveller.set_state(share=self.rate_func(alpha))
