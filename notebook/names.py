"""The names that somebody's own code has for its tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import FrameType

MOST_ITEMS = 200
"""Of a list whose tensors are called by their places."""

_HISTORY = {"In", "Out", "exit", "quit"}
"""What a notebook keeps beside somebody's own variables."""


def names_in(frame: FrameType) -> dict[str, Tensor]:
    """Return the tensors that code can call by a name where it runs, its own variables first."""
    variables = {**frame.f_locals, **frame.f_globals, **frame.f_locals}
    own = {
        name: value
        for name, value in variables.items()
        if not name.startswith("_") and name not in _HISTORY
    }
    return dict(named(own))


def named(variables: Mapping[str, Any]) -> Iterator[tuple[str, Tensor]]:
    """Yield tensors by their names: alone, in lists and dictionaries, and of modules.

    Examples
    --------
    >>> import torch
    >>> w = torch.ones(1)
    >>> [name for name, _ in named({"w": w, "net": nn.Linear(1, 1), "both": [w, w], "k": 3})]
    ['w', 'net.weight', 'net.bias', 'both[0]', 'both[1]']
    """
    for name, value in variables.items():
        if isinstance(value, Tensor):
            yield name, value
        elif isinstance(value, nn.Module):
            yield from ((f"{name}.{own}", it) for own, it in value.named_parameters())
        elif type(value) in (list, tuple) and len(value) <= MOST_ITEMS:
            found = enumerate(value)
            yield from ((f"{name}[{k}]", it) for k, it in found if isinstance(it, Tensor))
        elif type(value) is dict and len(value) <= MOST_ITEMS:
            pairs = [(key, it) for key, it in value.items() if isinstance(it, Tensor)]
            yield from ((f"{name}[{key!r}]", it) for key, it in pairs)
