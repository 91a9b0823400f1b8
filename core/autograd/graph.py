"""The graph that torch recorded: a walk along ``grad_fn.next_functions``.

A backward pass is run with hooks on every node, so that the record has what torch really sent
along every edge. The tensors of the caller are left as they were: ``.grad`` is put back, the hooks
are taken off, and the graph is kept for a further pass.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import torch
from torch import Tensor

from backprop_studio.core.autograd import records
from backprop_studio.core.autograd.walk import Walk, check_size, own
from backprop_studio.core.network.passes import as_array, single_thread
from backprop_studio.core.tape.reading import is_leaf

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backprop_studio.core.base.arrays import Array

    Gradients: TypeAlias = tuple[Array | None, ...]


def autograd_graph(
    output: Tensor, names: Mapping[str, Tensor], gradient: Tensor | None = None
) -> records.AutogradRecord:
    """Return the graph behind a tensor, with one backward pass through it.

    Parameters
    ----------
    output : Tensor
        Where the backward pass starts. The graph must not have been freed.
    names : mapping
        Tensors to be called by a name: leaves, intermediates, and tensors without gradient. The
        functions behind a named tensor are in the record also where the output needs none; a
        tensor without gradient that shares the memory of a named one with gradient was cut off
        from it by ``detach``, and the record has the cut edge.
    gradient : Tensor, optional
        dL/doutput, in its shape; a scalar needs none, it is 1.

    Raises
    ------
    InputError
        If the graph has more than 500 functions, or a tensor more than 10000 numbers.
    ValueError
        If the output is no scalar and has no gradient of its shape, or the graph was freed.

    Examples
    --------
    >>> x = torch.arange(4.0, dtype=torch.float64, requires_grad=True)
    >>> graph = autograd_graph(2 * torch.dot(x, x), {"x": x})
    >>> [node.name for node in graph.nodes]
    ['MulBackward0', 'DotBackward0', 'AccumulateGrad']
    >>> [(it.name, it.tensor) for it in graph.node("n1").saved]
    [('self', 'x'), ('tensor', 'x')]
    >>> [edge.gradient.tolist() for edge in graph.uses_of("n2")]
    [[0.0, 2.0, 4.0, 6.0], [0.0, 2.0, 4.0, 6.0]]
    >>> graph.tensor("x").gradient.tolist()
    [0.0, 4.0, 8.0, 12.0]
    """
    for tensor in (output, *names.values()):
        check_size(tensor)
    walk = Walk(output, names)
    with single_thread():
        flows = _Flows(walk)
        flows.run(output, gradient)
        return _record(walk, flows)


# The backward pass


class _Flows:
    """Gradients that hooks saw arrive and leave.

    Attributes
    ----------
    arrived : dict
        From a node's id to the gradients of its outputs.
    sent : dict
        From a node's id to the gradients of its inputs.
    before, after : dict
        From a leaf's node to its ``.grad`` before and after the pass.
    """

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self.arrived: dict[str, Gradients] = {}
        self.sent: dict[str, Gradients] = {}
        self.before: dict[str, Array | None] = {}
        self.after: dict[str, Array | None] = {}

    def run(self, end: Tensor, gradient: Tensor | None) -> None:
        """Run a backward pass."""
        leaves = {name: node.variable for node, name in self._walk.ids.items() if is_leaf(node)}
        held = {name: leaf.grad for name, leaf in leaves.items()}
        self.before = {name: _array(grad) for name, grad in held.items()}
        hooks = []
        for node, name in self._walk.ids.items():
            hooks.append(node.register_prehook(partial(_store, self.arrived, name)))
            hooks.append(node.register_hook(partial(_store, self.sent, name)))
        try:
            for name, leaf in leaves.items():
                grad = held[name]
                leaf.grad = None if grad is None else grad.clone()
            torch.autograd.backward(end, gradient, retain_graph=True)
            self.after = {name: _array(leaf.grad) for name, leaf in leaves.items()}
        except RuntimeError as error:
            raise ValueError(f"torch cannot go back through the graph: {error}") from error
        finally:
            for hook in hooks:
                hook.remove()
            for name, leaf in leaves.items():
                leaf.grad = held[name]


def _store(
    kept: dict[str, Gradients], name: str, gradients: tuple[Tensor | None, ...], *_outputs: Any
) -> None:
    kept[name] = tuple(map(_array, gradients))


def _array(tensor: Tensor | None) -> Array | None:
    return None if tensor is None else as_array(tensor)


# The record


def _record(walk: Walk, flows: _Flows) -> records.AutogradRecord:
    made: dict[str, list[str]] = {}
    for name, (node, _) in walk.origins.items():
        made.setdefault(node, []).append(name)
    nodes = [_node(walk, flows, node, made) for node in walk.ids]
    nodes += [_constant(walk, name) for name in walk.constants]
    tensors = []
    for name, tensor in walk.named.items():
        node, output = walk.origins.get(name, (walk.constants.get(name, ""), 0))
        arrived = flows.arrived.get(node, ())
        gradient = arrived[output] if output < len(arrived) else None
        tensors.append(
            records.NamedTensor(
                name=name,
                value=own(tensor),
                requires_grad=tensor.requires_grad,
                is_leaf=tensor.is_leaf,
                node=node,
                output=output,
                gradient=gradient,
                grad_before=flows.before.get(node),
                grad_after=flows.after.get(node),
            )
        )
    return records.AutogradRecord(
        outputs=(walk.end,),
        nodes=tuple(nodes),
        edges=tuple(_edges(walk, flows)),
        tensors=tuple(tensors),
        backward_order=tuple(flows.arrived),
    )


def _node(walk: Walk, flows: _Flows, node: Any, made: dict[str, list[str]]) -> records.AutogradNode:
    name = walk.ids[node]
    shapes = tuple(tuple(it.shape) for it in node._input_metadata)
    leaf = is_leaf(node)
    return records.AutogradNode(
        id=name,
        kind="leaf" if leaf else "function",
        name=type(node).__name__,
        tensors=tuple(made.get(name, ())),
        shapes=shapes,
        sequence=-1 if leaf else node._sequence_nr(),
        saved=tuple(walk.saved(node)),
        gradients=flows.arrived.get(name, (None,) * len(shapes)),
    )


def _constant(walk: Walk, name: str) -> records.AutogradNode:
    shape = tuple(walk.named[name].shape)
    node = walk.constants[name]
    return records.AutogradNode(node, "constant", "Tensor", (name,), (shape,), -1, (), (None,))


def _edges(walk: Walk, flows: _Flows) -> Iterable[records.AutogradEdge]:
    for node, head in walk.ids.items():
        sent = flows.sent.get(head, ())
        stops = []
        for place, (below, output) in enumerate(node.next_functions):
            if below is None:
                stops.append(place)
            else:
                flow = sent[place] if place < len(sent) else None
                yield records.AutogradEdge(walk.ids[below], head, output, place, "gradient", flow)
        used = {it.tensor for it in walk.saved(node)} & walk.constants.keys()
        for name in sorted(used):
            place = stops[0] if len(stops) == len(used) == 1 else -1
            yield records.AutogradEdge(walk.constants[name], head, 0, place, "value", None)
    for name, whole in walk.cuts.items():
        tail, output = walk.origins[whole]
        yield records.AutogradEdge(tail, walk.constants[name], output, 0, "cut", None)
