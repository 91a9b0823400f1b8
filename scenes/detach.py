"""detach: the same values, without the record of how they were made.

Afterwards the viewer can say: that detach() cuts a tensor off from its record; that what it returns
counts as a constant in the backward pass; that the tensor itself keeps its own record; and which
part of the gradient is missing behind the cut.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from backprop_studio.core.autograd.params import VectorGroup
from backprop_studio.core.autograd.records import AutogradRecord
from backprop_studio.core.autograd.vectors import detaching
from backprop_studio.core.base.errors import InputError, ParameterError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import accumulation
from backprop_studio.scenes.boards.markup import coloured, entries_of
from backprop_studio.scenes.families.recorded import RecordedLesson
from backprop_studio.scenes.lesson import torch_lines
from backprop_studio.scenes.lesson.numbers import elided, markup_of
from backprop_studio.scenes.lesson.sentences import Sentences
from backprop_studio.scenes.paint.style import SIZES, hex_of
from backprop_studio.scenes.parts.charts.table import Table
from backprop_studio.scenes.parts.graphs.recorded_graph import RecordedGraph

TABLE_MOST = (8.0, 2.8)
"""Width and height in Manim units beyond which the eye loses the row."""

ROWS = {
    "x": "$x$",
    "grad": "$nabla sum_i u_i x_i = u$",
    "grad_y": "$nabla sum_i y_i = 2 x$",
    "grad_whole": "$nabla sum_i y_i x_i = 3 x^2$",
}
"""Of the table that compares the gradients, by their names in the record."""


WHOLE = Sentences(
    "same",
    accumulation.Same,
    {
        "differs": N_("The two ways through y bring 2x² more: the gradient is 3x² instead of u."),
        "same": N_("The two ways through y bring 2x² more, which shows nothing at this x."),
    },
)
COMPARISON = Sentences(
    "same",
    accumulation.Same,
    {
        "differs": N_("detach leaves the values alone and changes only the gradients."),
        "same": N_("detach leaves the values alone; at this x the gradients agree, too."),
    },
)


class Params(VectorGroup):
    """Parameters of the lesson."""


class Detach(RecordedLesson):
    """The gradient with the cut, that of the tensor before it, and that without the cut."""

    title = N_("detach: values without their history")
    summary = N_("detach() cuts a tensor off from its record, so that it counts as a constant.")
    chapter = N_("Autograd")
    place = (6, 3)
    thumbnail = "backward"
    Params = Params

    def compute(self) -> dict[str, Any]:
        """Run the three backward passes, and lay their graphs out."""
        params = self.params
        self.record = detaching(params.x)
        self.with_cut = self.graph_of(self.record.graph, "graph")
        self.of_y = self.graph_of(self.record.y_graph, "y_graph")
        self.uncut = self.graph_of(self.record.whole_graph, "whole_graph")
        return self.records_sheet(detach=self.record)

    def graph_of(self, record: AutogradRecord, name: str) -> RecordedGraph:
        """Return the view of a graph that torch recorded, with words at its edges if they fit.

        A narrower box breaks the graph into more rows, where a short edge has room for its word.
        """
        width, height = self.layout.stage
        found = []
        gap = SIZES.gap
        for box in ((width - gap / 4, height - gap), (width - 3 * gap, height - gap / 2)):
            try:
                view = RecordedGraph(record, f"detach.{name}", box, *self.look)
            except ParameterError as error:
                reason = error.message
                continue
            if view.place.wording == "full":
                return view
            found.append(view)
        if not found:
            text = N_("{field}: {reason}; give numbers with fewer digits, or a wider frame")
            raise InputError("x.no_room", text, field="x", reason=reason)
        return found[0]

    def tell(self) -> None:
        """Tell the cut, what it does to one gradient and not to another, and what it took away."""
        self.show_square()
        self.show_detach()
        self.show_product()
        self.show_backward()
        self.show_record_of_y()
        self.show_backward_of_y()
        self.show_whole()
        self.show_backward_of_whole()
        self.show_comparison()

    def set_stage(self) -> None:
        """Put the first graph on the stage; the others and the table will stand in its place."""
        place = (*self.layout.stage_centre, 0)
        for graph in (self.with_cut, self.of_y, self.uncut):
            graph.move_to(place)
        width, height = self.layout.stage
        widest, highest = TABLE_MOST
        box = (min(width, widest), min(height, highest))
        names = ["" if k is None else f"$x_{k + 1}$" for k in elided(self.size)]
        self.table = Table(["", *names], len(ROWS), box, *self.look)
        self.table.move_to(place)
        self.graph = self.with_cut
        self.add(self.graph)

    # What is written

    def entries(self, name: str) -> str:
        """Return a vector of the record in one line."""
        return entries_of(self.short, f"detach.{name}", self.size)

    def gradient(self, name: str) -> str:
        """Return the same in the colour of gradients."""
        return coloured(self.entries(name), self.theme.gradient)

    def shares(self, name: str) -> str:
        """Return what comes to x along each edge of a graph, as a sum."""
        record: AutogradRecord = getattr(self.record, name)
        leaf = record.tensor("x").node
        edges = [k for k, edge in enumerate(record.edges) if edge.tail == leaf]
        return " + ".join(self.entries(f"{name}.edges.{k}.gradient") for k in edges)

    def tensor_code(self) -> str:
        """Return the line that makes x."""
        return torch_lines.leaf_line(self, "x", "detach.x", self.size, behind="; y = x * x")

    # The beats: with the cut

    def show_square(self) -> None:
        """A tensor with a record."""
        self.beat("square", N_("torch records how y was made: its gradient can reach x."))
        ends = [self.graph.node_of(name) for name in ("x", "y")]
        self.show(
            self.tensor_code(),
            f"$ y_i = x_i x_i wide y = {self.entries('y')} $",
            self.graph.animate.reveal(ends).light_values(self.short, "x", "y"),
        )

    def show_detach(self) -> None:
        """The same values without it."""
        self.beat("detach", N_("u has the values of y, but not their record: the way back is cut."))
        ends = [self.graph.node_of(name) for name in ("x", "y", "u")]
        self.write(
            "u = y.detach(); u.requires_grad  # False",
            f"$ u_i = y_i wide u = {self.entries('u')} wide "
            f"{coloured('(partial u_i) / (partial x_i) = 0', self.theme.gradient)} $",
            self.graph.animate.reveal(ends).light_values(self.short, "u").focus(ends[-1]),
        )
        self.move(self.graph.animate.cut_off())

    def show_product(self) -> None:
        """What is made of the constant."""
        self.beat("product", N_("To z = u * x, u is a constant, like any given number."))
        self.show(
            "z = u * x; z.sum()",
            f"$ z_i = u_i x_i wide z = {self.entries('z')} $",
            self.graph.animate.reveal().light_values(self.short).focus(self.graph.node_of("z")),
        )

    def show_backward(self) -> None:
        """Back along the only way that is left."""
        text = N_("Only the x beside u gets gradient, and it is u itself; to y none comes.")
        self.beat("backward", text)
        self.go_back(
            "z.sum().backward(); x.grad",
            "$ partial / (partial x_i) sum_j u_j x_j = u_i wide "
            f'x.upright("grad") = {self.gradient("grad")} $',
        )

    def go_back(self, code: str, formula: str | Callable[[], str]) -> None:
        """Write on the board, and let gradients flow."""
        outputs = self.graph.source.record.outputs
        self.write(code, formula, self.graph.animate.light_seeds(self.short).focus(*outputs))
        self.send_back()

    # The beats: without it

    def show_record_of_y(self) -> None:
        """The tensor before the cut is as it was."""
        self.beat("record_of_y", N_("y itself is as before: its own record still leads to x."))
        self.replace_graph(self.of_y)
        self.show("x.grad.zero_(); y.sum()", f"$ y_i = x_i x_i wide y = {self.entries('y')} $")

    def show_backward_of_y(self) -> None:
        """Its gradient comes through."""
        self.beat("backward_of_y", N_("x is both factors of y, so two shares arrive and make 2x."))
        self.go_back(
            "y.sum().backward(); x.grad",
            lambda: (
                f"$ partial / (partial x_i) sum_j y_j = x_i + x_i = 2 x_i wide "
                f'x.upright("grad") = {self.shares("y_graph")} = {self.gradient("grad_y")} $'
            ),
        )

    def show_whole(self) -> None:
        """The same product without the cut."""
        self.beat("whole", N_("Without detach, z has the same values, and more ways to x."))
        self.replace_graph(self.uncut)
        self.show(
            "x.grad.zero_(); y = x * x; z = y * x; z.sum()",
            f"$ z_i = y_i x_i wide z = {self.entries('z')} $",
        )

    def show_backward_of_whole(self) -> None:
        """What the cut had taken away."""
        self.beat("backward_of_whole", WHOLE(self.difference(), "detach"))
        self.go_back(
            "z.sum().backward(); x.grad",
            lambda: (
                f"$ partial / (partial x_i) sum_j y_j x_j = y_i + x_i dot 2 x_i = 3 x_i^2 wide "
                f'x.upright("grad") = {self.shares("whole_graph")} = '
                f"{self.gradient('grad_whole')} $"
            ),
        )

    def show_comparison(self) -> None:
        """All gradients one below the other."""
        self.beat("comparison", COMPARISON(self.difference(), "detach"))
        self.table.set_row(0, self.row("x"))
        self.exchange([self.graph], self.table)
        self.write(
            "z = y.detach() * x  # or  z = y * x",
            "$ z_i = u_i x_i: space (partial z_i) / (partial x_i) = u_i wide "
            "z_i = y_i x_i: space (partial z_i) / (partial x_i) = 3 x_i^2 $",
        )
        for k, name in enumerate(ROWS):
            if name != "x":
                self.move(self.table.animate.set_row(k, self.row(name)))

    def difference(self) -> accumulation.Same:
        """Return whether the cut changes the gradient."""
        return accumulation.same(self.record.grad, self.record.grad_whole)

    def row(self, name: str) -> list[str]:
        """Return a row of the table."""
        numbers = [
            "…" if k is None else markup_of(self.short(f"detach.{name}.{k}"))
            for k in elided(self.size)
        ]
        if name != "x":
            colour = hex_of(self.theme.gradient)
            numbers = [f'#text(fill: rgb("{colour}"))[{text}]' for text in numbers]
        return [ROWS[name], *numbers]
