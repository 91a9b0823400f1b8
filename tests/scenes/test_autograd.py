"""Autograd's story: the lecture's vectors, what torch calls and saves, and other vectors."""

from __future__ import annotations

from typing import Any

from backprop_studio.scenes.parts.graphs.recorded_graph import RecordedGraph
from tests.scenes.lesson_runs import part_at, run_lesson

CASES: list[dict[str, Any]] = [
    {"x": [0.0], "power_x": 0.0},
    {"x": [-1.5, 0.25], "power_x": -2.0},
    {"x": [k * 1e-7 / 3 for k in range(16)], "power_x": 1e-9},
    {"x": [1e9, -12345.678, 3.0, -1e-5, 2.0], "power_x": 12345.678},
]

SAYS = [(CASES[0], "added", "by chance"), ({}, "added", "not the gradient")]
REFUSES = [({"x": [1e200]}, r"^x: .* not finite"), ({"power_x": 1e150}, r"^power_x: .* not finite")]
FITS = [(CASES[2],)]


def rows_at(run, beat):
    """Return the numbers of the table at the end of a beat."""
    moments = [moment for moment in run.moments if moment.beat == beat]
    (table,) = [part for part in moments[-1].parts if hasattr(part, "cells")]
    return [row[1:] for row in table.cells]


def test_the_graph_is_the_one_torch_recorded():
    """y = 2 x·x: torch multiplies by 2 behind the dot product, and x collects."""
    run = run_lesson("autograd")
    graph = part_at(run, "record", RecordedGraph)
    texts = graph.texts()
    for name in ("AccumulateGrad", "DotBackward0", "MulBackward0"):
        assert sum(name in text for text in texts) == 1
    for name in ("self", "tensor", "other"):
        assert sum(f"_saved_{name} = " in text for text in texts) == 1
    assert graph.values[graph.number[graph.node_of("y")]] == "28"
    assert any("SumBackward0" in text for text in part_at(run, "sum", RecordedGraph).texts())
    assert any("PowBackward0" in text for text in part_at(run, "power", RecordedGraph).texts())


def test_the_gradient_comes_in_two_shares_and_is_4x():
    graph = part_at(run_lesson("autograd"), "backward", RecordedGraph)
    leaf = graph.number[graph.node_of("x")]
    assert graph.gradients[leaf] == "\\[0, 4, 8, 12\\]"
    assert sorted(graph.products) == ["", "\\[0, 2, 4, 6\\]", "\\[0, 2, 4, 6\\]"]
    assert graph.state["plus"][leaf] == 1


def test_gradients_accumulate_until_they_are_zeroed():
    run = run_lesson("autograd")
    first, ones = ["0", "4", "8", "12"], ["1"] * 4
    assert rows_at(run, "gradient")[1:] == [first, first]
    assert "None" in rows_at(run, "gradient")[0][0]
    assert rows_at(run, "sum") == [first, [""] * 4, [""] * 4]
    assert rows_at(run, "added") == [first, ones, ["1", "5", "9", "13"]]
    assert rows_at(run, "zeroed") == [["0"] * 4, ones, ones]


def test_the_cube_has_slope_3_at_1():
    graph = part_at(run_lesson("autograd"), "slope", RecordedGraph)
    assert graph.values[graph.number[graph.node_of("y")]] == "1"
    assert graph.gradients[graph.number[graph.node_of("x")]] == "3"


def test_vectors_of_long_numbers_are_written_by_their_ends():
    run = run_lesson("autograd", {"x": [123456.789, -12345.678, -987654.321, -1.2345e-7]})
    assert rows_at(run, "sum")[0] == ["493827.2", "…", "$−4.938 times 10^(-7)$"]
    graph = part_at(run, "record", RecordedGraph)
    assert graph.values[graph.number[graph.node_of("x")]].count(",") == 2
