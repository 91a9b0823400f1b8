"""What every drawing of a network has in common: what scenes say to it, its names and tags."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Self

import cairo
import numpy as np

from backprop_studio.scenes.paint.brush import (
    Context,
    disc,
    fill,
    line,
    mix,
    saved,
    set_colour,
    stroke,
)
from backprop_studio.scenes.paint.painted import replaced_at
from backprop_studio.scenes.paint.raster import repaint
from backprop_studio.scenes.paint.style import SIZES, Theme, decimals_for
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.networks.collected import GONE
from backprop_studio.scenes.parts.networks.followed_weight import FollowedWeight
from backprop_studio.scenes.parts.networks.turned import BESIDE

RADIUS_MOST = 0.115
"""Of a node, as a share of the picture's height."""

RADIUS_FOR_THREE_DECIMALS = 0.4
EDGE_WIDTHS = (0.012, 0.075)
ARROW_WIDTHS = (0.018, 0.10)
NODE_RING = 0.06
NEGATIVE_DASH = (0.13, 0.11)
FADED_EDGES = 0.16
ON_EDGE = 0.4
"""Where on its line a weight sets out: where lines to one unit are still apart."""

NUMBER_WIDTH = 1.76
"""Of a number in a node, in radii: at its height the disc is nearly as wide as in its middle."""

DIM = 0.25
"""How bright units and edges are that are not spoken of; what is written stays as it is."""


class LayeredNetwork(FollowedWeight):
    """Layers as columns, left to right, or as rows; how units and edges look is the subclass's.

    What changes is in :attr:`state` or chosen in :meth:`interpolate_texts`, so
    ``view.animate.light(0, ...)`` and its like move from one state to the next. Values and labels
    come as sequences over :attr:`units`.

    Parameters
    ----------
    sizes : sequence of int
        Units per layer, the input first.
    names : sequence of str
        One per layer, above its column, in the lesson's language.
    units : sequence of sequence of (int or None)
        Per layer which units are drawn; None stands for dots.
    box : (float, float)
        Width and height in Manim units.
    downward : bool
        Layers are rows, from above downwards.

    Attributes
    ----------
    numbered : list of bool
        Per layer whether numbers are printed; the labels of the others are dropped.
    centres : list of (n, 2) arrays
        Where the units of each layer stand.
    reach : list of float
        How far from a unit's centre its edges begin and end.
    column_top : float
        Upper end of the columns.
    radius : float
        Of the nodes that hold a number.
    halo_above : bool
        Draw the followed weight above all others instead of its halo below.
    """

    halo_above = False

    numbered: list[bool]
    column_top: float
    radius: float

    def __init__(
        self,
        sizes: Sequence[int],
        names: Sequence[str],
        units: Sequence[Sequence[int | None]],
        box: tuple[float, float],
        theme: Theme,
        language: str,
        *,
        downward: bool = False,
    ) -> None:
        self.sizes, self.names, self.units = tuple(sizes), list(names), units
        self.downward = downward
        self.theme, self.language = theme, language
        layers, gaps = len(sizes), len(sizes) - 1
        state: dict[str, Any] = dict.fromkeys(("shown", "ring"), np.zeros(layers))
        state |= dict.fromkeys(("edge_alpha", "pulse", "arrow", "matrix"), np.zeros(gaps))
        state["gap_bright"] = np.ones(gaps)
        for layer, shown in enumerate(units):
            state[f"value_{layer}"] = np.zeros(len(shown))
            state[f"bright_{layer}"] = np.ones(len(shown))
        super().__init__(*box, **state, halo=0.0, ahead=0.0)
        self.matrices = [None] * gaps
        self.numbered = [True] * layers
        self.labels: list[list[str]] = [[""] * len(shown) for shown in units]
        self.tags = [""] * layers
        self.gradient_tags = [False] * layers
        self.text_fade = np.ones(layers)
        self.followed: tuple[int, int, int] | None = None

    # What a scene says

    def pick(self, gap: int, matrix: Any) -> np.ndarray:
        """Return the entries of an (n_out, n_in) matrix whose edges are drawn; dots give nan."""
        rows, columns = self.units[gap + 1], self.units[gap]
        rows_at, columns_at = ([unit or 0 for unit in part] for part in (rows, columns))
        picked = np.array(matrix, dtype=np.float64)[np.ix_(rows_at, columns_at)]
        picked[[unit is None for unit in rows]] = math.nan
        picked[:, [unit is None for unit in columns]] = math.nan
        return picked

    def reveal(self) -> LayeredNetwork:
        """Show every unit and weight, without values."""
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
    ) -> LayeredNetwork:
        """Put values into a layer's units, with the tag that says what they are."""
        self.state[f"value_{layer}"] = np.nan_to_num(np.array(values, dtype=np.float64))
        printed = list(labels) if self.numbered[layer] else []
        self.labels = replaced_at(self.labels, layer, printed)
        self.tags = replaced_at(self.tags, layer, tag)
        self.gradient_tags = replaced_at(self.gradient_tags, layer, gradient)
        self.state["ring"][layer] = gradient
        return self

    def darken(self, layer: int) -> LayeredNetwork:
        """Take the values out of a layer's units again."""
        count = len(self.units[layer])
        return self.light(layer, np.zeros(count), [""] * count, "")

    def send_light(self, gap: int, *, back: bool = False) -> LayeredNetwork:
        """Let light travel along a gap's edges, or back; :meth:`settle` ends it."""
        self.state["pulse"][gap] = -1.0 if back else 1.0
        return self

    def settle(self) -> LayeredNetwork:
        """Forget the light that has arrived."""
        self.state["pulse"][:] = 0.0
        return self

    def grow_arrows(self, gap: int, gradients: Any) -> LayeredNetwork:
        """Let the gradients of a gap's weights grow back, in the colour of their sign."""
        self._set_gradients(gap, np.asarray(gradients))
        self.state["arrow"][gap] = 1.0
        self.state["edge_alpha"][gap] = FADED_EDGES
        return self.set_state(ahead=0.0)

    def show_weights(self, gap: int) -> LayeredNetwork:
        """Let a gap's weights be seen instead of their gradients; ``grow_arrows`` undoes it."""
        self.state["arrow"][gap] = 0.0
        self.state["edge_alpha"][gap] = 1.0
        return self

    def drop_arrows(self) -> LayeredNetwork:
        """Take the gradients away and show the weights again."""
        self.state["arrow"][:] = 0.0
        gathered = self.state["matrix"]
        gathered[gathered < GONE] = 0.0  # what has faded does not come back on its way
        self.state["edge_alpha"][:] = 1.0
        return self

    def set_weights(self, gap: int, matrix: Any) -> LayeredNetwork:
        """Give a gap's edges other weights."""
        raise NotImplementedError

    def _set_gradients(self, gap: int, matrix: np.ndarray) -> None:
        raise NotImplementedError

    def pitch_between(self) -> float:
        """Return how far two columns stand apart."""
        return float(self.centres[1][0][0] - self.centres[0][0][0])

    def unit_at(self, layer: int, unit: int) -> tuple[float, float, float] | None:
        """Return where in the scene a unit's number stands, and its em; None if it is not drawn."""
        if unit not in self.units[layer]:
            return None
        x, y = self.centres[layer][list(self.units[layer]).index(unit)]
        em = self.label_size * float(np.hypot(*self.axes_in_scene()[0]))
        return *self.in_scene(*self.drawn_at(float(x), float(y))), em

    def edge_at(
        self, gap: int, row: int, column: int, along: float = ON_EDGE
    ) -> tuple[float, float, float] | None:
        """Return where in the scene a weight is: on its line, nearer to its end."""
        if row not in self.units[gap + 1] or column not in self.units[gap]:
            return None
        places = list(self.units[gap + 1]).index(row), list(self.units[gap]).index(column)
        start, end = self._edge(gap, *places)
        x, y = start + (end - start) * along
        em = self.label_size * float(np.hypot(*self.axes_in_scene()[0]))
        return *self.in_scene(*self.drawn_at(float(x), float(y))), em

    def watch(self, layer: int, row: int, *, back: bool = False) -> LayeredNetwork:
        """Dim all but one unit with what comes into it, or with what it feeds.

        One that is not drawn leaves its layer.
        """
        beside = layer + 1 if back else layer - 1
        for k in range(len(self.sizes)):
            self.state[f"bright_{k}"][:] = 1.0 if k == beside else DIM
        units = list(self.units[layer])
        watched = units.index(row) if row in units else slice(None)
        self.state[f"bright_{layer}"][watched] = 1.0
        self.state["gap_bright"][:] = DIM
        self.state["gap_bright"][min(layer, beside)] = 1.0
        return self

    def watch_all(self) -> LayeredNetwork:
        """Let everything be as bright as it is."""
        for k in range(len(self.sizes)):
            self.state[f"bright_{k}"][:] = 1.0
        self.state["gap_bright"][:] = 1.0
        return self

    def counts(self) -> list[str]:
        """Return per layer how many units it has, where the picture does not say so itself."""
        return [""] * len(self.sizes)

    def texts(self) -> list[str]:
        """Return the labels, tags, names and counts now visible."""
        labels = [text for column in self.labels for text in column]
        matrices = self._names_of_matrices()
        shown = [*labels, *self.tags, *self.names, *self.counts(), *matrices, self.followed_name]
        return [text for text in shown if text]

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Fade old labels out and new ones in; a number is never shown half-way."""
        nearer = start if alpha < 0.5 else end
        self.labels, self.tags = nearer.labels, nearer.tags
        self.gradient_tags, self.followed = nearer.gradient_tags, end.followed
        self.matrices = end.matrices
        self.name_between(start, end, alpha)
        for layer in range(len(self.sizes)):
            same = (start.labels[layer], start.tags[layer]) == (end.labels[layer], end.tags[layer])
            self.text_fade[layer] = 1.0 if same else abs(2 * alpha - 1)

    @property
    def label_size(self) -> float:
        """Em of the numbers in the nodes, in Manim units; a longer number is set smaller."""
        return max(min(SIZES.label * 0.9, self.radius * 0.7), self.radius * 0.485)

    def decimals(self, values: Any) -> int:
        """Return how many decimals the nodes have room for, given what they are to hold."""
        most = float(np.abs(values).max(initial=0.0))
        if self.radius >= RADIUS_FOR_THREE_DECIMALS:
            return decimals_for(most, digits=2)
        return decimals_for(most, digits=1, least=2)

    # Painting

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw edges, light, gradients, units and labels, in this order."""
        with saved(ctx):
            ctx.transform(self.turn)
            self._paint_gaps(ctx, opacity)
        for gap in range(len(self.sizes) - 1):
            self._paint_collected(ctx, gap, opacity * float(self.state["gap_bright"][gap]))
        with saved(ctx):
            ctx.transform(self.turn)
            for layer in range(len(self.sizes)):
                alpha = opacity * float(self.state["shown"][layer]) * self._uncovered(layer)
                if alpha > 0:
                    self._paint_column(ctx, layer, alpha, float(self.text_fade[layer]))
            self._paint_followed_name(ctx, opacity)

    def _paint_gaps(self, ctx: Context, opacity: float) -> None:
        """Draw what is between columns."""
        ctx.set_line_cap(cairo.LINE_CAP_ROUND)
        gaps = range(len(self.sizes) - 1)
        # Below a heat map lines would only be cut into pieces.
        clear = [opacity * abs(1 - float(it)) for it in self.state["matrix"]]
        if not self.halo_above:
            self._paint_halo(ctx, opacity)
        for gap in gaps:
            self._paint_edges(ctx, gap, clear[gap] * float(self.state["gap_bright"][gap]))
        for gap in gaps:
            pulse = float(self.state["pulse"][gap])
            if 0 < abs(pulse) < 1:
                self._paint_pulse(ctx, gap, pulse if pulse > 0 else 1 + pulse, opacity)
            if self.state["arrow"][gap] > 0 and clear[gap] > 0:
                self._paint_arrows(ctx, gap, float(self.state["arrow"][gap]), clear[gap])
        if self.halo_above:
            self._paint_halo(ctx, opacity)

    def _paint_column(self, ctx: Context, layer: int, opacity: float, fade: float) -> None:
        """Draw a layer's units and what is written at them; ``fade`` is that of its numbers."""
        self._paint_units(ctx, layer, opacity, opacity * fade)
        self._paint_tags(ctx, layer, opacity, opacity * fade)

    def _paint_edges(self, ctx: Context, gap: int, opacity: float) -> None:
        raise NotImplementedError

    def _paint_pulse(self, ctx: Context, gap: int, progress: float, opacity: float) -> None:
        raise NotImplementedError

    def _paint_arrows(self, ctx: Context, gap: int, progress: float, opacity: float) -> None:
        raise NotImplementedError

    def _paint_units(self, ctx: Context, layer: int, opacity: float, fade: float) -> None:
        raise NotImplementedError

    def _edge(self, gap: int, row: int, column: int) -> tuple[np.ndarray, np.ndarray]:
        """Return where an edge starts and ends: at the rims of its units."""
        start, end = self.centres[gap][column], self.centres[gap + 1][row]
        along = (end - start) / np.hypot(*(end - start))
        return start + along * self.reach[gap], end - along * self.reach[gap + 1]

    def _draw_edge(
        self,
        ctx: Context,
        ends: tuple[np.ndarray, np.ndarray],
        weight: float,
        strength: float,
        thinner: float = 1.0,
        bright: float = 1.0,
    ) -> None:
        """Draw a weight as a line: its colour and dashes by sign, its width by strength."""
        ctx.set_line_width(between(EDGE_WIDTHS, strength) * thinner)
        set_colour(ctx, self.theme.of_sign(weight), bright * (0.45 + 0.55 * strength))
        ctx.set_dash(NEGATIVE_DASH if weight < 0 and self.theme.dashes_negative else ())
        line(ctx, *ends)
        ctx.set_dash(())

    def _paint_tags(self, ctx: Context, layer: int, opacity: float, fade: float) -> None:
        """Write the layer's name above its column, and below what its numbers are."""
        tag_colour = self.theme.gradient if self.gradient_tags[layer] else self.theme.text
        name, _, tag = self._places_of_names(layer)
        how = {"anchor": 0.0, "width": BESIDE - NODE_RING} if self.downward else {}
        self.write(ctx, escape(self.names[layer]), name, self.theme.muted, opacity, **how)
        self.write(ctx, self.tags[layer], tag, tag_colour, fade, size=SIZES.label, **how)

    def _paint_nodes(self, ctx: Context, layer: int, opacity: float, fade: float) -> None:
        """Draw a layer's units as nodes that hold their numbers; dots are left to the subclass."""
        values = self.state[f"value_{layer}"]
        scale = float(np.abs(values).max(initial=0.0)) or 1.0
        for k, centre in enumerate(self.centres[layer]):
            if self.units[layer][k] is None:
                continue
            bright = opacity * float(self.state[f"bright_{layer}"][k])
            self._paint_node(ctx, layer, centre, float(values[k]) / scale, bright)
            text, size, room = self.labels[layer][k], self.label_size, self.radius * NUMBER_WIDTH
            self.write(ctx, text, tuple(centre), self.theme.text, fade, size=size, width=room)

    def _paint_node(
        self, ctx: Context, layer: int, centre: np.ndarray, value: float, opacity: float
    ) -> None:
        ring = float(self.state["ring"][layer])
        key = ("node", self.theme.name, self.radius, value, ring, opacity)
        reach = self.radius + NODE_RING
        box = (-reach, -reach, reach, reach)
        with saved(ctx):
            ctx.translate(*centre)
            repaint(ctx, key, box, lambda ctx: self._draw_node(ctx, value, ring, opacity))

    def _draw_node(self, ctx: Context, value: float, ring: float, opacity: float) -> None:
        disc(ctx, (0, 0), self.radius)
        fill(ctx, self.theme.surface, opacity, keep=True)
        fill(ctx, self.theme.of_sign(value), 0.5 * abs(value) * opacity, keep=True)
        rim = mix(self.theme.line, self.theme.gradient, ring)
        stroke(ctx, rim, opacity, 0.03 + 0.025 * ring)


def largest(matrices: Sequence[Any]) -> float:
    """Return the largest absolute entry, or 1 where all are zero."""
    return max(float(np.abs(matrix).max(initial=0.0)) for matrix in matrices) or 1.0


def between(ends: tuple[float, float], share: float) -> float:
    """Return the value that far from the first end to the second."""
    return ends[0] + (ends[1] - ends[0]) * share
