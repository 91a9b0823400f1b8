"""A formula as a computation graph: values by torch from left to right, gradients right to left.

Every edge is a tensor of its own, a copy of the node it leaves, so that torch itself says what
flows along it. Torch works off what it recorded from the last operation to the first; so it adds
up a node's gradient in the order in which the record lists the edges.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.formula import Formula
from backprop_studio.core.formula.evaluate import evaluate
from backprop_studio.core.formula.point import checked_point, point_text
from backprop_studio.core.formula.symbolic import SymbolicDerivative, symbolic_derivative
from backprop_studio.core.formula.text import formula_text
from backprop_studio.core.formula.tree import Call, Node, Variable, nodes, variables
from backprop_studio.core.formula.typst_math import formula_typst, name_typst
from backprop_studio.core.graphs.records import GraphEdge, GraphNode, GraphRecord
from backprop_studio.core.graphs.steps import (
    SlottedStep,
    Steps,
    formula_steps,
    is_constant,
    operands,
    operation_name,
    rebuilt,
    renamed,
    slotted,
)
from backprop_studio.core.network.passes import single_thread

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backprop_studio.core.graphs.steps import Slot, Step

_CORNERS_AT_ZERO = frozenset(("abs", "relu", "sign", "step"))

_MOST_NODES = 400
"""Of all steps put into one formula: the derivative of a longer one would not be written down."""


def formula_graph(formula: Formula | Steps, values: Mapping[str, float]) -> GraphRecord:
    """Return a formula's graph with its forward and its backward pass.

    Parameters
    ----------
    formula : Formula or Steps
        What is computed. Each operation of a formula becomes a node; each step becomes one
        however much it computes. See :func:`core.graphs.steps.formula_steps` for the names of
        intermediates, and :func:`core.graphs.reading.parse_steps` for one's own.
    values : mapping
        A number for each declared variable. A variable is one node however often it is used; one
        that is not used has the gradient 0.

    Raises
    ------
    InputError
        If a value given is not finite, or a step has no finite value or no finite derivative.
    KeyError
        If a variable has no value.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> graph = formula_graph(parse_formula("3*(a + b*c)", "abc"), {"a": 5, "b": 3, "c": 2})
    >>> [(node.symbol, node.expression, node.value) for node in graph.nodes[3:]]
    [('v', 'b*c', 6.0), ('u', 'a + v', 11.0), ('3', '3', 3.0), ('J', '3*u', 33.0)]
    >>> [(node.id, node.gradient) for node in map(graph.node, graph.backward_order)]
    [('J', 1.0), ('u', 3.0), ('a', 3.0), ('v', 3.0), ('b', 6.0), ('c', 9.0)]
    >>> edge = graph.inputs_of("v")[0]
    >>> edge.tail, edge.head, edge.local, edge.local_text, edge.flow
    ('b', 'v', 2.0, 'c', 6.0)
    """
    steps = formula if isinstance(formula, Steps) else formula_steps(formula)
    given = checked_point(steps.names, values)
    slots = [slotted(step) for step in steps.steps]
    with single_thread():
        tensors, uses = _forward(slots, given)
        end = tensors[steps.result]
        if end.requires_grad:
            end.backward()  # type: ignore[no-untyped-call]
        else:  # a constant, of which torch records nothing
            end.grad = torch.ones_like(end)
        edges = tuple(_edges(slots, uses))
        found = tuple(_nodes(slots, tensors))
    record = GraphRecord(
        steps=steps,
        values=given,
        result=steps.result,
        nodes=found,
        edges=edges,
        backward_order=tuple(_backward_order(steps, edges)),
        derivatives=_derivatives(steps),
    )
    _check_finite(record)
    return record


# Torch


def _forward(
    slots: list[SlottedStep], values: Mapping[str, float]
) -> tuple[dict[str, Tensor], list[list[Tensor]]]:
    """Compute every step; return a tensor per name, and per step one for each slot."""
    tensors = {
        name: torch.tensor(value, dtype=torch.float64, requires_grad=True)
        for name, value in values.items()
    }
    uses: list[list[Tensor]] = []
    for it in slots:
        # From right to left, because what is made last is the first to get its gradient.
        copies = [tensors[slot.source].clone() for slot in reversed(it.slots)][::-1]
        value = evaluate(it.formula, dict(zip(it.formula.names, copies, strict=True)))
        for tensor in (*copies, value):
            if tensor.requires_grad:
                tensor.retain_grad()
        tensors[it.step.name] = value
        uses.append(copies)
    return tensors, uses


def _edges(slots: list[SlottedStep], uses: list[list[Tensor]]) -> Iterator[GraphEdge]:
    for it, copies in zip(reversed(slots), reversed(uses), strict=True):
        slopes = _local_derivatives(it.formula, copies)
        for slot, copy, local in zip(it.slots, copies, slopes, strict=True):
            text, typst = _local_formula(it, slot)
            yield GraphEdge(
                slot.source, it.step.name, slot.place, local, text, typst, _gradient(copy)
            )
        for constant in it.constants:
            yield GraphEdge(constant.id, it.step.name, constant.place, None, "", "", None)


def _gradient(tensor: Tensor) -> float:
    return 0.0 if tensor.grad is None else float(tensor.grad)


def _local_derivatives(formula: Formula, copies: list[Tensor]) -> list[float]:
    """Differentiate a step by itself, at the values that it was given."""
    leaves = [copy.detach().clone().requires_grad_() for copy in copies]
    if not leaves:
        return []
    value = evaluate(formula, dict(zip(formula.names, leaves, strict=True)))
    found = torch.autograd.grad(value, leaves, allow_unused=True, materialize_grads=True)
    return [float(slope) for slope in found]


def _nodes(slots: list[SlottedStep], tensors: Mapping[str, Tensor]) -> Iterator[GraphNode]:
    for name in list(tensors)[: -len(slots)]:
        value, gradient = float(tensors[name].detach()), _gradient(tensors[name])
        typst = name_typst(name)
        yield GraphNode(name, "variable", name, typst, "", name, typst, value, gradient, False)
    for it in slots:
        for constant in it.constants:
            text, typst = formula_text(constant.tree), formula_typst(constant.tree)
            value = float(evaluate(Formula(constant.tree, ()), {}))
            yield GraphNode(
                constant.id, "constant", text, typst, "", text, typst, value, None, False
            )
        name, tree = it.step.name, it.step.formula.tree
        tensor = tensors[name]
        yield GraphNode(
            id=name,
            kind="operation",
            symbol=name,
            symbol_typst=name_typst(name),
            operation=operation_name(tree),
            expression=formula_text(tree),
            expression_typst=formula_typst(tree),
            value=float(tensor.detach()),
            gradient=_gradient(tensor),
            is_corner=_is_corner(it.step, tensors),
        )


def _is_corner(step: Step, tensors: Mapping[str, Tensor]) -> bool:
    """Whether a function of a step is where its slopes from the two sides differ."""

    def value(node: Node) -> float:
        formula = Formula(node, variables(node))
        with torch.no_grad():
            return float(evaluate(formula, {name: tensors[name] for name in formula.names}))

    for node in nodes(step.formula.tree):
        if not isinstance(node, Call) or is_constant(node):
            continue
        if node.function in _CORNERS_AT_ZERO and value(node.arguments[0]) == 0:
            return True
        if node.function in {"min", "max"}:
            extreme = value(node)
            if sum(value(argument) == extreme for argument in node.arguments) > 1:
                return True
    return False


# Symbols


def _local_formula(it: SlottedStep, slot: Slot) -> tuple[str, str]:
    """Return a local derivative as text and as Typst, in terms of the step's inputs."""
    tree = symbolic_derivative(it.formula, slot.name).tree
    if tree is None:
        return "", ""
    tree = renamed(tree, {slot.name: slot.source for slot in it.slots})
    return formula_text(tree), formula_typst(tree)


def _derivatives(steps: Steps) -> tuple[SymbolicDerivative, ...]:
    """Differentiate the result after every variable."""
    sizes = dict.fromkeys(steps.names, 1)
    trees: dict[str, Node] = {}
    for step in steps.steps:
        sizes[step.name] = sum(
            sizes[node.name] if isinstance(node, Variable) else 1
            for node in nodes(step.formula.tree)
        )
        if sizes[step.name] <= _MOST_NODES:
            trees[step.name] = _substituted(step.formula.tree, trees)
    if steps.result not in trees:
        return tuple(SymbolicDerivative(name, None, "", "") for name in steps.names)
    whole = Formula(trees[steps.result], steps.names)
    return tuple(symbolic_derivative(whole, name) for name in steps.names)


def _substituted(tree: Node, trees: Mapping[str, Node]) -> Node:
    if isinstance(tree, Variable):
        return trees.get(tree.name, tree)
    return rebuilt(tree, (_substituted(part, trees) for part in operands(tree)))


# Orders and checks


def _backward_order(steps: Steps, edges: tuple[GraphEdge, ...]) -> Iterator[str]:
    """Yield ids as their gradients become complete."""
    waiting = Counter(edge.tail for edge in edges if edge.flow is not None)
    yield from (name for name in (steps.result, *steps.names) if not waiting[name])
    for edge in edges:
        if edge.flow is not None:
            waiting[edge.tail] -= 1
            if not waiting[edge.tail]:
                yield edge.tail


def _check_finite(record: GraphRecord) -> None:
    point = point_text(record.values)
    by_name = {step.name: step.text for step in record.steps.steps}
    for node in record.nodes:
        if not math.isfinite(node.value):
            if node.id not in by_name:
                text = N_("the constant {constant} has no finite value at {point}")
                raise InputError("graph.constant", text, constant=node.symbol, point=point)
            text = N_("the step {step} has no finite value at {point}")
            raise InputError("graph.no_value", text, step=by_name[node.id], point=point)
    for edge in record.edges:
        if edge.local is not None and not math.isfinite(edge.local):
            text = N_("the step {step} has no finite slope along {variable} at {point}")
            fields = {"step": by_name[edge.head], "variable": edge.tail, "point": point}
            raise InputError("graph.no_slope", text, **fields)
    for node in record.nodes:
        if node.gradient is not None and not math.isfinite(node.gradient):
            text = N_("the derivative of {result} along {variable} is too large at {point}")
            fields = {"result": record.result, "variable": node.id, "point": point}
            raise InputError("graph.derivative", text, **fields)
