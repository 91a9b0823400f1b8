"""A computation graph: values run forward through it, and gradients come back along its edges.

Afterwards the viewer can say: that a formula is a chain of simple steps; that every edge has a
local derivative; that a gradient is the product of the local derivatives on the way back from the
result; that the products of several ways add; and that one backward pass gives the derivatives
after all variables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from backprop_studio.core.answer_sheet import look_up, printed
from backprop_studio.core.base.errors import InputError, ParameterError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import counts, curves
from backprop_studio.core.graphs.formula_graph import formula_graph
from backprop_studio.core.graphs.params import FormulaGraphGroup
from backprop_studio.core.graphs.records import GraphEdge, GraphPath
from backprop_studio.scenes.boards.graph import order
from backprop_studio.scenes.boards.graph import texts as graph_texts
from backprop_studio.scenes.boards.graph.formulas import GraphFormulas
from backprop_studio.scenes.lesson.board_lesson import BoardLesson
from backprop_studio.scenes.lesson.numbers import DIGITS, needed_decimals
from backprop_studio.scenes.lesson.sentences import Sentences
from backprop_studio.scenes.lesson.writer import Notes
from backprop_studio.scenes.paint.style import SIZES, TIMES
from backprop_studio.scenes.parts.graphs.specs import graph_of, product_text
from backprop_studio.scenes.parts.graphs.view import GraphView

MOST_NAMES = 4
"""A caption names so many; of more it says how many they are."""

FINENESS = (3, 2)
"""Decimals of ordinary numbers, and what they become where the graph has no room for them."""

GIVEN = 4
"""Decimals of what the user gave; it is printed as short as it was written."""


LOCAL = Sentences(
    "corners",
    curves.Smooth,
    {
        "smooth": N_("Every edge has a local derivative: how fast its end follows its start."),
        "corner": N_("Local derivatives; at the corner of {names} torch takes one slope."),
    },
)
BACK = Sentences(
    "ways_back",
    counts.Ways,
    {
        "one": N_("Back from {head} to {tails}: times the local derivative."),
        "several": N_("Back to {tails}: along each edge, times its local derivative."),
        "meet": N_("Several ways come back to {names}: what they bring is added."),
    },
)
PATH = Sentences(
    "many",
    counts.Many,
    {
        "one": N_("All along the way to {name} the local derivatives are multiplied."),
        "many": N_("Each way to {name} is a product of local derivatives; they add up."),
    },
)
GRADIENT = Sentences(
    "many",
    counts.Many,
    {
        "one": N_("The pass back gives the derivative after {name}."),
        "many": N_("One pass back gives the derivative after every variable: the gradient."),
    },
)


class Params(FormulaGraphGroup):
    """Parameters of the lesson."""


class ComputationGraph(BoardLesson):
    """Forward with values, backward with gradients, and the gradient of every variable."""

    title = N_("Computation graph: values forward, gradients back")
    summary = N_("A formula becomes a graph; gradients are products along its edges.")
    chapter = N_("Computation graphs")
    place = (2, 2)
    thumbnail = "backward_3"
    subject = "formula"
    Params = Params

    def compute(self) -> dict[str, Any]:
        """Run both passes, and find out whether the graph has room in the frame."""
        params = self.params
        self.record = formula_graph(params.steps(), params.values)
        graph_texts.check_sizes(self.record)
        self.order = [node.id for node in self.record.nodes]
        self.given_paths = {
            f"graph.nodes.{k}.value"
            for k, node in enumerate(self.record.nodes)
            if node.kind == "variable"
        }
        literals = graph_texts.literals(self.record)
        self.sheet = self.records_sheet(graph=self.record, literals=literals)
        self.graph = self.make_graph()
        return self.sheet

    def make_graph(self) -> GraphView:
        """Return the graph, with as many decimals as there is room for."""
        for fineness in FINENESS:
            self.fineness = fineness
            try:
                return self.laid_out()
            except ParameterError as error:
                reason = error.message
        raise InputError(
            "formula.no_room",
            N_("{field}: {reason}; write several operations as one step, or use fewer"),
            field="formula",
            reason=reason,
        )

    def laid_out(self) -> GraphView:
        """Return the graph with the present number of decimals."""
        variables = {node.value for node in self.record.nodes if node.kind == "variable"}

        def widest(value: float) -> str:
            decimals = self.decimals(value)
            if value in variables:
                decimals = max(decimals, graph_texts.fewest_decimals(value, GIVEN))
            return printed(value, decimals)

        nodes, edges = graph_of(self.record, widest)
        kept, self.notes = self.notes, Notes()  # nothing of this is shown yet
        edges = [
            replace(it, product=self.product(k)) if it.product else it for k, it in enumerate(edges)
        ]
        self.notes = kept
        width, height = self.layout.stage
        box = (width - SIZES.gap, height - SIZES.gap)
        return GraphView(nodes, edges, box, *self.look)

    # Numbers

    def decimals(self, value: float) -> int:
        """Return how many decimals a number of the two passes is printed with."""
        return graph_texts.fewest_decimals(value, self.fineness)

    def decimals_at(self, path: str) -> int:
        """Return the same for a number of the answer sheet."""
        value = look_up(self.sheet, path)
        if path in self.given_paths:
            return graph_texts.fewest_decimals(value, GIVEN)
        return self.decimals(value)

    def short(self, name: str, digits: int = DIGITS, decimals: int = 0) -> str:
        """Return a number with the decimals that the graph has room for; one they lose, by size."""
        if name in self.notes.digits.small:
            return self.scientific(name, DIGITS)
        value, needed = look_up(self.sheet, name), max(decimals, self.decimals_at(name))
        if least := self.least_decimals(name):
            needed = needed_decimals(value, max(least, needed))
        return self.note(name, printed(value, needed), value)

    def write(
        self,
        code: str,
        formula: str | Callable[[], str],
        *animations: Any,
        seconds: float = TIMES.move,
    ) -> None:
        """Write on the board, and note the numbers that the formula itself has in it."""
        text = formula if isinstance(formula, str) else formula()
        self.note_literals(code, text)
        super().write(code, text, *animations, seconds=seconds)

    def product(self, k: int) -> str:
        """Return what flows back along an edge, with the digits at which the product comes out."""
        head = self.order.index(self.record.edges[k].head)
        paths = f"graph.nodes.{head}.gradient", f"graph.edges.{k}.local", f"graph.edges.{k}.flow"
        return self.worked_out(lambda: product_text(*map(self.short, paths)), lambda _: True)

    def note_literals(self, *texts: str) -> None:
        """Note that numbers which the user wrote into the formula are shown."""
        known = self.sheet["literals"]
        for text in texts:
            for literal in re.findall(graph_texts.DECIMAL, text):
                if float(literal) in known:
                    place = known.index(float(literal))
                    self.number(f"literals.{place}", len(literal.split(".")[1]))
            for exponent in re.findall(graph_texts.POWER, text):
                if (power := float(f"1e{exponent}")) in known:  # else it was put in
                    self.scientific(f"literals.{known.index(power)}", 1, is_short=True)

    # The story

    def tell(self) -> None:
        """Tell the two passes in the order in which torch takes them."""
        self.formulas = GraphFormulas(self, self.record, self.board)
        x, y = self.layout.stage_centre
        self.graph.move_to((x, y - SIZES.gap / 4, 0))
        self.add(self.graph)
        self.show_formula()
        self.show_steps()
        for k, levels in enumerate(order.beats_of(order.forward_levels(self.record)), start=1):
            self.go_forward(k, levels)
        self.show_local_derivatives()
        self.start_backward()
        for k, levels in enumerate(order.beats_of(order.backward_levels(self.record)), start=1):
            self.go_backward(k, levels)
        self.follow_paths()
        self.show_gradient()

    def show_formula(self) -> None:
        """The formula, and what is given."""
        names = list(self.record.values)
        text = N_("Given are the formula of {result} and numbers for {names}.")
        self.beat("formula", text, result=self.record.result, names=self.listed(names))
        self.graph.reveal([])
        lit = self.graph.animate.reveal(names)
        for name in names:
            lit = lit.light_forward(name, self.formulas.value(name))
        self.show(self.formulas.given_code(), self.formulas.formula(), lit)

    def show_steps(self) -> None:
        """Each step becomes a node."""
        text = N_("Each step of the formula is a node; its inputs come in along the edges.")
        self.beat("steps", text)
        for node in self.graph.nodes:
            self.note_literals(node.title)
        moves = order.chunks(order.forward_levels(self.record), order.MOST_MOVES)
        for k, levels in enumerate(moves):
            heads = [name for level in levels for name in level]
            constants = [it.tail for name in heads for it in self.record.inputs_of(name)]
            revealed = self.graph.animate.reveal([*constants, *heads])
            if k == 0:
                self.write(self.formulas.steps_code(), self.formulas.steps(), revealed)
            else:
                self.move(revealed, seconds=TIMES.change)

    def go_forward(self, number: int, levels: Sequence[Sequence[str]]) -> None:
        """Values run along the edges and are put in."""
        names = [name for level in levels for name in level]
        text = N_("Forward: with their inputs known, {names} can be computed.")
        if len(names) == 1:
            text = N_("Forward: {name} is computed from {inputs}.")
        inputs, every = self.listed(self.inputs_of(names[0])), self.listed(names)
        self.beat(f"forward_{number}", text, name=names[0], inputs=inputs, names=every)
        code, formula = self.formulas.steps_code(names), self.formulas.forward(names)
        for k, some in enumerate(order.chunks(levels, order.MOST_MOVES)):
            heads = [name for level in some for name in level]
            edges = [edge for name in heads for edge in self.graph.edges_into(name)]
            if k == 0:
                self.write(code, formula, self.graph.animate.send(*edges), seconds=TIMES.travel)
                self.graph.settle()
                lit = self.graph.animate
            else:
                lit = self.graph.animate.send(*edges)
            lit = lit.focus(*heads)
            for name in heads:
                lit = lit.light_forward(name, self.formulas.value(name))
            self.move(lit, seconds=TIMES.change)
            self.graph.settle()

    def inputs_of(self, name: str) -> list[str]:
        """Return what a step is computed from, without the constants in it."""
        inputs = [edge.tail for edge in self.record.inputs_of(name) if edge.local is not None]
        return list(dict.fromkeys(inputs))

    def show_local_derivatives(self) -> None:
        """Every edge has a slope of its own."""
        corners = [node.id for node in self.record.nodes if node.is_corner]
        text = LOCAL(curves.smooth(not corners), "graph.nodes")
        self.beat("local", text, names=self.listed(corners))
        if self.graph.place.wording != "none":
            for edge, drawn in zip(self.record.edges, self.graph.edges, strict=True):
                self.note_literals(drawn.label)
                if edge.local is not None and not edge.local_typst:
                    self.formulas.local(edge)
        self.show(
            self.formulas.steps_code(),
            self.formulas.locals(),
            self.graph.animate.focus().show_labels(),
        )

    def start_backward(self) -> None:
        """The result's own gradient."""
        result = self.record.result
        text = N_("Backward begins at {result}, which changes exactly as fast as itself.")
        self.beat("seed", text, result=result)
        lit = self.graph.animate.focus(result)
        lit = lit.light_gradient(result, self.formulas.gradient(result))
        self.show(f"{result}.backward()", self.formulas.seed(), lit)

    def go_backward(self, number: int, levels: Sequence[Sequence[str]]) -> None:
        """Gradients flow back along the edges; where several meet they add."""
        heads = [name for level in levels for name in level]
        edges = self.edges_back(heads)
        tails = list(dict.fromkeys(edge.tail for edge in edges))
        done = [name for name in self.order if name in tails and self.is_complete(name, heads)]
        sums = [name for name in done if self.is_sum(name)]
        text = BACK(counts.ways(len(heads), meets=bool(sums)), ",".join(heads))
        names = {"head": heads[0], "tails": self.listed(tails), "names": self.listed(sums)}
        self.beat(f"backward_{number}", text, **names)
        formula = self.formulas.backward(edges, sums)
        for k, some in enumerate(order.chunks(levels, order.MOST_MOVES)):
            now = [name for level in some for name in level]
            flow = self.sent_back(now)
            if k == 0:
                self.write(f"{self.record.result}.backward()", formula, flow, seconds=TIMES.travel)
                self.graph.settle()
                self.move(self.gathered(self.graph.animate, now), seconds=TIMES.change)
            else:
                self.move(self.gathered(flow, now), seconds=TIMES.change)
                self.graph.settle()

    def sent_back(self, heads: Sequence[str]) -> Any:
        """Return the animation of what flows out of nodes along the edges that end in them."""
        flow = self.graph.animate.focus(*heads)
        wording = self.graph.place.wording
        for edge in self.edges_back(heads):
            k = self.record.edges.index(edge)
            product = brief = ""
            if wording != "none":
                brief = self.short(f"graph.edges.{k}.flow")
            if wording == "full":
                product = self.product(k)
            flow = flow.send_back(k, product, brief)
        return flow

    def gathered(self, lit: Any, heads: Sequence[str]) -> Any:
        """Go on with an animation that puts in the gradients in which nothing is missing."""
        tails = list(dict.fromkeys(edge.tail for edge in self.edges_back(heads)))
        done = [name for name in tails if self.is_complete(name, heads)]
        for name in done:
            lit = lit.light_gradient(name, self.formulas.gradient(name))
        return lit.focus(*done).accumulate(*(name for name in done if self.is_sum(name)))

    def edges_back(self, heads: Sequence[str]) -> list[GraphEdge]:
        """Return the edges along which gradients leave nodes, in the record's order."""
        return [it for it in self.record.edges if it.head in heads and it.flow is not None]

    def is_sum(self, name: str) -> bool:
        """Whether a gradient has several terms."""
        return len(self.record.uses_of(name)) > 1

    def is_complete(self, name: str, heads: Sequence[str]) -> bool:
        """Whether no edge but those that end in some nodes still owes its term."""
        owing = [edge for edge in self.record.uses_of(name) if edge.head not in heads]
        return all(self.graph.state["back"][self.record.edges.index(it)] > 0 for it in owing)

    def follow_paths(self) -> None:
        """One gradient as the product of all local derivatives on its way, or a sum of those."""
        for name, paths in order.ways_to_tell(self.record):
            formula = self.formulas.path(name, paths)
            if formula:
                self.show_paths(name, paths, formula)
                return

    def show_paths(self, name: str, paths: Sequence[GraphPath], formula: str) -> None:
        """Everything else is dimmed."""
        self.beat("path", PATH(counts.many(len(paths)), name), name=name)
        used = {id(edge) for path in paths for edge in path.edges}
        passed = {name, *(edge.head for path in paths for edge in path.edges)}
        aside = [node.id for node in self.record.nodes if node.id not in passed]
        edges = [k for k, edge in enumerate(self.record.edges) if id(edge) not in used]
        dimmed = self.graph.animate.dim_out(aside, edges).focus(name)
        self.show(f"{self.record.result}.backward()", formula, dimmed)

    def show_gradient(self) -> None:
        """One number for each variable."""
        names = list(self.record.values)
        self.beat("gradient", GRADIENT(counts.many(len(names)), "graph.values"), name=names[0])
        self.show(
            self.formulas.gradients_code(),
            self.formulas.gradients(),
            self.graph.animate.undim().focus(*names),
        )

    def listed(self, names: Sequence[str]) -> str:
        """Return names as a caption has them."""
        if len(names) > MOST_NAMES:
            return self.tr("{count} nodes").format(count=len(names))
        if len(names) < 2:
            return "".join(names)
        return self.tr("{most} and {last}").format(
            most=self.tr(", ").join(names[:-1]), last=names[-1]
        )
