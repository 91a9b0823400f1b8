"""The story of control flow: the lecture's run, other ways through the code, and long chains."""

from __future__ import annotations

from typing import Any

import pytest

from backprop_studio.scenes.parts.charts.code_line import CodeLines
from backprop_studio.scenes.parts.graphs.recorded_graph import RecordedGraph
from tests.scenes.lesson_runs import CLASSIC, on_screen, part_at, run_lesson

CASES: list[dict[str, Any]] = [
    {"a": 600.5},
    {"a": 0.37},
    {"a": -1.2345678e-15},
    {"a": -300.0},
    {"a": 1e300},
]

STORIES = [
    ({}, "code start turn turns end branch backward ratio"),
    (CASES[0], "code start end branch backward ratio"),
]
SAYS = [({}, "turns", "9 times"), (CASES[0], "end", "does not turn")]
REFUSES = [
    ({"a": 0.0}, "with 0 the loop never ends"),
    ({"a": 1e-300}, "the loop has more than 60 turns"),
    ({"a": -1e308}, "too large for float64"),
]
FITS = [(CASES[2],)]


def drawn(graph):
    """Return the values in the nodes that are shown, from a on."""
    return [graph.values[k] for k in range(len(graph.nodes)) if graph.state["shown"][k] > 0]


def test_the_run_of_the_notes():
    """a = -1: b = -2, nine doublings to -1024, a hundredfold of that; 102400 is the gradient."""
    run = run_lesson("control_flow")
    end = part_at(run, "ratio", RecordedGraph)
    assert end.gradients[end.number[end.node_of("a")]] == "102400"
    assert end.values[end.number[end.node_of("c")]] == "−102400"
    shown = {number.name: number.text for number in run.lesson.shown}
    assert shown["control.gradient"] == shown["control.ratio"] == "102400"
    assert "100 dot 2^10 = " in on_screen(run, "backward")


def test_the_graph_grows_line_by_line():
    run = run_lesson("control_flow")
    folded = "−8, …, −512"
    grown = [
        ("code", 0, ["−1"]),
        ("start", 1, ["−1", "−2"]),
        ("turn", 3, ["−1", "−2", "−4"]),
        ("turns", 3, ["−1", "−2", "−4", folded, "−1024"]),
        ("end", 2, ["−1", "−2", "−4", folded, "−1024"]),
        ("branch", 7, ["−1", "−2", "−4", folded, "−1024", "−102400"]),
    ]
    for beat, line, values in grown:
        assert drawn(part_at(run, beat, RecordedGraph)) == values, beat
        assert float(part_at(run, beat, CodeLines).state["row"]) == line, beat


def test_what_is_folded_says_how_much_and_as_torch_calls_it():
    graph = part_at(run_lesson("control_flow"), "backward", RecordedGraph)
    (fold,) = [node for node in graph.nodes if node.id == "middle"]
    assert "MulBackward0" in fold.lines[0]
    assert fold.lines[0].startswith("7 ")
    # From b2 to b8: 102400 halves with every step from a on, and b8 is two doublings from c.
    assert graph.gradients[graph.number["middle"]] == "12800, …, 200"
    assert graph.state["back"].all()
    # Folded or alone, every node that torch recorded is in the picture.
    folds = graph.source.folds
    count = sum(len(it.nodes) for it in folds.values()) + len(graph.nodes) - len(folds)
    assert count == len(graph.source.record.nodes)


def test_a_positive_number_takes_the_other_branch_and_adds_no_node():
    """0.37: 12 doublings in all lead to 1515.52, and the slope is 2^12."""
    run = run_lesson("control_flow", CASES[1])
    before, after = (part_at(run, beat, RecordedGraph) for beat in ("end", "branch"))
    assert drawn(before) == drawn(after)
    assert float(part_at(run, "branch", CodeLines).state["row"]) == 5
    shown = {number.name: number for number in run.lesson.shown}
    assert shown["control.gradient"].value == 2**12
    assert shown["control.value"].value == pytest.approx(0.37 * 4096)


def test_where_the_second_b_is_folded_the_first_turn_shows_its_value_alone():
    run = run_lesson("control_flow", settings=CLASSIC)
    assert drawn(part_at(run, "turn", RecordedGraph)) == ["−1", "−2", "−4"]
    assert drawn(part_at(run, "turns", RecordedGraph)) == ["−1", "−2", "−4, …, −1024"]
