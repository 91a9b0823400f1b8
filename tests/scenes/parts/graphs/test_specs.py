"""The graph of a formula's record, as the plain data of a view."""

from __future__ import annotations

from backprop_studio.core.formula import parse_formula
from backprop_studio.core.graphs.formula_graph import formula_graph
from backprop_studio.scenes.parts.graphs.specs import graph_of, product_text


def test_the_graph_of_a_formula_keeps_the_records_numbers():
    """dJ/da = 3, dJ/db = 3c, dJ/dc = 3b at b = 3, c = 2, as the notes have it."""
    record = formula_graph(parse_formula("3*(a + b*c)", "abc"), {"a": 5, "b": 3, "c": 2})
    nodes, edges = graph_of(record, "{:g}".format)
    assert {node.id: node.gradient for node in nodes[:3]} == {"a": "3", "b": "6", "c": "9"}
    assert [node.kind for node in nodes if node.id == "J:1"] == ["constant"]
    by_ends = {(edge.tail, edge.head): edge for edge in edges}
    assert by_ends["b", "v"].label == "$c$"
    assert by_ends["b", "v"].product == "$3 times 2 = 6$"
    assert by_ends["J:1", "J"].product == ""


def test_negative_factors_stand_in_brackets():
    assert product_text("−2", "−1", "2") == "$−2 times (−1) = 2$"
