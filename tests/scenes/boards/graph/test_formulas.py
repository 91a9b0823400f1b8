"""Formulas of the two passes: signs, brackets, and what is left out where there is no room."""

from __future__ import annotations

import re

import pytest

from backprop_studio.core.answer_sheet import records_sheet
from backprop_studio.core.graphs.formula_graph import formula_graph
from backprop_studio.core.graphs.reading import parse_steps
from backprop_studio.scenes.boards.graph.formulas import GraphFormulas
from backprop_studio.scenes.lesson.board import Board
from backprop_studio.scenes.lesson.writer import Writer
from backprop_studio.scenes.paint.style import SIZES, THEMES, layout_for

THEME = THEMES["dark"]
COLOUR = re.compile(r'#text\(fill: rgb\("#[0-9a-f]+"\)\)\[\$([^$]*)\$\]')


def board(width=128 / 9, height=8.0):
    layout = layout_for(width, height)
    return Board(layout.board, layout.board_y, THEME, "en", layout.code_lines)


class Written(Writer):
    """The formulas of some steps, and which numbers they noted as shown."""

    def __init__(self, text, **values):
        self.record = formula_graph(parse_steps(text, values), values)
        sheet = records_sheet("computation_graph", {}, graph=self.record)
        super().__init__(sheet, THEME, str)
        self.formulas = GraphFormulas(self, self.record, board())


def plain(formula):
    return COLOUR.sub(r"\1", formula)


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("J = a*b", {"a": 3, "b": 2}, "J = a b = 3 times 2 = 6"),
        ("J = a*b", {"a": -1.5, "b": -2}, "J = a b = −1.5 times (−2) = 3"),
        ("J = a - b", {"a": 1, "b": -2}, "J = a - b = 1 - (−2) = 3"),
        ("J = a^2", {"a": -3}, "J = a^(2) = (−3)^(2) = 9"),
        ("J = a/b", {"a": 1, "b": 4}, "J = frac(a, b) = frac(1, 4) = 0.25"),
        ("J = sin(a)", {"a": 0}, "J = sin (a) = sin (0) = 0"),
        ("v = b; J = v*(b + 1)", {"b": 3}, "J = v dot (b + 1) = 3 times (3 + 1) = 12"),
        ("J = a", {"a": 7}, "J = a = 7"),
    ],
)
def test_a_step_has_its_inputs_put_in(text, values, expected):
    found = Written(text, **values).formulas.forward(["J"])
    assert plain(found) == f"$ {expected} $"


def test_what_flows_back_is_the_gradient_times_the_local_derivative():
    it = Written("v = b*c; u = a + v; J = 3*u", a=5, b=3, c=2)
    edges = it.record.inputs_of("v")
    assert plain(it.formulas.backward(edges[:1], [])) == (
        "$ (partial J) / (partial b) = (partial J) / (partial v) dot (partial v) / (partial b)"
        " = 3 times 2 = 6 $"
    )


def test_terms_of_a_sum_have_no_name_and_the_sum_has_its_terms():
    """J = −2 a² at a = 3: −4 a = −12, in two equal parts."""
    it = Written("s = -2*a; J = a*s", a=3)
    (edge,) = [edge for edge in it.record.inputs_of("s") if edge.tail == "a"]
    found = plain(it.formulas.backward([edge], ["a"]))
    assert "(partial J) / (partial s) dot (partial s) / (partial a) = 3 times (−2) = −6" in found
    assert "(partial J) / (partial a) = −6 + (−6) = −12" in found


def test_where_not_all_has_room_the_sums_come_first():
    names = "abcdfg"
    squares = " + ".join(f"{it}*{it}" for it in names)
    it = Written(f"v = {squares}; J = v*v*v", **dict.fromkeys(names, 1.0))
    found = plain(it.formulas.backward(it.record.inputs_of("v"), list(names)))
    assert found.index("(partial J) / (partial a) =") < found.index("dot")
    assert "dots.c" in found


def test_the_two_operands_of_a_square_are_told_apart():
    found = plain(Written("u = x*x; J = 2*u", x=3).formulas.locals())
    assert "(partial u) / (partial x_((1))) = x = 3" in found
    assert "(partial u) / (partial x_((2))) = x = 3" in found


def test_a_derivative_is_a_formula_and_a_number():
    found = plain(Written("v = b*c; u = a + v; J = 3*u", a=5, b=3, c=2).formulas.gradients())
    for part in ("a) = 3 ", "b) = 3 c = 6", "c) = 3 b = 9"):
        assert f"(partial {part}" in found


def test_a_sum_of_ways_is_a_sum_of_products():
    it = Written("s = -2*a; J = a*s", a=3)
    found = plain(it.formulas.path("a", it.record.paths_to("a")))
    assert found.endswith("= −6 + 3 times (−2) = −12 $")


def test_what_finds_no_room_is_not_noted():
    text = "; ".join(f"s{k} = sin(s{k - 1})/3" for k in range(1, 12))
    it = Written(f"s0 = a/3; {text}", a=1)
    found = it.formulas.forward([f"s{k}" for k in range(12)])
    assert "dots.c" in found
    assert it.shown
    assert all(number.text in found for number in it.shown)
    assert "graph.nodes.10.value" not in {number.name for number in it.shown}


def test_code_has_room_in_every_shape():
    values = {f"x{k}": k / 8 for k in range(8)}
    formulas = Written(" + ".join(values), **values).formulas
    for shape in ((128 / 9, 8.0), (8.0, 128 / 9)):
        formulas.board = board(*shape)
        for write in (formulas.given_code, formulas.steps_code, formulas.gradients_code):
            block = formulas.board.code_of(write())
            assert block.drawn_size() >= SIZES.small - 1e-9, block.source
