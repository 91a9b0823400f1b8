"""The reading of a graph that torch recorded: a walk along ``grad_fn.next_functions``.

Nothing of the caller's is touched. The backward pass is not torch's engine, which would run hooks
and write into ``.grad``; each node is called by itself, in the engine's order, and what comes out
is handed on as the engine does it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.tape.backward import Flows, is_of_python, run_backward
from backprop_studio.core.tape.records import (
    MOST_VALUES,
    SavedData,
    Tape,
    TapeEdge,
    TapeNode,
    TensorData,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_READ = 5000
"""Nodes of a graph that is read at all."""

_LARGEST_SIGNED = 2**63
_PREFIX = "_saved_"


def read_tape(output: Tensor, names: Mapping[str, Tensor], gradient: Tensor | None = None) -> Tape:
    """Return what torch recorded behind a tensor, with one backward pass through it.

    Parameters
    ----------
    output : Tensor
        Where the backward pass starts.
    names : mapping
        Tensors to be called by a name, if they are part of the graph.
    gradient : Tensor, optional
        dL/doutput, in its shape; a single number needs none, it is 1.

    Raises
    ------
    InputError
        If torch recorded nothing, or more than 5000 nodes, or the gradient has another shape.

    Examples
    --------
    >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> tape = read_tape((x * x).sum(), {"x": x})
    >>> [(node.name, node.shapes) for node in tape.nodes]
    [('AccumulateGrad', ((2,),)), ('MulBackward0', ((2,),)), ('SumBackward0', ((),))]
    >>> tape.nodes[0].gradient.values, x.grad
    ((2.0, 4.0), None)
    """
    if not output.requires_grad:
        text = N_(
            "torch recorded nothing of this tensor: nothing that it was computed from has "
            "requires_grad=True, or it was computed under torch.no_grad or detached"
        )
        raise InputError("tape.nothing", text)
    if gradient is not None and gradient.shape != output.shape:
        text = N_("{field} has the shape {found}; expected {expected}")
        shapes = {"found": str(tuple(gradient.shape)), "expected": str(tuple(output.shape))}
        raise InputError("tape.gradient", text, field="gradient", **shapes)
    root = torch.autograd.graph.get_gradient_edge(output)
    order = _recorded_order(root.node)
    ids = {node: f"n{k}" for k, node in enumerate(order)}
    with torch.no_grad(), torch.random.fork_rng(devices=[]):
        flows = run_backward(order, (root.node, root.output_nr), output, gradient)
        reader = _Reader(ids, {(root.node, root.output_nr): output}, names, flows)
        return Tape(
            nodes=tuple(map(reader.node, order)),
            edges=tuple(reader.edges(order)),
            output=ids[root.node],
            output_place=root.output_nr,
            ending=flows.ending,
            reason=flows.reason,
            backward_order=tuple(ids[node] for node in flows.order),
        )


def is_leaf(node: Any) -> bool:
    """Whether a node of torch collects the gradient of a leaf.

    Examples
    --------
    >>> x = torch.tensor(3.0, requires_grad=True)
    >>> square = (x * x).grad_fn
    >>> is_leaf(square), is_leaf(square.next_functions[0][0])
    (False, True)
    """
    return type(node).__name__ == "AccumulateGrad"


def tensor_data(tensor: Tensor) -> TensorData:
    """Return a tensor as plain data.

    Examples
    --------
    >>> found = tensor_data(torch.tensor([3.0, 4.0]))
    >>> found.shape, found.dtype, found.values, found.norm
    ((2,), 'float32', (3.0, 4.0), 5.0)
    """
    shape, dtype = tuple(tensor.shape), str(tensor.dtype).removeprefix("torch.")
    if tensor.device.type == "meta" or tensor.layout is not torch.strided:
        return TensorData(shape=shape, dtype=dtype)
    own = tensor.detach()
    few: tuple[float, ...] = ()
    if 0 < own.numel() <= MOST_VALUES and not own.is_complex():
        few = tuple(map(float, own.reshape(-1).tolist()))
    norm = None
    if own.is_floating_point() or own.is_complex():
        wide = own.to(torch.complex128 if own.is_complex() else torch.float64)
        norm = float(torch.linalg.vector_norm(wide))
    return TensorData(shape=shape, dtype=dtype, values=few, norm=norm)


def _recorded_order(root: Any) -> list[Any]:
    """Return the nodes as torch recorded them, each behind all that it uses.

    Raises
    ------
    InputError
        If there are too many.
    """
    found: dict[Any, None] = {}
    seen: set[Any] = set()
    waiting: list[tuple[Any, bool]] = [(root, False)]
    while waiting:
        node, is_ready = waiting.pop()
        if is_ready:
            found.setdefault(node)
        elif node not in seen:
            seen.add(node)
            if len(seen) > MOST_READ:
                text = N_("the graph has more than {most} functions; ask about a part of it")
                raise InputError("tape.nodes", text, most=MOST_READ)
            waiting.append((node, True))
            below = [it for it, _ in node.next_functions if it is not None]
            waiting += [(it, False) for it in reversed(below)]
    return _by_time(list(found))


def _by_time(order: Sequence[Any]) -> list[Any]:
    """Return nodes by the time of their recording where that is possible, leaves before their use.

    A node may have a lower number than what it uses: one that another thread recorded, or one
    that was made in a backward pass.
    """
    place = {node: k for k, node in enumerate(order)}
    time: dict[Any, int] = {}
    for node in order:
        below = [time[it] for it, _ in node.next_functions if it is not None and not is_leaf(it)]
        time[node] = -1 if is_leaf(node) else max([node._sequence_nr(), *below])
    functions = sorted(
        (it for it in order if not is_leaf(it)), key=lambda it: (time[it], place[it])
    )
    found: dict[Any, None] = {}
    for node in functions:
        for below, _ in node.next_functions:
            if below is not None:
                found.setdefault(below)
        found.setdefault(node)
    return list(found) if found else list(order)


class _Reader:
    """Writes nodes and edges as plain data."""

    def __init__(
        self,
        ids: Mapping[Any, str],
        made: Mapping[tuple[Any, int], Tensor],
        names: Mapping[str, Tensor],
        flows: Flows,
    ) -> None:
        self._ids, self._flows = ids, flows
        self._made = dict(made)
        self._labels: dict[tuple[Any, int], list[str]] = {}
        self._plain: dict[int, str] = {}
        for name, tensor in names.items():
            if not tensor.requires_grad:
                self._plain.setdefault(id(tensor), name)
                continue
            edge = torch.autograd.graph.get_gradient_edge(tensor)
            if edge.node in ids:
                self._labels.setdefault((edge.node, edge.output_nr), []).append(name)
                self._made.setdefault((edge.node, edge.output_nr), tensor)

    def node(self, node: Any) -> TapeNode:
        """Return a node of torch."""
        leaf, metadata = is_leaf(node), node._input_metadata
        if leaf:
            self._made.setdefault((node, 0), node.variable)
        labels = [name for k in range(len(metadata)) for name in self._labels.get((node, k), [])]
        made = self._made.get((node, 0)) if len(metadata) == 1 else None
        arrived = self._flows.arrived.get(node, [None] * len(metadata))
        return TapeNode(
            id=self._ids[node],
            kind="leaf" if leaf else "function",
            name=type(node).__name__,
            labels=tuple(labels),
            shapes=tuple(tuple(it.shape) for it in metadata),
            value=None if made is None else tensor_data(made),
            saved=() if leaf else tuple(self._saved(node)),
            gradients=tuple(None if it is None else tensor_data(it) for it in arrived),
            sequence=-1 if leaf else node._sequence_nr(),
        )

    def edges(self, order: Sequence[Any]) -> list[TapeEdge]:
        """Return what goes from node to node."""
        found = []
        for head in order:
            for place, (tail, output) in enumerate(head.next_functions):
                if tail is not None:
                    flow = self._flows.sent.get((head, place))
                    found.append(
                        TapeEdge(
                            tail=self._ids[tail],
                            head=self._ids[head],
                            output=output,
                            place=place,
                            gradient=None if flow is None else tensor_data(flow),
                        )
                    )
        return found

    def _saved(self, node: Any) -> list[SavedData]:
        """Return tensors and numbers that a node saved; none of what it has no more."""
        found: list[SavedData] = []
        names = [it for it in dir(node) if it.startswith(_PREFIX)]
        for attribute in sorted(names):
            try:
                found += self._entries(attribute.removeprefix(_PREFIX), getattr(node, attribute))
            except RuntimeError:  # freed, or changed in place
                continue
        if is_of_python(node):
            with suppress(RuntimeError):
                found += self._entries("saved_tensors", node.saved_tensors)
        return found

    def _entries(self, name: str, value: Any) -> list[SavedData]:
        if isinstance(value, Tensor):
            return [SavedData(name=name, tensor=tensor_data(value), label=self._label(value))]
        if isinstance(value, list | tuple):
            tensors = [it for it in value if isinstance(it, Tensor)]
            return [
                it for k, one in enumerate(tensors) for it in self._entries(f"{name}[{k}]", one)
            ]
        if isinstance(value, int | float) and not isinstance(value, bool):
            if value >= _LARGEST_SIGNED:  # torch shows a dimension of -1 without its sign
                value -= 2 * _LARGEST_SIGNED
            return [SavedData(name=name, number=float(value))]
        return []

    def _label(self, tensor: Tensor) -> str:
        if not tensor.requires_grad:
            return self._plain.get(id(tensor), "")
        edge = torch.autograd.graph.get_gradient_edge(tensor)
        return next(iter(self._labels.get((edge.node, edge.output_nr), [])), "")
