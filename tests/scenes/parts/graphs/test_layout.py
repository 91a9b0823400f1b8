"""Where a computation graph stands, checked with geometry of the tests' own."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_studio.scenes.parts.graphs.columns import PACKINGS, arranged, crossings
from backprop_studio.scenes.parts.graphs.layout import (
    READABLE,
    EdgeSpec,
    NodeSpec,
    lay_out,
)

BOX = (13.2, 5.8)


@st.composite
def graphs(draw):
    """Up to 12 nodes; what is no leaf takes one or two earlier ones, perhaps the same twice."""
    leaves = draw(st.integers(1, 4))
    nodes = [NodeSpec(f"x{k}", f"$x_{k}$", "variable", value="1.50") for k in range(leaves)]
    edges = []
    for k in range(draw(st.integers(1, 8))):
        tails = draw(st.lists(st.integers(0, len(nodes) - 1), min_size=1, max_size=2))
        labels = draw(st.booleans())
        for tail in tails:
            product = "2 × 3 = 6" if labels else ""
            edges.append(EdgeSpec(nodes[tail].id, f"v{k}", "$a$" * labels, product, "6" * labels))
        nodes.append(NodeSpec(f"v{k}", f"$v_{k} = a b$", value="−0.25", gradient="12"))
    return nodes, edges


def chain(count):
    nodes = [NodeSpec(f"b{k}", f"$b_{k}$", value="−1024", gradient="51200") for k in range(count)]
    return nodes, [EdgeSpec(f"b{k}", f"b{k + 1}") for k in range(count - 1)]


def rectangles(layout):
    """Return left, bottom, right, top of the nodes."""
    half = layout.sizes / 2
    return np.hstack([layout.centres - half, layout.centres + half])


def dense(curve):
    """Return a curve with ten points on each of its lines."""
    t = np.linspace(0, 1, 10)[:, None]
    return np.concatenate([a + (b - a) * t for a, b in itertools.pairwise(curve)])


def inside(points, box, margin=1e-6):
    return bool(((points > box[:2] + margin) & (points < box[2:] - margin)).all(axis=1).any())


def overlap(a, b):
    return bool((np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]) > 1e-6).all())


def label_boxes(layout, edges):
    """Return (edge, rectangle) of the texts above and below the edges."""
    if layout.wording == "none":
        return []
    height = 1.2 * layout.em
    found = []
    for k, (x, y, width) in enumerate(layout.labels):
        if edges[k].label:
            found.append((k, np.array([x - width / 2, y, x + width / 2, y + height])))
        if edges[k].product:
            found.append((k, np.array([x - width / 2, y - height, x + width / 2, y])))
    return found


def check_fan(leaving, box, em):
    """Edges of one node arrive level and apart: their arrows end at a plus, 0.84 em wide.

    The heads are 0.55 em long and 0.45 em wide.
    """
    for curve in map(dense, leaving if len(leaving) > 1 else []):
        near = curve[curve[:, 0] < box[2] + (0.84 + 0.55) * em]
        assert np.ptp(near[:, 1]) < 1e-6
        assert near[:, 0].max() > box[2] + 0.84 * em
    ends = sorted(curve[0][1] for curve in leaving)
    assert np.diff(ends).min(initial=em) > 0.45 * em


@settings(max_examples=15, deadline=None, derandomize=True, database=None)
@given(graphs())
def test_nothing_runs_into_anything(graph):
    nodes, edges = graph
    number = {node.id: k for k, node in enumerate(nodes)}
    layout = lay_out(nodes, edges, BOX)
    boxes = rectangles(layout)
    assert layout.em >= READABLE - 1e-9
    everything = np.concatenate([boxes[:, :2], boxes[:, 2:], *layout.curves])
    assert (np.abs(everything) <= np.array(BOX) / 2 + 1e-6).all()
    for a, b in itertools.combinations(boxes, 2):
        assert not overlap(a, b)
    for edge, curve in zip(edges, layout.curves, strict=True):
        tail, head = number[edge.tail], number[edge.head]
        assert curve[0][0] == pytest.approx(boxes[tail][2])
        assert curve[-1][0] == pytest.approx(boxes[head][0])
        assert boxes[tail][1] < curve[0][1] < boxes[tail][3]
        assert boxes[head][1] < curve[-1][1] < boxes[head][3]
        assert not any(inside(dense(curve), box) for box in boxes)
    marks = label_boxes(layout, edges)
    for (k, a), (other, b) in itertools.combinations(marks, 2):
        assert k == other or not overlap(a, b)
    for k, box in enumerate(boxes):
        check_fan(
            [it for it, edge in zip(layout.curves, edges, strict=True) if number[edge.tail] == k],
            box,
            layout.em,
        )
    for k, mark in marks:
        assert not any(overlap(mark, box) for box in boxes)
        for other, curve in enumerate(layout.curves):
            assert other == k or not inside(dense(curve), mark)


@settings(max_examples=15, deadline=None, derandomize=True, database=None)
@given(graphs(), st.sampled_from(PACKINGS))
def test_every_edge_runs_one_column_at_a_time_to_the_right(graph, packing):
    nodes, edges = graph
    number = {node.id: k for k, node in enumerate(nodes)}
    pairs = [(number[edge.tail], number[edge.head]) for edge in edges]
    found = arranged(len(nodes), pairs, [False] * len(nodes), packing)
    column = {item: k for k, items in enumerate(found.columns) for item in items}
    for (tail, head), items in zip(pairs, found.chains, strict=True):
        assert (items[0], items[-1]) == (tail, head)
        assert [column[it] for it in items] == list(range(column[tail], column[head] + 1))
    assert all(column[node] % 2 == 0 for node in range(len(nodes)))
    assert sorted(column) == list(range(len(column)))


def test_a_tree_has_no_crossings_and_keeps_its_operands_order():
    # J = (a + b)(c + d), but the sums are told in the other order.
    pairs = [(2, 4), (3, 4), (0, 5), (1, 5), (5, 6), (4, 6)]
    found = arranged(7, pairs, [False] * 7)
    assert crossings(found.columns, found.links) == 0
    assert [[it for it in column if it < 7] for column in found.columns[::2]] == [
        [0, 1, 2, 3], [5, 4], [6],
    ]  # fmt: skip


@pytest.mark.parametrize(("right", "expected"), [([3, 4, 5], 0), ([4, 3, 5], 1), ([5, 4, 3], 3)])
def test_crossings_are_counted(right, expected):
    assert crossings([[0, 1, 2], right], [(0, 3), (1, 4), (2, 5)]) == expected


def test_crossings_that_can_be_avoided_are():
    """Two ladders told crosswise: 0-5, 1-4, 2-7, 3-6, then straight on."""
    pairs = [(0, 5), (1, 4), (2, 7), (3, 6), (4, 8), (5, 8), (6, 8), (7, 8)]
    found = arranged(9, pairs, [False] * 9)
    assert crossings(found.columns, found.links) == 0


def test_leaves_stand_on_the_left_and_constants_beside_their_use():
    nodes = [
        NodeSpec("a", "$a$", "variable"), NodeSpec("b", "$b$", "variable"),
        NodeSpec("u", "$u$"), NodeSpec("c", "$3$", "constant"), NodeSpec("J", "$J$"),
    ]  # fmt: skip
    edges = [EdgeSpec("a", "u"), EdgeSpec("b", "u"), EdgeSpec("u", "J"), EdgeSpec("c", "J")]
    x = lay_out(nodes, edges, (10.0, 4.0)).centres[:, 0]
    assert x[0] == pytest.approx(x[1])
    assert x[3] == pytest.approx(x[2])
    assert x[0] < x[2] < x[4]


def test_a_long_chain_is_broken_into_rows_that_are_read_like_a_text():
    nodes, edges = chain(15)
    layout = lay_out(nodes, edges, (13.2, 4.6))
    assert layout.rows > 1
    rows = np.unique(layout.centres[:, 1].round(6))[::-1]
    assert len(rows) == layout.rows
    order = [(-y, x) for x, y in layout.centres.round(6)]
    assert order == sorted(order)
    boxes = rectangles(layout)
    for curve in layout.curves:
        assert not any(inside(dense(curve), box) for box in boxes)
        assert (np.abs(curve) <= np.array((13.2, 4.6)) / 2 + 1e-6).all()


def test_what_would_be_too_small_is_refused_with_a_size_below_the_limit():
    sentence = r"graph of 15 nodes does not fit here.* (\d|1[0-7]) pixels .*18 are needed"
    with pytest.raises(ValueError, match=sentence):
        lay_out(*chain(15), (4.0, 2.0))


def test_less_room_means_briefer_labels_before_dense_nodes():
    nodes = [NodeSpec(f"n{k}", f"$n_{k} = a b$", short=f"$n_{k}$", value="1") for k in range(5)]
    flow = {"product": "−0.123 × 0.123 = 0.456", "brief": "0.456"}
    edges = [EdgeSpec(f"n{k}", f"n{k + 1}", **flow) for k in range(4)]
    seen = []
    for width in np.linspace(20, 4, 25):
        try:
            layout = lay_out(nodes, edges, (float(width), 1.5))
        except ValueError:
            break
        seen.append((layout.is_dense, ["full", "brief", "none"].index(layout.wording)))
    assert seen[0] == (False, 0)
    assert (False, 1) in seen
    assert seen[-1][1] == 2


def test_the_same_graph_is_laid_out_the_same():
    nodes, edges = chain(9)
    assert lay_out(nodes, edges, BOX).key == lay_out(nodes, edges, BOX).key
    assert lay_out(nodes, edges, BOX).key != lay_out(nodes, edges, (10.0, 5.8)).key


@pytest.mark.parametrize(
    ("edges", "sentence"),
    [
        ([EdgeSpec("a", "c")], "'c', which is no node"),
        ([EdgeSpec("a", "b"), EdgeSpec("b", "a")], "no circle"),
    ],
)
def test_what_is_no_graph_is_refused(edges, sentence):
    with pytest.raises(ValueError, match=sentence):
        lay_out([NodeSpec("a", "$a$"), NodeSpec("b", "$b$")], edges, BOX)
