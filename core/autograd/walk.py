"""The walk along ``grad_fn.next_functions``: its nodes, saved values and cut edges.

For :mod:`core.autograd.graph`, which runs the backward pass and writes the record.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from backprop_studio.core.autograd.records import SavedValue
from backprop_studio.core.base.arrays import frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

MAX_NODES = 500
"""More functions than a picture could hold."""

MAX_ELEMENTS = 10_000
"""In one tensor of a record."""

_LARGEST_SIGNED = 2**63


class Walk:
    """All nodes that can be reached, each held so that torch's wrapper of it stays the same.

    Attributes
    ----------
    ids : dict
        From torch's node to ours.
    named : dict
        The tensors that have a name.
    end : str
        Id of the output's node.
    constants : dict
        From a name without gradient to its id.
    cuts : dict
        From a name without gradient to the named tensor that it was cut off from.
    origins : dict
        From a name with gradient to the id of its node and which output it is.

    Raises
    ------
    InputError
        If there are more than 500 nodes.
    """

    def __init__(self, output: Tensor, named: Mapping[str, Tensor]) -> None:
        self.named = named
        self.ids: dict[Any, str] = {}
        root, _ = _origin(output)
        self._visit([root])
        self.end = self.ids[root]
        origins = {name: _origin(it) for name, it in named.items() if it.requires_grad}
        self._visit([origin for origin, _ in origins.values()])
        self.origins = {name: (self.ids[node], nr) for name, (node, nr) in origins.items()}
        self.cuts = self._cuts()
        others = [name for name, it in named.items() if not it.requires_grad]
        used = {it.tensor for node in self.ids for it in self.saved(node)}
        shown = [name for name in others if name in used or name in self.cuts]
        self.constants = {name: f"n{len(self.ids) + k}" for k, name in enumerate(shown)}

    def _visit(self, roots: Iterable[Any]) -> None:
        waiting = deque(roots)
        while waiting:
            node = waiting.popleft()
            if node in self.ids:
                continue
            if len(self.ids) == MAX_NODES:
                text = N_(
                    "the graph that torch recorded has more than {most} functions; "
                    "choose values that need fewer operations"
                )
                raise InputError("autograd.nodes", text, most=MAX_NODES)
            self.ids[node] = f"n{len(self.ids)}"
            waiting.extend(below for below, _ in node.next_functions if below is not None)

    def _cuts(self) -> dict[str, str]:
        found = {}
        for name, tensor in self.named.items():
            if not tensor.requires_grad and tensor.numel():
                for other, whole in self.named.items():
                    if whole.requires_grad and _same_memory(tensor, whole):
                        found[name] = other
                        break
        return found

    def saved(self, node: Any) -> list[SavedValue]:
        """Return what a node saved, in the order of names.

        Raises
        ------
        ValueError
            If it keeps nothing any more: the graph was freed, or a tensor was changed in place.
        """
        found = []
        for attribute in sorted(it for it in dir(node) if it.startswith("_saved_")):
            try:
                value = getattr(node, attribute)
            except RuntimeError as error:
                raise ValueError(f"{type(node).__name__} keeps nothing any more: {error}") from None
            tensor = self._name_of(value) if isinstance(value, Tensor) else ""
            found.append(SavedValue(attribute.removeprefix("_saved_"), _plain(value), tensor))
        return found

    def _name_of(self, tensor: Tensor) -> str:
        """Return the name of a saved tensor: the same object, or the same output of a node."""
        for name, other in self.named.items():
            if other is tensor:
                return name
        if not tensor.requires_grad:
            return ""
        for name, other in self.named.items():
            if other.requires_grad and _origin(other) == _origin(tensor):
                return name
        return ""


def _origin(tensor: Tensor) -> tuple[Any, int]:
    """Return the node that made a tensor or collects its gradient, and which output it is."""
    edge = torch.autograd.graph.get_gradient_edge(tensor)
    return edge.node, edge.output_nr


def _same_memory(one: Tensor, other: Tensor) -> bool:
    same_layout = one.shape == other.shape and one.stride() == other.stride()
    return same_layout and one.data_ptr() == other.data_ptr()


def _plain(value: Any) -> Any:
    """Return a saved value without torch in it."""
    if isinstance(value, Tensor):
        check_size(value)
        return own(value)
    if isinstance(value, list | tuple):
        return tuple(map(_plain, value))
    if isinstance(value, int) and value >= _LARGEST_SIGNED:
        return value - 2 * _LARGEST_SIGNED  # torch shows a dimension of -1 without its sign
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def own(tensor: Tensor) -> npt.NDArray[Any]:
    """Copy a tensor in its own dtype, shape and all, as a read-only array.

    Examples
    --------
    >>> own(torch.tensor([1, 2]))
    array([1, 2])
    """
    array = tensor.detach().numpy()
    return frozen(array, array.dtype)


def check_size(tensor: Tensor) -> None:
    """Check that a tensor is small enough for a record.

    Raises
    ------
    InputError
        If it has more than 10000 numbers.

    Examples
    --------
    >>> check_size(torch.zeros(200, 100))
    Traceback (most recent call last):
    ...
    backprop_studio.core.base.errors.InputError: The graph has a tensor of 20000 numbers; up to \
10000 are shown.
    """
    if tensor.numel() > MAX_ELEMENTS:
        text = N_("the graph has a tensor of {found} numbers; up to {most} are shown")
        raise InputError("autograd.elements", text, found=tensor.numel(), most=MAX_ELEMENTS)
