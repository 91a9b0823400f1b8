"""Taking a formula apart: one step per operation, and names that are free."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from backprop_studio.core.formula import parse_formula
from backprop_studio.core.formula.evaluate import evaluate
from backprop_studio.core.formula.parse import Formula
from backprop_studio.core.formula.text import formula_text
from backprop_studio.core.formula.tree import Binary, Call, Negative, Variable, nodes
from backprop_studio.core.graphs.reading import parse_steps
from backprop_studio.core.graphs.steps import (
    Step,
    formula_steps,
    is_constant,
    operation_name,
    slotted,
)
from tests.core.formula.trees import NAMES, trees
from tests.core.specs import QUICK


def steps_of(text, names="abc"):
    return formula_steps(parse_formula(text, names)).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", "J = a"),
        ("5", "J = 5"),
        ("a + b", "J = a + b"),
        ("a*a", "J = a*a"),
        ("2*pi*a", "J = 2*pi*a"),
        ("-a^2", "u = a^2; J = -u"),
        ("a*b + b*c", "u = a*b; v = b*c; J = u + v"),
        ("sin(a)/max(a, b, 1)", "u = sin(a); v = max(a, b, 1); J = u/v"),
        ("(a + b)*(a + b)", "u = a + b; v = a + b; J = u*v"),  # as written, not shared
    ],
)
def test_one_step_per_operation(text, expected):
    assert steps_of(text) == expected


def test_names_that_are_taken_are_left_out():
    text = formula_steps(parse_formula("(u + v)*J*w", ["u", "v", "w", "J"])).text
    assert text == "t = u + v; s = t*J; L = s*w"


def test_many_intermediates_have_an_index_and_run_forwards():
    found = formula_steps(parse_formula("+".join(["a"] * 11) + "+v_2", ["a", "v_2"]))
    assert [step.name for step in found.steps][:3] == ["u_1", "u_2", "u_3"]
    assert found.result == "J"
    assert len({step.name for step in found.steps}) == len(found.steps) == 11


def test_a_name_does_not_change_a_graph():
    names = ["x", "y", "z"]
    plain, named = (parse_steps(it, names) for it in ("(x + y)*z", "f = (x + y)*z"))
    assert named.text == "u = x + y; f = u*z"
    assert plain.text == named.text.replace("f", "J")
    assert parse_steps("v = x*y; J = 3*(v + z)", names).text == "v = x*y; J = 3*(v + z)"


def test_no_intermediate_is_called_like_a_variable():
    names = ["w1", "w2", "x1", "x2", "t"]
    found = parse_steps("L = sin(w1*x1 + w2*x2 + t)", names).steps
    assert not {step.name[0] for step in found[:-1]} & {name[0] for name in names}


def test_operation_in_two_places_of_a_tree_is_two_steps():
    inner = Binary("*", Variable("a"), Variable("b"))
    text = formula_steps(Formula(Binary("+", inner, inner), ("a", "b"))).text
    assert text == "u = a*b; v = a*b; J = u + v"


@settings(QUICK, max_examples=30)
@given(trees())
def test_steps_compute_the_formula(tree):
    formula = Formula(tree, NAMES)
    steps = formula_steps(formula)
    operations = [
        it for it in nodes(tree) if isinstance(it, Negative | Binary | Call) and not is_constant(it)
    ]
    assert len(steps.steps) == max(1, len(operations))
    names = [*NAMES, *(step.name for step in steps.steps)]
    assert len(set(names)) == len(names)
    values = {"x": 0.7, "y": -1.3, "w_1": 2.1}
    for step in steps.steps:
        values[step.name] = evaluate(step.formula, {it: values[it] for it in step.formula.names})
    expected = float(evaluate(formula, values))
    found = float(values[steps.result])
    assert found == expected or (found != found and expected != expected)


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
