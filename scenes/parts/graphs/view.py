"""A computation graph as one painted part: values run to the right, gradients come back."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from backprop_studio.scenes.paint.painted import replaced_at
from backprop_studio.scenes.parts.graphs.coordinates import HEAD
from backprop_studio.scenes.parts.graphs.layout import READABLE, text_width, wide
from backprop_studio.scenes.parts.graphs.picture import GraphPicture


class GraphView(GraphPicture):
    """A graph of boxes and curves, from the leaves on the left to the result on the right.

    Everything that changes is in :attr:`state`, so ``view.animate.light_forward(...)`` and its like
    move from one state to the next. All states of one view have the same nodes and edges; what is
    not there yet has ``shown`` 0.

    Parameters
    ----------
    nodes : sequence of NodeSpec
        In the order in which their values appear.
    edges : sequence of EdgeSpec
        Those of a head in the order of its operands.
    box : (float, float)
        Width and height in Manim units.

    Raises
    ------
    ValueError
        If the graph does not fit the box in readable size.
    """

    # What a scene says

    def reveal(self, nodes: Iterable[str] | None = None) -> GraphView:
        """Show nodes, all of them by default, and every edge whose two ends are shown."""
        for node in self.number if nodes is None else nodes:
            self.state["shown"][self.number[node]] = 1
        for k, edge in enumerate(self.edges):
            ends = self.number[edge.tail], self.number[edge.head]
            self.state["edge_shown"][k] = min(self.state["shown"][list(ends)])
        return self

    def light_forward(self, node: str, text: str) -> GraphView:
        """Put its value into a node."""
        k = self.number[node]
        self.values = replaced_at(self.values, k, self._fitting(text, self._room(k)))
        self.state["value"][k] = 1
        return self

    def light_gradient(self, node: str, text: str) -> GraphView:
        """Put a gradient into a node, below its value."""
        k = self.number[node]
        room = self._room(k) - 2 * HEAD
        self.gradients = replaced_at(self.gradients, k, self._fitting(text, room))
        self.state["gradient"][k] = 1
        return self

    def show_labels(self, edges: Iterable[int] | None = None) -> GraphView:
        """Show the labels of edges, such as local derivatives; of all by default."""
        self.state["label"][range(len(self.edges)) if edges is None else list(edges)] = 1
        return self

    def send(self, *edges: int) -> GraphView:
        """Let light run forward along edges; :meth:`settle` forgets it."""
        self.state["pulse"][list(edges)] = 1
        return self

    def send_back(self, edge: int, product: str = "", brief: str = "") -> GraphView:
        """Let a gradient flow back along an edge, which stays as an arrow, with its product.

        Parameters
        ----------
        edge : int
        product : str
            What appears below the edge.
        brief : str
            What appears instead where the layout says that labels are brief.
        """
        product = brief if brief and self.place.wording == "brief" else product
        if product and self.place.wording != "none":
            product = self._fitting(product, float(self.place.labels[edge, 2]) / self.place.em)
            self.products = replaced_at(self.products, edge, product)
            self.state["product"][edge] = 1
        self.state["back"][edge] = 1
        self.state["back_pulse"][edge] = 1
        return self

    def settle(self) -> GraphView:
        """Forget the light that has arrived."""
        return self._reset("pulse", "back_pulse")

    def drop_gradients(self) -> GraphView:
        """Take gradients, products and their arrows away, as zeroing does."""
        self.gradients = [""] * len(self.nodes)
        self.products = [""] * len(self.edges)
        return self._reset("gradient", "back", "back_pulse", "product", "plus")

    def accumulate(self, *nodes: str) -> GraphView:
        """Put a plus where the gradients of several uses meet at a node."""
        self.state["plus"][[self.number[node] for node in nodes]] = 1
        return self

    def cut(self, *edges: int) -> GraphView:
        """Cut edges, as ``detach`` does: nothing flows back along them."""
        self.state["cut"][list(edges)] = 1
        return self

    def dim_out(self, nodes: Iterable[str] = (), edges: Iterable[int] = ()) -> GraphView:
        """Dim nodes with their edges, and edges alone, such as a branch that was not taken."""
        for node in nodes:
            self.state["dim"][self.number[node]] = 1
        self.state["edge_dim"][list(edges)] = 1
        return self

    def undim(self) -> GraphView:
        """Dim nothing any more."""
        return self._reset("dim", "edge_dim")

    def focus(self, *nodes: str) -> GraphView:
        """Put a halo round nodes, and round no others."""
        return self.set_state(focus=[node in nodes for node in self.number])

    # What a scene asks

    def edges_into(self, head: str) -> list[int]:
        """Return the numbers of the edges that end in a node."""
        return [k for k, edge in enumerate(self.edges) if edge.head == head]

    def _reset(self, *names: str) -> GraphView:
        return self.set_state(**{name: np.zeros_like(self.state[name]) for name in names})

    def _room(self, k: int) -> float:
        """Return how wide in em a number in a node may be."""
        if self.place.is_dense:
            return wide(self.nodes[k])[1] + 0.2
        return float(self.place.sizes[k, 0]) / self.place.em - 0.4

    def _fitting(self, text: str, room: float) -> str:
        """Return a text, unless it would have to be set too small to be read."""
        width = text_width(text)
        if width > 0 and self.place.em * min(1.0, room / width) < READABLE - 1e-9:
            raise ValueError(
                f"{text!r} is {width:.1f} em wide and has {room:.1f} em of room in the graph: "
                "the node or the edge has to be told beforehand of its widest text"
            )
        return text
