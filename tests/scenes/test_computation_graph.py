"""The graph's story: its numbers as the notes have them, sums, sizes, and what has no room."""

from __future__ import annotations

import math
from typing import Any

import pytest

from backprop_studio.core.answer_sheet import look_up
from backprop_studio.scenes.parts.graphs.view import GraphView
from tests.scenes.lesson_runs import on_screen, part_at, run_lesson

SIGMOID = {
    "formula": "(sigmoid(w*x + b) - y)^2",
    "values": {"w": 0.5, "x": -2.0, "b": 0.25, "y": 1.0},
}
CHAIN = {"formula": f"{'sin(' * 16}a{')' * 16}", "values": {"a": 0.3}}


CASES: list[dict[str, Any]] = [
    SIGMOID,
    CHAIN,
    {"formula": "x*x + sin(x)", "values": {"x": -1.5}},
    {"formula": "a", "values": {"a": 0.0}},
    {"formula": "0.25*a/(1.5 - b)", "values": {"a": 1e-5, "b": 1.0, "c": 3.0}},
    {"formula": "v = 0.5*a*b^2 - 1.75; L = relu(v)*exp(0.1*v)", "values": {"a": 3.5, "b": 1.0}},
    {"formula": "abs(x - 2)*max(x, y)", "values": {"x": 2.0, "y": 2.0}},
    {"formula": "a*a + b*b + a*b", "values": {"a": 12345.678, "b": -0.0001}},
    {"formula": "x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8",
     "values": {f"x{k}": k / 10 for k in range(1, 9)}},
    {"formula": "0.00001*a + 2.5e-7*a^2 - 1.25*pi", "values": {"a": 100.0}},
    {"formula": "loss = (theta_1 - target)^2; J = loss/2",
     "values": {"theta_1": 0.125, "target": 1.0}},
]  # fmt: skip

PRODUCTS = " + ".join(f"sin({a}*{b})" for a in "abcd" for b in "fghk")

STORIES = [
    ({}, "formula steps forward_1 forward_2 forward_3 local seed backward_1 backward_2 backward_3 "
         "path gradient"),
]  # fmt: skip
REFUSES = [
    ({"formula": PRODUCTS, "values": dict.fromkeys("abcdfghk", 0.5)},
     r"^formula: a graph of 55 nodes .*18 are needed"),
    ({"formula": "a^9", "values": {"a": 1000.0}}, r"value of J is 10²⁷ .* less than 10⁹"),
    ({"formula": "2 + 3"}, "expected one of the variables a, b, c, found none"),
    ({"formula": "1/(a - a)"}, "no finite value"),
]  # fmt: skip
FITS = [(CASES[8],)]


def test_nodes_fill_with_the_numbers_of_the_notes():
    """v = bc = 6, u = a + v = 11, J = 3u = 33; dJ/da = 3, dJ/db = 3c = 6, dJ/dc = 3b = 9."""
    run = run_lesson("computation_graph")
    values = dict.fromkeys("abcvuJ", "") | {"a": "5", "b": "3", "c": "2"}
    for beat, name, value in (("forward_1", "v", "6"), ("forward_2", "u", "11"),
                              ("forward_3", "J", "33")):  # fmt: skip
        values[name] = value
        graph = part_at(run, beat, GraphView)
        assert {it: graph.values[graph.number[it]] for it in values} == values
    gradients = dict.fromkeys("abcvuJ", "") | {"J": "1"}
    for beat, new in (("seed", {}), ("backward_1", {"u": "3"}),
                      ("backward_2", {"a": "3", "v": "3"}),
                      ("backward_3", {"b": "6", "c": "9"})):  # fmt: skip
        gradients |= new
        graph = part_at(run, beat, GraphView)
        assert {it: graph.gradients[graph.number[it]] for it in gradients} == gradients


def test_the_board_writes_products_with_their_numbers():
    run = run_lesson("computation_graph")
    assert "J = 3 (a + b c)" in on_screen(run, "formula")
    assert "v = b c = 3 times 2 = 6" in on_screen(run, "forward_1")
    assert "3 times 1 = " in on_screen(run, "backward_2")
    assert "3 times 3 = 9" in on_screen(run, "backward_3")
    assert "= 3 times 1 times 2 = " in on_screen(run, "path")
    end = on_screen(run, "gradient")
    assert "a.grad, b.grad, c.grad" in end
    assert "= 3 c = " in end
    assert "= 3 b = " in end


def test_several_ways_to_one_variable_add():
    """d(x^2 + sin x)/dx at 2: x*x brings 2 along each of two edges, and sin brings cos 2."""
    run = run_lesson("computation_graph", {"formula": "x*x + sin(x)", "values": {"x": 2.0}})
    last = on_screen(run, "backward_2")
    assert "2 + 2" in last
    expected = f"{4 + math.cos(2):.3f}"
    graph = part_at(run, "backward_2", GraphView)
    assert graph.gradients[graph.number["x"]] == expected
    assert graph.state["plus"].tolist() == [1.0, 0.0, 0.0, 0.0]
    assert "added" in run.lesson.beats[-3].caption


def test_a_sum_is_put_in_only_when_all_its_terms_are_there():
    """J = a*(a + 1): the direct edge brings a + 1 = 4 before the other one brings 3."""
    run = run_lesson("computation_graph", {"formula": "a*(a + 1)", "values": {"a": 3.0}})
    graph = part_at(run, "backward_1", GraphView)
    assert graph.gradients[graph.number["a"]] == ""
    graph = part_at(run, "backward_2", GraphView)
    assert graph.gradients[graph.number["a"]] == "7"


def test_gradients_are_those_of_central_differences():
    run = run_lesson("computation_graph", SIGMOID)
    sheet = run.lesson.answer_sheet()

    def loss(w, x, b, y):
        return (1 / (1 + math.exp(-(w * x + b))) - y) ** 2

    values = dict(SIGMOID["values"])
    for k, name in enumerate(values):
        up, down = ({**values, name: values[name] + h} for h in (1e-6, -1e-6))
        slope = (loss(**up) - loss(**down)) / 2e-6
        assert look_up(sheet, f"graph.nodes.{k}.gradient") == pytest.approx(slope, abs=1e-8)
        graph = part_at(run, "gradient", GraphView)
        shown = graph.gradients[graph.number[name]].replace("−", "-")
        assert float(shown) == pytest.approx(slope, abs=0.00051)


def test_a_variable_that_is_not_used_is_left_out():
    lesson = run_lesson("computation_graph", {"formula": "a*b"}).lesson
    assert [node.id for node in lesson.graph.nodes] == ["a", "b", "J"]
