"""Graphs of formulas: the lecture's numbers, formulas by hand, and laws that every graph obeys."""

from __future__ import annotations

import math
from functools import reduce

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.formula import parse_formula
from backprop_studio.core.formula.evaluate import evaluate_array
from backprop_studio.core.formula.parse import Formula
from backprop_studio.core.formula.tree import Variable
from backprop_studio.core.graphs.formula_graph import formula_graph
from backprop_studio.core.graphs.reading import parse_steps
from tests.core.formula.trees import NAMES, as_function, small_numbers, smooth_trees, trees
from tests.core.specs import QUICK

LECTURE = formula_graph(parse_steps("v = b*c; u = a + v; J = 3*u", "abc"), {"a": 5, "b": 3, "c": 2})


def graph_of(text, **values):
    return formula_graph(parse_steps(text, list(values)), values)


def told(edges):
    return [(edge.tail, edge.head, edge.local, edge.local_text, edge.flow) for edge in edges]


# The lecture's graph


def test_values_of_the_lecture():
    values = {node.id: node.value for node in LECTURE.nodes}
    assert values == {"a": 5, "b": 3, "c": 2, "v": 6, "u": 11, "J:1": 3, "J": 33}
    assert tuple(values) == ("a", "b", "c", "v", "u", "J:1", "J")
    assert LECTURE.result == "J"


def test_gradients_of_the_lecture():
    gradients = {node.id: node.gradient for node in LECTURE.nodes}
    b, c = 3, 2
    assert gradients == {
        "J": 1, "u": 3, "v": 3, "a": 3, "b": 3 * c, "c": 3 * b, "J:1": None,
    }  # fmt: skip
    assert LECTURE.backward_order == ("J", "u", "a", "v", "b", "c")
    assert [it.text for it in LECTURE.derivatives] == ["3", "3*c", "3*b"]


def test_edges_of_the_lecture():
    assert told(LECTURE.edges) == [
        ("u", "J", 3, "3", 3),
        ("J:1", "J", None, "", None),
        ("a", "u", 1, "1", 3),
        ("v", "u", 1, "1", 3),
        ("b", "v", 2, "c", 6),
        ("c", "v", 3, "b", 9),
    ]


def test_words_in_the_nodes():
    told_nodes = {node.id: (node.kind, node.operation, node.expression) for node in LECTURE.nodes}
    assert told_nodes["a"] == ("variable", "", "a")
    assert told_nodes["J:1"] == ("constant", "", "3")
    assert told_nodes["v"] == ("operation", "multiply", "b*c")
    assert told_nodes["u"] == ("operation", "add", "a + v")
    assert LECTURE.node("J").expression_typst == "3 u"
    assert graph_of("eta_1 = a/2; J = eta_1", a=1).node("eta_1").symbol_typst == "eta_(1)"


def test_paths_are_products_of_locals():
    (path,) = LECTURE.paths_to("b")
    assert [edge.head for edge in path.edges] == ["J", "u", "v"]
    assert path.product == 6
    (empty,) = LECTURE.paths_to("J")
    assert (empty.edges, empty.product) == ((), 1.0)


# By hand


def test_operand_taken_twice_has_two_edges():
    graph = graph_of("x*x", x=3)
    assert told(graph.edges) == [("x", "J", 3, "x", 3), ("x", "J", 3, "x", 3)]
    assert graph.node("x").gradient == 6
    assert [edge.place for edge in graph.inputs_of("J")] == [0, 1]
    quotient = graph_of("x/x", x=4)
    assert told(quotient.edges) == [
        ("x", "J", 0.25, "1/x", 0.25),
        ("x", "J", -0.25, "-x/x^2", -0.25),
    ]
    assert quotient.node("x").gradient == 0


def test_step_of_several_operations_is_one_node():
    x, y = 3.0, 2.0
    graph = graph_of("u = x*y + 2*x + x; J = u^2", x=x, y=y)
    u = x * y + 3 * x
    assert graph.node("u").operation == "compound"
    locals_ = {edge.tail: (edge.local, edge.local_text) for edge in graph.inputs_of("u")}
    assert locals_["x"] == (y + 3, "y + 3")
    assert locals_["y"] == (x, "x")
    assert graph.node("x").gradient == 2 * u * (y + 3)
    assert graph.node("y").gradient == 2 * u * x


def test_variable_that_is_not_used_has_no_edge_and_gradient_zero():
    graph = graph_of("a + b", a=1, b=2, c=3)
    assert graph.node("c").gradient == 0
    assert graph.uses_of("c") == ()
    assert "c" in graph.backward_order
    assert graph.derivatives[2].text == "0"


@pytest.mark.parametrize(("text", "gradient"), [("5", 0.0), ("a", 1.0), ("2*a", 2.0), ("-a", -1.0)])
def test_smallest_graphs(text, gradient):
    graph = graph_of(text, a=3)
    assert (graph.node("a").gradient, graph.node("J").gradient) == (gradient, 1.0)
    assert graph.node("J").value == {"5": 5, "a": 3, "2*a": 6, "-a": -3}[text]


def test_paths_are_capped():
    graph = graph_of("u=a+a;v=u+u;w=v+v;p=w+w;q=p+p;r=q+q;J=r+r", a=1)
    assert len(graph.paths_to("u")) == 64
    assert graph.node("a").gradient == 128
    with pytest.raises(ValueError, match="more than 100 paths"):
        graph.paths_to("a")


def test_steps_that_grow_without_bound_have_no_derivative_in_full():
    text = "u0=a*a;" + ";".join(f"u{k}=u{k - 1}*u{k - 1}" for k in range(1, 30))
    graph = graph_of(text, a=1)
    assert graph.node("a").gradient == 2.0**30
    assert graph.derivatives[0].text == ""


# Corners, poles, and what is too large


@pytest.mark.parametrize(
    ("text", "corners"),
    [
        ("relu(x)", ["J"]),
        ("abs(x)*y", ["u"]),
        ("max(x, y)", []),
        ("max(x, y, 1)", ["J"]),
        ("min(x, 0*y)", ["J"]),
        ("relu(x + y)", []),
        ("abs(x) + relu(y - 1)", ["u", "v"]),
        ("J = abs(x) + y", ["u"]),
        ("max(1, 1)*x", []),
    ],
)
def test_corner_is_told(text, corners):
    graph = graph_of(text, x=0, y=1)
    assert [node.id for node in graph.nodes if node.is_corner] == corners


@pytest.mark.parametrize(
    ("text", "x", "words"),
    [
        ("2*log(x)", -1, "The step u = log(x) has no finite value at x = -1."),
        ("1/x + 1", 0, "The step u = 1/x has no finite value at x = 0."),
        ("sqrt(x)", 0, "The step J = sqrt(x) has no finite slope along x at x = 0."),
        ("exp(exp(x))", 100, "The step J = exp(u) has no finite value at x = 100."),
        ("x/0", 1, "The step J = x/0 has no finite value at x = 1."),
        ("min(1/0, x)", 1, "The constant 1/0 has no finite value at x = 1."),
        # Every value and slope is finite, their product is not.
        ("x*1e200*1e200", 1e-200, "The derivative of J along x is too large at x = 1e-200."),
    ],
)
def test_pole_is_one_sentence(text, x, words):
    with pytest.raises(InputError) as caught:
        graph_of(text, x=x)
    assert words in str(caught.value)


def test_value_that_is_not_finite_is_refused():
    with pytest.raises(InputError, match="a is nan, expected a finite number"):
        graph_of("a", a=math.nan)


# Laws

VALUES = st.fixed_dictionaries(
    {name: st.floats(-2, 2).map(lambda x: round(x, 3)) for name in NAMES}
)
WIDE = trees(small_numbers() | st.sampled_from([Variable(name) for name in NAMES]))


def graph_or_none(tree, values):
    try:
        return formula_graph(Formula(tree, NAMES), values)
    except InputError:
        return None


@settings(QUICK, max_examples=40)
@given(WIDE, VALUES)
def test_laws_of_every_graph(tree, values):
    graph = graph_or_none(tree, values)
    assume(graph is not None)
    forward = {node.id: k for k, node in enumerate(graph.nodes)}
    backward = {name: k for k, name in enumerate(graph.backward_order)}
    assert len(forward) == len(graph.nodes)
    assert set(backward) == {node.id for node in graph.nodes if node.gradient is not None}
    for node in graph.nodes:
        terms = [edge.flow for edge in graph.uses_of(node.id)]
        if node.kind == "constant":
            assert node.gradient is None
            assert terms == [None]
        elif node.id != graph.result:  # to the last bit
            assert node.gradient == reduce(lambda one, other: one + other, terms, 0.0)
    for edge in graph.edges:
        assert forward[edge.tail] < forward[edge.head]
        if edge.flow is not None:
            assert backward[edge.head] < backward[edge.tail]
            expected = graph.node(edge.head).gradient * edge.local
            if abs(expected) > 1e-290 or expected == edge.flow:
                assert edge.flow == pytest.approx(expected, rel=4e-15)


def test_terms_are_in_the_order_in_which_torch_adds_them():
    other_orders = 0
    for x in np.linspace(0.3, 2.7, 30).tolist():
        graph = graph_of("x^x + sin(x)*0.1", x=x)
        terms = [edge.flow for edge in graph.uses_of("x")]
        assert [edge.head for edge in graph.uses_of("x")] == ["w", "u", "u"]
        assert (terms[0] + terms[1]) + terms[2] == graph.node("x").gradient
        other_orders += (terms[0] + terms[2]) + terms[1] != graph.node("x").gradient
    assert other_orders > 2  # so that the order is seen to matter


@settings(QUICK, max_examples=40)
@given(smooth_trees(), VALUES)
def test_gradients_are_autograds_those_of_central_differences_and_of_all_paths(tree, values):
    formula = Formula(tree, NAMES)
    near = {name: value + np.linspace(-0.1, 0.1, 5) for name, value in values.items()}
    around = [evaluate_array(formula, {**values, name: near[name]}) for name in NAMES]
    assume(np.isfinite(around).all() and np.abs(around).max() < 100)
    graph = graph_or_none(tree, values)
    assume(graph is not None)
    found = [graph.node(name).gradient for name in NAMES]
    assume(max(map(abs, found)) < 100)
    tensors = [torch.tensor(values[name], dtype=torch.float64) for name in NAMES]
    by_torch = torch.func.grad(as_function(formula), (0, 1, 2))(*tensors)
    assert found == pytest.approx([float(it) for it in by_torch], rel=1e-12, abs=1e-12)
    for name, slope in zip(NAMES, found, strict=True):
        h = 1e-5
        ends = evaluate_array(formula, {**values, name: values[name] + np.array([h, -h])})
        third = np.abs(np.diff(around[NAMES.index(name)], 3)).max() / 0.05**3
        assert (ends[0] - ends[1]) / (2 * h) == pytest.approx(
            slope, rel=1e-6, abs=1e-8 + h**2 * third
        )
    at = {node.id: node.value for node in graph.nodes if node.kind != "constant"}
    for edge in graph.edges:
        if edge.local_text:
            local = parse_formula(edge.local_text, at)
            assert float(evaluate_array(local, at)) == pytest.approx(edge.local, rel=1e-9, abs=1e-9)
            assert edge.local_typst
    for name in NAMES:
        products = [path.product for path in graph.paths_to(name)]
        size = max([1.0, *map(abs, products)])
        assert sum(products) == pytest.approx(graph.node(name).gradient, rel=1e-9, abs=1e-12 * size)
