"""A histogram: how often values fall between edges."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from backprop_studio.scenes.paint.brush import Context, saved, set_colour
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.style import Rgb, Theme
from backprop_studio.scenes.parts.charts.axes import HAIRLINE, Axes, Axis


class Histogram(Painted):
    """How often values fall between edges.

    Parameters
    ----------
    edges : (bins + 1,) array
        Rising borders between bins, in values; on a logarithmic axis they are positive.
    x, y : Axis
        The values, and how many there are.
    colour : Rgb, optional
        Of the bars; a gradient's if not given.
    """

    def __init__(
        self,
        edges: Any,
        x: Axis,
        y: Axis,
        box: tuple[float, float],
        theme: Theme,
        language: str,
        *,
        colour: Rgb | None = None,
    ) -> None:
        self.edges = x.places(edges)
        if self.edges.ndim != 1 or len(self.edges) < 2 or not (np.diff(self.edges) > 0).all():
            raise ValueError("a histogram needs at least two edges that rise")
        self.axes = Axes(x, y, box, theme, language)
        self.theme, self.colour = theme, colour or theme.gradient
        self.ticks = (x.ticks(), y.ticks())
        self.base = y.ends[0]
        super().__init__(*box, counts=np.full(len(self.edges) - 1, self.base))

    def set_counts(self, counts: Any) -> Histogram:
        """Let the bars grow to counts (bins,)."""
        counts = np.asarray(counts, dtype=np.float64)
        if counts.shape != (len(self.edges) - 1,):
            raise ValueError(f"{len(self.edges) - 1} bins need as many counts, not {counts.shape}")
        positions = self.axes.y.places(counts)
        return self.set_state(counts=np.where(np.isnan(positions), self.base, positions))

    def texts(self) -> list[str]:
        """Return labels of axes and ticks."""
        found = [self.axes.x.label, self.axes.y.label, *self.ticks[0].texts, *self.ticks[1].texts]
        return [text for text in found if text]

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw axes and bars."""
        self.axes.paint(ctx, self.axes.window, self.ticks, opacity)
        tops = self.axes.at(self.axes.window, self.edges[:-1], self.state["counts"])
        rights = self.axes.at(self.axes.window, self.edges[1:], self.base)
        # A pixel's gap between bars, but never a bar thinner than its gap.
        gap = min(HAIRLINE, float(np.diff(tops[:, 0]).min(initial=math.inf)) / 4)
        with saved(ctx):
            self.axes.clip(ctx)
            for (left, top), (right, bottom) in zip(tops.tolist(), rights.tolist(), strict=True):
                if top > bottom:
                    ctx.rectangle(left + gap / 2, bottom, right - left - gap, top - bottom)
            set_colour(ctx, self.colour, opacity)
            ctx.fill()
