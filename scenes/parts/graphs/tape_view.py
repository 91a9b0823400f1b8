"""The graph of a tape as a graph view: what torch calls it, keeps in it and sends back.

Edge k of the tape is edge k of the view, and nodes have the tape's ids.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from backprop_studio.core.tape.records import Tape
from backprop_studio.scenes.paint.style import Theme, Unchanging
from backprop_studio.scenes.parts.graphs.tape_specs import (
    Number,
    data_text,
    is_shared,
    is_told,
    tape_edges,
    tape_nodes,
)
from backprop_studio.scenes.parts.graphs.view import GraphView


@dataclass(frozen=True, eq=False)
class _Source(Unchanging):
    """What a view stands for; copies of the view share it."""

    tape: Tape
    path: str
    saved: bool


class TapeView(GraphView):
    """A graph view of a tape.

    Parameters
    ----------
    tape : Tape
    path : str
        Where the tape stands in the answer sheet; empty if there is none.
    box : (float, float)
        Width and height in Manim units.
    saved : bool
        Write into each function what it keeps for its backward pass.
    is_downward : bool
        Leaves at the top, the result at the bottom.

    Raises
    ------
    ParameterError
        If the graph does not fit the box in readable size.
    """

    def __init__(
        self,
        tape: Tape,
        path: str,
        box: tuple[float, float],
        theme: Theme,
        language: str,
        *,
        saved: bool = True,
        is_downward: bool = False,
    ) -> None:
        self.source = _Source(tape, path, saved)
        nodes, edges = tape_nodes(tape, saved=saved), tape_edges(tape)
        super().__init__(nodes, edges, box, theme, language, is_downward=is_downward)

    def light_values(self, nodes: Iterable[str], number: Number | None = None) -> TapeView:
        """Put into nodes the values that are known of what they made."""
        for name in nodes:
            node = self.source.tape.node(name)
            if node.value is not None and node.value.values:
                path = f"{self._path(name)}.value"
                self.light_forward(name, data_text(node.value, path, number))
        return self

    def note_saved(self, nodes: Iterable[str], number: Number) -> TapeView:
        """Note the numbers that stand in nodes because they were saved; call it with reveal."""
        if self.source.saved and not self.place.is_dense:
            for name in nodes:
                for j, saved in enumerate(self.source.tape.node(name).saved):
                    path = f"{self._path(name)}.saved.{j}"
                    if saved.label or not is_told(saved):
                        continue
                    if saved.tensor is None:
                        number(f"{path}.number")
                    elif not saved.tensor.shape and saved.tensor.values:
                        number(f"{path}.tensor.values.0")
        return self

    def light_gradients(self, nodes: Iterable[str], number: Number | None = None) -> TapeView:
        """Put into nodes what came back to them."""
        for name in nodes:
            gradient = self.source.tape.node(name).gradient
            text = data_text(gradient, f"{self._path(name)}.gradients.0", number)
            if text:
                self.light_gradient(name, text)
        return self

    def flow(self, heads: Iterable[str], number: Number | None = None) -> TapeView:
        """Let gradients flow back along the edges that end in nodes."""
        chosen = set(heads)
        tape = self.source.tape
        for k, edge in enumerate(tape.edges):
            if edge.head in chosen and edge.gradient is not None:
                # Printed only where it is written, since what is printed counts as shown.
                is_written = is_shared(tape, edge) and self.place.wording != "none"
                path = f"{self.source.path}.edges.{k}.gradient"
                self.send_back(k, data_text(edge.gradient, path, number) if is_written else "")
        return self

    def plus_where_shared(self, nodes: Iterable[str]) -> TapeView:
        """Put a plus at those of the nodes to which several gradients come back."""
        tape = self.source.tape
        uses = {it: sum(edge.gradient is not None for edge in tape.uses_of(it)) for it in nodes}
        self.accumulate(*(name for name, count in uses.items() if count > 1))
        return self

    def whole(self) -> TapeView:
        """Show everything at once, as a picture does."""
        names = [node.id for node in self.source.tape.nodes]
        self.reveal().light_values(names).flow(names).light_gradients(names)
        self.plus_where_shared(names)
        return self

    def saving(self) -> tuple[str, ...]:
        """Return the ids of the functions that keep something for their backward pass."""
        return tuple(it.id for it in self.source.tape.nodes if any(map(is_told, it.saved)))

    def _path(self, node: str) -> str:
        return f"{self.source.path}.nodes.{self.number[node]}"
