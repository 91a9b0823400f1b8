"""A backward pass through the nodes of torch, one by one, which leaves no trace.

Torch's engine would run the caller's hooks, fill ``.grad`` and free what was saved. Here each node
is called by itself, and what the engine does between two nodes is done here: it works off the node
with the highest number first, adds up what comes back to a node, and brings each gradient into the
shape and the dtype of what it belongs to.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.core.tape.records import Ending

_RAISED: dict[Ending, str] = {"freed": "a second time", "changed": "by an inplace operation"}
"""What torch says where a node has no more what it had saved."""


@dataclass
class Flows:
    """Gradients that arrived at nodes and left them.

    Attributes
    ----------
    arrived : dict
        From a node to the gradients of its outputs.
    sent : dict
        From a node and the place of an input to the gradient that was sent there.
    order : list
        The nodes in the order in which they were worked off.
    ending : {"whole", "freed", "changed", "no_scalar", "failed"}
        Nothing flows unless it is whole.
    reason : str
        What was raised, if it failed.
    """

    arrived: dict[Any, list[Tensor | None]] = field(default_factory=dict)
    sent: dict[tuple[Any, int], Tensor] = field(default_factory=dict)
    order: list[Any] = field(default_factory=list)
    ending: Ending = "whole"
    reason: str = ""


def run_backward(
    nodes: Sequence[Any], end: tuple[Any, int], output: Tensor, gradient: Tensor | None
) -> Flows:
    """Run a backward pass.

    Parameters
    ----------
    nodes : sequence
        All of the graph.
    end : (node, int)
        The node that made the output, and which of its outputs it is.
    output : Tensor
    gradient : Tensor, optional
        dL/doutput; a single number needs none.

    Examples
    --------
    >>> x = torch.tensor(3.0, requires_grad=True)
    >>> y = x * x
    >>> leaf = y.grad_fn.next_functions[0][0]
    >>> with torch.no_grad():
    ...     flows = run_backward([leaf, y.grad_fn], (y.grad_fn, 0), y, None)
    >>> flows.arrived[leaf], flows.ending
    ([tensor(6.)], 'whole')
    """
    if gradient is None:
        if output.numel() != 1 or output.is_complex():
            return Flows(ending="no_scalar")
        gradient = torch.ones_like(output)
    try:
        return _run(nodes, end, gradient.detach())
    except Exception as error:  # whatever a function of the caller's own may raise
        reason = str(error).split("\n")[0]
        for ending, words in _RAISED.items():
            if words in reason:
                return Flows(ending=ending)
        return Flows(ending="failed", reason=reason)


def _run(nodes: Sequence[Any], end: tuple[Any, int], gradient: Tensor) -> Flows:
    flows = Flows()
    rank = {node: k for k, node in enumerate(nodes)}
    missing = dict.fromkeys(nodes, 0)
    for node in nodes:
        for below, _ in node.next_functions:
            if below is not None:
                missing[below] += 1
    root, place = end
    _add(flows, root, place, gradient)
    ready = [_turn(root, rank)]
    while ready:
        node = heapq.heappop(ready)[-1].node
        arrived = flows.arrived.get(node)
        found: Sequence[Tensor | None] = ()
        if arrived is not None:
            flows.order.append(node)
            if node.next_functions:
                found = _called(node, arrived)
        for number, (below, output) in enumerate(node.next_functions):
            if below is None:
                continue
            sent = found[number] if number < len(found) else None
            if sent is not None:
                flows.sent[node, number] = _add(flows, below, output, sent)
            missing[below] -= 1
            if not missing[below]:
                heapq.heappush(ready, _turn(below, rank))
    return flows


def _turn(node: Any, rank: dict[Any, int]) -> tuple[int, int, _Item]:
    """Return when a node has its turn: leaves at once, then the one recorded last."""
    is_leaf = not node.next_functions
    return (-1 if is_leaf else 0, -rank[node] if is_leaf else -node._sequence_nr(), _Item(node))


class _Item:
    """A node in the queue, where nodes themselves have no order."""

    def __init__(self, node: Any) -> None:
        self.node = node

    def __lt__(self, other: _Item) -> bool:
        return False


def is_of_python(node: Any) -> bool:
    """Whether a node belongs to a function that somebody wrote in Python.

    Examples
    --------
    >>> is_of_python((torch.ones(1, requires_grad=True) * 2).grad_fn)
    False
    """
    return isinstance(node, torch.autograd.function.BackwardCFunction)


def _called(node: Any, arrived: Sequence[Tensor | None]) -> Sequence[Tensor | None]:
    """Return what a node makes of gradients."""
    if is_of_python(node):
        # Zeros where nothing came, as torch does unless the function has asked for None.
        given = [
            torch.zeros(tuple(like.shape), dtype=like.dtype, device=like.device)
            if it is None
            else it
            for it, like in zip(arrived, node._input_metadata, strict=True)
        ]
        found = node.apply(*given)
    else:
        found = node(*arrived)
    return found if isinstance(found, tuple | list) else (found,)


def _add(flows: Flows, node: Any, output: int, gradient: Tensor) -> Tensor:
    """Let a gradient arrive at a node, as the engine does; return what arrived."""
    metadata = node._input_metadata
    like = metadata[output]
    if tuple(gradient.shape) != tuple(like.shape):
        gradient = gradient.sum_to_size(tuple(like.shape))
    if gradient.is_complex() and not like.dtype.is_complex:
        gradient = gradient.real
    if gradient.dtype != like.dtype:
        gradient = gradient.to(like.dtype)
    kept = flows.arrived.setdefault(node, [None] * len(metadata))
    before = kept[output]
    kept[output] = gradient if before is None else before + gradient
    return gradient
