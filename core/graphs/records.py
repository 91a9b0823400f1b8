"""Records of a computation graph: nodes, edges and paths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backprop_studio.core.formula.symbolic import SymbolicDerivative
    from backprop_studio.core.graphs.steps import Steps

MOST_PATHS = 100


@dataclass(frozen=True)
class GraphNode:
    """A variable, a constant or what a step computes.

    Attributes
    ----------
    id : str
        A variable's or step's name; of a constant the step's and a number, ``J:1``.
    kind : {"variable", "constant", "operation"}
    symbol, symbol_typst : str
        What is written into the node: its name, or the constant itself.
    operation : str
        Of a step: add, subtract, multiply, divide, power, negate, copy, a function's name, or
        compound for several operations in one step; else empty.
    expression, expression_typst : str
        The step in terms of its inputs, ``a + v``; of leaves their symbol.
    value : float
        Of the forward pass.
    gradient : float or None
        dJ/dnode, accumulated over all edges that leave the node; None for constants, at which
        torch stops.
    is_corner : bool
        Whether the step stands on a corner or a jump, as relu does at 0: the slopes from the two
        sides differ there, and the local derivatives are those that torch chooses.
    """

    id: str
    kind: Literal["variable", "constant", "operation"]
    symbol: str
    symbol_typst: str
    operation: str
    expression: str
    expression_typst: str
    value: float
    gradient: float | None
    is_corner: bool


@dataclass(frozen=True)
class GraphEdge:
    """Edge from an input to the step that uses it.

    Attributes
    ----------
    tail, head : str
        The input's id and the step's.
    place : int
        Which of the head's edges it is, counted from 0 and from left to right. A single operation
        has one for each operand, so that ``x*x`` has two from x, as in torch; a step of several
        operations has one for each input.
    local : float or None
        dhead/dtail at the values of the forward pass; None from a constant.
    local_text, local_typst : str
        The same as a formula of the head's inputs; empty from a constant, or if it is too long to
        be written down.
    flow : float or None
        What flows back along the edge, dJ/dhead times local, as torch computed it: it divides by a
        divisor instead of multiplying by its inverse, so the product may differ in the last digit.
    """

    tail: str
    head: str
    place: int
    local: float | None
    local_text: str
    local_typst: str
    flow: float | None


@dataclass(frozen=True)
class GraphPath:
    """Path from the result back to a node.

    Attributes
    ----------
    edges : tuple of GraphEdge
        The result's first.
    product : float
        Of all their local derivatives.
    """

    edges: tuple[GraphEdge, ...]
    product: float


@dataclass(frozen=True)
class GraphRecord:
    """A formula as a graph, with its forward and its backward pass.

    Attributes
    ----------
    steps : Steps
        What is computed.
    values : dict
        The variables' values, in their order.
    result : str
        Id of the last step.
    nodes : tuple of GraphNode
        In the order in which values appear: variables, then each step behind its constants.
    edges : tuple of GraphEdge
        In the order in which gradients flow back. A node's gradient is the sum of the flows on the
        edges that leave it, added in this order, to the last bit.
    backward_order : tuple of str
        Ids of what has a gradient, in the order in which it is complete.
    derivatives : tuple of SymbolicDerivative
        Per variable, the result's derivative after it, in terms of the variables alone.
    """

    steps: Steps
    values: Mapping[str, float]
    result: str
    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    backward_order: tuple[str, ...]
    derivatives: tuple[SymbolicDerivative, ...]

    @cached_property
    def _by_id(self) -> dict[str, GraphNode]:
        return {node.id: node for node in self.nodes}

    def node(self, name: str) -> GraphNode:
        """Return the node of an id.

        Raises
        ------
        KeyError
            If there is none.
        """
        return self._by_id[name]

    def inputs_of(self, name: str) -> tuple[GraphEdge, ...]:
        """Return the edges that end in a node, from left to right."""
        found = [edge for edge in self.edges if edge.head == name]
        return tuple(sorted(found, key=lambda edge: edge.place))

    def uses_of(self, name: str) -> tuple[GraphEdge, ...]:
        """Return the edges that leave a node; their flows are the terms of its gradient."""
        return tuple(edge for edge in self.edges if edge.tail == name)

    def paths_to(self, name: str) -> tuple[GraphPath, ...]:
        """Return all paths from the result back to a node; their products add up to its gradient.

        Raises
        ------
        ValueError
            If there are more than 100.
        """
        found: list[GraphPath] = []
        waiting: list[tuple[str, tuple[GraphEdge, ...], float]] = [(name, (), 1.0)]
        while waiting:
            here, edges, product = waiting.pop()
            if len(found) + len(waiting) >= MOST_PATHS:
                raise ValueError(f"more than {MOST_PATHS} paths lead from {self.result} to {name}")
            if here == self.result:
                found.append(GraphPath(edges, product))
            for edge in reversed(self.uses_of(here)):
                local = 0.0 if edge.local is None else edge.local
                waiting.append((edge.head, (edge, *edges), product * local))
        return tuple(found)
