"""Control flow: torch records what was really run, whatever loops and branches led to it.

Afterwards the viewer can say: that the graph is made anew by every run; that neither the loop nor
the branch is in it, only the operations that were run; and that its gradient is that of the way
which was taken.
"""

from __future__ import annotations

from typing import Any

from manim import FadeIn

from backprop_studio.core.autograd.control_flow import control_flow
from backprop_studio.core.autograd.params import ControlFlowGroup
from backprop_studio.core.base.errors import InputError, ParameterError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import counts, slopes
from backprop_studio.scenes.boards.markup import coloured
from backprop_studio.scenes.families.recorded import RecordedLesson
from backprop_studio.scenes.lesson import torch_lines
from backprop_studio.scenes.lesson.numbers import bracketed, markup_of
from backprop_studio.scenes.lesson.sentences import Sentences
from backprop_studio.scenes.paint.style import SIZES, TIMES
from backprop_studio.scenes.parts.charts.code_line import CodeLines, lines_height
from backprop_studio.scenes.parts.graphs.recorded_graph import RecordedGraph
from backprop_studio.scenes.parts.graphs.recorded_specs import Fold, forward_order

LISTING = (
    (0, "def f(a):"),
    (1, "b = a * 2"),
    (1, "while b.norm() < 1000:"),
    (2, "b = b * 2"),
    (1, "if b.sum() > 0:"),
    (2, "c = b"),
    (1, "else:"),
    (2, "c = 100 * b"),
    (1, "return c"),
)
START, LOOP, DOUBLE, BRANCH, POSITIVE, NOT_POSITIVE, RETURN = 1, 2, 3, 4, 5, 7, 8
"""Lines of the listing."""

INDENTS = (4, 2)
"""Spaces per level; fewer where the frame is narrow."""

KEPT = ((4, 4), (3, 3), (3, 2), (2, 2), (1, 2), (1, 1))
"""How many functions at the chain's beginning and end stand alone, from the roomiest picture on."""

LEAST_FOLDED = 3


END = Sentences(
    "turns",
    counts.Turns,
    {
        "none": N_("The norm is large enough at once: the loop does not turn."),
        "some": N_("Now the norm is large enough: the loop ends, and left no trace of itself."),
    },
)
BRANCHES = Sentences(
    "slope",
    slopes.Sign,
    {
        "positive": N_("b is positive: c is b itself, and the other branch is not in the graph."),
        **dict.fromkeys(
            ("negative", "zero"),
            N_("b is not positive: only the branch that is taken adds its node."),
        ),
    },
)
BACKWARD = Sentences(
    "many",
    counts.Many,
    {
        "one": N_("backward() finds a single step, and so a single factor."),
        "many": N_("backward() finds a plain chain and multiplies the factors along it."),
    },
)


class Params(ControlFlowGroup):
    """Parameters of the lesson."""


class ControlFlow(RecordedLesson):
    """The code runs line by line, and the graph grows by what it computes."""

    title = N_("Control flow: the graph of the way that was taken")
    summary = N_("Loops and branches are not recorded, only the operations that were really run.")
    chapter = N_("Autograd")
    place = (6, 4)
    thumbnail = "backward"
    Params = Params

    def compute(self) -> dict[str, Any]:
        """Run f, and lay out the graph that it made."""
        self.record = control_flow(self.params.a)
        self.set_rooms()
        self.graph = self.make_graph()
        return self.records_sheet(control=self.record)

    def set_rooms(self) -> None:
        """Share the stage out between graph and listing, which stands below in a narrow frame."""
        layout = self.layout
        self.graph_room, self.graph_centre = layout.picture, layout.picture_centre
        self.code_width, self.code_centre = layout.side[0], layout.side_centre
        height = lines_height(len(LISTING))
        if height > layout.side[1]:
            (width, whole), (x, y) = layout.stage, layout.stage_centre
            self.graph_room = (width, whole - height - SIZES.gap)
            self.graph_centre = (x, y + (whole - self.graph_room[1]) / 2)
            self.code_width, self.code_centre = width, (x, y - (whole - height) / 2)

    def make_graph(self) -> RecordedGraph:
        """Return the graph with as many nodes drawn alone as there is room for."""
        width, height = self.graph_room
        box = (width - SIZES.gap / 4, height - 3 * SIZES.gap / 4)
        found = []
        for first, last in KEPT:
            try:
                folds = self.folds(first, last)
                graph = RecordedGraph(
                    self.record.graph, "control.graph", box, *self.look, saved=False, folds=folds
                )
            except ParameterError as error:
                reason = error.message
                continue
            if not graph.place.is_dense:
                return graph
            found.append(graph)
        if not found:
            raise InputError("graph.no_room_for", N_("{field}: {reason}"), field="a", reason=reason)
        return found[0]

    def folds(self, first: int, last: int) -> list[Fold]:
        """Return the middle of the chain of functions as one node, if that is long."""
        record = self.record.graph
        chain = [it for it in forward_order(record) if record.node(it).kind == "function"]
        middle = chain[first : len(chain) - last]
        return [Fold("middle", tuple(middle))] if len(middle) >= LEAST_FOLDED else []

    def tell(self) -> None:
        """Tell the run of f, and the way back."""
        self.show_code()
        self.show_start()
        if self.doublings:
            self.show_first_turn()
        if self.doublings > 1:
            self.show_other_turns()
        self.show_end_of_loop()
        self.show_branch()
        self.show_backward()
        self.show_ratio()

    def set_stage(self) -> None:
        """Put graph, listing and board on the stage."""
        self.graph.move_to((*self.graph_centre, 0)).shift((0, -SIZES.gap / 8, 0))
        self.code = self.listing().move_to((*self.code_centre, 0))
        self.add(self.graph)

    def listing(self) -> CodeLines:
        """Return the function's lines, indented as much as there is room for."""
        for indent in INDENTS[:-1]:
            lines = [" " * indent * level + text for level, text in LISTING]
            try:
                return CodeLines(lines, self.code_width, self.theme)
            except ValueError:
                continue
        lines = [" " * INDENTS[-1] * level + text for level, text in LISTING]
        return CodeLines(lines, self.code_width, self.theme)

    @property
    def doublings(self) -> int:
        """How often the loop turns."""
        return len(self.record.turns) - 1

    # What is written

    def b(self, turn: int) -> str:
        """Return b as it comes to a look at the condition."""
        return self.short(f"control.turns.{turn}.b")

    def condition(self, turn: int) -> str:
        """Return the condition of the loop with its numbers."""
        sign = "<" if self.record.turns[turn].doubles else ">="
        norm, limit = self.short(f"control.turns.{turn}.norm"), self.short("control.limit")
        return f"norm(b_{turn}) = {norm} {sign} {limit}"

    def product(self) -> str:
        """Return the factors of the way that was taken as a product; a single one is none."""
        count = len(self.record.turns)
        power = f"2^{count}" if count > 1 else "2"
        if self.record.branch == "positive":
            return f"{power} =" if count > 1 else ""
        return f"{self.short('control.factor')} dot {power} ="

    def slope(self) -> str:
        """Return torch's gradient."""
        return coloured(self.short("control.gradient"), self.theme.gradient)

    # The beats

    def show_code(self) -> None:
        """The function and its input."""
        self.beat("code", N_("How often this loop turns and which branch is taken depends on a."))
        a = self.short("control.a")
        leaf = self.graph.node_of("a")
        self.show(
            torch_lines.leaf_line(self, "a", "control.a", behind="; c = f(a)"),
            f"$ a = {a} $",
            FadeIn(self.code),
            self.graph.animate.reveal([leaf]).light_values(self.short, "a"),
        )

    def grown(self, tensor: str, *, alone: bool = False) -> Any:
        """Return the animation that adds the node of a tensor, with its value.

        Where it is one of a fold, that shows what the whole fold has, or this value alone.
        """
        node = self.graph.node_of(tensor)
        lit = self.graph.animate.reveal([node]).focus(node)
        if alone and self.is_folded(tensor):
            return lit.light_forward(node, markup_of(self.b(int(tensor[1:]))))
        return lit.light_values(self.short, tensor)

    def is_folded(self, tensor: str) -> bool:
        """Whether a tensor has no node of its own in the picture."""
        return self.graph.node_of(tensor) in self.graph.source.folds

    def show_start(self) -> None:
        """The first operation."""
        self.beat("start", N_("The first operation that is run is recorded first."))
        self.show(
            "b = a * 2",
            lambda: f"$ b_0 = 2 a = 2 times {bracketed(self.short('control.a'))} = {self.b(0)} $",
            self.code.animate.run(START),
            self.grown("b0"),
        )

    def show_first_turn(self) -> None:
        """A look at the condition, and a doubling."""
        self.beat("turn", N_("The norm of b is below 1000: b is doubled, a new node."))
        self.show(
            "while b.norm() < 1000:",
            f"$ {self.condition(0)} $",
            self.code.animate.run(LOOP),
        )
        self.show(
            "b = b * 2",
            lambda: f"$ b_1 = 2 b_0 = 2 times {bracketed(self.b(0))} = {self.b(1)} $",
            self.code.animate.run(DOUBLE),
            self.grown("b1", alone=True),
        )

    def show_other_turns(self) -> None:
        """The other doublings, quickly."""
        last = self.doublings
        text = N_("So it goes on, {count} times in all; every doubling is a node of its own.")
        self.beat("turns", text, count=last)

        def formula() -> str:
            doubled = f"2^{last} b_0 = 2^{last} times {bracketed(self.b(0))} = {self.b(last)}"
            return f"$ {self.condition(last - 1)} wide b_{last} = {doubled} $"

        seen = {self.graph.node_of(name) for name in ("b0", "b1") if not self.is_folded(name)}
        new: dict[str, int] = {}
        for turn in range(2, last + 1):
            if (node := self.graph.node_of(f"b{turn}")) not in seen:
                new.setdefault(node, turn)
        self.write("while b.norm() < 1000: b = b * 2", formula, self.code.animate.run(LOOP))
        for k, turn in enumerate(new.values()):
            if k:
                self.move(self.code.animate.run(LOOP), seconds=TIMES.fade)
            self.move(self.code.animate.run(DOUBLE), self.grown(f"b{turn}"), seconds=TIMES.change)

    def show_end_of_loop(self) -> None:
        """The last look at the condition."""
        last = self.doublings
        self.beat("end", END(counts.turns(last), "control.turns"))
        self.show(
            "while b.norm() < 1000:",
            f"$ {self.condition(last)} $",
            self.code.animate.run(LOOP),
            self.graph.animate.focus(),
        )

    def show_branch(self) -> None:
        """By the sign of b."""
        last = self.doublings
        is_positive = self.record.branch == "positive"
        self.beat(
            "branch", BRANCHES(slopes.sign(self.record.turns[last].b), f"control.turns.{last}.b")
        )
        b, sign = self.b(last), ">" if is_positive else "<="
        self.show(
            "if b.sum() > 0:",
            f"$ b_{last} = {b} {sign} 0 $",
            self.code.animate.run(BRANCH),
        )
        if is_positive:
            self.write(
                "c = b",
                f"$ c = b_{last} = {self.short('control.value')} $",
                self.code.animate.run(POSITIVE),
                self.graph.animate.focus(self.graph.node_of(f"b{last}")),
            )
        else:
            factor = self.short("control.factor")
            self.write(
                "c = 100 * b",
                lambda: (
                    f"$ c = {factor} b_{last} = {factor} times {bracketed(self.b(last))} = "
                    f"{self.short('control.value')} $"
                ),
                self.code.animate.run(NOT_POSITIVE),
                self.grown("c"),
            )
        self.hold(TIMES.look)

    def show_backward(self) -> None:
        """The product along the chain."""
        factors = len(self.record.turns) + (self.record.branch != "positive")
        self.beat("backward", BACKWARD(counts.many(factors), "control"))
        self.write(
            "c.backward(); a.grad",
            lambda: f"$ (upright(d) c) / (upright(d) a) = {self.product()} {self.slope()} $",
            self.code.animate.run(RETURN),
            self.graph.animate.light_seeds(self.short).focus(),
        )
        self.send_back(TIMES.change, TIMES.fade)

    def show_ratio(self) -> None:
        """What the gradient has to be."""
        text = N_("For this way f only multiplies a by a number: the gradient is f(a) / a.")
        self.beat("ratio", text)

        def formula() -> str:
            value, a = self.short("control.value"), self.short("control.a")
            quotient = f"({value}) / ({a}) = {self.short('control.ratio')}"
            return f'$ f(a) / a = {quotient} wide a.upright("grad") = {self.slope()} $'

        self.show(
            "a.grad == c / a",
            formula,
            self.code.animate.stop(),
            self.graph.animate.focus(self.graph.node_of("a")),
        )
