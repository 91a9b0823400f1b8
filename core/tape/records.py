"""Records of what torch recorded of any code: plain data, which may travel between processes."""

from __future__ import annotations

from functools import cached_property
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from backprop_studio.core.base.errors import ParameterError
from backprop_studio.core.base.i18n import N_

MOST_VALUES = 4
"""Numbers of a tensor that are kept; of a larger one only how large it is."""

MOST_NODES = 60
"""Nodes of a graph that is drawn as it is; of a larger one parts are folded."""

Shape: TypeAlias = tuple[int, ...]
Kind: TypeAlias = Literal["function", "leaf", "fold"]
Ending: TypeAlias = Literal["whole", "freed", "changed", "no_scalar", "failed"]
"""Whether a backward pass could be run, and if not, why."""


class _Data(BaseModel):
    # "constants": what is infinite or no number is shown as that.
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")


class TensorData(_Data):
    """A tensor: its numbers if they are few, else how large it is.

    Attributes
    ----------
    shape : tuple of int
    dtype : str
        As torch calls it, without ``torch.``.
    values : tuple of float
        All of its numbers in their order, if it is real and has 4 at most.
    norm : float or None
        The root of the sum of all squares; None of a tensor of integers or of none.
    """

    shape: Shape = ()
    dtype: str = "float32"
    values: tuple[float, ...] = ()
    norm: float | None = None


class SavedData(_Data):
    """A value that a function keeps for its backward pass.

    Attributes
    ----------
    name : str
        As torch calls it without ``_saved_``; ``saved_tensors[0]`` of a function in Python.
    tensor : TensorData or None
        None if it is a number.
    number : float or None
        None if it is a tensor.
    label : str
        The variable that it is; empty if that cannot be told.
    """

    name: str
    tensor: TensorData | None = None
    number: float | None = None
    label: str = ""


class TapeNode(_Data):
    """A function of the backward pass, a leaf, or several nodes that are drawn as one.

    Attributes
    ----------
    id : str
        n0, n1, ... in the order in which torch recorded them; f0, f1, ... of folds.
    kind : {"function", "leaf", "fold"}
        A leaf collects a gradient.
    name : str
        As torch prints it, such as ``AddBackward0``; of a fold, of its functions.
    labels : tuple of str
        The variables whose values it made, or whose gradients it collects.
    shapes : tuple of tuple of int
        Of what it made in the forward pass, one for each output.
    value : TensorData or None
        What it made, if it still has a name.
    saved : tuple of SavedData
    gradients : tuple of TensorData or None
        dL/doutput for each output, summed over all that comes back; None where nothing came.
    sequence : int
        Torch's own number; -1 of leaves.
    members : tuple of str
        Ids of the nodes in a fold.
    repeats : int
        How often a fold's block is repeated; 0 if it is no repetition.
    """

    id: str
    kind: Kind = "function"
    name: str
    labels: tuple[str, ...] = ()
    shapes: tuple[Shape, ...] = ((),)
    value: TensorData | None = None
    saved: tuple[SavedData, ...] = ()
    gradients: tuple[TensorData | None, ...] = ()
    sequence: int = -1
    members: tuple[str, ...] = ()
    repeats: int = 0

    @property
    def gradient(self) -> TensorData | None:
        """What came back to its only output; None if nothing did, or to one of several."""
        return self.gradients[0] if len(self.gradients) == 1 else None


class TapeEdge(_Data):
    """An edge from a node to one that uses what it made.

    Attributes
    ----------
    tail, head : str
        Ids.
    output, place : int
        Which of the tail's outputs is which of the head's inputs.
    gradient : TensorData or None
        What flows back along it; None if nothing does.
    """

    tail: str
    head: str
    output: int = 0
    place: int = 0
    gradient: TensorData | None = None


class Tape(_Data):
    """What torch recorded, and one backward pass through it.

    Attributes
    ----------
    nodes : tuple of TapeNode
        In the order in which torch recorded them, each behind all that it uses; leaves stand
        before their first use.
    edges : tuple of TapeEdge
        Those of a head in the order of its inputs.
    output : str
        Id of the node that made the tensor which was asked about.
    output_place : int
        Which of its outputs that is.
    ending : {"whole", "freed", "changed", "no_scalar", "failed"}
        Whether there are gradients: not if what the nodes had saved was freed or changed since,
        if the tensor is no single number and no gradient was given for it, or if a function of
        the caller's own raised an error.
    reason : str
        That error.
    backward_order : tuple of str
        Ids in the order in which torch works them off.
    folded : int
        How many functions were recorded, if some of them are folded; else 0.
    """

    nodes: tuple[TapeNode, ...] = Field(min_length=1)
    edges: tuple[TapeEdge, ...] = ()
    output: str
    output_place: int = 0
    ending: Ending = "whole"
    reason: str = ""
    backward_order: tuple[str, ...] = ()
    folded: int = 0

    @model_validator(mode="after")
    def _hangs_together(self) -> Tape:
        seen: set[str] = set()
        rank = {node.id: k for k, node in enumerate(self.nodes)}
        for edge in self.edges:
            seen |= {edge.tail, edge.head}
            if rank.get(edge.tail, 0) >= rank.get(edge.head, 1):
                text = N_("{field}: the edge from {tail} to {head} goes to no later node")
                ends = {"tail": edge.tail, "head": edge.head}
                raise ParameterError("tape.edge", text, field="graph", **ends)
        missing = sorted({self.output, *seen, *self.backward_order} - rank.keys())
        if missing or len(rank) < len(self.nodes):
            text = N_("{field}: each node needs an id of its own, and {names} has none")
            names = missing[0] if missing else "?"
            raise ParameterError("tape.ids", text, field="graph", names=names)
        return self

    @cached_property
    def _by_id(self) -> dict[str, TapeNode]:
        return {node.id: node for node in self.nodes}

    def node(self, name: str) -> TapeNode:
        """Return the node of an id.

        Raises
        ------
        KeyError
            If there is none.
        """
        return self._by_id[name]

    def uses_of(self, name: str) -> tuple[TapeEdge, ...]:
        """Return the edges that leave a node."""
        return tuple(edge for edge in self.edges if edge.tail == name)

    def inputs_of(self, name: str) -> tuple[TapeEdge, ...]:
        """Return the edges that end in a node."""
        return tuple(edge for edge in self.edges if edge.head == name)
