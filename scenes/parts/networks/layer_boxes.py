"""Layers as rounded boxes, each with its name, its shapes and how many parameters it has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from backprop_studio.scenes.paint.brush import Context, disc, fill, mix, rounded, set_colour, stroke
from backprop_studio.scenes.paint.lettering import width_of
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.style import SIZES, Theme
from backprop_studio.scenes.parts.networks.network_view import NetworkView

BOX_GAP = 0.1
CORNER = 0.16
INSET = 0.06
OUTLINE = (0.02, 0.05)
"""Line width of a box, and of the one that is spoken of."""

ROW_FILL = 0.2
BRACE_DEPTH = 0.12
BRACE_GAP = 0.05
PATCH = 0.9
DOT = 0.028
DOTS_APART = 0.24
"""From dot to dot, in distances between nodes."""

GLOW = 0.12
BAR = 0.07
"""Thickness of the bar that says how large a layer's share of all parameters is."""


class LayerBoxes(Painted):
    """A box per layer, beside each other under given places or below each other.

    Parameters
    ----------
    headings : sequence of str
        Typst markup per line, at the left of the boxes, or above them where they are rows.
    layers : int
        How many boxes.
    box : (float, float)
        Width and height in Manim units.
    places : sequence of float, optional
        Where the boxes stand across, from the part's centre; without them they are rows.
    headroom : float
        What stays empty above the lines, for the nodes of the layers.

    Raises
    ------
    ValueError
        If there are not as many places as layers.
    """

    def __init__(
        self,
        headings: Sequence[str],
        layers: int,
        box: tuple[float, float],
        theme: Theme,
        language: str,
        *,
        places: Sequence[float] | None = None,
        headroom: float = 0.0,
    ) -> None:
        if places is not None and len(places) != layers:
            raise ValueError(f"{layers} boxes need as many places, not {len(places)}")
        lines = len(headings)
        state: dict[str, Any] = dict.fromkeys(("shown", "share", "mark"), np.zeros(layers))
        super().__init__(*box, **state, written=np.zeros((layers, lines)))
        self.headings, self.layers = list(headings), layers
        self.cells = [[""] * lines for _ in range(layers)]
        self.places = None if places is None else [float(position) for position in places]
        self.headroom = headroom
        self.theme, self.language = theme, language

    # What a scene says

    def reveal(self, *layers: int) -> LayerBoxes:
        """Show boxes; without a number, all."""
        self.state["shown"][list(layers or range(self.layers))] = 1.0
        return self

    def set_line(self, layer: int, line: int, text: str) -> LayerBoxes:
        """Write a line of a box, markup."""
        self.cells = [list(cells) for cells in self.cells]
        self.cells[layer][line] = text
        self.state["written"][layer, line] = 1.0
        return self

    def set_share(self, layer: int, share: float) -> LayerBoxes:
        """Fill the bar of a box: 0 for no parameter, 1 for all of the network's."""
        self.state["share"][layer] = float(np.clip(share, 0, 1))
        return self

    def highlight(self, *layers: int) -> LayerBoxes:
        """Mark the boxes that are spoken of, and no others."""
        return self.set_state(mark=[k in layers for k in range(self.layers)])

    def texts(self) -> list[str]:
        """Return the headings and the lines that are written."""
        if not self.state["shown"].any():
            return []
        is_seen = (self.state["written"] > 0) & (self.state["shown"][:, None] > 0)
        cells = [self.cells[layer][line] for layer, line in np.argwhere(is_seen)]
        return [text for text in [*self.headings, *cells] if text]

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Write what is new from the beginning; its line's strength fades it in."""
        self.cells = end.cells

    # Geometry

    def layer_box(self, layer: int) -> tuple[float, float, float, float]:
        """Return left, bottom, width and height of a box."""
        width, height = self.box
        if self.places is None:
            pitch = height / (self.layers + 1)
            bottom = height / 2 - (layer + 2) * pitch
            return -width / 2, bottom + BOX_GAP / 4, width, pitch - BOX_GAP / 2
        apart = min(np.diff(self.places), default=width)
        beside = width / 2 - self.places[-1]
        wide = min(2 * beside, float(apart) - BOX_GAP)
        return self.places[layer] - wide / 2, -height / 2, wide, height

    def heading_place(self, line: int) -> tuple[float, float]:
        """Return where a heading stands: its left end, or its middle above boxes that are rows."""
        width, height = self.box
        if self.places is None:
            return self._column(line), height / 2 - height / (self.layers + 1) / 2
        return -width / 2, self._height(line)

    def line_place(self, layer: int, line: int) -> tuple[float, float]:
        """Return the middle of a line of a box."""
        left, bottom, width, height = self.layer_box(layer)
        if self.places is None:
            return self._column(line), bottom + height / 2
        return left + width / 2, self._height(line)

    def line_room(self) -> float:
        """Return how wide a line may be."""
        if self.places is None:
            return (self.box[0] - 2 * INSET) / len(self.headings) - INSET
        return self.layer_box(0)[2] - INSET

    def _column(self, line: int) -> float:
        room = (self.box[0] - 2 * INSET) / len(self.headings)
        return -self.box[0] / 2 + INSET + (line + 0.5) * room

    def _height(self, line: int) -> float:
        foot = 3 * BAR
        pitch = (self.box[1] - self.headroom - foot) / len(self.headings)
        return foot - self.box[1] / 2 + (len(self.headings) - line - 0.5) * pitch

    # Painting

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw boxes, bars and lines."""
        self._paint_headings(ctx, opacity * float(self.state["shown"].max()))
        for layer in range(self.layers):
            alpha = opacity * float(self.state["shown"][layer])
            if alpha <= 0:
                continue
            self._paint_box(ctx, layer, alpha)
            for line, text in enumerate(self.cells[layer]):
                at, room = self.line_place(layer, line), self.line_room()
                strength = alpha * float(self.state["written"][layer, line])
                self.write(ctx, text, at, self.theme.text, strength, width=room)

    def _paint_headings(self, ctx: Context, alpha: float) -> None:
        anchor = 0.5 if self.places is None else 0.0
        for line, text in enumerate(self.headings):
            at = self.heading_place(line)
            self.write(ctx, text, at, self.theme.muted, alpha, anchor=anchor)

    def _paint_box(self, ctx: Context, layer: int, alpha: float) -> None:
        left, bottom, width, height = self.layer_box(layer)
        mark, share = float(self.state["mark"][layer]), float(self.state["share"][layer])
        rounded(ctx, left, bottom, width, height, CORNER)
        fill(ctx, mix(self.theme.surface, self.theme.focus, GLOW * mark), alpha, keep=True)
        rim, thick = mix(self.theme.line, self.theme.focus, mark), OUTLINE[1] - OUTLINE[0]
        stroke(ctx, rim, alpha, OUTLINE[0] + thick * mark)
        if share > 0 and self.places is None:
            # A row is filled from its left end: it has no room for a bar below its words.
            rounded(ctx, left, bottom, max(width * share, 2 * CORNER), height, CORNER)
            fill(ctx, self.theme.positive, alpha * ROW_FILL)
        elif share > 0:
            room = width - 2 * CORNER
            rounded(ctx, left + CORNER, bottom + BAR, max(room * share, BAR), BAR, BAR / 2)
            fill(ctx, self.theme.positive, alpha)


class CountedNetwork(NetworkView):
    """Layers as columns of nodes; a large one has dots, and a brace with its count beside it."""

    def _paint_count(self, ctx: Context, centre: np.ndarray, count: str, opacity: float) -> None:
        """Draw dots for the units left out, and beside all nodes a brace with their number."""
        set_colour(ctx, self.theme.muted, opacity)
        for offset in (-1, 0, 1):
            disc(ctx, (centre[0], centre[1] + offset * self.pitch * DOTS_APART), DOT)
            ctx.fill()
        tip = centre[0] - self.radius - BRACE_GAP - BRACE_DEPTH
        width = self.width_of(count)
        # The lines that come in would run through the number.
        left = tip - width - 1.5 * BRACE_GAP
        height = SIZES.small + BRACE_GAP
        rounded(ctx, left, -height / 2, tip - left, height, BRACE_GAP)
        fill(ctx, self.theme.surface, opacity * PATCH)
        trace_brace(ctx, tip, -self.column_top, self.column_top)
        stroke(ctx, self.theme.text, opacity, OUTLINE[0])
        self.write(ctx, count, (tip - BRACE_GAP, 0.0), self.theme.text, opacity, anchor=1.0)


def trace_brace(ctx: Context, tip: float, bottom: float, top: float) -> None:
    """Trace a brace that opens to the right, its tip half-way between bottom and top."""
    half, bend = BRACE_DEPTH / 2, min(BRACE_DEPTH, (top - bottom) / 4)
    middle, x = (bottom + top) / 2, tip + BRACE_DEPTH / 2
    ctx.new_path()
    ctx.move_to(x + half, top)
    ctx.curve_to(x, top, x, top, x, top - bend)
    ctx.line_to(x, middle + bend)
    ctx.curve_to(x, middle, x, middle, tip, middle)
    ctx.curve_to(x, middle, x, middle, x, middle - bend)
    ctx.line_to(x, bottom + bend)
    ctx.curve_to(x, bottom, x, bottom, x + half, bottom)


def headings_width(headings: Sequence[str], theme: Theme, language: str) -> float:
    """Return how much room headings need at the left of boxes, with a gap behind them."""
    return max(width_of(text, SIZES.small, theme, language) for text in headings) + SIZES.gap
