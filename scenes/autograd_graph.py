"""The graph that torch recorded of any code: the tape is played, and then walked back.

Afterwards the viewer can say: that torch puts a node on its tape for each function that runs; that
a node keeps what its derivative will need; and that backward() walks the same tape back, node by
node, multiplies by each derivative, and adds where ways meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from backprop_studio.core.base.errors import InputError, ParameterError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.tape.folding import folded
from backprop_studio.core.tape.params import TapeGroup
from backprop_studio.core.tape.programs import CODE, program_tape
from backprop_studio.core.tape.records import MOST_NODES, Tape
from backprop_studio.scenes.boards.markup import coloured, over
from backprop_studio.scenes.lesson.board_lesson import BoardLesson
from backprop_studio.scenes.paint.style import SIZES, TIMES
from backprop_studio.scenes.parts.graphs.specs import name_markup
from backprop_studio.scenes.parts.graphs.tape_specs import data_text
from backprop_studio.scenes.parts.graphs.tape_view import TapeView

SIZES_TRIED = (MOST_NODES, 40, 28, 20, 14, 10, 7, 5, 3, 1)
"""Nodes to which a tape is folded until it has room in the frame."""

MOST_BEATS = 3
"""Beats on the way there, and on the way back."""

MOST_LEAVES = 3
"""Whose gradients the board writes."""

LONGEST_NAME = 3


class Params(TapeGroup):
    """Parameters of the lesson."""


class AutogradGraph(BoardLesson):
    """What torch records while code runs, and how backward() walks that back."""

    title = N_("The tape: what torch recorded of your code")
    summary = N_("A node for each function that ran, what it saved, and the way back through all.")
    chapter = N_("Autograd")
    place = (6, 5)
    thumbnail = "gradients"
    Params = Params

    def compute(self) -> dict[str, Any]:
        """Record the program, unless a tape is given, and fold it until it has room."""
        params = self.params
        whole = params.tape() or program_tape(params.program)
        self.graph = self.make_graph(whole)
        self.tape = self.graph.source.tape
        return self.records_sheet(tape=self.tape.model_dump())

    def make_graph(self, whole: Tape) -> TapeView:
        """Return the graph with as many nodes as there is room for."""
        width, height = self.layout.stage
        box = (width - SIZES.gap, height - SIZES.gap)
        found: list[TapeView] = []
        for most in SIZES_TRIED:
            tape = folded(whole, most)
            if found and len(tape.nodes) == len(found[0].nodes):
                continue
            for saved in (True, False):
                try:
                    view = TapeView(
                        tape, "tape", box, *self.look, saved=saved, is_downward=height > width
                    )
                except ParameterError as error:
                    reason = error.message
                    continue
                if not view.place.is_dense or len(tape.nodes) < MOST_NODES / 2:
                    return view
                found.append(view)
        if not found:
            text = N_("{field}: {reason}")
            raise InputError("graph.no_room_for", text, field="graph", reason=reason)
        return found[0]

    def set_stage(self) -> None:
        """Put the graph on the stage; nothing of it is seen yet."""
        self.graph.move_to((*self.layout.stage_centre, 0))
        self.add(self.graph)

    def tell(self) -> None:
        """Tell the run of the code, and the way back if there is one."""
        self.functions = [it.id for it in self.tape.nodes if it.kind != "leaf"]
        self.leaves = [it.id for it in self.tape.nodes if it.kind == "leaf"]
        self.show_code()
        for number, names in enumerate(parted(self.functions, MOST_BEATS), start=1):
            self.show_tape(number, names)
        self.show_saved()
        if self.tape.ending == "whole":
            self.show_seed()
            for number, waves in enumerate(parted(self.waves(), MOST_BEATS), start=1):
                self.show_way_back(number, waves)
            self.show_gradients()

    # What is written

    @property
    def y(self) -> str:
        """The tensor's own name, as mathematics; y if it has none that is short."""
        labels = [it for it in self.tape.node(self.tape.output).labels if len(it) <= LONGEST_NAME]
        return name_markup(labels[0]) if labels else "y"

    def printed(self, path: str) -> str:
        """Return a number of the tape as it is written."""
        return self.short(path)

    def place_of(self, node: str) -> str:
        """Return where a node stands in the answer sheet."""
        return f"tape.nodes.{self.graph.number[node]}"

    def inside(self, text: str) -> str:
        """Return printed markup as part of a formula."""
        return text[1:-1] if text.startswith("$") else text.replace("\\[", "[").replace("\\]", "]")

    # The beats

    def show_code(self) -> None:
        """What the code was given."""
        self.beat("code", N_("This code has run. How does torch know the way back to its inputs?"))
        code = CODE[self.params.program] if self.params.graph is None else "y.grad_fn"
        node = self.tape.node(self.tape.output)
        value = data_text(node.value, f"{self.place_of(node.id)}.value", self.printed)
        formula = f"$ {self.y} = {self.inside(value)} $" if value else f"$ {self.y} $"
        reveal = self.graph.animate.reveal(self.leaves).light_values(self.leaves, self.printed)
        self.show(code, formula, reveal)

    def show_tape(self, number: int, names: Sequence[str]) -> None:
        """Functions, in the order in which they ran."""
        text = N_("While it ran, each function went on the tape: {names}.")
        if number > 1:
            text = N_("And so on along the tape: {names}.")
        said = list(dict.fromkeys(self.tape.node(it).name for it in names))
        listed = [*said[:2], "…"] if len(said) > LONGEST_NAME else said
        self.beat(f"tape_{number}", text, names=", ".join(listed))
        first, *others = names
        formula = "$ u_k = f_k (u_i, u_j, dots) $"
        self.write(f"{self.code_name}.grad_fn", formula, self.grown(first))
        for name in others:
            self.move(self.grown(name), seconds=TIMES.change)
        self.let_read()

    @property
    def code_name(self) -> str:
        """The tensor's name in code."""
        labels = self.tape.node(self.tape.output).labels
        return labels[0] if labels and labels[0].isidentifier() else "y"

    def grown(self, name: str) -> Any:
        """Return the animation that adds a node."""
        self.graph.note_saved([name], self.printed)
        lit = self.graph.animate.reveal([name]).light_values([name], self.printed)
        return lit.focus(name)

    def show_saved(self) -> None:
        """What the nodes keep."""
        saving = self.graph.saving()
        if not saving:
            return
        self.beat("saved", N_("Each node saves what its own derivative will need on the way back."))
        rule = over("u_k", "u_j")
        self.show("y.grad_fn", f"$ {rule} = f'_k (u_i, u_j, dots) $", self.lit(*saving))

    def lit(self, *names: str) -> Any:
        """Return the animation that puts a halo round nodes."""
        return self.graph.animate.focus(*names)

    def show_seed(self) -> None:
        """What the way back starts with."""
        text = N_("backward() walks the tape back, and begins at {name}.")
        output = self.tape.output
        self.beat("seed", text, name=self.code_name)
        gradient = self.tape.node(output).gradient
        path = f"{self.place_of(output)}.gradients.0"
        seed = self.inside(data_text(gradient, path, self.printed)) if gradient else "1"
        self.show(
            f"{self.code_name}.backward()",
            f"$ {over(self.y, self.y)} = {coloured(seed, self.theme.gradient)} $",
            self.lit(output).light_gradients([output], self.printed),
        )

    def waves(self) -> list[list[str]]:
        """Return the nodes from which gradients go on, as far from the output as each other."""
        depth: dict[str, int] = {}
        for node in self.tape.backward_order:
            uses = [it.head for it in self.tape.uses_of(node) if it.gradient is not None]
            depth[node] = 1 + max((depth[it] for it in uses if it in depth), default=0)
        senders = {it.head for it in self.tape.edges if it.gradient is not None}
        found: dict[int, list[str]] = {}
        for node, level in depth.items():
            if node in senders:
                found.setdefault(level, []).append(node)
        return [found[level] for level in sorted(found)]

    def show_way_back(self, number: int, waves: Sequence[Sequence[str]]) -> None:
        """Gradients flow along edges, and gather in nodes."""
        heads = {it for wave in waves for it in wave}
        tails = {it.tail for it in self.tape.edges if it.head in heads and it.gradient is not None}
        text = N_("Backwards: each node multiplies what arrives by its own derivative.")
        if any(len(self.flowing(it)) > 1 for it in tails):
            text = N_("Where several ways come back to a value, what they bring is added.")
        self.beat(f"back_{number}", text)
        y = self.y
        rule = f"{over(y, 'u_j')} = sum_k {over(y, 'u_k')} dot {over('u_k', 'u_j')}"
        for k, wave in enumerate(waves):
            flow = self.graph.animate.flow(wave, self.printed).focus(*wave)
            if k == 0:
                self.write(f"{self.code_name}.backward()", f"$ {rule} $", flow)
            else:
                self.move(flow, seconds=TIMES.travel)
            self.graph.settle()
            done = list(self.gathered(wave))
            lit = self.graph.animate.light_gradients(done, self.printed).plus_where_shared(done)
            self.move(lit.focus(*done), seconds=TIMES.change)
        self.let_read()

    def flowing(self, node: str) -> list[Any]:
        """Return the edges along which something comes back to a node."""
        return [it for it in self.tape.uses_of(node) if it.gradient is not None]

    def gathered(self, wave: Sequence[str]) -> Iterator[str]:
        """Yield the nodes that have now got all that comes back to them."""
        sent = {it.tail for it in self.tape.edges if it.head in set(wave)}
        for node in self.tape.nodes:
            edges = self.flowing(node.id)
            places = [self.tape.edges.index(it) for it in edges]
            if node.id in sent and edges and (self.graph.state["back"][places] > 0).all():
                yield node.id

    def show_gradients(self) -> None:
        """What the leaves have."""
        self.beat("gradients", N_("What arrives at an input is added to its .grad: that is all."))
        terms: list[str] = []
        code: list[str] = []
        for node in self.leaves:
            leaf = self.tape.node(node)
            short = [it for it in leaf.labels if len(it) <= LONGEST_NAME]
            if short and leaf.gradient is not None and len(terms) < MOST_LEAVES:
                path = f"{self.place_of(node)}.gradients.0"
                value = self.inside(data_text(leaf.gradient, path, self.printed))
                value = coloured(value, self.theme.gradient)
                terms.append(f"{over(self.y, name_markup(short[0]))} = {value}")
                code.append(f"{short[0]}.grad")
        formula = f"$ {' wide '.join(terms)} $" if terms else f"$ {over(self.y, 'x')} $"
        self.show(", ".join(code) or "x.grad", formula, self.lit(*self.leaves))


def parted(items: Sequence[Any], most: int) -> list[Sequence[Any]]:
    """Return items in at most so many parts of nearly the same length.

    Examples
    --------
    >>> parted("abcde", 3), parted("ab", 3)
    (['ab', 'cd', 'e'], ['a', 'b'])
    """
    count = min(most, len(items))
    if not count:
        return []
    size, longer = divmod(len(items), count)
    starts = [k * size + min(k, longer) for k in range(count + 1)]
    return [items[a:b] for a, b in pairwise(starts)]
