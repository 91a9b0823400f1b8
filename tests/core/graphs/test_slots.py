"""Which edges end in a step."""

from __future__ import annotations

import pytest

from backprop_studio.core.formula import parse_formula
from backprop_studio.core.formula.text import formula_text
from backprop_studio.core.graphs.slots import operation_name, slotted
from backprop_studio.core.graphs.steps import Step


@pytest.mark.parametrize(
    ("text", "sources", "constants"),
    [
        ("x*y", [("x", 0), ("y", 1)], []),
        ("x*x", [("x", 0), ("x", 1)], []),
        ("3*x", [("x", 1)], [("J:1", "3", 0)]),
        ("max(x, 1, x, 2*pi)", [("x", 0), ("x", 2)], [("J:1", "1", 1), ("J:2", "2*pi", 3)]),
        ("x^-2", [("x", 0)], [("J:1", "-2", 1)]),
        ("(x*y + 2)*x", [("x", 0), ("y", 1)], [("J:1", "2", 2)]),
        ("5", [], [("J:1", "5", 0)]),
        ("x", [("x", 0)], []),
    ],
)  # fmt: skip
def test_inputs_from_left_to_right(text, sources, constants):
    found = slotted(Step("J", parse_formula(text, ["x", "y"])))
    assert [(slot.source, slot.place) for slot in found.slots] == sources
    assert [(it.id, formula_text(it.tree), it.place) for it in found.constants] == constants


def test_second_use_gets_a_name_that_is_free():
    found = slotted(Step("J", parse_formula("max(x, x_2, x)", ["x", "x_2"])))
    assert [slot.name for slot in found.slots] == ["x", "x_2", "x_3"]
    later = slotted(Step("J", parse_formula("max(x, x, x_2)", ["x", "x_2"])))
    assert len({slot.name for slot in later.slots}) == 3


def test_names_of_operations():
    words = {
        "x + y": "add", "x - 1": "subtract", "x*y": "multiply", "x/y": "divide", "x^2": "power",
        "-x": "negate", "tanh(x)": "tanh", "min(x, y)": "min", "x": "copy", "3": "copy",
        "sin(2*x)": "compound", "x*(2*pi)": "multiply",
    }  # fmt: skip
    for text, word in words.items():
        assert operation_name(parse_formula(text, ["x", "y"]).tree) == word
