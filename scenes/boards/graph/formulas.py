"""A computation graph in formulas and torch lines, with the numbers of its two passes put in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from backprop_studio.core.answer_sheet import MINUS
from backprop_studio.core.formula.torch_text import formula_torch
from backprop_studio.core.formula.tree import Negative, Node, Number, Variable, variables
from backprop_studio.core.formula.typst_math import formula_typst, name_typst
from backprop_studio.core.graphs.records import GraphEdge, GraphPath, GraphRecord
from backprop_studio.core.graphs.steps import Step, operands, rebuilt
from backprop_studio.scenes.boards.formulas import Formulas, true_digits
from backprop_studio.scenes.boards.graph.fitting import (
    ever_fewer,
    fitting_code,
    fitting_rows,
    is_readable,
    set_rows,
)
from backprop_studio.scenes.boards.graph.texts import whole_formula
from backprop_studio.scenes.boards.markup import over
from backprop_studio.scenes.boards.notation import use_of
from backprop_studio.scenes.lesson.board import Board
from backprop_studio.scenes.lesson.numbers import bracketed, code_text
from backprop_studio.scenes.lesson.torch_lines import leaf_line
from backprop_studio.scenes.lesson.writer import Notes, Writer

T = TypeVar("T")

PLACE = 910_000
"""Numbers from here on stand for printed ones while a formula is written; see :func:`_put_in`."""

BETWEEN = r" dot (?!10\^)"
"""Between factors, but not between the digits and the power of ten of one number."""

BESIDE = r"(?<=\d) (?=\()"
"""Where a factor in brackets follows a number: with names only there would be no sign."""


class GraphFormulas(Formulas):
    """Writes each moment of the two passes.

    Parameters
    ----------
    record : GraphRecord
    board : Board
        What is written has to fit it.
    """

    def __init__(self, writer: Writer, record: GraphRecord, board: Board) -> None:
        super().__init__(writer)
        self.lesson, self.record, self.board = writer, record, board
        self.place = {node.id: k for k, node in enumerate(record.nodes)}
        self.edge_place = {id(edge): k for k, edge in enumerate(record.edges)}
        self.step = {step.name: step for step in record.steps.steps}
        self.names = tuple(record.values)

    # Forward

    def formula(self) -> str:
        """Return the formula in terms of its variables, or else what it depends on."""
        result, tree = name_typst(self.record.result), whole_formula(self.record.steps)
        if tree is not None:
            found = f"$ {result} = {formula_typst(tree)} $"
            if is_readable(found, self.board):
                return found
        for way in ever_fewer([name_typst(name) for name in self.names], ", ", "dots.h"):
            found = f"$ {result} = f({way}) $"
            if is_readable(found, self.board):
                return found
        return f"$ {result} $"

    def given_code(self) -> str:
        """Return the line that makes the variables."""
        paths = [f"graph.nodes.{self.place[name]}.value" for name in self.names]
        if len(paths) == 1:
            return leaf_line(self.lesson, self.names[0], paths[0])
        every = f"{', '.join(self.names)} = (torch.tensor(it, requires_grad=True) for it in "
        with self._quietly():
            texts = [code_text(self.lesson.exact(it), is_real=True) for it in paths]
        # Shown in the nodes as well, so what has no room here is on screen all the same.
        ways = [f"{every}({', '.join(texts)}))", f"{every}values)"]
        chosen = fitting_code(ways, self.board)
        if chosen == ways[0]:
            for it in paths:
                self.lesson.exact(it)
        return chosen

    def steps(self) -> str:
        """Return all steps."""
        return self._rows(self.record.steps.steps, self._equation)

    def steps_code(self, names: Sequence[str] | None = None) -> str:
        """Return the lines that compute steps, all of them by default."""
        chosen = list(self.step) if names is None else names
        lines = [f"{name} = {formula_torch(self.step[name].formula.tree)}" for name in chosen]
        used = [name for it in chosen for name in variables(self.step[it].formula.tree)]
        given = [name for name in dict.fromkeys(used) if name not in chosen]
        # Where not all has room, it is one function.
        whole = f"{', '.join(chosen)} = f({', '.join(given)})"
        return fitting_code(["; ".join(lines), whole], self.board)

    def forward(self, names: Sequence[str]) -> str:
        """Return steps with their inputs' numbers and their value."""
        return self._rows([self.step[name] for name in names], self._computed)

    def _equation(self, step: Step) -> str:
        return f"{name_typst(step.name)} = {formula_typst(step.formula.tree)}"

    @true_digits
    def _computed(self, step: Step) -> str:
        tree = step.formula.tree
        value = self.value(step.name)
        middle = "" if isinstance(tree, Variable) else f" = {self._put_in(tree)}"
        return f"{self._equation(step)}{middle} = {value}"

    def _put_in(self, tree: Node) -> str:
        """Return a formula with numbers instead of names.

        They are written as numbers of the tree, so that it knows where a sign or a bracket is
        needed, and then replaced by what is printed.
        """
        texts = {name: self.value(name) for name in variables(tree)}
        places = {name: PLACE + k for k, name in enumerate(texts)}

        def replaced(node: Node) -> Node:
            if not isinstance(node, Variable):
                return rebuilt(node, map(replaced, operands(node)))
            number = Number(float(places[node.name]))
            return Negative(number) if texts[node.name].startswith(MINUS) else number

        found = re.sub(BETWEEN, " times ", formula_typst(replaced(tree)))
        for name, place in places.items():
            found = found.replace(f"-{place}", texts[name])
            # A sign that does not stand before its number stands before the fraction's bar.
            found = found.replace(str(place), texts[name].removeprefix(MINUS))
        return re.sub(BESIDE, " times ", found)

    # Backward

    def seed(self) -> str:
        """Return the result's own gradient."""
        result = self.record.result
        return f"$ {self._over(result)} = {self.gradient(result)} $"

    def locals(self) -> str:
        """Return the local derivatives, as formulas and as numbers."""
        edges = [edge for edge in self.record.edges if edge.local is not None]
        return self._rows(edges, self._local)

    @true_digits
    def _local(self, edge: GraphEdge) -> str:
        number = self.local(edge)
        middle = f" = {edge.local_typst}" if re.search("[a-zA-Z]", edge.local_typst) else ""
        return f"{self._slope(edge)}{middle} = {number}"

    def backward(self, edges: Sequence[GraphEdge], sums: Sequence[str]) -> str:
        """Return what flows along edges, and the sums that are complete by that."""

        def written(it: GraphEdge | str) -> str:
            return self._sum(it) if isinstance(it, str) else self._term(it)

        chosen: list[GraphEdge | str] = [*edges, *sums]
        with self._quietly():
            rows = fitting_rows([written(it) for it in chosen], self.board)
        # A sum has its terms in it: where not all has room, the sums come first.
        has_room = all(None not in row for row in rows)
        ordered: list[GraphEdge | str] = chosen if has_room else [*sums, *edges]
        return self._rows(ordered, written)

    @true_digits
    def _term(self, edge: GraphEdge) -> str:
        """Return dJ/dtail = dJ/dhead times dhead/dtail; without a name if it is one of several."""
        upper, local = self.gradient(edge.head), bracketed(self.local(edge))
        flow = self._on_edge(edge, "flow")
        is_shared = len(self.record.uses_of(edge.tail)) > 1
        names = [] if is_shared else [self._over(edge.tail)]
        if edge.head != self.record.result or not names:
            names.append(f"{self._over(edge.head)} dot {self._slope(edge)}")
        return " = ".join([*names, f"{upper} times {local}", self.as_gradient(flow)])

    @true_digits
    def _sum(self, name: str) -> str:
        flows = [self._on_edge(edge, "flow") for edge in self.record.uses_of(name)]
        terms = " + ".join([flows[0], *map(bracketed, flows[1:])])
        total = self.as_gradient(self.gradient(name))
        return f"{self._over(name)} = {terms} = {total}"

    def path(self, name: str, paths: Sequence[GraphPath]) -> str:
        """Return a gradient as the product along a path, or the sum of several products.

        Empty if that is too long to be read.
        """
        with self._quietly():
            found = f"$ {self._path(name, paths)} $"
        return f"$ {self._path(name, paths)} $" if is_readable(found, self.board) else ""

    @true_digits
    def _path(self, name: str, paths: Sequence[GraphPath]) -> str:
        factors = [[self.local(edge) for edge in path.edges] for path in paths]
        products = [" times ".join([one[0], *map(bracketed, one[1:])]) for one in factors]
        products = [products[0], *map(bracketed, products[1:])]
        total = self.as_gradient(self.gradient(name))
        symbols = ""
        if len(paths) == 1:
            symbols = f" = {' dot '.join(map(self._slope, paths[0].edges))}"
        return f"{self._over(name)}{symbols} = {' + '.join(products)} = {total}"

    # The end

    def gradients(self) -> str:
        """Return the derivative after each variable, as a formula where there is one."""
        with self._quietly():
            full = [self._derivative(name) for name in self.names]
            rows = fitting_rows(full, self.board)
        has_room = all(None not in row for row in rows)
        if has_room and is_readable(set_rows(rows, full), self.board):
            return self._rows(self.names, self._derivative)
        return self._rows(self.names, lambda name: self._derivative(name, is_brief=True))

    def gradients_code(self) -> str:
        """Return the line that reads the gradients."""
        grads = [f"{name}.grad" for name in self.names]
        return fitting_code(list(ever_fewer(grads, ", ", "...")), self.board)

    @true_digits
    def _derivative(self, name: str, *, is_brief: bool = False) -> str:
        (found,) = [it for it in self.record.derivatives if it.variable == name]
        number = self.as_gradient(self.gradient(name))
        if is_brief or found.tree is None or not variables(found.tree):
            return f"{self._over(name)} = {number}"
        return f"{self._over(name)} = {found.typst} = {number}"

    # Names and numbers

    def value(self, name: str) -> str:
        """Return a node's printed value."""
        return self.lesson.short(f"graph.nodes.{self.place[name]}.value")

    def gradient(self, name: str) -> str:
        """Return a node's printed gradient."""
        return self.lesson.short(f"graph.nodes.{self.place[name]}.gradient")

    def local(self, edge: GraphEdge) -> str:
        """Return an edge's printed local derivative."""
        return self._on_edge(edge, "local")

    def _on_edge(self, edge: GraphEdge, what: str) -> str:
        return self.lesson.short(f"graph.edges.{self.edge_place[id(edge)]}.{what}")

    def _slope(self, edge: GraphEdge) -> str:
        """Return dhead/dtail; which operand it is, if the tail is used twice in the same step."""
        tail = name_typst(edge.tail)
        if sum(it.head == edge.head for it in self.record.uses_of(edge.tail)) > 1:
            tail = use_of(tail, edge.place + 1)
        return over(name_typst(edge.head), tail)

    def _over(self, name: str) -> str:
        return self.as_gradient(over(name_typst(self.record.result), name_typst(name)))

    def worked_out(
        self, write: Callable[[], str], has_room: Callable[[str], bool] | None = None
    ) -> str:
        """Choose the digits of a part without dollars, by the lesson, which notes what is shown."""
        return self.lesson.worked_out(lambda: f"$ {write()} $", has_room)[2:-2]

    # Only what finds room is noted as shown

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        kept, self.lesson.notes = self.lesson.notes, Notes()
        try:
            yield
        finally:
            self.lesson.notes = kept

    def _rows(self, items: Iterable[T], write: Callable[[T], str]) -> str:
        """Return a formula of parts, as many as can be read."""
        chosen = list(items)
        with self._quietly():
            rows = fitting_rows([write(item) for item in chosen], self.board)
        shown = {k for row in rows for k in row if k is not None}
        return set_rows(rows, [write(it) if k in shown else "" for k, it in enumerate(chosen)])
