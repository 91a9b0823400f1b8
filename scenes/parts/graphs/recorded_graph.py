"""The graph that torch recorded, as a graph view: what torch calls it, keeps in it and sends back.

A scene asks core for an :class:`~core.autograd.records.AutogradRecord`, writes it into its
answer sheet, and makes the view of it::

    view = RecordedGraph(record.graph, "sheet_path.graph", box, self.theme, self.language)
    self.add(view.move_to(...))
    self.move(view.animate.reveal().light_values(self.short))        # forward values
    for heads in view.waves():                                       # y first, then what made it
        self.move(view.animate.flow(heads, self.short))              # along the edges, as arrows
        self.move(view.settle().animate.gather(heads, self.short))   # into the nodes that got all
    self.move(view.animate.cut_off())                                # scissors on detached edges

Every number is printed by ``number(path)``, for which :meth:`BoardLesson.short` is made: it takes a
path in the answer sheet, returns the printed number, and notes that it is shown. The view leaves
room for exactly what that prints. Nodes have core's ids (``n0``, ...); :meth:`node_of` goes from a
tensor's name to its node. Edge k of the record is edge k of the view, unless nodes are folded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from backprop_studio.core.autograd.records import AutogradEdge, AutogradRecord
from backprop_studio.scenes.paint.style import Theme, Unchanging
from backprop_studio.scenes.parts.graphs.recorded_specs import (
    Fold,
    Number,
    edge_spec,
    fold_spec,
    folded,
    forward_order,
    is_shown,
    node_spec,
    vector_text,
)
from backprop_studio.scenes.parts.graphs.view import GraphView


@dataclass(frozen=True, eq=False)
class _Source(Unchanging):
    """What a view stands for; it never changes, so that copies of the view share it."""

    record: AutogradRecord
    path: str
    edges: tuple[int, ...]
    drawn: dict[str, str]
    folds: dict[str, Fold]
    saved: bool


class RecordedGraph(GraphView):
    """A graph view of what torch recorded.

    Parameters
    ----------
    record : AutogradRecord
    path : str
        Where the record stands in the answer sheet, such as ``detach.graph``.
    box : (float, float)
        Width and height in Manim units.
    saved : bool
        Write into each function what it keeps for its backward pass.
    folds : sequence of Fold
        Chains of which each is drawn as one node.

    Raises
    ------
    ValueError
        If the graph does not fit the box in readable size.
    """

    def __init__(
        self,
        record: AutogradRecord,
        path: str,
        box: tuple[float, float],
        theme: Theme,
        language: str,
        *,
        saved: bool = True,
        folds: Sequence[Fold] = (),
    ) -> None:
        drawn = {node.id: node.id for node in record.nodes}
        drawn |= {node: fold.id for fold in folds for node in fold.nodes}
        inside = {fold.id for fold in folds}
        ends = [(drawn[edge.tail], drawn[edge.head]) for edge in record.edges]
        kept = [k for k, (tail, head) in enumerate(ends) if tail != head or tail not in inside]
        specs = {node.id: node_spec(record, node, saved=saved) for node in record.nodes}
        specs |= {fold.id: fold_spec(fold, specs, record) for fold in folds}
        order = list(dict.fromkeys(drawn[node] for node in forward_order(record)))
        edges = [edge_spec(record, record.edges[k], *ends[k]) for k in kept]
        self.source = _Source(
            record, path, tuple(kept), drawn, {fold.id: fold for fold in folds}, saved
        )
        super().__init__([specs[node] for node in order], edges, box, theme, language)

    # What a scene says

    def light_values(self, number: Number, *tensors: str) -> RecordedGraph:
        """Put the values of named tensors into their nodes, of all that are drawn by default."""
        record = self.source.record
        chosen = tensors or tuple(it.name for it in record.tensors if it.node)
        for node in dict.fromkeys(self.node_of(name) for name in chosen):
            names = [record.node(it).tensors[:1] for it in self._ends(node)]
            texts = [self._value(name, number) for found in names for name in found]
            if texts:
                self.light_forward(node, folded(texts))
        return self

    def light_seeds(self, number: Number) -> RecordedGraph:
        """Put into the outputs' nodes the gradient that the backward pass starts with."""
        for node in self.source.record.outputs:
            self._put_gradient(self.source.drawn[node], number)
        return self

    def flow(self, heads: Iterable[str], number: Number) -> RecordedGraph:
        """Let gradients flow back along the edges that end in nodes, and put a halo round these.

        Of a tensor that is used several times each edge shows its own share.
        """
        chosen = list(heads)
        for position, k in enumerate(self.source.edges):
            edge = self.source.record.edges[k]
            if edge.head in chosen and edge.gradient is not None:
                path = f"{self.source.path}.edges.{k}.gradient"
                # Printed only where it is written, since what is printed counts as shown.
                shows = bool(self.edges[position].product) and self.place.wording != "none"
                self.send_back(position, vector_text(path, edge.gradient, number) if shows else "")
        self.focus(*dict.fromkeys(self.source.drawn[node] for node in chosen))
        return self

    def gather(self, heads: Iterable[str], number: Number) -> RecordedGraph:
        """Put into the nodes below what has now come along all of their edges, added up."""
        chosen = set(heads)
        record = self.source.record
        tails = dict.fromkeys(
            edge.tail for edge in record.edges if edge.head in chosen and edge.gradient is not None
        )
        done = [node for node in tails if self._has_all(node)]
        drawn = list(dict.fromkeys(self.source.drawn[node] for node in done))
        for node in drawn:
            self._put_gradient(node, number)
        self.accumulate(*(node for node in done if len(self._gradient_uses(node)) > 1))
        self.focus(*drawn)
        return self

    def cut_off(self) -> RecordedGraph:
        """Cut the edges that ``detach`` cut, and show what they are called."""
        cuts = [k for k, edge in enumerate(self.edges) if edge.is_cut]
        self.cut(*cuts)
        self.show_labels(cuts)
        return self

    def note_saved(self, number: Number) -> RecordedGraph:
        """Note the numbers that stand in nodes because they were saved; call it with reveal."""
        if self.source.saved and not self.place.is_dense:
            for k, node in enumerate(self.source.record.nodes):
                for j, saved in enumerate(node.saved):
                    if node.id in self.number and not saved.tensor and is_shown(saved):
                        path = f"{self.source.path}.nodes.{k}.saved.{j}.value"
                        vector_text(path, saved.value, number)
        return self

    def _ends(self, node: str) -> tuple[str, ...]:
        """Return the record's nodes whose numbers a node shows: itself, or a fold's two ends."""
        fold = self.source.folds.get(node)
        return (fold.nodes[0], fold.nodes[-1]) if fold else (node,)

    def _value(self, tensor: str, number: Number) -> str:
        record = self.source.record
        position = next(k for k, it in enumerate(record.tensors) if it.name == tensor)
        path = f"{self.source.path}.tensors.{position}.value"
        return vector_text(path, record.tensors[position].value, number)

    def _gradient(self, node: str, number: Number) -> str:
        record = self.source.record
        position = next(k for k, it in enumerate(record.nodes) if it.id == node)
        path = f"{self.source.path}.nodes.{position}.gradients.0"
        return vector_text(path, record.nodes[position].gradients[0], number)

    def _put_gradient(self, node: str, number: Number) -> None:
        ends = self._ends(node)
        if all(self.source.record.node(it).gradients[0] is not None for it in ends):
            self.light_gradient(node, folded([self._gradient(it, number) for it in ends]))

    # What a scene asks

    def node_of(self, tensor: str) -> str:
        """Return the id of the node that made a named tensor, or collects its gradient.

        Raises
        ------
        KeyError
            If there is no such tensor.
        """
        return self.source.drawn[self.source.record.tensor(tensor).node]

    def saving(self) -> tuple[str, ...]:
        """Return the ids of the functions that keep something for their backward pass."""
        found = [node for node in self.source.record.nodes if any(map(is_shown, node.saved))]
        return tuple(node.id for node in found if node.id in self.number)

    def waves(self) -> list[list[str]]:
        """Return the record's nodes from which gradients go on, as the backward pass takes them.

        A node comes in the wave behind the last that sends it something, so that after
        ``flow`` and ``gather`` of each wave nothing is missing in the next. What flows inside a
        fold is in the wave in which it leaves the fold.
        """
        record = self.source.record
        depth: dict[str, int] = {}
        for node in record.backward_order:
            depth[node] = 1 + max((depth[it.head] for it in self._gradient_uses(node)), default=0)
        senders = {edge.head for edge in record.edges if edge.gradient is not None}
        found: dict[int, list[str]] = {}
        for node, level in depth.items():
            if node in senders:
                found.setdefault(level, []).append(node)
        seen = {record.edges[k].head for k in self.source.edges}
        waves: list[list[str]] = []
        inside: list[str] = []
        for level in sorted(found):
            inside += found[level]
            if seen.intersection(inside):
                waves, inside = [*waves, inside], []
        return waves

    def _gradient_uses(self, node: str) -> list[AutogradEdge]:
        return [it for it in self.source.record.uses_of(node) if it.gradient is not None]

    def _has_all(self, node: str) -> bool:
        """Whether gradient has come along every edge along which it comes."""
        drawn = [self.source.record.edges[k] for k in self.source.edges]
        comes = [edge.tail == node and edge.gradient is not None for edge in drawn]
        return bool((self.state["back"][comes] > 0).all())
