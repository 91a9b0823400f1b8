"""The torch line that is being executed, for each moment of a training step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from backprop_studio.core.network.optimizers import OptimizerSpec
from backprop_studio.core.network.spec import NetworkSpec
from backprop_studio.scenes.lesson.numbers import code_text

BATCH = "x, t = batch"
BACKWARD = "loss.backward()"

LONGEST = 88
"""Characters that fit the card."""

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


def reals(numbers: Sequence[str]) -> str:
    """Return printed numbers as Python writes floats; dots where one has a power of ten.

    Examples
    --------
    >>> reals(["−1", "0.5", "..."]), reals(["10^(-9)"])
    ('-1., 0.5, ...', '...')
    """
    if any("^" in it for it in numbers):
        return "..."
    return ", ".join(code_text(it, is_real=True) for it in numbers)


def model_line(network: NetworkSpec) -> str:
    """Return the line that builds the network, cut where the card ends."""
    modules = []
    layers = zip(network.sizes, network.sizes[1:], network.activations, strict=False)
    for n_in, n_out, activation in layers:
        modules.append(f"Linear({n_in}, {n_out})")
        if activation != "identity":
            modules.append(f"{_MODULES[activation]}()")
    text = f"model = Sequential({', '.join(modules)})"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 2]}…)"


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


def step_line(optimizer: OptimizerSpec, given: Callable[[str], str]) -> str:
    """Return the line that moves the weights, with what is behind ``opt``.

    Parameters
    ----------
    given : callable
        See ``LessonScene.given``; it prints the optimizer's numbers from the answer sheet.
    """
    name = OPTIMIZER_CLASSES.get(optimizer.name, "SGD")
    more = ""
    if optimizer.name in {"momentum", "nesterov"}:
        more = f", momentum={code_text(given('optimizer.momentum'))}"
        more += ", nesterov=True" if optimizer.name == "nesterov" else ""
    return f"opt.step()  # {name}(lr={code_text(given('learning_rate'))}{more})"


def loss_line(network: NetworkSpec) -> str:
    """Return the line that computes the loss."""
    last = len(network.sizes) - 1
    # Of binary cross-entropy torch has one that takes z, which is exact where a is nearly 0 or 1.
    takes_z = network.activations[-1] == "identity" or network.loss == "binary_cross_entropy"
    return "loss = " + _loss_call(network, f"{'z' if takes_z else 'a'}{last}")


def _loss_call(network: NetworkSpec, outputs: str) -> str:
    """Return the loss of outputs; torch has no mean over samples of a sum over outputs."""
    mean = f"{_LOSSES[network.loss]}({outputs}, t)"
    total = f'{mean[:-1]}, reduction="sum")'
    by_sample = f"{total} / len(t)"
    if _LOSSES[network.loss] == "F.mse_loss":
        by_sample = f"(({outputs} - t) ** 2).sum(1).mean()"
    if network.loss == "cross_entropy":  # of each sample one number
        by_sample = mean
    call = {"mean": mean, "samples": by_sample, "sum": total}[network.reduction or "mean"]
    return f"{call} / 2" if network.half else call
