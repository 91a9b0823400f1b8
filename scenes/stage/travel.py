"""Numbers that travel: from where they live to their place in a formula, and results back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from manim import Animation
from manim.utils.rate_functions import smooth, squish_rate_func

from backprop_studio.scenes.paint.brush import Box, Context, fill, mix, rounded, saved
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.style import Rgb
from backprop_studio.scenes.paint.typeset import is_watched, set_type
from backprop_studio.scenes.stage.formula import Spot

LIFT = 0.12
"""Of the way: how far a number swings to the side of the straight line."""

PLATE = 0.12
"""In em: how far the plate reaches beyond the number."""

LOOKS = 16
"""Moments of a way at which it is seen whether two numbers meet."""

ARRIVES, GONE = 0.76, 0.84
"""Of its time: when a number that becomes another text is there, and when it has gone."""

CLEARED, SHOWN = 0.3, 0.84
"""Of the same time: the place of arrival begins to clear, and to show what the number becomes."""

LEAVES = 0.5
"""In em, and of its own size: how far a number goes while it comes into sight."""


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
    board : Box, optional
        That it leaves: on its way out it would cover what is written there, and is not seen.
    """

    def __init__(
        self,
        source: str,
        start: Spot,
        end: Spot,
        colours: tuple[Rgb, Rgb],
        language: str,
        plate: Rgb,
        board: Box | None = None,
    ) -> None:
        super().__init__(1.0, 1.0, share=0.0, left=1.0)
        self.source, self.start, self.end = source, start, end
        self.colours, self.language, self.plate = colours, language, plate
        self.board = board if board is not None and _outside(board, end.x, end.y) > 0 else None

    def place(self, share: float) -> tuple[float, float, float, float]:
        """Return where its middle is after a share of its way, its em, and how much is seen."""
        first, last = np.array(self.start), np.array(self.end)
        x, y, em = first + (last - first) * share
        across = np.array([-(last - first)[1], (last - first)[0]])
        # Upwards, so that what leaves a formula does not run along it.
        across *= np.copysign(LIFT, across[1]) * np.sin(np.pi * share)
        x, y = x + across[0], y + across[1]
        # A copy is not seen as long as it lies upon the number that it comes from.
        left, top, right, bottom = set_type(self.source, self.plate, language=self.language).extents
        gone = np.abs([x - first[0], y - first[1]]) / em
        clear = float(max(gone / np.maximum([right - left, bottom - top], LEAVES))) - 1
        if self.board is not None:
            clear = min(clear, _outside(self.board, x, y) / em)
        return x, y, em, min(max(clear / LEAVES, 0.0), 1.0)

    def meets(self, other: Traveller) -> bool:
        """Whether two that set out together cover each other on their way."""
        extents = [set_type(it.source, it.plate).extents for it in (self, other)]
        for share in np.linspace(0, 1, LOOKS):
            places = [it.place(float(share)) for it in (self, other)]
            apart = [abs(places[0][k] - places[1][k]) for k in (0, 1)]
            reach = [
                sum(
                    (box[k + 2] - box[k] + 2 * PLATE) * at[2] / 2
                    for box, at in zip(extents, places, strict=True)
                )
                for k in (0, 1)
            ]
            is_seen = all(at[3] > 0 for at in places)
            if is_seen and apart[0] < reach[0] and apart[1] < reach[1]:
                return True
        return False

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw the number where it is now; what is on its way is not read."""
        if is_watched():
            return
        share = float(self.state["share"])
        x, y, em, seen = self.place(share)
        opacity *= seen * float(self.state["left"])
        ink = set_type(self.source, mix(*self.colours, share), language=self.language)
        left, top, right, bottom = ink.extents
        with saved(ctx):
            ctx.translate(x, y)
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


def taken_over(share: float) -> float:
    """Return how far a place of arrival has changed: half, and empty, until the number has gone."""
    out = squish_rate_func(smooth, CLEARED, ARRIVES)(share)
    return (out + squish_rate_func(smooth, SHOWN, 1)(share)) / 2


def _outside(box: Box, x: float, y: float) -> float:
    """Return how far outside of a box a point is."""
    left, bottom, right, top = box
    return max(left - x, x - right, bottom - y, y - top, 0.0)


def flights(names: Iterable[str], ways: Mapping[str, Travel]) -> list[list[str]]:
    """Return which numbers may travel together: none of them covers another one on its way."""
    groups: list[list[str]] = []
    for name in names:
        number = ways[name].traveller
        for group in groups:
            if not any(number.meets(ways[it].traveller) for it in group):
                group.append(name)
                break
        else:
            groups.append([name])
    return groups


class Travel(Animation):
    """The way of a number; it is there only as long as it travels."""

    def __init__(self, traveller: Traveller, **options: Any) -> None:
        options.setdefault("rate_func", smooth)
        super().__init__(traveller, introducer=True, remover=True, **options)
        self.traveller = traveller
        self.hands_over = False

    def interpolate_mobject(self, alpha: float) -> None:
        """Bring the number so far; one that hands over has gone before what it becomes is seen."""
        if not self.hands_over:
            self.traveller.set_state(share=self.rate_func(alpha))
            return
        left = min(max((GONE - alpha) / (GONE - ARRIVES), 0.0), 1.0)
        self.traveller.set_state(share=self.rate_func(min(alpha / ARRIVES, 1.0)), left=left)
