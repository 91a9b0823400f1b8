"""Records of a graph of torch: functions, tensors, and what flows between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy.typing as npt

    from backprop_studio.core.base.arrays import Array


@dataclass(frozen=True)
class SavedValue:
    """A value that a function keeps for its backward pass.

    Attributes
    ----------
    name : str
        As torch calls it without ``_saved_``: self, other, exponent, result, ...
    value : array, number, text, tuple or None
        None where torch kept nothing, because nothing needs it.
    tensor : str
        The named tensor that it is, or empty where that cannot be told.
    """

    name: str
    value: Any
    tensor: str


@dataclass(frozen=True)
class NamedTensor:
    """A tensor that the caller gave a name.

    Attributes
    ----------
    name : str
    value : array
        In its own dtype.
    requires_grad, is_leaf : bool
        As torch says.
    node : str
        Id of the node that made it, or that collects its gradient; of a tensor without gradient
        a node of its own if it was cut off or is used, else empty.
    output : int
        Which of that node's outputs it is.
    gradient : array or None
        What this backward pass brought to it, in its shape; None if nothing.
    grad_before, grad_after : array or None
        Of a leaf: ``.grad`` before and after this backward pass, which adds to it.
    """

    name: str
    value: npt.NDArray[Any]
    requires_grad: bool
    is_leaf: bool
    node: str
    output: int
    gradient: Array | None
    grad_before: Array | None
    grad_after: Array | None


@dataclass(frozen=True)
class AutogradNode:
    """A function of the backward pass, or a tensor without gradient.

    Attributes
    ----------
    id : str
        n0, n1, ... from the outputs backwards, and from left to right.
    kind : {"function", "leaf", "constant"}
        A leaf collects a gradient; a constant is a named tensor to which none can flow.
    name : str
        As torch prints it: MulBackward0, AccumulateGrad; of a constant ``Tensor``.
    tensors : tuple of str
        Names of the tensors that it made, or whose gradient it collects.
    shapes : tuple of tuple of int
        Of its outputs in the forward pass.
    sequence : int
        Torch works nodes off from the highest to the lowest; -1 of leaves and constants.
    saved : tuple of SavedValue
    gradients : tuple of array or None
        Per output, dL/doutput summed over all edges that leave it; None where nothing came.
    """

    id: str
    kind: Literal["function", "leaf", "constant"]
    name: str
    tensors: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]
    sequence: int
    saved: tuple[SavedValue, ...]
    gradients: tuple[Array | None, ...]


@dataclass(frozen=True)
class AutogradEdge:
    """Edge from a node to one that uses what it made, in the direction of the forward pass.

    Attributes
    ----------
    tail, head : str
        Ids.
    output : int
        Which of the tail's outputs is used.
    place : int
        Which of the head's inputs it is, as in ``next_functions``; -1 where that cannot be told.
    kind : {"gradient", "cut", "value"}
        Gradient flows; or ``detach`` cut the edge; or a tensor without gradient is used.
    gradient : array or None
        What flowed back along the edge; None if nothing.
    """

    tail: str
    head: str
    output: int
    place: int
    kind: Literal["gradient", "cut", "value"]
    gradient: Array | None


@dataclass(frozen=True)
class AutogradRecord:
    """The graph that torch recorded, and one backward pass through it.

    Attributes
    ----------
    outputs : tuple of str
        Ids of the nodes that made the tensors from which the backward pass started.
    nodes : tuple of AutogradNode
        From the outputs backwards, what they do not reach behind that.
    edges : tuple of AutogradEdge
    tensors : tuple of NamedTensor
        In the order given.
    backward_order : tuple of str
        Ids of the nodes in the order in which torch worked them off.
    """

    outputs: tuple[str, ...]
    nodes: tuple[AutogradNode, ...]
    edges: tuple[AutogradEdge, ...]
    tensors: tuple[NamedTensor, ...]
    backward_order: tuple[str, ...]

    @cached_property
    def _by_id(self) -> dict[str, AutogradNode]:
        return {node.id: node for node in self.nodes}

    def node(self, name: str) -> AutogradNode:
        """Return the node of an id.

        Raises
        ------
        KeyError
            If there is none.
        """
        return self._by_id[name]

    def tensor(self, name: str) -> NamedTensor:
        """Return the tensor of a name.

        Raises
        ------
        KeyError
            If there is none.
        """
        return {tensor.name: tensor for tensor in self.tensors}[name]

    def uses_of(self, name: str) -> tuple[AutogradEdge, ...]:
        """Return the edges that leave a node."""
        return tuple(edge for edge in self.edges if edge.tail == name)

    def inputs_of(self, name: str) -> tuple[AutogradEdge, ...]:
        """Return the edges that end in a node."""
        return tuple(edge for edge in self.edges if edge.head == name)
