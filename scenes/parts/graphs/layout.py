"""Where a computation graph's nodes, edges and labels stand: columns from left to right.

Everything is measured in em, then the em is chosen so that it fits the box. A graph that would be
too small to read is laid out more tightly, then in several rows like a text, then with brief
labels, dense nodes, and without labels; if all that does not help, it is refused.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, product

import numpy as np

from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.i18n import N_
from backprop_studio.scenes.paint.style import SHORT_SIDE, SIZES, THEMES, Unchanging
from backprop_studio.scenes.paint.typeset import set_type
from backprop_studio.scenes.parts.graphs.columns import PACKINGS, Columns, arranged
from backprop_studio.scenes.parts.graphs.coordinates import (
    HEAD,
    SPACINGS,
    Body,
    Placement,
    Plan,
    Spacing,
)
from backprop_studio.scenes.parts.graphs.laid_out import GraphLayout
from backprop_studio.scenes.parts.graphs.rows import breaks_of

DETAIL = (
    ("full", False),
    ("brief", False),
    ("full", True),
    ("brief", True),
    ("none", False),
    ("none", True),
)
"""How edges' labels are worded and whether nodes are dense, the fullest picture first."""

READABLE = 18 * SHORT_SIDE / 720
"""Em that is still read from the last row: 18 pixels at 720p."""

EM_MOST = SIZES.formula
PADDING = 0.6
ROW = 1.5
NARROWEST = 2.6
DENSE_ROW = 1.3
DENSE_PADDING = 0.45
DENSE_GAP = 0.45
DENSE_NARROWEST = 1.9
LABEL_ROW = 1.44
LABEL_CLEAR = 0.2
SCISSORS = 3.0
BESIDE = 0.4
MOST_ROWS = 6
"""All but the first two in em; a row of the last is a row of columns, as of a text."""


@dataclass(frozen=True)
class NodeSpec(Unchanging):
    """A node, as plain data.

    Attributes
    ----------
    id : str
    title : str
        Typst markup of its symbol and what it computes, ``$u = a + v$``.
    kind : {"operation", "variable", "constant"}
    lines : tuple of str
        More markup, in muted colour below the title.
    short, sign : str
        What is left of the title in a dense picture, and the sign of the operation below that,
        ``$times$``; the lines go then.
    value, gradient : str
        The widest markup it will be lit with; empty if it never is.
    """

    id: str
    title: str
    kind: str = "operation"
    lines: tuple[str, ...] = ()
    short: str = ""
    sign: str = ""
    value: str = ""
    gradient: str = ""


@dataclass(frozen=True)
class EdgeSpec(Unchanging):
    """An edge from an input to what uses it, as plain data.

    Attributes
    ----------
    tail, head : str
        Ids of nodes.
    label : str
        Markup above the edge, such as the local derivative; empty for none.
    product : str
        The widest markup it will carry below when a gradient flows back; empty for none.
    brief : str
        The same for a picture with less room, such as the product's result alone.
    is_cut : bool
        Whether it will be cut, for which scissors need room.
    """

    tail: str
    head: str
    label: str = ""
    product: str = ""
    brief: str = ""
    is_cut: bool = False


def lay_out(
    nodes: Sequence[NodeSpec],
    edges: Sequence[EdgeSpec],
    box: tuple[float, float],
    *,
    is_downward: bool = False,
) -> GraphLayout:
    """Lay a graph out in a box.

    Parameters
    ----------
    nodes : sequence of NodeSpec
        In the order in which their values appear.
    edges : sequence of EdgeSpec
        Those of a head in the order of its operands.
    box : (float, float)
        Width and height in Manim units.
    is_downward : bool
        The inputs stand at the top and the result at the bottom, in one piece. All of it is
        arranged as if it ran to the right, with nodes as wide as they are high, and then turned.

    Raises
    ------
    ValueError
        If the texts would be smaller than 18 pixels at 720p, an edge names no node, or the edges
        run in a circle.

    Examples
    --------
    >>> layout = lay_out([NodeSpec("x", "$x$"), NodeSpec("y", "$x^2$")], [EdgeSpec("x", "y")],
    ...                  (6.0, 3.0))
    >>> bool(layout.centres[0, 0] < layout.centres[1, 0]), layout.rows
    (True, 1)
    """
    number = {node.id: k for k, node in enumerate(nodes)}
    if not nodes or len(number) < len(nodes):
        raise ValueError("a graph needs nodes, each with an id of its own")
    for edge in edges:
        for end in (edge.tail, edge.head):
            if end not in number:
                raise ValueError(f"an edge ends at {end!r}, which is no node of the graph")
    has_labels = any(edge.label or edge.product for edge in edges)
    details = tuple(
        _Detail(
            wording,
            is_dense,
            tuple(node_body(node, is_dense) for node in nodes),
            tuple(edge_body(edge, wording) for edge in edges),
            tuple(edge_body(edge, wording).width for edge in edges),
        ).turned(is_downward)
        for wording, is_dense in (DETAIL if has_labels else DETAIL[-2:])
    )
    pairs = tuple((number[edge.tail], number[edge.head]) for edge in edges)
    constants = tuple(node.kind == "constant" for node in nodes)
    if is_downward:
        return _chosen(details, pairs, constants, box[::-1], _DOWNWARD).downward()
    return _chosen(details, pairs, constants, box, _SIDEWAYS)


@dataclass(frozen=True)
class _Way:
    """What is tried to lay a graph out."""

    most_rows: int
    packings: tuple[str, ...]
    spacings: tuple[Spacing, ...]


_SIDEWAYS = _Way(MOST_ROWS, PACKINGS, SPACINGS)
_DOWNWARD = _Way(1, PACKINGS[1:], SPACINGS[2:])


@dataclass(frozen=True)
class _Detail:
    """How much is written, and the extents of nodes and of edges' labels that this takes."""

    wording: str
    is_dense: bool
    bodies: tuple[Body, ...]
    marks: tuple[Body, ...]
    rooms: tuple[float, ...]

    def turned(self, is_downward: bool) -> _Detail:
        """Return the same with all extents turned, if the graph is to run downwards."""
        if not is_downward:
            return self
        bodies = tuple(Body(it.up + it.down, it.width / 2, it.width / 2) for it in self.bodies)
        marks = tuple(
            Body(it.up + it.down, 0.0, it.width + 2 * BESIDE if it.width else 0.0)
            for it in self.marks
        )
        return replace(self, bodies=bodies, marks=marks)


@dataclass(frozen=True, eq=False)
class _Variant:
    """One arrangement of a graph; ``most`` is the em that it cannot exceed."""

    plan: Plan
    breaks: list[int]
    is_dense: bool
    wording: str
    rooms: tuple[float, ...]
    wanted: float
    most: float

    def place(self, box: tuple[float, float]) -> tuple[float, Placement]:
        """Return the em that fits the box, and the placement."""
        found = self.plan.place(self.breaks)
        return min(EM_MOST, box[0] / found.width, box[1] / found.height), found


@lru_cache(maxsize=64)
def _chosen(
    details: tuple[_Detail, ...],
    pairs: tuple[tuple[int, int], ...],
    constants: tuple[bool, ...],
    box: tuple[float, float],
    way: _Way,
) -> GraphLayout:
    """Return the first variant that is large enough, or else the largest.

    A lesson is walked through again and again with texts of the same sizes.
    """
    count = len(constants)
    arrangements = [arranged(count, pairs, constants, packing) for packing in way.packings]
    left_over, biggest = [], 0.0
    for variant in _variants(details, arrangements, box, way):
        biggest = max(biggest, variant.most)
        if variant.most >= variant.wanted:
            em, found = variant.place(box)
            if em >= variant.wanted:
                return _scaled(em, found, variant)
        left_over.append(variant)
    left_over.sort(key=lambda variant: -variant.most)
    best: tuple[float, Placement, _Variant] | None = None
    for variant in left_over:
        if variant.most <= max(READABLE - 1e-9, best[0] if best else 0.0):
            break
        em, found = variant.place(box)
        if best is None or em > best[0]:
            best = em, found, variant
    if best is None or best[0] < READABLE - 1e-9:
        em = best[0] if best else biggest
        text = N_(
            "a graph of {count} nodes does not fit here: its texts would have {pixels} pixels "
            "at 720p, and {least} are needed to read them"
        )
        pixels = math.floor(em * 720 / SHORT_SIDE)
        raise ParameterError("graph.no_room", text, count=count, pixels=pixels, least=18)
    return _scaled(*best)


def _variants(
    details: Sequence[_Detail],
    arrangements: Sequence[Columns],
    box: tuple[float, float],
    way: _Way,
) -> Iterator[_Variant]:
    """Yield the fullest picture first."""
    for detail in details:
        tries = product(range(1, way.most_rows + 1), arrangements, way.spacings)
        for rows, arrangement, spacing in tries:
            plan = Plan(arrangement, detail.bodies, detail.marks, spacing)
            breaks = breaks_of(plan, rows)
            if breaks is not None:
                width, height = plan.least(breaks)
                most = min(EM_MOST, box[0] / width, box[1] / height)
                wanted = SIZES.small if spacing is SPACINGS[-1] else SIZES.label
                written = detail.is_dense, detail.wording, detail.rooms
                yield _Variant(plan, breaks, *written, wanted, most)


def text_width(markup: str) -> float:
    """Return a text's width in em."""
    return set_type(markup, THEMES["dark"].text).width if markup else 0.0


def label_rise(markup: str) -> float:
    """Return how far above an edge its label's middle is, in em: a fraction clears the line."""
    half = set_type(markup, THEMES["dark"].text).height / 2 if markup else 0.0
    return max(LABEL_ROW / 2, half + LABEL_CLEAR)


def title_height(markup: str) -> float:
    """Return the height in em of a title's row: more than a line's for a fraction."""
    return max(ROW, set_type(markup, THEMES["dark"].text).height + 0.75)


def wide(node: NodeSpec) -> tuple[float, float]:
    """Return the widths in em of a dense node's left and right half."""
    left = max(text_width(node.short or node.title), text_width(node.sign))
    return left, max(text_width(node.value), _marked_width(node.gradient))


def _marked_width(gradient: str) -> float:
    """Return a gradient's width: it has a mark on its left, and as much room on its right."""
    return text_width(gradient) + 2 * HEAD if gradient else 0.0


def node_body(node: NodeSpec, is_dense: bool) -> Body:
    """Return a node's extent in em."""
    numbers = bool(node.value) + bool(node.gradient)
    if is_dense:
        left, right = wide(node)
        width = left + right + (DENSE_GAP if numbers else 0.0) + 2 * DENSE_PADDING
        rows = DENSE_ROW * max(numbers, 1 + bool(node.sign))
        half = max(title_height(node.short or node.title) - 0.2, rows) / 2 + 0.05
        return Body(max(width, DENSE_NARROWEST), half, half)
    widest = max(map(text_width, (node.value, node.title, *node.lines)))
    widest = max(widest, _marked_width(node.gradient))
    height = title_height(node.title) + (len(node.lines) + numbers) * ROW + 0.3
    return Body(max(widest + 2 * PADDING, NARROWEST), height / 2, height / 2)


def edge_body(edge: EdgeSpec, wording: str) -> Body:
    """Return the extent in em of an edge's labels, above and below it."""
    if wording == "none":
        return Body(SCISSORS, LABEL_ROW, LABEL_ROW) if edge.is_cut else Body(0.0, 0.0, 0.0)
    below = edge.brief if wording == "brief" and edge.brief else edge.product
    width = max(text_width(edge.label), text_width(below), SCISSORS * edge.is_cut)
    above = 2 * label_rise(edge.label) if edge.label else 0.0
    return Body(width, above, LABEL_ROW * bool(below or edge.is_cut))


def _scaled(em: float, found: Placement, variant: _Variant) -> GraphLayout:
    """Go from em to Manim units."""
    plan = variant.plan
    bodies = plan.bodies[: plan.nodes]
    sizes = np.array([(body.width, body.up + body.down) for body in bodies]) * em
    widths = [room * em for room in variant.rooms]
    labels = np.column_stack([found.labels * em, widths]) if widths else np.zeros((0, 3))
    curves = tuple(_even(curve * em) for curve in found.curves)
    for array in (centres := found.centres * em, sizes, labels, *curves):
        array.flags.writeable = False
    wording = (variant.is_dense, variant.wording)
    return GraphLayout(em, centres, sizes, curves, labels, *wording, found.rows)


def _even(curve: np.ndarray) -> np.ndarray:
    """Return a curve without points that lie on each other."""
    keep = [0] + [
        k for k, (a, b) in enumerate(pairwise(curve), start=1) if np.hypot(*(b - a)) > 1e-6
    ]
    return curve[keep]
