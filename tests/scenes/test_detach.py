"""The cut's story: the lecture's vectors, where gradient comes and where not, and other vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.scenes.parts.graphs.recorded_graph import RecordedGraph
from tests.scenes.lesson_runs import CLASSIC, TALL, part_at, run_lesson

CASES: list[dict[str, Any]] = [
    {"x": [0.0]},
    {"x": [-1.5, 0.25]},
    {"x": [1e-7, -12345.678, 3.3333, 1e6, 2.0]},
    {"x": [k * 1e-7 / 3 for k in range(16)]},
]
REFUSES = [({"x": [1e200]}, r"^x: .* not finite")]


def gradients_at(run, beat):
    """Return the gradients that stand in the nodes of named tensors, by name."""
    graph = part_at(run, beat, RecordedGraph)
    return {
        tensor.name: graph.gradients[graph.number[graph.node_of(tensor.name)]]
        for tensor in graph.source.record.tensors
    }


def test_behind_the_cut_the_gradient_is_u_and_none_comes_to_y():
    run = run_lesson("detach")
    assert gradients_at(run, "backward") == {
        "x": "\\[0, 1, 4, 9\\]", "y": "", "u": "", "z": "\\[1, 1, 1, 1\\]",
    }  # fmt: skip
    graph = part_at(run, "backward", RecordedGraph)
    (cut,) = np.flatnonzero(graph.state["cut"])
    assert (graph.edges[cut].tail, graph.edges[cut].head) == (
        graph.node_of("y"), graph.node_of("u"),
    )  # fmt: skip
    assert graph.state["back"][cut] == 0


def test_the_edge_is_cut_when_detach_is_spoken_of():
    run = run_lesson("detach")
    assert not part_at(run, "square", RecordedGraph).state["cut"].any()
    assert part_at(run, "detach", RecordedGraph).state["cut"].sum() == 1


def test_the_gradient_of_y_still_comes_through():
    graph = part_at(run_lesson("detach"), "backward_of_y", RecordedGraph)
    assert gradients_at(run_lesson("detach"), "backward_of_y")["x"] == "\\[0, 2, 4, 6\\]"
    assert sorted(graph.products) == ["", "\\[0, 1, 2, 3\\]", "\\[0, 1, 2, 3\\]"]


def test_without_the_cut_three_shares_make_three_x_squared():
    run = run_lesson("detach")
    assert gradients_at(run, "backward_of_whole")["x"] == "\\[0, 3, 12, 27\\]"
    products = [text for text in part_at(run, "backward_of_whole", RecordedGraph).products if text]
    assert products == ["\\[0, 1, 4, 9\\]"] * 3
    assert not part_at(run, "backward_of_whole", RecordedGraph).state["cut"].any()


def test_the_table_compares_the_gradients():
    lesson = run_lesson("detach").lesson
    rows = [[cell.rpartition("[")[2].strip("]") for cell in row[1:]] for row in lesson.table.cells]
    assert rows == [
        ["0", "1", "2", "3"], ["0", "1", "4", "9"], ["0", "2", "4", "6"], ["0", "3", "12", "27"],
    ]  # fmt: skip


@pytest.mark.parametrize("frame", [{}, CLASSIC, TALL], ids=["16:9", "4:3", "9:16"])
def test_the_cut_edge_says_what_it_is_in_every_frame(frame):
    lesson = run_lesson("detach", settings=frame).lesson
    assert lesson.with_cut.place.wording == "full"
    assert any("detach" in text for text in lesson.with_cut.texts())


def test_what_has_no_room_is_refused_in_a_sentence():
    with pytest.raises(InputError, match=r"^x: .* fewer digits, or a wider frame\.$"):
        run_lesson("detach", {"x": [-1.2345e-7] * 16}, settings=CLASSIC)
