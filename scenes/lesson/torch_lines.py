"""The torch line that is being executed, for each moment of a training step.

The lines of a lesson run as they stand, one after the other, and come to the lesson's numbers: a
test types them in. What they name and do not make is what the lesson was given.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from backprop_studio.core.answer_sheet import look_up
from backprop_studio.core.network.optimizers import OptimizerSpec
from backprop_studio.core.network.spec import NetworkSpec
from backprop_studio.scenes.lesson.numbers import code_text, exact_text
from backprop_studio.scenes.lesson.writer import Writer

BATCH = "x, t = batch"
BACKWARD = "loss.backward()"
STEP_LINE = "opt.zero_grad(); f(w).backward(); opt.step()"
"""Of a weight, or a point w on a surface, whose height is f."""

LONGEST = 88
"""Characters that fit the card."""

MORE = "more"
"""Layers that are not written."""

_MODULES = {
    "relu": "ReLU",
    "leaky_relu": "LeakyReLU",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "gelu": "GELU",
    "softplus": "Softplus",
}
_LOSSES = {
    "cross_entropy": "F.cross_entropy",
    "mse": "F.mse_loss",
    "half_squared_error": "F.mse_loss",
    "binary_cross_entropy": "F.binary_cross_entropy_with_logits",
}


def fitted(line: str, shorter: str) -> str:
    """Return a line, or a shorter one that says the same where the card is too narrow."""
    return line if len(line) <= LONGEST else shorter


def leaf_line(
    writer: Writer, name: str, path: str, size: int | None = None, *, behind: str = ""
) -> str:
    """Return the line that makes a tensor of what the user gave, to the last digit.

    What has no room is named and not written.

    Parameters
    ----------
    name : str
        Of the tensor, and of what it is made of.
    path : str
        Of the number in the answer sheet.
    size : int, optional
        Of a list of numbers.
    behind : str
        More code in the same line.
    """
    paths = [path] if size is None else [f"{path}.{k}" for k in range(size)]
    texts = [exact_text(look_up(writer.sheet, it)) for it in paths]
    written = ", ".join(code_text(it, is_real=True) for it in texts)
    line, behind = f"{name} = torch.tensor(", f", requires_grad=True){behind}"
    whole = f"{line}{written if size is None else f'[{written}]'}{behind}"
    if len(whole) > LONGEST:
        return f"{line}{name}{behind}"
    for it in paths:
        writer.exact(it)
    return whole


def model_line(network: NetworkSpec) -> str:
    """Return the line that builds the network, where the card ends with a name for the rest."""
    modules = []
    layers = zip(network.sizes, network.sizes[1:], network.activations, strict=False)
    for n_in, n_out, activation in layers:
        modules.append(f"Linear({n_in}, {n_out})")
        if activation != "identity":
            modules.append(f"{_MODULES[activation]}()")
    text = f"model = Sequential({', '.join(modules)})"
    while len(text) > LONGEST:
        modules.pop()
        text = f"model = Sequential({', '.join(modules)}, *{MORE})"
    return text


def forward_line(network: NetworkSpec, layer: int) -> str:
    """Return the line that computes a layer, counted from 1."""
    source = "x" if layer == 1 else f"a{layer - 1}"
    line = f"z{layer} = {source} @ W{layer}.T + b{layer}"
    activation = network.activations[layer - 1]
    if activation == "identity":
        return line
    module = "torch" if activation in {"relu", "sigmoid", "tanh"} else "F"
    return f"{line}; a{layer} = {module}.{activation}(z{layer})"


OPTIMIZER_CLASSES = {"adagrad": "Adagrad", "rmsprop": "RMSprop", "adam": "Adam", "adamw": "AdamW"}


_USUAL: dict[str, Any] = {
    **{"momentum": 0.0, "alpha": 0.99, "lr_decay": 0.0, "beta1": 0.9, "beta2": 0.999},
    **{"eps": 1e-8, "weight_decay": 0.0},
}
_USUALLY = {"adagrad": {"eps": 1e-10}, "adamw": {"weight_decay": 0.01}}
"""What torch takes where a line says nothing, and where it is another for one optimizer."""


def optimizer_call(
    optimizer: OptimizerSpec,
    writer: Writer,
    path: str,
    *,
    rate: str = "",
    weights: str = "",
    always: str = "",
) -> str:
    """Return the call that makes an optimizer, with all that differs from torch's own defaults.

    Parameters
    ----------
    path : str
        Where its numbers stand in the answer sheet.
    rate : str
        Where its learning rate stands, if not there.
    weights : str
        Its first argument; without one the call tells what an optimizer is.
    always : str
        A number that is written also where it is torch's own.
    """
    usual = _USUAL | _USUALLY.get(optimizer.name, {})

    def number(name: str) -> str:
        return code_text(writer.exact(f"{path}.{name}"))

    def is_own(name: str) -> bool:
        return getattr(optimizer, name) not in {None, usual[name]} or name == always

    words = [weights] if weights else []
    words.append(f"lr={code_text(writer.exact(rate or f'{path}.learning_rate'))}")
    words += [
        f"{name}={number(name)}" for name in ("momentum", "alpha", "lr_decay") if is_own(name)
    ]
    if is_own("beta1") or is_own("beta2"):
        words.append(f"betas=({number('beta1')}, {number('beta2')})")
    words += [f"{name}={number(name)}" for name in filter(is_own, ("eps", "weight_decay"))]
    words += ["nesterov=True"] if optimizer.name == "nesterov" else []
    return f"{OPTIMIZER_CLASSES.get(optimizer.name, 'SGD')}({', '.join(words)})"


def step_line(optimizer: OptimizerSpec, writer: Writer) -> str:
    """Return the line that moves the weights, with what is behind ``opt``."""
    group = writer.sheet["parameters"].get("network") or {}
    trained = _entries_of(group.get("train") or ())
    while True:
        weights = f"[{', '.join(trained)}]" if trained else ""
        call = optimizer_call(optimizer, writer, "optimizer", rate="learning_rate", weights=weights)
        line = f"opt.step()  # {call}"
        if len(line) <= LONGEST or len(trained) < 2:
            return line
        trained = [*trained[: -1 - (trained[-1] == "...")], "..."]


def _entries_of(names: Iterable[str]) -> list[str]:
    """Return what parameters such as ``2.bias.1`` are called in code: ``b2[0]``."""
    found = []
    for name in names:
        layer, *rest = name.split(".")
        letters = {"weight": "W", "bias": "b"}
        kinds = [rest.pop(0)] if rest else list(letters)
        place = f"[{', '.join(str(int(it) - 1) for it in rest)}]" if rest else ""
        found += [f"{letters[kind]}{layer}{place}" for kind in kinds]
    return found


def again_line(network: NetworkSpec, steps: int = 0) -> str:
    """Return one more step of training on the same batch, or the loop over several."""
    loss = loss_line(network, by_model=True).removeprefix("loss = ")
    loss = f"({loss})" if " / " in loss else loss
    head = f"for _ in range({steps}): " if steps else ""
    line = f"{head}opt.zero_grad(); {{}}.backward(); opt.step()"
    return fitted(line.format(loss), line.format("loss_fn(model(x), t)"))


def loss_line(network: NetworkSpec, *, by_model: bool = False) -> str:
    """Return the line that computes the loss, of the last layer or of the model as a whole."""
    last = len(network.sizes) - 1
    is_identity = network.activations[-1] == "identity"
    # Of binary cross-entropy torch has one that takes z, which is exact where a is nearly 0 or 1.
    takes_z = is_identity or (network.loss == "binary_cross_entropy" and network.logits)
    outputs = f"{'z' if takes_z else 'a'}{last}"
    if by_model:
        outputs = "model(x)" if is_identity or not takes_z else "model[:-1](x)"
    return "loss = " + _loss_call(network, outputs)


def _loss_call(network: NetworkSpec, outputs: str) -> str:
    """Return the loss of outputs; torch has no mean over samples of a sum over outputs."""
    name = _LOSSES[network.loss]
    if not network.logits:
        name = name.removesuffix("_with_logits")
    more = "" if network.class_weights is None else ", weight=w"
    if network.label_smoothing:
        more += f", label_smoothing={network.label_smoothing:g}"
    mean = f"{name}({outputs}, t{more})"
    total = f'{mean[:-1]}, reduction="sum")'
    by_sample = f"{total} / len(t)"
    if _LOSSES[network.loss] == "F.mse_loss":
        by_sample = f"(({outputs} - t) ** 2).sum(1).mean()"
    if network.loss == "cross_entropy":  # of each sample one number
        by_sample = mean
    call = {"mean": mean, "samples": by_sample, "sum": total}[network.reduction or "mean"]
    return f"{call} / 2" if network.half else call
