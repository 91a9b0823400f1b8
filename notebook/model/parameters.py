"""From a torch model with its batch, loss and optimizer to the parameters of a scene."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, listed
from backprop_studio.notebook.model.layers import Layer, layers_of
from backprop_studio.notebook.model.rules import (
    kept_samples,
    loss_of,
    memory_of,
    optimizer_of,
    shares_of,
)

_PARTS = ("inputs", "targets", "loss")


def model_parameters(model: object, given: dict[str, Any]) -> tuple[dict[str, Any], list[Message]]:
    """Return a scene's parameters with a model's weights, batch, loss and optimizer in them.

    Nothing of the user's is changed: neither the model nor the optimizer nor torch's random state.

    Parameters
    ----------
    model : nn.Module
        Fully connected.
    given : dict
        With ``inputs``, ``targets`` and ``loss``, and ``optimizer`` if there is one; what else is
        in it are parameters of the scene.

    Returns
    -------
    dict, list of Message
        The parameters, and what is to be said of them: what is folded or left out.

    Raises
    ------
    InputError
        If something of it cannot be shown; the message names it.

    Examples
    --------
    >>> x, y = torch.ones(1, 2), torch.zeros(1, 1)
    >>> given = {"inputs": x, "targets": y, "loss": nn.MSELoss(), "steps": 3}
    >>> parameters, remarks = model_parameters(nn.Linear(2, 1), given)
    >>> sorted(parameters), remarks
    (['data', 'network', 'optimizer', 'steps'], [])
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
    precision = _precision(layers, inputs, targets)
    remarks = _folds(layers)
    kept = kept_samples(loss, targets)
    if kept is not None:
        text = N_("samples whose targets the loss ignores are left out: {count}")
        remarks.append(Message.of("model.left_out", text, count=int((~kept).sum())))
        inputs, targets = inputs[kept], targets[kept]
    data = {"inputs": _plain("inputs", inputs), "targets": _plain("targets", targets)}
    rules = _rules(optimizer, layers, precision)
    return {**rest, **rules, "network": network, "data": data}, remarks


def _folds(layers: list[Layer]) -> list[Message]:
    """Return where gradients shown are not those of the user's own tensors."""
    text = N_(
        "the batch norm {module} is folded into the layer {layer}: gradients and the step are "
        "those of the folded weights"
    )
    folded = [layer for layer in layers if layer.norm]
    return [Message.of("model.folded", text, module=it.norm, layer=it.name) for it in folded]


def _precision(layers: list[Layer], inputs: torch.Tensor, targets: torch.Tensor) -> str:
    """Return in which precision the model computes, if all of it computes in the same."""
    own = [it for layer in layers for it in (layer.own.weight, layer.own.bias) if it is not None]
    kinds = list(dict.fromkeys(_kind(it) for it in own))
    if len(kinds) > 1 or kinds[0] not in {"float32", "float64"}:
        text = N_("the model computes in {found}; float32 or float64 can be shown")
        raise InputError("model.precision", text, found=listed(kinds))
    numbers = {"inputs": inputs} | ({"targets": targets} if targets.is_floating_point() else {})
    for name, tensor in numbers.items():
        if _kind(tensor) != kinds[0]:
            text = N_("{field} has the dtype {found}; expected {expected}, as the model has it")
            fields = {"found": _kind(tensor), "expected": kinds[0]}
            raise InputError("model.dtype", text, field=name, **fields)
    # Folded weights are other numbers: float32 would only round them.
    return "float64" if any(layer.norm for layer in layers) else kinds[0]


def _kind(tensor: torch.Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")


def _rules(optimizer: Any, layers: list[Layer], precision: str) -> dict[str, Any]:
    """Return how a step is made: by which rule, with which memory, in which precision."""
    rules = {} if optimizer is None else optimizer_of(optimizer)
    own = dict(rules.get("optimizer", {}))
    if optimizer is not None:
        tensors = [it for layer in layers for it in (layer.own.weight, layer.own.bias)]
        own |= memory_of(optimizer, tensors)
        folded = [layer.norm for layer in layers if layer.norm]
        if folded and "memory" in own:
            text = N_(
                "the optimizer remembers steps of the layer before {module}, a batch norm that is "
                "folded into it; give a new optimizer"
            )
            raise InputError("model.norm_memory", text, module=folded[0])
    if precision == "float32":
        own["precision"] = precision
    return rules | ({"optimizer": own} if own else {})


def _network(layers: list[Layer], loss: str, reduction: str, module: object) -> dict[str, Any]:
    hidden = [it.activation or "identity" for it in layers[:-1]]
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
    found |= shares_of(module)
    if type(module) is nn.BCELoss:
        found["logits"] = False
    if len(set(hidden)) > 1:
        return found | {"activations": hidden}
    return found | ({"activation": hidden[0]} if hidden else {})


def _trained(layers: list[Layer], optimizer: object) -> dict[str, Any]:
    """Return which parameters a step moves, if it is not all of them."""
    groups = getattr(optimizer, "param_groups", None)
    moved = None if groups is None else {id(it) for group in groups for it in group["params"]}
    names, count = [], 0
    for number, layer in enumerate(layers, start=1):
        for kind in ("weight", "bias"):
            tensor = getattr(layer.own, kind)
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
