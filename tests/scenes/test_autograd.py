"""Autograd's story: the lecture's vectors, what torch calls and saves, and other vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.scenes.parts.graphs.recorded_graph import RecordedGraph
from tests.scenes.lesson_runs import part_at, run_lesson

CASES: list[dict[str, Any]] = [
    {"x": [0.0], "power_x": 0.0},
    {"x": [-1.5, 0.25], "power_x": -2.0},
    {"x": [k * 1e-7 / 3 for k in range(16)], "power_x": 1e-9},
    {"x": [1e9, -12345.678, 3.0, -1e-5, 2.0], "power_x": 12345.678},
]
FRAMES = [{}, {"pixel_width": 320, "pixel_height": 240}, {"pixel_width": 240, "pixel_height": 427}]


def rows_at(run: Any, beat: str) -> list[list[str]]:
    """Return the numbers of the table at the end of a beat."""
    moments = [moment for moment in run.moments if moment.beat == beat]
    (table,) = [part for part in moments[-1].parts if hasattr(part, "cells")]
    return [row[1:] for row in table.cells]


def test_the_graph_is_the_one_torch_recorded() -> None:
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


def test_the_gradient_comes_in_two_shares_and_is_4x() -> None:
    graph = part_at(run_lesson("autograd"), "backward", RecordedGraph)
    leaf = graph.number[graph.node_of("x")]
    assert graph.gradients[leaf] == "\\[0, 4, 8, 12\\]"
    assert sorted(graph.products) == ["", "\\[0, 2, 4, 6\\]", "\\[0, 2, 4, 6\\]"]
    assert graph.state["plus"][leaf] == 1


def test_gradients_accumulate_until_they_are_zeroed() -> None:
    run = run_lesson("autograd")
    first, ones = ["0", "4", "8", "12"], ["1"] * 4
    assert rows_at(run, "gradient")[1:] == [first, first]
    assert "None" in rows_at(run, "gradient")[0][0]
    assert rows_at(run, "sum") == [first, [""] * 4, [""] * 4]
    assert rows_at(run, "added") == [first, ones, ["1", "5", "9", "13"]]
    assert rows_at(run, "zeroed") == [["0"] * 4, ones, ones]


def test_the_cube_has_slope_3_at_1() -> None:
    graph = part_at(run_lesson("autograd"), "slope", RecordedGraph)
    assert graph.values[graph.number[graph.node_of("y")]] == "1"
    assert graph.gradients[graph.number[graph.node_of("x")]] == "3"


def test_that_the_sum_is_right_by_chance_is_said() -> None:
    """With x = 0 the first gradient is zero, so adding does no harm."""
    captions = {it.name: it.caption for it in run_lesson("autograd", CASES[0]).lesson.beats}
    assert "by chance" in captions["added"]
    captions = {it.name: it.caption for it in run_lesson("autograd").lesson.beats}
    assert "not the gradient" in captions["added"]


@pytest.mark.parametrize("frame", FRAMES, ids=["16:9", "4:3", "9:16"])
def test_long_vectors_of_any_size_have_room(frame: dict[str, Any]) -> None:
    lesson = run_lesson("autograd", CASES[2], settings=frame).lesson
    assert 20 <= lesson.time <= 60
    assert lesson.graph.place.em * 90 >= 18 - 1e-6
    shown = {number.name: number.value for number in lesson.shown}
    assert shown["autograd.grad.15"] == pytest.approx(4 * 15e-7 / 3)
    assert shown["autograd.power_grad"] == pytest.approx(3e-18)


def test_vectors_of_long_numbers_are_written_by_their_ends() -> None:
    run = run_lesson("autograd", {"x": [123456.789, -12345.678, -987654.321, -1.2345e-7]})
    assert rows_at(run, "sum")[0] == ["493827.2", "…", "$−4.938 times 10^(-7)$"]
    graph = part_at(run, "record", RecordedGraph)
    assert graph.values[graph.number[graph.node_of("x")]].count(",") == 2


def test_what_is_too_large_for_torch_is_refused_in_a_sentence() -> None:
    with pytest.raises(InputError, match=r"^x: .* not finite.*\.$"):
        run_lesson("autograd", {"x": [1e200]})
    with pytest.raises(InputError, match=r"^power_x: .* not finite.*\.$"):
        run_lesson("autograd", {"power_x": 1e150})


def test_numbers_follow_x() -> None:
    x = np.array([-1.5, 0.25])
    shown = {it.name: it.value for it in run_lesson("autograd", CASES[1]).lesson.shown}
    assert shown["autograd.y"] == pytest.approx(2 * float(x @ x))
    for k in range(2):
        assert shown[f"autograd.grad.{k}"] == pytest.approx(4 * x[k])
        assert shown[f"autograd.grad_added.{k}"] == pytest.approx(4 * x[k] + 1)
    assert shown["autograd.power_grad"] == 12.0
