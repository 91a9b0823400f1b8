"""A network as one painted part: nodes, weights, light travelling forward, gradient arrows back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import cairo
import numpy as np

from scenes.parts.brush import arrow, dots, line, mix, set_colour, write
from scenes.parts.painted import Painted
from scenes.parts.style import SIZES, Theme, decimals_for
from scenes.parts.typeset import escape

__all__ = ["MOST_SHOWN", "NetworkView", "shown_units"]

MOST_SHOWN = 4
"""A layer with more units shows its first two, dots, and its last: smaller nodes hold no digits."""

RADIUS_MOST = 0.46
RADIUS_FOR_THREE_DECIMALS = 0.4
COLUMN_TAG = 0.42
EDGE_WIDTHS = (0.012, 0.075)
ARROW_WIDTHS = (0.018, 0.10)
PULSE_LENGTH = 0.3
HALO_WIDTH = 0.22


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


class NetworkView(Painted):
    """Layers as columns of nodes, left to right.

    Everything that changes is in :attr:`state`, so ``view.animate.light(0, ...)`` and its like move
    from one state to the next. Values come as sequences over the *shown* units or edges.

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
    ) -> None:
        self.sizes = tuple(sizes)
        self.units = [shown_units(size) for size in sizes]
        self.names = list(names)
        self.theme = theme
        self.language = language
        layers, gaps = len(sizes), len(sizes) - 1
        state: dict[str, Any] = {
            "shown": np.zeros(layers),
            "ring": np.zeros(layers),
            "edge_alpha": np.zeros(gaps),
            "pulse": np.zeros(gaps),
            "arrow": np.zeros(gaps),
            "halo": 0.0,
        }
        for layer, units in enumerate(self.units):
            state[f"value_{layer}"] = np.zeros(len(units))
        for gap in range(gaps):
            state[f"weight_{gap}"] = self.pick(gap, np.asarray(weights[gap]))
            state[f"gradient_{gap}"] = np.zeros_like(state[f"weight_{gap}"])
        super().__init__(*box, **state)
        self.labels: list[list[str]] = [[""] * len(units) for units in self.units]
        self.tags = [""] * layers
        self.gradient_tags = [False] * layers
        self.text_fade = np.ones(layers)
        self.weight_scale = _largest(weights)
        self.gradient_scale = _largest(gradients)
        self.followed: tuple[int, int, int] | None = None
        self._lay_out()

    # What a scene says

    def pick(self, gap: int, matrix: Any) -> np.ndarray:
        """Return the entries of an (n_out, n_in) matrix whose edges are drawn; dots give nan."""
        rows, columns = self.units[gap + 1], self.units[gap]
        return np.array(
            [
                [math.nan if row is None or column is None else matrix[row, column]
                 for column in columns]
                for row in rows
            ]
        )  # fmt: skip

    def reveal(self) -> NetworkView:
        """Show every node and weight, without values."""
        self.state["shown"][:] = 1
        self.state["edge_alpha"][:] = 1
        return self

    def light(
        self,
        layer: int,
        values: Any,
        labels: Sequence[str],
        tag: str,
        *,
        gradient: bool = False,
    ) -> NetworkView:
        """Put values into a layer's nodes, with the tag that says what they are."""
        self.state[f"value_{layer}"] = np.nan_to_num(np.array(values, dtype=np.float64))
        self.labels = [*self.labels[:layer], list(labels), *self.labels[layer + 1 :]]
        self.tags = [*self.tags[:layer], tag, *self.tags[layer + 1 :]]
        self.gradient_tags = [
            *self.gradient_tags[:layer], gradient, *self.gradient_tags[layer + 1 :]
        ]  # fmt: skip
        self.state["ring"][layer] = 1.0 if gradient else 0.0
        return self

    def darken(self, layer: int) -> NetworkView:
        """Take the values out of a layer's nodes again."""
        count = len(self.units[layer])
        return self.light(layer, np.zeros(count), [""] * count, "")

    def send_light(self, gap: int) -> NetworkView:
        """Let light travel along a gap's edges; :meth:`settle` ends it."""
        self.state["pulse"][gap] = 1.0
        return self

    def settle(self) -> NetworkView:
        """Forget the light that has arrived."""
        self.state["pulse"][:] = 0.0
        return self

    def grow_arrows(self, gap: int, gradients: Any) -> NetworkView:
        """Grow arrows back along a gap's edges, as wide as |dL/dW|, in the colour of its sign."""
        self.state[f"gradient_{gap}"] = self.pick(gap, np.asarray(gradients))
        self.state["arrow"][gap] = 1.0
        self.state["edge_alpha"][gap] = 0.16
        return self

    def drop_arrows(self) -> NetworkView:
        """Take the arrows away and show the weights again."""
        self.state["arrow"][:] = 0.0
        self.state["edge_alpha"][:] = 1.0
        return self

    def set_weights(self, gap: int, matrix: Any) -> NetworkView:
        """Give a gap's edges other weights."""
        self.state[f"weight_{gap}"] = self.pick(gap, np.asarray(matrix))
        return self

    def follow(self, gap: int, row: int, column: int) -> NetworkView:
        """Put a halo around one weight, if it is drawn."""
        if row in self.units[gap + 1] and column in self.units[gap]:
            self.followed = (gap, self.units[gap + 1].index(row), self.units[gap].index(column))
            self.state["halo"] = np.array(1.0)
        return self

    def release(self) -> NetworkView:
        """Take the halo away."""
        self.state["halo"] = np.array(0.0)
        return self

    def texts(self) -> list[str]:
        """Return the labels and tags now visible."""
        labels = [text for column in self.labels for text in column]
        return [text for text in [*labels, *self.tags, *self.names] if text]

    def interpolate_texts(self, start: Painted, end: Painted, alpha: float) -> None:
        """Fade old labels out and new ones in; a number is never shown half-way."""
        assert isinstance(start, NetworkView)
        assert isinstance(end, NetworkView)
        nearer = start if alpha < 0.5 else end
        self.labels, self.tags = nearer.labels, nearer.tags
        self.gradient_tags, self.followed = nearer.gradient_tags, end.followed
        for layer in range(len(self.sizes)):
            same = (start.labels[layer], start.tags[layer]) == (end.labels[layer], end.tags[layer])
            self.text_fade[layer] = 1.0 if same else abs(2 * alpha - 1)

    # Geometry

    def _lay_out(self) -> None:
        width, height = self.box
        column = height - 2 * COLUMN_TAG
        most = max(len(units) for units in self.units)
        pitch = column / most
        self.radius = min(RADIUS_MOST, pitch * 0.42, width / len(self.sizes) * 0.3)
        pitch = min(pitch, self.radius * 2.5)
        left, right = -width / 2 + 0.8, width / 2 - 0.8
        xs = np.linspace(left, right, len(self.sizes))
        self.column_top = pitch * (most - 1) / 2 + self.radius
        self.centres = [
            np.array([(x, pitch * ((len(units) - 1) / 2 - k)) for k in range(len(units))])
            for x, units in zip(xs, self.units, strict=True)
        ]

    @property
    def label_size(self) -> float:
        """Em of the numbers in the nodes, in Manim units; a longer number is set smaller."""
        return min(SIZES.label * 0.9, self.radius * 0.7)

    def decimals(self, values: Any) -> int:
        """Return how many decimals the nodes have room for, given what they are to hold."""
        largest = float(np.abs(values).max(initial=0.0))
        if self.radius >= RADIUS_FOR_THREE_DECIMALS:
            return decimals_for(largest, digits=2)
        return decimals_for(largest, digits=1, least=2)

    # Painting

    def paint(self, ctx: cairo.Context[Any], opacity: float) -> None:
        """Draw edges, light, arrows, nodes and labels, in this order."""
        ctx.set_line_cap(cairo.LINE_CAP_ROUND)
        self._paint_halo(ctx, opacity)
        for gap in range(len(self.sizes) - 1):
            self._paint_edges(ctx, gap, opacity)
        for gap in range(len(self.sizes) - 1):
            self._paint_pulse(ctx, gap, opacity)
            self._paint_arrows(ctx, gap, opacity)
        for layer in range(len(self.sizes)):
            self._paint_layer(ctx, layer, opacity * float(self.state["shown"][layer]))

    def _edges(self, gap: int) -> Any:
        """Yield (row, column, start, end) of the drawn edges, from node rim to node rim."""
        for row, end in enumerate(self.centres[gap + 1]):
            for column, start in enumerate(self.centres[gap]):
                if self.units[gap + 1][row] is None or self.units[gap][column] is None:
                    continue
                along = (end - start) / np.hypot(*(end - start))
                yield row, column, start + along * self.radius, end - along * self.radius

    def _paint_edges(self, ctx: cairo.Context[Any], gap: int, opacity: float) -> None:
        alpha = opacity * float(self.state["edge_alpha"][gap])
        if alpha <= 0:
            return
        for row, column, start, end in self._edges(gap):
            weight = float(self.state[f"weight_{gap}"][row, column])
            strength = min(abs(weight) / self.weight_scale, 1.0)
            ctx.set_line_width(_between(EDGE_WIDTHS, strength))
            set_colour(ctx, self.theme.of_sign(weight), alpha * (0.45 + 0.55 * strength))
            line(ctx, start, end)

    def _paint_halo(self, ctx: cairo.Context[Any], opacity: float) -> None:
        strength = float(self.state["halo"])
        if self.followed is None or strength <= 0:
            return
        gap, row, column = self.followed
        for edge_row, edge_column, start, end in self._edges(gap):
            if (edge_row, edge_column) == (row, column):
                set_colour(ctx, self.theme.focus, 0.3 * opacity * strength)
                ctx.set_line_width(HALO_WIDTH)
                line(ctx, start, end)

    def _paint_pulse(self, ctx: cairo.Context[Any], gap: int, opacity: float) -> None:
        progress = float(self.state["pulse"][gap])
        if not 0 < progress < 1:
            return
        head = progress * (1 + PULSE_LENGTH)
        first, last = max(head - PULSE_LENGTH, 0.0), min(head, 1.0)
        for row, column, start, end in self._edges(gap):
            weight = float(self.state[f"weight_{gap}"][row, column])
            strength = min(abs(weight) / self.weight_scale, 1.0)
            ctx.set_line_width(_between(EDGE_WIDTHS, strength) + 0.03)
            set_colour(ctx, self.theme.focus, 0.9 * opacity)
            line(ctx, start + (end - start) * first, start + (end - start) * last)

    def _paint_arrows(self, ctx: cairo.Context[Any], gap: int, opacity: float) -> None:
        progress = float(self.state["arrow"][gap])
        if progress <= 0:
            return
        for row, column, start, end in self._edges(gap):
            gradient = float(self.state[f"gradient_{gap}"][row, column])
            if gradient == 0:
                continue
            strength = min(abs(gradient) / self.gradient_scale, 1.0)
            set_colour(ctx, self.theme.of_sign(gradient), opacity * min(1.0, progress * 3))
            # The gradient flows back: from the node where the edge ends to where it starts.
            arrow(ctx, end, end + (start - end) * progress, _between(ARROW_WIDTHS, strength))

    def _paint_layer(self, ctx: cairo.Context[Any], layer: int, opacity: float) -> None:
        if opacity <= 0:
            return
        values = self.state[f"value_{layer}"]
        scale = float(np.abs(values).max(initial=0.0)) or 1.0
        fade = opacity * float(self.text_fade[layer])
        for k, centre in enumerate(self.centres[layer]):
            if self.units[layer][k] is None:
                set_colour(ctx, self.theme.muted, opacity)
                dots(ctx, centre)
                continue
            self._paint_node(ctx, layer, centre, float(values[k]) / scale, opacity)
            label = self.labels[layer][k]
            write(
                ctx, label, tuple(centre), self.label_size, self.theme.text, fade,
                language=self.language, width=self.radius * 1.7,
            )  # fmt: skip
        self._paint_tags(ctx, layer, opacity, fade)

    def _paint_tags(self, ctx: cairo.Context[Any], layer: int, opacity: float, fade: float) -> None:
        """Write the layer's name above its column, and below what its numbers are."""
        x = self.centres[layer][0][0]
        above = (x, self.column_top + COLUMN_TAG * 0.55)
        below = (x, -self.column_top - COLUMN_TAG * 0.75)
        tag_colour = self.theme.gradient if self.gradient_tags[layer] else self.theme.text
        for source, place, size, colour, alpha in (
            (escape(self.names[layer]), above, SIZES.small, self.theme.muted, opacity),
            (self.tags[layer], below, SIZES.label, tag_colour, fade),
        ):
            write(ctx, source, place, size, colour, alpha, language=self.language)

    def _paint_node(
        self, ctx: cairo.Context[Any], layer: int, centre: np.ndarray, value: float, opacity: float
    ) -> None:
        ctx.new_path()
        ctx.arc(*centre, self.radius, 0, 2 * math.pi)
        set_colour(ctx, self.theme.surface, opacity)
        ctx.fill_preserve()
        set_colour(ctx, self.theme.of_sign(value), 0.5 * abs(value) * opacity)
        ctx.fill_preserve()
        ring = float(self.state["ring"][layer])
        ctx.set_line_width(0.03 + 0.025 * ring)
        set_colour(ctx, mix(self.theme.line, self.theme.gradient, ring), opacity)
        ctx.stroke()


def _largest(matrices: Sequence[Any]) -> float:
    """Return the largest absolute entry, or 1 where all are zero."""
    return max(float(np.abs(matrix).max(initial=0.0)) for matrix in matrices) or 1.0


def _between(ends: tuple[float, float], share: float) -> float:
    return ends[0] + (ends[1] - ends[0]) * share
