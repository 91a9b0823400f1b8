"""How a computation graph is drawn in each of its states."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import cairo
import numpy as np

from backprop_studio.scenes.paint.brush import Context, fill, mix, rounded, set_colour, stroke
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.paths import trace
from backprop_studio.scenes.paint.raster import RASTERS
from backprop_studio.scenes.paint.style import Rgb, Theme
from backprop_studio.scenes.parts.graphs.coordinates import BADGE, HEAD
from backprop_studio.scenes.parts.graphs.dimming import least_opacity
from backprop_studio.scenes.parts.graphs.layout import (
    BESIDE,
    DENSE_GAP,
    DENSE_PADDING,
    ROW,
    EdgeSpec,
    NodeSpec,
    label_rise,
    lay_out,
    text_width,
    title_height,
    wide,
)
from backprop_studio.scenes.parts.graphs.strokes import (
    arrow_along,
    lengths_of,
    part_of,
    plus_badge,
    scissors,
    triangle,
)

CORNER = 0.45
EDGE_WIDTH = 0.09
BACK_WIDTH = 0.1
RIM_WIDTHS = (0.07, 0.13)
CUT_DASH = (0.45, 0.4)
CUT_GAP = 1.15
PULSE_LENGTH = 0.35
PULSE_WIDTH = 0.3
HALO = 0.32
LABEL_RISE = 0.72
"""Geometry in em of the graph's texts; a pulse's length in parts of its edge."""

DENSE_LINE = 1.2
"""From line to line of a dense node, in em; its box has what keeps brackets off its rim."""

DIMMED = 0.3
"""Opacity of what is dimmed; texts stay as strong as it takes to read them."""

FED = 0.55
UNLIT = 0.4
"""How strongly an edge is drawn before a value stands at its tail, and a box without one."""


NODE_STATE = ("shown", "value", "gradient", "dim", "focus", "plus")
EDGE_STATE = (
    "edge_shown",
    "edge_dim",
    "label",
    "product",
    "cut",
    "pulse",
    "back_pulse",
    "back",
)


class GraphPicture(Painted):
    """The drawing half of :class:`scenes.parts.graphs.view.GraphView`, which says what it means."""

    def __init__(
        self,
        nodes: Sequence[NodeSpec],
        edges: Sequence[EdgeSpec],
        box: tuple[float, float],
        theme: Theme,
        language: str,
        *,
        is_downward: bool = False,
    ) -> None:
        self.nodes, self.edges = tuple(nodes), tuple(edges)
        self.theme, self.language = theme, language
        self.place = lay_out(nodes, edges, box, is_downward=is_downward)
        self.number = {node.id: k for k, node in enumerate(nodes)}
        state: dict[str, Any] = dict.fromkeys(NODE_STATE, np.zeros(len(nodes)))
        state |= dict.fromkeys(EDGE_STATE, np.zeros(len(edges)))
        super().__init__(*box, **state)
        self.values = [""] * len(nodes)
        self.gradients = [""] * len(nodes)
        self.products = [""] * len(edges)
        self.value_fade = np.ones(len(nodes))
        self.gradient_fade = np.ones(len(nodes))
        self.product_fade = np.ones(len(edges))

    def texts(self) -> list[str]:
        """Return every text now visible."""
        found: list[str] = []
        for k in range(len(self.nodes)):
            if self.state["shown"][k] > 0:
                found += [text for text, _, _, _ in self._words(k)]
        for k, edge in enumerate(self.edges):
            if self.place.wording != "none" and self.state["edge_shown"][k] > 0:
                found += [edge.label] if self.state["label"][k] > 0 else []
                found += [self.products[k]] if self.state["product"][k] > 0 else []
        return [text for text in found if text]

    def interpolate_texts(self, start: Self, end: Self, alpha: float) -> None:
        """Fade old texts out and new ones in; a number is never shown half-way."""
        nearer = start if alpha < 0.5 else end
        for name in ("value", "gradient", "product"):
            old, new = getattr(start, f"{name}s"), getattr(end, f"{name}s")
            setattr(self, f"{name}s", getattr(nearer, f"{name}s"))
            same = np.array([a == b for a, b in zip(old, new, strict=True)], dtype=bool)
            setattr(self, f"{name}_fade", np.where(same, 1.0, abs(2 * alpha - 1)))

    def edges_from(self, tail: str) -> list[int]:
        """Return the numbers of the edges that leave a node."""
        return [k for k, edge in enumerate(self.edges) if edge.tail == tail]

    def paint(self, ctx: Context, opacity: float) -> None:
        """Draw edges, light, nodes and texts, in this order."""
        ctx.set_line_cap(cairo.LINE_CAP_ROUND)
        ctx.set_line_join(cairo.LINE_JOIN_ROUND)
        for k in range(len(self.edges)):
            self._paint_edge(ctx, k, opacity * self._edge_alpha(k))
        self._paint_light(ctx, "pulse", 1, self.theme.focus, opacity)
        self._paint_light(ctx, "back_pulse", -1, self.theme.gradient, opacity)
        for k in range(len(self.nodes)):
            self._paint_node(ctx, k, opacity * self._node_alpha(k))
        for k in range(len(self.nodes)):
            self._write_node(ctx, k, opacity)
        if self.place.wording != "none":
            for k in range(len(self.edges)):
                self._write_edge(ctx, k, opacity)

    def _node_alpha(self, k: int, dimmed: float = DIMMED) -> float:
        return float(self.state["shown"][k] * (1 - (1 - dimmed) * self.state["dim"][k]))

    def _edge_alpha(self, k: int, dimmed: float = DIMMED) -> float:
        edge = self.edges[k]
        ends = [self.number[edge.tail], self.number[edge.head]]
        dim = max(float(self.state["edge_dim"][k]), float(self.state["dim"][ends].max()))
        return float(self.state["edge_shown"][k]) * (1 - (1 - dimmed) * dim)

    def _paint_edge(self, ctx: Context, k: int, alpha: float) -> None:
        """Draw an edge and its arrow by way of the raster cache."""
        if alpha <= 0:
            return
        tail = self.number[self.edges[k].tail]
        fed, plus = float(self.state["value"][tail]), float(self.state["plus"][tail])
        own = tuple(float(self.state[name][k]) for name in ("cut", "back"))
        key = ("edge", self.place.key, k, self.theme.name, fed, plus, own)
        margin = 1.6 * self.place.em
        low, high = self.place.curves[k].min(axis=0), self.place.curves[k].max(axis=0)
        box = (*(low - margin).tolist(), *(high + margin).tolist())
        RASTERS.paint(ctx, key, box, lambda ctx: self._draw_edge(ctx, k), alpha)

    def _draw_edge(self, ctx: Context, k: int) -> None:
        ctx.set_line_join(cairo.LINE_JOIN_ROUND)
        em = self.place.em
        fed = float(self.state["value"][self.number[self.edges[k].tail]])
        cut = float(self.state["cut"][k])
        back = min(float(self.state["back"][k]) * 2, 1.0)
        colour = mix(self.theme.line, self.theme.muted, FED + (1 - FED) * fed)
        set_colour(ctx, colour, 1 - back)
        if back < 1:
            if cut > 0:
                self._draw_cut(ctx, k, cut, 1 - back)
            else:
                arrow_along(ctx, self.place.curves[k], EDGE_WIDTH * em, HEAD * em)
        self._draw_back(ctx, k)

    def _draw_cut(self, ctx: Context, k: int, cut: float, alpha: float) -> None:
        em, curve, label = self.place.em, self.place.curves[k], self.place.labels[k, :2]
        total = lengths_of(curve)[-1]
        half = CUT_GAP * em * cut / 2 / total
        # Where the edge is level and has room around it, which is where its label stands.
        shares = np.linspace(0.1, 0.9, 161)
        positions = np.array([part_of(curve, share, share)[0] for share in shares])
        away = np.hypot(*(positions - label).T)
        at = float(shares[away.argmin()])
        position = positions[away.argmin()]
        ctx.set_dash([length * em for length in CUT_DASH])
        ctx.set_line_width(EDGE_WIDTH * em)
        trace(ctx, part_of(curve, 0.0, max(at - half, 0.0)))
        ctx.stroke()
        arrow_along(ctx, part_of(curve, min(at + half, 1.0), 1.0), EDGE_WIDTH * em, HEAD * em)
        ctx.set_dash([])
        set_colour(ctx, self.theme.text, alpha * cut)
        scissors(ctx, position, em)

    def _draw_back(self, ctx: Context, k: int) -> None:
        progress = float(self.state["back"][k])
        if progress <= 0:
            return
        em, width = self.place.em, BACK_WIDTH * self.place.em
        curve = self.place.curves[k][::-1]
        plus = float(self.state["plus"][self.number[self.edges[k].tail]])
        end = 1.0 - 2 * BADGE * em * plus / lengths_of(curve)[-1]
        set_colour(ctx, self.theme.gradient, min(progress * 3, 1.0))
        arrow_along(ctx, part_of(curve, 0.0, progress * end), width, HEAD * em + width)

    def _paint_light(self, ctx: Context, name: str, step: int, colour: Rgb, opacity: float) -> None:
        """Draw the light that is on its way along edges, or back where the step is -1."""
        progress = self.state[name]
        for k in np.flatnonzero((progress > 0) & (progress < 1)).tolist():
            head = float(progress[k]) * (1 + PULSE_LENGTH)
            curve = self.place.curves[k][::step]
            trace(ctx, part_of(curve, max(head - PULSE_LENGTH, 0.0), min(head, 1.0)))
            alpha = 0.9 * (opacity * self._edge_alpha(k))
            stroke(ctx, colour, alpha, PULSE_WIDTH * self.place.em)

    def _paint_node(self, ctx: Context, k: int, alpha: float) -> None:
        """Draw a box by way of the raster cache."""
        if alpha <= 0:
            return
        names = ("value", "gradient", "focus", "plus")
        own = tuple(float(self.state[name][k]) for name in names)
        node = (k, self.nodes[k].kind, self.gradients[k])
        key = ("node", self.place.key, self.theme.name, *node, own)
        half, margin = self.place.sizes[k] / 2, 1.2 * self.place.em
        low, high = self.place.centres[k] - half - margin, self.place.centres[k] + half + margin
        box = (*low.tolist(), *high.tolist())
        RASTERS.paint(ctx, key, box, lambda ctx: self._draw_node(ctx, k, 1.0), alpha)

    def _draw_node(self, ctx: Context, k: int, alpha: float) -> None:
        em, node = self.place.em, self.nodes[k]
        (x, y), (width, height) = self.place.centres[k], self.place.sizes[k]
        corner = CORNER * em if node.kind == "operation" else min(height / 2, 1.1 * em)
        box = (x - width / 2, y - height / 2, width, height)
        focus = float(self.state["focus"][k])
        if focus > 0:
            rounded(ctx, *box, corner, grow=HALO * em)
            fill(ctx, self.theme.focus, alpha * focus * 0.35)
        rounded(ctx, *box, corner)
        fill(ctx, self.theme.surface, alpha, keep=True)
        value, gradient = float(self.state["value"][k]), float(self.state["gradient"][k])
        rim = mix(self.theme.line, self.theme.muted, max(value, UNLIT))
        rim = mix(rim, self.theme.gradient, gradient)
        thin, thick = RIM_WIDTHS
        ctx.set_dash([0.3 * em, 0.25 * em] if node.kind == "constant" else [])
        stroke(ctx, rim, alpha, (thin + (thick - thin) * max(value, gradient)) * em)
        ctx.set_dash([])
        if gradient > 0 and self.gradients[k]:
            self._draw_gradient_mark(ctx, k, alpha * gradient)
        plus = float(self.state["plus"][k])
        if plus > 0:
            self._draw_plus(ctx, k, alpha * plus)

    def _draw_gradient_mark(self, ctx: Context, k: int, alpha: float) -> None:
        """Draw the arrow head that marks a gradient where there is no colour as well."""
        em = self.place.em
        text, x, y, _ = self._words(k)[-1]
        set_colour(ctx, self.theme.gradient, alpha)
        triangle(ctx, (x - (text_width(text) / 2 + 0.3) * em, y), HEAD * em)

    def _draw_plus(self, ctx: Context, k: int, alpha: float) -> None:
        turned = self.place.is_downward
        along, across = (1, 0) if turned else (0, 1)
        ends = [self.place.curves[edge][0, across] for edge in self.edges_from(self.nodes[k].id)]
        middle = self.place.centres[k] * (-1 if turned else 1)
        x = middle[along] + self.place.sizes[k, along] / 2 + BADGE * self.place.em
        span = (min(ends), max(ends)) if ends else (self.place.centres[k, across],) * 2
        if turned:
            ctx.transform(cairo.Matrix(0, -1, -1, 0, 0, 0))
            span = (-span[1], -span[0])
        plus_badge(ctx, x, span, BADGE * self.place.em, self.theme, alpha)

    def _words(self, k: int) -> list[tuple[str, float, float, str]]:
        """Return a node's (text, x, y, meaning), as now visible; the value and gradient are last.

        What has no number yet stands in the middle and makes room when it comes.
        """
        em, node = self.place.em, self.nodes[k]
        x, y = self.place.centres[k]
        heads = [(node.title, "title"), *[(line, "line") for line in node.lines]]
        numbers = [(self.values[k], "value"), (self.gradients[k], "gradient")]
        row = DENSE_LINE if self.place.is_dense else ROW
        rows = [row * float(self.state[meaning][k]) for _, meaning in numbers]
        if not self.place.is_dense:
            sizes = [title_height(node.title), *[ROW] * len(node.lines), *rows]
            xs, heights = [x] * len(sizes), _stacked(y, sizes, em)
        else:
            heads = [(node.short or node.title, "title")] + [(node.sign, "line")] * bool(node.sign)
            left, right = wide(node)
            edge = x - float(self.place.sizes[k, 0]) / 2 + DENSE_PADDING * em
            middles = edge + left / 2 * em, edge + (left + DENSE_GAP + right / 2) * em
            first, second = middles if right else (x, x)
            xs = [first] * len(heads) + [second] * len(numbers)
            heights = _stacked(y, [DENSE_LINE] * len(heads), em) + _stacked(y, rows, em)
        words = zip(heads + numbers, xs, heights, strict=True)
        return [(text, middle, height, meaning) for (text, meaning), middle, height in words]

    def _write_node(self, ctx: Context, k: int, opacity: float) -> None:
        if opacity * self._node_alpha(k) <= 0:
            return
        em, theme = self.place.em, self.theme
        looks = {
            "title": (theme.text, 1.0),
            "line": (theme.muted, 1.0),
            "value": (theme.text, self.value_fade[k]),
            "gradient": (theme.gradient, self.gradient_fade[k]),
        }
        room = float(self.place.sizes[k, 0]) - 0.2 * em
        for text, x, y, meaning in self._words(k):
            colour, fade = looks[meaning]
            aside = 0.3 * HEAD * em if meaning == "gradient" else 0.0
            alpha = opacity * self._node_alpha(k, least_opacity(colour, theme))
            self.write(ctx, text, (x + aside, y), colour, alpha * float(fade), size=em, width=room)

    def _write_edge(self, ctx: Context, k: int, opacity: float) -> None:
        if opacity * self._edge_alpha(k) <= 0:
            return
        em, theme = self.place.em, self.theme
        x, y, room = self.place.labels[k]
        alpha = opacity * self._edge_alpha(k, least_opacity(theme.muted, theme))
        label = alpha * float(self.state["label"][k])
        rise = label_rise(self.edges[k].label)
        above, below = (x, y + rise * em), (x, y - LABEL_RISE * em)
        if self.place.is_downward:
            aside = x + BESIDE / 2 * em + room / 2
            lift = LABEL_RISE * em if self.edges[k].label and self.products[k] else 0.0
            above, below = (aside, y + lift), (aside, y - lift)
        self.write(ctx, self.edges[k].label, above, theme.muted, label, size=em, width=room)
        alpha = opacity * self._edge_alpha(k, least_opacity(theme.gradient, theme))
        fade = alpha * float(self.product_fade[k])
        self.write(ctx, self.products[k], below, theme.gradient, fade, size=em, width=room)


def _stacked(y: float, heights: Sequence[float], em: float) -> list[float]:
    """Return the middles of rows of these heights in em, the middle of all of them at y."""
    top = y + sum(heights) * em / 2
    return [
        float(top - (sum(heights[:row]) + height / 2) * em) for row, height in enumerate(heights)
    ]
