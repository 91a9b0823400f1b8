"""The fully connected layers of a torch module, and what stands between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import torch
from torch import fx, nn
from torch.nn import functional as F  # noqa: N812 (torch's own name for it)

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

_SETTINGS: dict[type[nn.Module], tuple[str, dict[str, Any]]] = {
    nn.Identity: ("identity", {}),
    nn.ReLU: ("relu", {}),
    nn.LeakyReLU: ("leaky_relu", {"negative_slope": 0.01}),
    nn.Sigmoid: ("sigmoid", {}),
    nn.Tanh: ("tanh", {}),
    nn.GELU: ("gelu", {"approximate": "none"}),
    nn.Softplus: ("softplus", {"beta": 1.0, "threshold": 20.0}),
}
"""Activations, and the settings with which they are core's."""

_FUNCTIONS: dict[Any, str] = {
    torch.relu: "relu",
    F.relu: "relu",
    F.leaky_relu: "leaky_relu",
    torch.sigmoid: "sigmoid",
    F.sigmoid: "sigmoid",
    torch.tanh: "tanh",
    F.tanh: "tanh",
    F.gelu: "gelu",
    F.softplus: "softplus",
}
_METHODS = {"relu": "relu", "sigmoid": "sigmoid", "tanh": "tanh"}
_FLATTEN = "flatten"


@dataclass
class Layer:
    """A fully connected layer with the activation behind it; None is none.

    Attributes
    ----------
    name : str
    linear : nn.Linear
        The user's own, or one into which batch norm is folded.
    activation : str or None
    own : nn.Linear
        The user's own.
    norm : str
        The batch norm that is folded into it; empty if there is none.
    """

    name: str
    linear: nn.Linear
    activation: str | None = None
    own: nn.Linear = field(init=False)
    norm: str = ""

    def __post_init__(self) -> None:
        self.own = self.linear

    def fold(self, name: str, norm: nn.BatchNorm1d) -> None:
        """Take a batch norm that stands behind it into its weights and biases.

        Where it is evaluated it only multiplies and adds, and so does the layer.
        """
        assert norm.running_mean is not None
        assert norm.running_var is not None
        with torch.no_grad():
            scale = (norm.running_var.double() + norm.eps).rsqrt()
            if norm.weight is not None:
                scale = scale * norm.weight.double()
            bias = 0.0 if self.linear.bias is None else self.linear.bias.double()
            shift = (bias - norm.running_mean.double()) * scale
            if norm.bias is not None:
                shift = shift + norm.bias.double()
            # Not from a new module's own start, which would draw random numbers.
            found = nn.Linear.__new__(nn.Linear)
            nn.Module.__init__(found)
            found.in_features = self.linear.in_features
            found.out_features = self.linear.out_features
            found.weight = nn.Parameter(self.linear.weight.double() * scale[:, None])
            found.bias = nn.Parameter(shift)
        self.linear, self.norm = found, name


def layers_of(model: nn.Module) -> tuple[list[Layer], bool]:
    """Return a module's layers in their order, and whether it flattens what it is given.

    Raises
    ------
    InputError
        If something in it cannot be shown; the message names it, and the part that can be.

    Examples
    --------
    >>> found, flattens = layers_of(nn.Sequential(nn.Flatten(), nn.Linear(2, 3), nn.Tanh()))
    >>> [(it.name, it.activation) for it in found], flattens
    ([('1', 'tanh')], True)
    """
    layers: list[Layer] = []
    flattens = False
    for name, step in _steps(model, layers):
        if isinstance(step, nn.Linear):
            if any(it.own is step for it in layers):
                raise _unshown(
                    name, "Linear", layers, Message.of("model.twice", N_("it is used twice"))
                )
            layers.append(Layer(name, step))
        elif isinstance(step, nn.BatchNorm1d):
            _check_norm(name, step, layers)
            layers[-1].fold(name, step)
        elif step == _FLATTEN:
            flattens = flattens or not layers
        elif not layers or layers[-1].activation is not None:
            raise _unshown(
                name,
                step,
                layers,
                Message.of(
                    "model.no_layer_before", N_("no fully connected layer stands before it")
                ),
            )
        elif step != "identity":
            layers[-1].activation = step
    if not layers:
        raise InputError("model.no_layers", N_("the model has no fully connected layer"))
    return layers, flattens


def _check_norm(name: str, norm: nn.BatchNorm1d, layers: list[Layer]) -> None:
    """Refuse a batch norm that is no part of the layer before it."""
    why = None
    if not layers or layers[-1].activation is not None or layers[-1].norm:
        text = N_("it does not stand right behind a fully connected layer")
        why = Message.of("model.norm_place", text)
    elif norm.training or norm.running_mean is None:
        text = N_("it normalises by the batch; call eval() of the model first")
        why = Message.of("model.norm_training", text)
    if why is not None:
        raise _unshown(name, type(norm).__name__, layers, why)


_Step: TypeAlias = "nn.Linear | nn.BatchNorm1d | str"


def _steps(model: nn.Module, layers: list[Layer]) -> Iterator[tuple[str, _Step]]:
    """Yield what the model does in turn: a layer, the name of an activation, or flatten."""
    wrapped = nn.Sequential(model)
    try:
        graph = fx.Tracer().trace(wrapped)
    except Exception as error:  # whatever a user's forward may raise for a stand-in of a tensor
        text = N_("the model's forward cannot be followed by torch.fx: {reason}")
        raise InputError("model.untraced", text, reason=str(error).split("\n")[0]) from error
    before: fx.Node | None = None
    for node in graph.nodes:
        if node.op == "output":
            if node.args[0] is not before:
                raise _unshown(
                    "forward",
                    "output",
                    layers,
                    Message.of("model.not_last", N_("it is not the last layer's")),
                )
            continue
        name = str(node.target) if node.op == "call_module" else node.name
        name = name.removeprefix("0.")
        if node.op == "placeholder":
            if before is not None:
                raise _unshown(
                    name, "input", layers, Message.of("model.inputs", N_("the model takes several"))
                )
        elif node.all_input_nodes != [before]:
            raise _unshown(
                name,
                _kind(node, wrapped),
                layers,
                Message.of("model.no_chain", N_("it takes more than one value")),
            )
        else:
            found = _step(node, wrapped, name, layers)
            if found is not None:
                yield name, found
        before = node


def _kind(node: fx.Node, model: nn.Module) -> str:
    if node.op == "call_module":
        return type(model.get_submodule(str(node.target))).__name__
    return getattr(node.target, "__name__", str(node.target))


def _step(node: fx.Node, model: nn.Module, name: str, layers: list[Layer]) -> _Step | None:
    if node.op == "call_module":
        return _of_module(model.get_submodule(str(node.target)), name, layers)
    kind = _kind(node, model)
    given: dict[Any, Any] = {**dict(enumerate(node.args[1:])), **node.kwargs}
    given.pop("inplace", None)
    if kind == _FLATTEN and given in ({0: 1}, {"start_dim": 1}):
        return _FLATTEN
    if kind == "dropout" and given.get("training", given.get(1, True)) is False:
        return None
    known = _METHODS.get(kind) if node.op == "call_method" else _FUNCTIONS.get(node.target)
    if known is None or given:
        raise _unshown(name, kind, layers)
    return known


def _of_module(module: nn.Module, name: str, layers: list[Layer]) -> _Step | None:
    kind = type(module)
    if module._forward_hooks or module._forward_pre_hooks or module._backward_hooks:
        raise _unshown(name, kind.__name__, layers, Message.of("model.hooks", N_("it has hooks")))
    if kind in (nn.Linear, nn.BatchNorm1d):
        return module  # type: ignore[return-value]
    if isinstance(module, nn.Flatten) and [module.start_dim, module.end_dim] == [1, -1]:
        return _FLATTEN
    if kind is nn.Dropout:
        if module.training and module.p:
            text = N_("it drops values by chance; call eval() of the model first")
            raise _unshown(name, kind.__name__, layers, Message.of("model.training", text))
        return None
    if kind not in _SETTINGS:
        raise _unshown(name, kind.__name__, layers)
    activation, settings = _SETTINGS[kind]
    for setting, value in settings.items():
        if getattr(module, setting) != value:
            text = N_("its {setting} is {found}, and can be {allowed} only")
            fields = {"setting": setting, "found": str(getattr(module, setting))}
            why = Message.of("model.module_setting", text, allowed=str(value), **fields)
            raise _unshown(name, kind.__name__, layers, why)
    return activation


def _unshown(name: str, kind: str, layers: list[Layer], why: Message | None = None) -> InputError:
    """Return that a module cannot be shown, why, and which part of the model can be."""
    usual = N_("only fully connected layers and their activations can be shown")
    reason = why or Message.of("model.kinds", usual)
    given: dict[str, Any] = {"module": name, "kind": kind, "reason": reason}
    if not layers:
        text = N_("the module {module} ({kind}) cannot be shown: {reason}")
        return InputError("model.module", text, **given)
    text = N_(
        "the module {module} ({kind}) cannot be shown: {reason}; the part before it can, with "
        "{part}"
    )
    return InputError("model.part", text, **given, part=listed(it.name for it in layers))
