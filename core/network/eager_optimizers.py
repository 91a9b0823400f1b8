"""torch.optim's optimizers without torch's compiler.

The first optimizer of a process, and its first step, make torch load its whole compiler, only to
tell it to keep out: as long as loading torch itself, in front of the first picture of every
command. Nothing here is ever compiled. The classes below are torch.optim's own with these guards
taken off, which leave what they guard on ``__wrapped__``; every number is computed by torch's code.
"""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Callable

_GUARDED = ("add_param_group", "zero_grad", "state_dict", "load_state_dict")
"""What torch keeps its compiler out of, beside the step."""


@functools.cache
def eager(kind: type[torch.optim.Optimizer]) -> Callable[..., torch.optim.Optimizer]:
    """Return an optimizer class that does as another does, to the last bit, and loads no compiler.

    Parameters
    ----------
    kind : type
        A class of torch.optim.

    Returns
    -------
    type
        Of the same name; the class itself from a torch that has no such guards, or other ones.

    Examples
    --------
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = eager(torch.optim.SGD)([w], lr=0.1)
    >>> optimizer
    SGD (
    Parameter Group 0
        dampening: 0
        differentiable: False
        foreach: None
        fused: None
        lr: 0.1
        maximize: False
        momentum: 0
        nesterov: False
        weight_decay: 0
    )
    """
    bare = {name: inspect.unwrap(getattr(kind, name)) for name in ("step", *_GUARDED)}
    if any(method is getattr(kind, name) for name, method in bare.items()):
        return kind
    update = bare["step"]

    def step(self: torch.optim.Optimizer, closure: Any = None) -> Any:
        """Update the parameters, recorded for gradients or not as the guard around it says."""
        with torch.set_grad_enabled(self.defaults["differentiable"]):
            return update(self, closure)

    return type(kind.__name__, (kind,), {**bare, "step": step})
