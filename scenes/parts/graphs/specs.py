"""From core's graph records to the plain data that a graph view is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from backprop_studio.core.graphs.records import GraphNode, GraphRecord
from backprop_studio.scenes.lesson.numbers import bracketed
from backprop_studio.scenes.paint.compiler import CODE_FONT, quoted
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.graphs.layout import EdgeSpec, NodeSpec

Printed = Callable[[Any], str]
"""Turns a number or an array into markup, as the scene prints it."""

SIGNS = {
    "add": "$+$",
    "subtract": "$-$",
    "multiply": "$times$",
    "divide": "$div$",
    "negate": "$-$",
    "power": "$square.stroked.small^n$",
    "sqrt": "$sqrt(square.stroked.small)$",
    "log": "$ln$",
    "sigmoid": "$sigma$",
    "compound": "$f$",
    "copy": "$=$",
}
"""Of operations whose name is not their sign."""


def graph_of(record: GraphRecord, printed: Printed) -> tuple[list[NodeSpec], list[EdgeSpec]]:
    """Return a record's nodes and edges, in the record's order.

    Parameters
    ----------
    record : GraphRecord
    printed : callable
        Prints a value or gradient as the scene will; the layout keeps so much room.

    Returns
    -------
    list of NodeSpec, list of EdgeSpec
        The edges in the record's order, so that a record's edge k is the view's edge k.
    """
    nodes = [_formula_node(node, printed) for node in record.nodes]
    edges = []
    for edge in record.edges:
        if edge.local is None:
            edges.append(EdgeSpec(edge.tail, edge.head))
            continue
        upper = record.node(edge.head)
        label = f"${edge.local_typst}$" if edge.local_typst else printed(edge.local)
        flow = printed(edge.flow)
        product = product_text(printed(upper.gradient), printed(edge.local), flow)
        edges.append(EdgeSpec(edge.tail, edge.head, label, product, flow))
    return nodes, edges


def product_text(upper: str, local: str, flow: str) -> str:
    """Return what flows back along an edge as a product, ``3 × 2 = 6``."""
    return f"${upper} times {bracketed(local)} = {flow}$"


def _formula_node(node: GraphNode, printed: Printed) -> NodeSpec:
    gradient = "" if node.gradient is None else printed(node.gradient)
    symbol = f"${node.symbol_typst}$"
    if node.kind == "constant":
        return NodeSpec(node.id, symbol, "constant")
    if node.kind == "variable":
        value = printed(node.value)
        return NodeSpec(node.id, symbol, "variable", value=value, gradient=gradient)
    title = f"${node.symbol_typst} = {node.expression_typst}$"
    sign = SIGNS.get(node.operation, f'$op("{node.operation}")$')
    value = printed(node.value)
    return NodeSpec(node.id, title, short=symbol, sign=sign, value=value, gradient=gradient)


def code_markup(text: str) -> str:
    """Return a word of code as markup in the fixed-width face."""
    return f"#text(font: {quoted(CODE_FONT)})[{escape(text)}]"


def name_markup(name: str) -> str:
    """Return a tensor's name as mathematics; digits at its end are an index.

    Examples
    --------
    >>> [name_markup(name) for name in ("x", "b12", "loss")]
    ['x', 'b_12', '"loss"']
    """
    stem = name.rstrip("0123456789")
    index = name[len(stem) :]
    word = stem if len(stem) == 1 and stem.isalpha() else quoted(stem)
    return f"{word}_{index}" if stem and index else quoted(name) if not stem else word
