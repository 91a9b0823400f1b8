"""The story of control flow: the lecture's run, other ways through the code, and long chains."""

from __future__ import annotations

from typing import Any

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.scenes.parts.charts.code_line import CodeLines
from backprop_studio.scenes.parts.graphs.recorded_graph import RecordedGraph
from tests.scenes.lesson_runs import on_screen, part_at, run_lesson

CASES: list[dict[str, Any]] = [
    {"a": 600.5},
    {"a": 0.37},
    {"a": -1.2345678e-15},
    {"a": -300.0},
    {"a": 1e300},
]
FRAMES = [{}, {"pixel_width": 320, "pixel_height": 240}, {"pixel_width": 240, "pixel_height": 427}]


def drawn(graph: Any) -> list[str]:
    """Return the values in the nodes that are shown, from a on."""
    return [graph.values[k] for k in range(len(graph.nodes)) if graph.state["shown"][k] > 0]


def test_the_run_of_the_notes() -> None:
    """a = -1: b = -2, nine doublings to -1024, a hundredfold of that; 102400 is the gradient."""
    run = run_lesson("control_flow")
    assert [beat.name for beat in run.lesson.beats] == [
        "code", "start", "turn", "turns", "end", "branch", "backward", "ratio",
    ]  # fmt: skip
    assert "9 times" in run.lesson.beats[3].caption
    end = part_at(run, "ratio", RecordedGraph)
    assert end.gradients[end.number[end.node_of("a")]] == "102400"
    assert end.values[end.number[end.node_of("c")]] == "−102400"
    shown = {number.name: number.text for number in run.lesson.shown}
    assert shown["control.gradient"] == shown["control.ratio"] == "102400"
    assert "100 dot 2^10 = " in on_screen(run, "backward")


def test_the_graph_grows_line_by_line() -> None:
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


def test_what_is_folded_says_how_much_and_as_torch_calls_it() -> None:
    graph = part_at(run_lesson("control_flow"), "backward", RecordedGraph)
    (fold,) = [node for node in graph.nodes if node.id == "middle"]
    assert "MulBackward0" in fold.lines[0]
    assert fold.lines[0].startswith("7 ")
    # From b2 to b8: 102400 halves with every step from a on, and b8 is two doublings from c.
    assert graph.gradients[graph.number["middle"]] == "12800, …, 200"
    assert "back" in graph.state
    assert graph.state["back"].all()


def test_a_positive_number_takes_the_other_branch_and_adds_no_node() -> None:
    """0.37: 12 doublings in all lead to 1515.52, and the slope is 2^12."""
    run = run_lesson("control_flow", CASES[1])
    before, after = (part_at(run, beat, RecordedGraph) for beat in ("end", "branch"))
    assert drawn(before) == drawn(after)
    assert float(part_at(run, "branch", CodeLines).state["row"]) == 5
    shown = {number.name: number for number in run.lesson.shown}
    assert shown["control.gradient"].value == 2**12
    assert shown["control.value"].value == pytest.approx(0.37 * 4096)


def test_a_loop_that_does_not_turn_is_not_told() -> None:
    run = run_lesson("control_flow", CASES[0])
    names = [beat.name for beat in run.lesson.beats]
    assert names == ["code", "start", "end", "branch", "backward", "ratio"]
    assert "does not turn" in run.lesson.beats[2].caption


@pytest.mark.parametrize("frame", FRAMES, ids=["16:9", "4:3", "9:16"])
@pytest.mark.parametrize("a", [-1.0, -1.2345678e-15])
def test_long_chains_have_room_in_every_frame(a: float, frame: dict[str, Any]) -> None:
    lesson = run_lesson("control_flow", {"a": a}, settings=frame).lesson
    assert 20 <= lesson.time <= 60
    assert lesson.graph.place.em * 90 >= 18 - 1e-6
    count = sum(len(fold.nodes) for fold in lesson.graph.source.folds.values())
    alone = len(lesson.graph.nodes) - len(lesson.graph.source.folds)
    assert count + alone == len(lesson.record.graph.nodes)


def test_where_the_second_b_is_folded_the_first_turn_shows_its_value_alone() -> None:
    run = run_lesson("control_flow", settings=FRAMES[1])
    assert drawn(part_at(run, "turn", RecordedGraph)) == ["−1", "−2", "−4"]
    assert drawn(part_at(run, "turns", RecordedGraph)) == ["−1", "−2", "−4, …, −1024"]


@pytest.mark.parametrize(
    ("a", "sentence"),
    [
        (0.0, r"with 0 the loop never ends"),
        (1e-300, r"the loop has more than 60 turns"),
        (-1e308, r"too large for float64"),
    ],
)
def test_what_never_ends_or_overflows_is_refused_in_a_sentence(a: float, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as error:
        run_lesson("control_flow", {"a": a})
    assert "\n" not in str(error.value)
