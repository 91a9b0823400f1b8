"""What of a computation graph is written how: numbers, its literals, and the formula as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.core.formula.torch_text import formula_torch
from backprop_studio.core.formula.tree import Node, Variable, nodes
from backprop_studio.core.formula.typst_math import formula_typst
from backprop_studio.core.graphs.records import GraphRecord
from backprop_studio.core.graphs.steps import Steps, operands, rebuilt
from backprop_studio.scenes.lesson.numbers import needed_decimals
from backprop_studio.scenes.paint.style import decimals_for

LONGEST = 200
"""Nodes of a tree that is written down as one formula."""

LARGEST = 1e9
"""A node has no room for more digits."""

DECIMAL = r"\d+\.\d+"
POWER = r"10\^\((-?\d+)\)"
"""A number with a point, and a power of ten, as they stand in a formula."""


def fewest_decimals(value: float, least: int) -> int:
    """Return how many decimals write a number: no more than it has, nor than its size asks for.

    Parameters
    ----------
    value : float
    least : int
        Decimals of numbers of ordinary size that have more.

    Examples
    --------
    >>> [fewest_decimals(value, 3) for value in (6.0, 0.1 + 0.2, 1 / 3, 0.00012345, 0.0)]
    [0, 1, 3, 6, 0]
    """
    return needed_decimals(value, decimals_for(abs(value), least=least))


def literals(record: GraphRecord) -> tuple[float, ...]:
    """Return the numbers with a point and the powers of ten that stand in a graph's formulas.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> from backprop_studio.core.graphs.formula_graph import formula_graph
    >>> literals(formula_graph(parse_formula("0.5*a + sin(2*a)", "a"), {"a": 1}))
    (0.5,)
    """
    texts = [node.expression_typst for node in record.nodes]
    texts += [edge.local_typst for edge in record.edges]
    texts += [derivative.typst for derivative in record.derivatives]
    texts += [formula_torch(step.formula.tree) for step in record.steps.steps]
    whole = whole_formula(record.steps)
    texts += [formula_typst(whole)] if whole is not None else []
    found = [it for text in texts for it in re.findall(DECIMAL, text)]
    found += [f"1e{it}" for text in texts for it in re.findall(POWER, text)]
    return tuple(sorted({float(it) for it in found}))


def whole_formula(steps: Steps) -> Node | None:
    """Return the result in terms of the variables alone; None if that is too long to be read.

    Examples
    --------
    >>> from backprop_studio.core.formula.text import formula_text
    >>> from backprop_studio.core.graphs.reading import parse_steps
    >>> formula_text(whole_formula(parse_steps("v = b*c; u = a + v; J = 3*u", "abc")))
    '3*(a + b*c)'
    """
    trees: dict[str, Node] = {}
    sizes: dict[str, int] = {}

    def substituted(node: Node) -> Node:
        if isinstance(node, Variable):
            return trees.get(node.name, node)
        return rebuilt(node, map(substituted, operands(node)))

    for step in steps.steps:
        names = [it.name for it in nodes(step.formula.tree) if isinstance(it, Variable)]
        if sum(sizes.get(name, 1) for name in names) > LONGEST:
            return None
        trees[step.name] = substituted(step.formula.tree)
        sizes[step.name] = len(list(nodes(trees[step.name])))
    return trees[steps.result]


def check_sizes(record: GraphRecord) -> None:
    """Refuse numbers of which a node could not show all digits.

    Raises
    ------
    InputError
        In one sentence, with the first of them.
    """
    text = N_(
        "{field}: {what} is {value} at these values, too long to be shown; expected "
        "less than {most} in size"
    )
    for what, value in _numbers(record):
        if value is not None and abs(value) >= LARGEST:
            numbers = {"value": f"{value:.3g}", "most": f"{LARGEST:.0e}"}
            raise InputError("graph.number_too_long", text, field="formula", what=what, **numbers)


def _numbers(record: GraphRecord) -> Iterator[tuple[Message, float | None]]:
    """Yield what stands in the nodes and at the edges of a graph, each with what it is."""
    for node in record.nodes:
        yield Message.of("graph.value", N_("the value of {name}"), name=node.id), node.value
    for edge in record.edges:
        ends = {"head": edge.head, "tail": edge.tail}
        yield Message.of("graph.slope", N_("the slope of {head} along {tail}"), **ends), edge.local
        yield Message.of("graph.flow", N_("what flows from {head} to {tail}"), **ends), edge.flow
    for node in record.nodes:
        what = Message.of("graph.gradient", N_("the gradient of {name}"), name=node.id)
        yield what, node.gradient
