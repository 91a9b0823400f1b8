"""From a torch model with its batch, loss and optimizer to the parameters of a scene."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import listed
from backprop_studio.notebook.model.layers import Layer, layers_of
from backprop_studio.notebook.model.rules import loss_of, optimizer_of

_PARTS = ("inputs", "targets", "loss")


def model_parameters(model: object, given: dict[str, Any]) -> dict[str, Any]:
    """Return a scene's parameters with a model's weights, batch, loss and optimizer in them.

    Nothing of the user's is changed: neither the model nor the optimizer nor torch's random state.

    Parameters
    ----------
    model : nn.Module
        Fully connected.
    given : dict
        With ``inputs``, ``targets`` and ``loss``, and ``optimizer`` if there is one; what else is
        in it are parameters of the scene.

    Raises
    ------
    InputError
        If something of it cannot be shown; the message names it.

    Examples
    --------
    >>> x, y = torch.ones(1, 2), torch.zeros(1, 1)
    >>> given = {"inputs": x, "targets": y, "loss": nn.MSELoss(), "steps": 3}
    >>> sorted(model_parameters(nn.Linear(2, 1), given))
    ['data', 'network', 'steps']
    """
    if not isinstance(model, nn.Module):
        text = N_("wrong value for model: a {kind}; expected a module of torch")
        raise InputError("model.kind", text, kind=type(model).__name__)
    rest = dict(given)
    missing = [name for name in _PARTS if rest.get(name) is None]
    if missing:
        text = N_("with a model give its {names} too")
        raise InputError("model.incomplete", text, names=listed(missing))
    inputs, targets, loss = (rest.pop(name) for name in _PARTS)
    for name, value in (("inputs", inputs), ("targets", targets)):
        if not isinstance(value, torch.Tensor):
            text = N_("wrong value for {field}: a {kind}; expected a tensor")
            raise InputError("model.tensor", text, field=name, kind=type(value).__name__)
    state = torch.get_rng_state()
    try:
        layers, flattens = layers_of(model)
    finally:
        torch.set_rng_state(state)
    name, reduction = loss_of(loss, targets)
    optimizer = rest.pop("optimizer", None)
    network = _network(layers, name, reduction, loss) | _trained(layers, optimizer)
    if flattens:
        inputs = inputs.flatten(1) if inputs.dim() > 1 else inputs
    _check_shape("inputs", inputs, (len(inputs), layers[0].linear.in_features))
    outputs = (len(inputs), layers[-1].linear.out_features)
    _check_shape("targets", targets, outputs[:1] if name == "cross_entropy" else outputs)
    data = {"inputs": _plain("inputs", inputs), "targets": _plain("targets", targets)}
    rules = {} if optimizer is None else optimizer_of(optimizer)
    return {**rest, **rules, "network": network, "data": data}


def _network(layers: list[Layer], loss: str, reduction: str, module: object) -> dict[str, Any]:
    hidden = list(dict.fromkeys(it.activation or "identity" for it in layers[:-1]))
    if len(hidden) > 1:
        text = N_("the hidden layers have {names} as activations; a lesson shows one for all")
        raise InputError("model.activations", text, names=listed(hidden))
    output = layers[-1].activation or "identity"
    if isinstance(module, nn.BCEWithLogitsLoss):
        if output != "identity":
            text = N_("BCEWithLogitsLoss takes what no activation has changed, found {activation}")
            raise InputError("model.logits", text, activation=output)
        output = "sigmoid"  # which this loss applies itself
    biases = [it.linear.bias for it in layers]
    found: dict[str, Any] = {
        "weights": [_plain(f"{it.name}.weight", it.linear.weight) for it in layers],
        "biases": [
            [0.0] * it.linear.out_features if bias is None else _plain(f"{it.name}.bias", bias)
            for it, bias in zip(layers, biases, strict=True)
        ],
        "layout": "out_in",
        "output_activation": output,
        "loss": loss,
        "reduction": reduction,
    }
    return found | ({"activation": hidden[0]} if hidden else {})


def _trained(layers: list[Layer], optimizer: object) -> dict[str, Any]:
    """Return which parameters a step moves, if it is not all of them."""
    groups = getattr(optimizer, "param_groups", None)
    moved = None if groups is None else {id(it) for group in groups for it in group["params"]}
    names, count = [], 0
    for number, layer in enumerate(layers, start=1):
        for kind in ("weight", "bias"):
            tensor = getattr(layer.linear, kind)
            count += 1
            is_moved = tensor is not None and (moved is None or id(tensor) in moved)
            if is_moved and tensor.requires_grad:
                names.append(f"{number}.{kind}")
    if not names:
        text = N_("no weight or bias of the model both requires a gradient and is in the optimizer")
        raise InputError("model.frozen", text)
    return {} if len(names) == count else {"train": names}


def _check_shape(name: str, tensor: torch.Tensor, expected: tuple[int, ...]) -> None:
    if tuple(tensor.shape) != expected:
        text = N_("{field} has the shape {found}; expected {expected}")
        shapes = {"found": str(tuple(tensor.shape)), "expected": str(expected)}
        raise InputError("model.shape", text, field=name, **shapes)


def _plain(name: str, tensor: torch.Tensor) -> Any:
    """Return a tensor's numbers as lists; float32 becomes the same number in float64."""
    try:
        return tensor.detach().cpu().tolist()
    except (RuntimeError, NotImplementedError) as error:
        text = N_("{field} is on the device {device}, where its numbers cannot be read")
        raise InputError("model.device", text, field=name, device=str(tensor.device)) from error
