"""The loss and the optimizer of a torch program, as parameters have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LOSSES: dict[type[nn.Module], tuple[str, dict[str, Any]]] = {
    nn.MSELoss: ("mse", {}),
    nn.CrossEntropyLoss: ("cross_entropy", {}),
    nn.BCELoss: ("binary_cross_entropy", {"weight": None}),
    nn.BCEWithLogitsLoss: ("binary_cross_entropy", {"weight": None, "pos_weight": None}),
}

_MEMORIES: dict[type[Any], tuple[str, ...]] = {
    torch.optim.SGD: ("momentum_buffer",),
    torch.optim.Adagrad: ("sum",),
    torch.optim.RMSprop: ("square_avg",),
    torch.optim.Adam: ("exp_avg", "exp_avg_sq"),
    torch.optim.AdamW: ("exp_avg", "exp_avg_sq"),
}
"""Of each optimizer the vectors that it remembers, in the order in which core has them."""

_SAME = {"maximize": False, "differentiable": False}
_OPTIMIZERS: dict[type[torch.optim.Optimizer], tuple[str, tuple[str, ...], dict[str, Any]]] = {
    torch.optim.SGD: ("sgd", ("weight_decay",), {"dampening": 0}),
    torch.optim.Adagrad: ("adagrad", ("lr_decay", "eps", "weight_decay"), {}),
    torch.optim.RMSprop: (
        "rmsprop",
        ("alpha", "eps", "weight_decay"),
        {"momentum": 0, "centered": False},
    ),
    torch.optim.Adam: (
        "adam",
        ("eps", "weight_decay"),
        {"amsgrad": False, "decoupled_weight_decay": False},
    ),
    torch.optim.AdamW: (
        "adamw",
        ("eps", "weight_decay"),
        {"amsgrad": False, "decoupled_weight_decay": True},
    ),
}
"""Of each optimizer its name, the numbers it takes, and what they cannot be shown without."""

_LOOSE = {
    "params",
    "lr",
    "betas",
    "initial_lr",
    "foreach",
    "fused",
    "capturable",
    "initial_accumulator_value",
    "nesterov",
    "momentum",
}
"""Read elsewhere, or of no effect on the numbers."""


def loss_of(loss: object, targets: torch.Tensor) -> tuple[str, str]:
    """Return the name and the reduction of a loss module.

    Raises
    ------
    InputError
        If it is none that can be shown, or has settings that cannot.

    Examples
    --------
    >>> loss_of(nn.CrossEntropyLoss(reduction="sum"), torch.tensor([0, 1]))
    ('cross_entropy', 'sum')
    """
    kind: Any = type(loss)
    if kind not in _LOSSES:
        text = N_("the loss {kind} cannot be shown; known are {names}")
        names = listed(it.__name__ for it in _LOSSES)
        raise InputError("model.loss", text, kind=_name(loss), names=names)
    name, settings = _LOSSES[kind]
    for setting, value in settings.items():
        found = getattr(loss, setting)
        if found is not value and (value is None or found != value):
            raise _setting(kind.__name__, setting, "set" if value is None else found)
    reduction = str(loss.reduction)  # type: ignore[attr-defined]
    if reduction == "none":
        text = N_("{kind} with reduction='none' is no single number; choose mean or sum")
        raise InputError("model.scalar", text, kind=kind.__name__)
    if name == "cross_entropy" and targets.is_floating_point():
        text = N_("CrossEntropyLoss can be shown with class indices as targets only")
        raise InputError("model.class_targets", text)
    return name, reduction


def shares_of(loss: object) -> dict[str, Any]:
    """Return class weights and label smoothing of a loss as a network's parameters.

    Examples
    --------
    >>> shares_of(nn.CrossEntropyLoss(torch.ones(2), label_smoothing=0.5))
    {'class_weights': [1.0, 1.0], 'label_smoothing': 0.5}
    """
    if not isinstance(loss, nn.CrossEntropyLoss):
        return {}
    found: dict[str, Any] = {}
    if loss.weight is not None:
        found["class_weights"] = loss.weight.detach().cpu().tolist()
    if loss.label_smoothing:
        found["label_smoothing"] = float(loss.label_smoothing)
    return found


def kept_samples(loss: object, targets: torch.Tensor) -> torch.Tensor | None:
    """Return which samples a loss does not ignore; None if it ignores none.

    Without the others the loss is the same, and so is every gradient.

    Raises
    ------
    InputError
        If it ignores all.

    Examples
    --------
    >>> kept_samples(nn.CrossEntropyLoss(), torch.tensor([1, -100, 0])).tolist()
    [True, False, True]
    """
    if not isinstance(loss, nn.CrossEntropyLoss):
        return None
    kept = targets != loss.ignore_index
    if bool(kept.all()):
        return None
    if not bool(kept.any()):
        text = N_("{kind} ignores every target: all are {value}")
        kind = type(loss).__name__
        raise InputError("model.ignored", text, kind=kind, value=loss.ignore_index)
    return kept


def optimizer_of(optimizer: object) -> dict[str, Any]:
    """Return ``learning_rate`` and, if it is not plain descent, ``optimizer`` as parameters.

    Raises
    ------
    InputError
        If it is none that can be shown, or has settings that cannot.

    Examples
    --------
    >>> w = torch.ones(1, requires_grad=True)
    >>> optimizer_of(torch.optim.SGD([w], lr=0.5, momentum=0.9))["optimizer"]
    {'name': 'momentum', 'weight_decay': 0.0, 'momentum': 0.9}
    """
    kind: Any = type(optimizer)
    if kind not in _OPTIMIZERS or not isinstance(optimizer, torch.optim.Optimizer):
        text = N_("the optimizer {kind} cannot be shown; known are {names}")
        names = listed(it.__name__ for it in _OPTIMIZERS)
        raise InputError("model.optimizer", text, kind=_name(optimizer), names=names)
    name, taken, settings = _OPTIMIZERS[kind]
    first, *others = optimizer.param_groups
    for setting, value in first.items():
        if setting != "params" and any(other.get(setting) != value for other in others):
            text = N_("the optimizer's groups differ in {setting}, and a lesson has one for all")
            raise InputError("model.groups", text, setting=setting)
    needed = _SAME | settings
    for setting, value in first.items():
        if setting in needed and value != needed[setting]:
            raise _setting(kind.__name__, setting, value)
        if setting not in {*needed, *_LOOSE, *taken}:
            raise _setting(kind.__name__, setting, value)
    return _as_parameters(name, taken, first)


def _as_parameters(name: str, taken: tuple[str, ...], group: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {it: float(group[it]) for it in taken}
    if name == "sgd" and group["momentum"]:
        name = "nesterov" if group["nesterov"] else "momentum"
        given["momentum"] = float(group["momentum"])
    if "betas" in group:
        given["beta1"], given["beta2"] = map(float, group["betas"])
    found: dict[str, Any] = {"learning_rate": float(group["lr"])}
    if name != "sgd" or given["weight_decay"]:
        found["optimizer"] = {"name": name, **given}
    return found


def memory_of(
    optimizer: torch.optim.Optimizer, tensors: Sequence[torch.Tensor | None]
) -> dict[str, Any]:
    """Return what an optimizer remembers of earlier steps as its parameters; empty for nothing.

    Parameters
    ----------
    tensors : sequence of Tensor or None
        W and b of each layer in turn; None stands for a bias that is not there.

    Raises
    ------
    InputError
        If it has made more steps with one tensor than with another.

    Examples
    --------
    >>> w = torch.ones(1, requires_grad=True)
    >>> optimizer = torch.optim.SGD([w], lr=0.5, momentum=0.9)
    >>> memory_of(optimizer, [w, None])
    {}
    >>> (3 * w).sum().backward()
    >>> optimizer.step()
    >>> memory_of(optimizer, [w, None])
    {'memory': [[3.0], []]}
    """
    states = [{} if it is None else optimizer.state.get(it, {}) for it in tensors]
    steps = {int(state["step"]) for state in states if "step" in state}
    if len(steps) > 1:
        text = N_("the optimizer {kind} has made {steps} steps with different tensors")
        raise InputError("model.steps", text, kind=_name(optimizer), steps=listed(sorted(steps)))
    rows = [
        [] if state.get(key) is None else state[key].detach().cpu().reshape(-1).tolist()
        for key in _MEMORIES[type(optimizer)]
        for state in states
    ]
    made = {"made": steps.pop()} if steps else {}
    return {**made, "memory": rows} if any(map(any, rows)) or any(made.values()) else {}


def _setting(kind: str, setting: str, value: object) -> InputError:
    text = N_("{kind} cannot be shown with {setting} = {value}")
    return InputError("model.setting", text, kind=kind, setting=setting, value=str(value))


def _name(thing: object) -> str:
    return getattr(thing, "__name__", type(thing).__name__)
