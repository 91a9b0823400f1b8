"""Autograd: torch records what is computed, goes back through the record, and adds to ``.grad``.

Afterwards the viewer can say: that torch records a node for every operation, with what its own
derivative will need; that backward() goes from the result back to the leaves; that gradients are
added to ``.grad`` and not written over it; and what zeroing is for.
"""

from __future__ import annotations

from typing import Any

from manim import FadeIn, Mobject

from backprop_studio.core.autograd.params import AccumulationGroup
from backprop_studio.core.autograd.records import AutogradRecord
from backprop_studio.core.autograd.vectors import accumulation
from backprop_studio.core.base.errors import InputError, ParameterError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import accumulation as accumulating
from backprop_studio.core.claims import counts
from backprop_studio.scenes.boards.markup import coloured
from backprop_studio.scenes.boards.notation import use_of
from backprop_studio.scenes.families.recorded import RecordedLesson
from backprop_studio.scenes.lesson import torch_lines
from backprop_studio.scenes.lesson.numbers import bracketed, markup_of, sum_of
from backprop_studio.scenes.lesson.sentences import Sentences
from backprop_studio.scenes.paint.style import SIZES, TIMES
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.charts.table import Table
from backprop_studio.scenes.parts.graphs.recorded_graph import RecordedGraph
from backprop_studio.scenes.parts.graphs.recorded_specs import shown_places
from backprop_studio.scenes.parts.graphs.specs import code_markup

TABLE_SHARE = 0.36
"""Of the stage's height, at most."""

TABLE_MOST = (8.0, 1.6)
"""Width and height in Manim units beyond which the eye loses the row."""

TABLE_ROWS = ("before", "brought", "after")


ADDED = Sentences(
    "added",
    accumulating.Added,
    {
        "differs": N_("backward() adds to x.grad: the result is not the gradient of the sum."),
        "lucky": N_(
            "backward() adds to x.grad; that it was zero makes the result right by chance."
        ),
        "unseen": N_("backward() adds to x.grad: what stood there is too small to be seen."),
    },
)
ZEROED = Sentences(
    "many",
    counts.Many,
    {
        "one": N_("Zeroed before backward(), x.grad is the gradient of the sum: one."),
        "many": N_("Zeroed before backward(), x.grad is the gradient of the sum: ones."),
    },
)


class Params(AccumulationGroup):
    """Parameters of the lesson."""


class Autograd(RecordedLesson):
    """The record, the way back through it, and the gradient that accumulates."""

    title = N_("Autograd: what torch records, and how gradients accumulate")
    summary = N_("torch records each operation; backward() adds gradients to x.grad until zeroed.")
    chapter = N_("Autograd")
    place = (6, 1)
    thumbnail = "backward"
    Params = Params

    def compute(self) -> dict[str, Any]:
        """Run the backward passes, and lay their graphs out."""
        params = self.params
        self.record = accumulation(params.x, params.power_x)
        width, height = self.layout.stage
        widest, highest = TABLE_MOST
        self.table_box = (min(width, widest), min(TABLE_SHARE * height, highest))
        whole = (width - SIZES.gap / 4, height - SIZES.gap)
        box = (whole[0], whole[1] - self.table_box[1] - SIZES.gap / 2)
        self.dot = self.graph_of(self.record.graph, "graph", box)
        self.sum = self.graph_of(self.record.sum_graph, "sum_graph", box)
        self.cube = self.graph_of(self.record.power_graph, "power_graph", whole)
        return self.records_sheet(autograd=self.record)

    def graph_of(
        self, record: AutogradRecord, name: str, box: tuple[float, float]
    ) -> RecordedGraph:
        """Return the view of a graph that torch recorded."""
        try:
            return RecordedGraph(record, f"autograd.{name}", box, *self.look)
        except ParameterError as error:
            text = N_("{field}: {reason}")
            raise InputError("graph.no_room_for", text, field="x", reason=error.message) from error

    def tell(self) -> None:
        """Tell the record, the way back, the sum that accumulates, and the cube."""
        self.show_vector()
        self.show_record()
        self.show_saved()
        self.show_backward()
        self.show_gradient()
        self.show_sum()
        self.show_added()
        self.show_zeroed()
        self.show_power()
        self.show_slope()

    def set_stage(self) -> None:
        """Put the first graph on the stage; it will rise to make room for the table below."""
        x, y = self.layout.stage_centre
        self.rise = (self.table_box[1] + SIZES.gap / 2) / 2
        for graph in (self.dot, self.sum, self.cube):
            graph.move_to((x, y, 0))
        self.sum.shift((0, self.rise, 0))
        record = self.record
        flows = [edge.gradient for edge in record.graph.edges if edge.gradient is not None]
        shares = [flow for flow in flows if flow.shape == (self.size,)]
        self.places = shown_places(record.x, record.grad, record.grad_added, *shares)
        names = ["" if k is None else f"$x_{k + 1}$" for k in self.places]
        self.table = Table(["", *names], len(TABLE_ROWS), self.table_box, *self.look)
        bottom = y - self.layout.stage[1] / 2 + SIZES.gap / 2
        self.table.move_to((x, bottom + self.table.box[1] / 2, 0))
        self.graph = self.dot
        self.add(self.graph)

    # What is written

    def entries(self, path: str) -> str:
        """Return a vector of the sheet in one line, as mathematics."""
        return f"({', '.join(self.cells(path, 'dots'))})"

    def cells(self, path: str, dots: str) -> list[str]:
        """Return the printed entries of a vector, dots for what is left out."""
        return [dots if k is None else self.short(f"{path}.{k}") for k in self.places]

    def gradient_entries(self, path: str) -> str:
        """Return the same in the colour of gradients."""
        return coloured(self.entries(path), self.theme.gradient)

    def tensor_code(self) -> str:
        """Return the line that makes x."""
        return torch_lines.leaf_line(self, "x", "autograd.x", self.size)

    def row_words(self) -> dict[str, str]:
        """Return what the rows of the table are called."""
        return {
            "before": self.tr("x.grad before"),
            "brought": self.tr("+ what backward() brings"),
            "after": self.tr("= x.grad after"),
        }

    def filled(self, before: str = "", brought: str = "", after: str = "") -> Any:
        """Return the animation that writes rows of the table; without a path a row is empty.

        Before the first backward pass there is no gradient: torch says None.
        """
        lit = self.table.animate
        words = self.row_words()
        paths = {"before": before, "brought": brought, "after": after}
        for k, (row, path) in enumerate(paths.items()):
            texts = [markup_of(text) for text in self.cells(path, "…")] if path else []
            blank = [""] * (len(self.table.columns) - 1)
            word = escape(words[row]) if path or k == 0 else ""
            none = [code_markup("None"), *blank[1:]] if k == 0 else blank
            lit = lit.set_row(k, [word, *(texts or none)])
        return lit

    # The beats

    def show_vector(self) -> None:
        """The leaf."""
        self.beat("vector", N_("With requires_grad, torch records everything that is done with x."))
        leaf = self.graph.node_of("x")
        self.show(
            self.tensor_code(),
            f"$ x = {self.entries('autograd.x')} $",
            self.graph.animate.reveal([leaf]).light_values(self.short, "x"),
        )

    def show_record(self) -> None:
        """A node for each operation."""
        text = N_("While y is computed, torch records a node for each operation on the way.")
        self.beat("record", text)

        def formula() -> str:
            cells = self.cells("autograd.x", "dots.c")
            squares = [it if it == "dots.c" else f"{bracketed(it)}^2" for it in cells]
            return f"$ y = 2 x dot x = 2 ({' + '.join(squares)}) = {self.short('autograd.y')} $"

        self.graph.note_saved(self.short)
        self.show(
            "y = 2 * torch.dot(x, x)",
            formula,
            self.graph.animate.reveal().light_values(self.short),
        )

    def show_saved(self) -> None:
        """What the nodes keep."""
        self.beat("saved", N_("Each node saves what its own derivative will need on the way back."))
        first, second = use_of("x", 1), use_of("x", 2)
        self.show(
            "y.grad_fn._saved_other; y.grad_fn.next_functions[0][0]._saved_self",
            f"$ y = 2 u, quad (partial y) / (partial u) = 2 wide "
            f"u = {first} dot {second}, quad (partial u) / (partial {first}) = {second}, quad "
            f"(partial u) / (partial {second}) = {first} $",
            self.graph.animate.focus(*self.graph.saving()),
        )

    def show_backward(self) -> None:
        """From y back to x."""
        text = N_("backward() walks the record from y to x; used twice, x gets two gradients.")
        self.beat("backward", text)
        shares = [
            f"autograd.graph.edges.{k}.gradient"
            for k, edge in enumerate(self.record.graph.edges)
            if self.record.graph.node(edge.tail).kind == "leaf"
        ]
        self.write(
            "y.backward()",
            lambda: (
                f"$ (partial y) / (partial x) = 2 x + 2 x = {' + '.join(map(self.entries, shares))}"
                f" = {self.gradient_entries('autograd.grad')} $"
            ),
            self.graph.animate.light_seeds(self.short).focus(*self.record.graph.outputs),
        )
        self.send_back()

    def show_gradient(self) -> None:
        """What stands in x.grad."""
        self.beat("gradient", N_("The gradient now stands in x.grad: it is 4x, as it must."))
        blank = [""] * (len(self.table.columns) - 1)
        word = escape(self.row_words()["before"])
        self.table.set_row(0, [word, code_markup("None"), *blank[1:]])
        self.write(
            "x.grad == 4 * x",
            lambda: (
                f'$ x.upright("grad") = 4 x = 4 dot {self.entries("autograd.x")} = '
                f"{self.gradient_entries('autograd.grad')} $"
            ),
            FadeIn(self.table),
            self.graph.animate.shift((0, self.rise, 0)),
        )
        self.move(self.filled(brought="autograd.grad", after="autograd.grad"))

    def replace_graph(self, new: RecordedGraph, *leaving: Mobject) -> None:
        """Note what the nodes save, too."""
        new.note_saved(self.short)
        super().replace_graph(new, *leaving)

    def show_sum(self) -> None:
        """Another function, another record, the same x.grad."""
        text = N_("A new y makes a new record, but x.grad keeps the gradient of the old.")
        self.beat("sum", text)
        self.replace_graph(self.sum)

        def formula() -> str:
            terms = sum_of(self.cells("autograd.x", "dots.c"))
            return f"$ y = sum_i x_i = {terms} = {self.short('autograd.sum_y')} $"

        self.show(
            "y = x.sum()",
            formula,
            self.filled(before="autograd.grad").highlight(0),
        )

    def show_added(self) -> None:
        """What backward does to what stands there."""
        record = self.record
        verdict = accumulating.added(record.grad, record.grad_zeroed, record.grad_added)
        self.beat("added", ADDED(verdict, "autograd"))
        brought = "autograd.sum_graph.tensors.0.gradient"
        self.write(
            "y.backward(); x.grad",
            lambda: (
                f"$ {self.entries('autograd.grad')} + {self.entries(brought)} = "
                f"{self.gradient_entries('autograd.grad_added')} $"
            ),
            self.graph.animate.light_seeds(self.short),
        )
        self.send_back()
        self.move(
            self.filled("autograd.grad", brought, "autograd.grad_added").highlight(2),
            seconds=TIMES.change,
        )

    def show_zeroed(self) -> None:
        """The same with zeroing."""
        self.beat("zeroed", ZEROED(counts.many(self.size), "autograd.x"))
        brought = "autograd.sum_graph.tensors.0.gradient"
        self.write(
            "x.grad.zero_(); y = x.sum(); y.backward(); x.grad",
            lambda: (
                f"$ {self.entries('autograd.grad_cleared')} + {self.entries(brought)} = "
                f"{self.gradient_entries('autograd.grad_zeroed')} $"
            ),
            self.graph.animate.drop_gradients().focus(),
            self.filled(before="autograd.grad_cleared").highlight(0),
        )
        self.move(self.graph.animate.light_seeds(self.short), seconds=TIMES.change)
        self.send_back()
        self.move(
            self.filled("autograd.grad_cleared", brought, "autograd.grad_zeroed").highlight(2),
            seconds=TIMES.change,
        )

    def show_power(self) -> None:
        """A function that saves more than its input."""
        self.beat("power", N_("Another record: a power saves its base and its exponent."))
        self.replace_graph(self.cube, self.table)

        def formula() -> str:
            base = bracketed(self.short("autograd.power_x"))
            return f"$ y = x^3 = {base}^3 = {self.short('autograd.power_y')} $"

        made = torch_lines.leaf_line(self, "x", "autograd.power_x", behind="; y = x**3")
        self.show(made, formula)

    def show_slope(self) -> None:
        """Its gradient."""
        self.beat("slope", N_("From what was saved, backward() has the slope of the cube: 3x²."))

        def formula() -> str:
            x = bracketed(self.short("autograd.power_x"))
            slope = coloured(self.short("autograd.power_grad"), self.theme.gradient)
            return f"$ (upright(d) y) / (upright(d) x) = 3 x^2 = 3 dot {x}^2 = {slope} $"

        self.write(
            "y.backward(); x.grad",
            formula,
            self.graph.animate.light_seeds(self.short).focus(*self.record.power_graph.outputs),
        )
        self.send_back()
