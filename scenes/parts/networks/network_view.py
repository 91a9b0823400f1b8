"""A network of nodes that hold numbers: each weight a line, gradients arrows back."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import cairo
import numpy as np

from backprop_studio.scenes.paint.brush import Context, arrow, disc, line, set_colour
from backprop_studio.scenes.paint.raster import RASTERS
from backprop_studio.scenes.paint.style import Theme
from backprop_studio.scenes.paint.typeset import is_watched
from backprop_studio.scenes.parts.networks.followed_weight import HALO_WIDTH
from backprop_studio.scenes.parts.networks.layered_network import (
    ARROW_WIDTHS,
    EDGE_WIDTHS,
    NODE_RING,
    RADIUS_MOST,
    LayeredNetwork,
    between,
    largest,
)
from backprop_studio.scenes.parts.networks.turned import BESIDE, COLUMN_TAG

MOST_SHOWN = 4
"""A layer with more units shows its first two, dots, and its last: smaller nodes hold no digits."""

COLUMN_INSET = 0.8
PULSE_LENGTH = 0.3
DOT_RADIUS = 0.035
DOTS_BESIDE_COUNT = (0.5, 0.75)
"""Where dots stand between a layer's count and the next node's rim."""

NAME_REACH = 0.75
"""How far what is written at a column may reach to either side, in distances between columns."""


def shown_units(size: int, most: int = MOST_SHOWN) -> list[int | None]:
    """Return which units of a layer are drawn; None stands for dots.

    Examples
    --------
    >>> shown_units(3)
    [0, 1, 2]
    >>> shown_units(784)
    [0, 1, None, 783]
    """
    if size <= most:
        return list(range(size))
    return [*range(most - 2), None, size - 1]


class NetworkView(LayeredNetwork):
    """Layers as columns of nodes; of a large layer the first two, its count between dots, the last.

    Parameters
    ----------
    sizes : sequence of int
        Units per layer, the input first.
    names : sequence of str
        One per layer, above its column, in the lesson's language.
    weights : sequence of (n_out, n_in) arrays
        All of them; the view picks what it shows.
    gradients : sequence of (n_out, n_in) arrays
        dL/dW of all layers, which set the one scale of the arrows.
    box : (float, float)
        Width and height in Manim units.
    downward : bool
        As of :class:`LayeredNetwork`.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        names: Sequence[str],
        weights: Sequence[Any],
        gradients: Sequence[Any],
        box: tuple[float, float],
        theme: Theme,
        language: str,
        *,
        downward: bool = False,
    ) -> None:
        units = [shown_units(size) for size in sizes]
        super().__init__(sizes, names, units, box, theme, language, downward=downward)
        for gap, matrix in enumerate(weights):
            self.state[f"weight_{gap}"] = self.pick(gap, matrix)
            self.state[f"gradient_{gap}"] = np.zeros_like(self.state[f"weight_{gap}"])
            self.state[f"seen_{gap}"] = np.ones_like(self.state[f"weight_{gap}"])
        self.weight_scale = largest(weights)
        self.gradient_scale = largest(gradients)
        self._lay_out()

    def set_weights(self, gap: int, matrix: Any) -> NetworkView:
        """Give a gap's edges other weights."""
        self.state[f"weight_{gap}"] = self.pick(gap, matrix)
        return self

    def watch(self, layer: int, row: int, *, back: bool = False) -> NetworkView:
        """Dim all but one unit with what comes into it, or with what it feeds."""
        super().watch(layer, row, back=back)
        bright = self.state[f"bright_{layer}"]
        gap, shown = (layer, bright[None, :]) if back else (layer - 1, bright[:, None])
        self.state[f"seen_{gap}"][:] = shown
        return self

    def watch_all(self) -> NetworkView:
        """Let everything be as bright as it is."""
        super().watch_all()
        for gap in range(len(self.sizes) - 1):
            self.state[f"seen_{gap}"][:] = 1.0
        return self

    def _set_gradients(self, gap: int, matrix: np.ndarray) -> None:
        self.state[f"gradient_{gap}"] = self.pick(gap, matrix)

    def counts(self) -> list[str]:
        """Return the number of units of each layer that has dots and is shown."""
        return [
            str(size) if None in units and shown > 0 else ""
            for size, units, shown in zip(self.sizes, self.units, self.state["shown"], strict=True)
        ]

    def _lay_out(self) -> None:
        width, height = self.extent
        column = height if self.downward else height - 2 * COLUMN_TAG
        most = max(len(units) for units in self.units)
        pitch = column / most
        reach = pitch * (0.44 if self.downward else 0.42)
        self.radius = min(RADIUS_MOST * height, reach, width / len(self.sizes) * 0.3)
        self.pitch = pitch = min(pitch, self.radius * (3.0 if self.downward else 2.5))
        xs = np.linspace(*self.ends(COLUMN_INSET, self.radius), len(self.sizes))
        self.reach = [self.radius] * len(self.sizes)
        self.column_top = pitch * (most - 1) / 2 + self.radius
        self.centres = [
            np.array([(x, pitch * ((len(units) - 1) / 2 - k)) for k in range(len(units))])
            for x, units in zip(xs, self.units, strict=True)
        ]

    # Painting

    def _edges(self, gap: int) -> Iterator[tuple[int, int, np.ndarray, np.ndarray]]:
        """Yield (row, column, start, end) of the drawn edges, from node rim to node rim."""
        for row, end_unit in enumerate(self.units[gap + 1]):
            for column, start_unit in enumerate(self.units[gap]):
                if end_unit is not None and start_unit is not None:
                    yield row, column, *self._edge(gap, row, column)

    def _strength(self, weight: float) -> float:
        return min(abs(weight) / self.weight_scale, 1.0)

    def _paint_edges(self, ctx: Context, gap: int, opacity: float) -> None:
        alpha = opacity * float(self.state["edge_alpha"][gap])
        if alpha <= 0:
            return
        weights = (self.state[f"{it}_{gap}"].tobytes() for it in ("weight", "seen"))
        key = ("edges", self.theme.name, self.sizes, self.box, gap, *weights, self.weight_scale)
        RASTERS.paint(ctx, key, self._between(gap), lambda ctx: self._draw_edges(ctx, gap), alpha)

    def _between(self, gap: int) -> tuple[float, float, float, float]:
        """Return a box that none of a gap's edges and arrows leaves."""
        left, right = float(self.centres[gap][0][0]), float(self.centres[gap + 1][0][0])
        half = self.extent[1] / 2 + HALO_WIDTH
        return left, -half, right, half

    def _draw_edges(self, ctx: Context, gap: int) -> None:
        ctx.set_line_cap(cairo.LINE_CAP_ROUND)
        for row, column, start, end in self._edges(gap):
            weight = float(self.state[f"weight_{gap}"][row, column])
            bright = float(self.state[f"seen_{gap}"][row, column])
            self._draw_edge(ctx, (start, end), weight, self._strength(weight), bright=bright)

    def _paint_pulse(self, ctx: Context, gap: int, progress: float, opacity: float) -> None:
        head = progress * (1 + PULSE_LENGTH)
        first, last = max(head - PULSE_LENGTH, 0.0), min(head, 1.0)
        set_colour(ctx, self.theme.focus, 0.9 * opacity)
        for row, column, start, end in self._edges(gap):
            strength = self._strength(float(self.state[f"weight_{gap}"][row, column]))
            ctx.set_line_width(between(EDGE_WIDTHS, strength) + 0.03)
            line(ctx, start + (end - start) * first, start + (end - start) * last)

    def _paint_arrows(self, ctx: Context, gap: int, progress: float, opacity: float) -> None:
        if progress < 1:
            self._draw_arrows(ctx, gap, progress, opacity)
            return
        gradients = self.state[f"gradient_{gap}"].tobytes()
        scale, ahead = self.gradient_scale, float(self.state["ahead"])
        key = ("arrows", self.theme.name, self.sizes, self.box, gap, gradients, scale, ahead)
        box = self._between(gap)
        RASTERS.paint(ctx, key, box, lambda ctx: self._draw_arrows(ctx, gap, 1.0, 1.0), opacity)

    def _draw_arrows(self, ctx: Context, gap: int, progress: float, opacity: float) -> None:
        for row, column, start, end in self._edges(gap):
            gradient = float(self.state[f"gradient_{gap}"][row, column])
            if gradient == 0:
                continue
            strength = min(abs(gradient) / self.gradient_scale, 1.0)
            set_colour(ctx, self.theme.of_sign(gradient), opacity * min(1.0, progress * 3))
            first, last = self.arrow_ends(start, end)
            tip = first + (last - first) * progress
            arrow(ctx, first, tip, between(ARROW_WIDTHS, strength))

    def _paint_column(self, ctx: Context, layer: int, opacity: float, fade: float) -> None:
        """Lay a column whose numbers stand down as one picture: most do, in most frames."""
        if fade < 1 or is_watched():  # whoever watches wants to know where each text stands
            super()._paint_column(ctx, layer, opacity, fade)
            return
        room = (self.theme.name, self.language, self.sizes, self.box, layer, self.names[layer])
        numbers = (self.state[f"{it}_{layer}"].tobytes() for it in ("value", "bright"))
        values = *numbers, float(self.state["ring"][layer])
        words = (tuple(self.labels[layer]), self.tags[layer], self.gradient_tags[layer])
        key = ("column", *room, *values, *words)
        x, apart = float(self.centres[layer][0][0]), self.centres[1][0][0] - self.centres[0][0][0]
        # Neighbours stand that far apart, and what is written at them does not overlap.
        reach = max(NAME_REACH * float(apart), self.radius + NODE_RING)
        half = self.extent[1] / 2 + NODE_RING
        box = (x - reach, -half, x + reach, half + (BESIDE if self.downward else 0.0))
        paint = super()._paint_column
        RASTERS.paint(ctx, key, box, lambda ctx: paint(ctx, layer, 1.0, 1.0), opacity)

    def _paint_units(self, ctx: Context, layer: int, opacity: float, fade: float) -> None:
        if None in self.units[layer]:
            centre = self.centres[layer][self.units[layer].index(None)]
            self._paint_count(ctx, centre, str(self.sizes[layer]), opacity)
        self._paint_nodes(ctx, layer, opacity, fade)

    def _paint_count(self, ctx: Context, centre: np.ndarray, count: str, opacity: float) -> None:
        """Write how many units there are in all between dots for those left out."""
        set_colour(ctx, self.theme.muted, opacity)
        for share in DOTS_BESIDE_COUNT:
            for side in (-1, 1):
                height = centre[1] + side * share * (self.pitch - self.radius)
                disc(ctx, (centre[0], height), DOT_RADIUS)
                ctx.fill()
        room = 2 * (DOTS_BESIDE_COUNT[0] * (self.pitch - self.radius) - 2 * DOT_RADIUS)
        room = room if self.downward else math.inf
        self.write(ctx, count, (centre[0], centre[1]), self.theme.muted, opacity, width=room)
