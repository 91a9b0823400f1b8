"""Training one step with torch, in float64, on the CPU, deterministic by seed."""

from __future__ import annotations

import math
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 (torch's own name for it)

from core.arrays import Array, frozen
from core.errors import InputError
from core.record import ForwardRecord, LayerRecord, LayerUpdate, StepRecord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.data import Batch
    from core.network import NetworkSpec

__all__ = [
    "Forward",
    "Parameters",
    "draw_parameters",
    "forward_pass",
    "run_step",
    "sample_losses",
    "single_thread",
]

NORMAL_INIT_STD = 0.1

_ACTIVATIONS = {
    # A copy, so that z and a are two nodes of the graph with a gradient each.
    "identity": torch.clone,
    "relu": torch.relu,
    "leaky_relu": F.leaky_relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "gelu": F.gelu,
    "softplus": F.softplus,
}


@contextmanager
def single_thread() -> Iterator[None]:
    """Let torch compute on one thread.

    So small a network waits for threads longer than it computes, and the order in which threads
    add up numbers would show in the last digit.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@dataclass(frozen=True)
class Parameters:
    """The tensors that training moves: per layer W (n_out, n_in) and b (n_out,)."""

    weights: tuple[Tensor, ...]
    biases: tuple[Tensor, ...]

    def all(self) -> list[Tensor]:
        """Return W and b of each layer in turn, as an optimiser takes them."""
        return [tensor for pair in zip(self.weights, self.biases, strict=True) for tensor in pair]


@dataclass(frozen=True)
class Forward:
    """Tensors of one forward pass: per layer z and a (N, n_out), per sample the loss, and L."""

    zs: tuple[Tensor, ...]
    activations: tuple[Tensor, ...]
    sample_losses: Tensor
    loss: Tensor


def run_step(network: NetworkSpec, batch: Batch, learning_rate: float) -> StepRecord:
    """Run forward, backward, one plain gradient step, and forward again.

    Parameters
    ----------
    network : NetworkSpec
        What is trained.
    batch : Batch
        What it is trained on, all samples at once.
    learning_rate : float
        eta; the step is ``torch.optim.SGD``'s own. One that is far too large may leave inf or nan
        behind in ``updated`` and ``after``.

    Raises
    ------
    InputError
        If the numbers are too large for float64 even before the step.

    Examples
    --------
    >>> from core.parameters import NetworkGroup
    >>> params = NetworkGroup.model_validate({"network": {"preset": "two_layer_sigmoid"}})
    >>> record = run_step(params.network_spec(), params.batch(), 0.5)
    >>> f"{record.loss:.9f}"
    '0.298371109'
    """
    with single_thread():
        return _run_step(network, batch, learning_rate)


def _run_step(network: NetworkSpec, batch: Batch, learning_rate: float) -> StepRecord:
    parameters = draw_parameters(network)
    inputs, targets = torch.tensor(batch.inputs), torch.tensor(batch.targets)
    forward = forward_pass(network, parameters, inputs, targets)
    layers = _layers(network, parameters, inputs, forward)
    before = _forward_record(network, forward, targets)
    _check_finite(before, layers)

    optimiser = torch.optim.SGD(parameters.all(), lr=learning_rate)
    optimiser.zero_grad()
    forward.loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()

    with torch.no_grad():
        after = _forward_record(
            network, forward_pass(network, parameters, inputs, targets), targets
        )
    updated = tuple(
        LayerUpdate(_array(weight), _array(bias))
        for weight, bias in zip(parameters.weights, parameters.biases, strict=True)
    )
    return StepRecord(network, batch, learning_rate, layers, before, updated, after)


def draw_parameters(network: NetworkSpec) -> Parameters:
    """Return a network's parameters before training: the explicit ones, or drawn by its seed."""
    generator = torch.Generator().manual_seed(network.seed)
    weights, biases = [], []
    for index, (n_in, n_out) in enumerate(zip(network.sizes, network.sizes[1:], strict=False)):
        if network.weights is not None:
            weight = torch.tensor(network.weights[index])
            bias = torch.zeros(n_out, dtype=torch.float64)
        else:
            weight, bias = _draw_layer(network.init, n_in, n_out, generator)
        if network.biases is not None:
            bias = torch.tensor(network.biases[index])
        weights.append(weight.requires_grad_())
        biases.append(bias.requires_grad_())
    return Parameters(tuple(weights), tuple(biases))


def _draw_layer(
    init: str, n_in: int, n_out: int, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    weight = torch.zeros(n_out, n_in, dtype=torch.float64)
    bias = torch.zeros(n_out, dtype=torch.float64)
    if init == "torch":
        # What nn.Linear draws: uniform in +-1/sqrt(n_in) for weights and biases alike.
        bound = n_in**-0.5
        weight.uniform_(-bound, bound, generator=generator)
        bias.uniform_(-bound, bound, generator=generator)
    elif init == "normal":
        weight.normal_(0.0, NORMAL_INIT_STD, generator=generator)
    elif init == "xavier":
        torch.nn.init.xavier_uniform_(weight, generator=generator)
    elif init == "he":
        torch.nn.init.kaiming_normal_(weight, nonlinearity="relu", generator=generator)
    return weight, bias


def forward_pass(
    network: NetworkSpec, parameters: Parameters, inputs: Tensor, targets: Tensor
) -> Forward:
    """Return what a network with given parameters answers to a batch, and its loss."""
    zs, activations = [], []
    a = inputs
    for weight, bias, name in zip(
        parameters.weights, parameters.biases, network.activations, strict=True
    ):
        z = F.linear(a, weight, bias)
        a = _ACTIVATIONS[name](z)
        zs.append(z)
        activations.append(a)
    losses = sample_losses(network.loss, a, targets)
    return Forward(tuple(zs), tuple(activations), losses, losses.mean())


def sample_losses(loss: str, outputs: Tensor, targets: Tensor) -> Tensor:
    """Return each sample's loss, shape (N,); the mean over samples is the loss of the batch."""
    if loss == "cross_entropy":
        return F.cross_entropy(outputs, targets, reduction="none")
    if loss == "binary_cross_entropy":
        return F.binary_cross_entropy(outputs, targets, reduction="none").mean(dim=1)
    squared = F.mse_loss(outputs, targets, reduction="none")
    return squared.sum(dim=1) / 2 if loss == "half_squared_error" else squared.mean(dim=1)


def _layers(
    network: NetworkSpec, parameters: Parameters, inputs: Tensor, forward: Forward
) -> tuple[LayerRecord, ...]:
    count = len(network.activations)
    wanted = (*forward.zs, *forward.activations, *parameters.weights, *parameters.biases)
    gradients = torch.autograd.grad(forward.loss, wanted, retain_graph=True)
    dL_dz, dL_da, dL_dW, dL_db = (gradients[count * k : count * (k + 1)] for k in range(4))
    a_in = (inputs, *forward.activations)
    return tuple(
        LayerRecord(
            activation=network.activations[k],
            weight=_array(parameters.weights[k]),
            bias=_array(parameters.biases[k]),
            a_in=_array(a_in[k]),
            z=_array(forward.zs[k]),
            a=_array(forward.activations[k]),
            da_dz=_local_derivative(network.activations[k], forward.zs[k]),
            dL_dz=_array(dL_dz[k]),
            dL_da=_array(dL_da[k]),
            dL_dW=_array(dL_dW[k]),
            dL_db=_array(dL_db[k]),
        )
        for k in range(count)
    )


def _local_derivative(activation: str, z: Tensor) -> Array:
    leaf = z.detach().clone().requires_grad_()
    (gradient,) = torch.autograd.grad(_ACTIVATIONS[activation](leaf).sum(), leaf)
    return _array(gradient)


def _forward_record(network: NetworkSpec, forward: Forward, targets: Tensor) -> ForwardRecord:
    outputs = forward.activations[-1]
    softmax = network.loss == "cross_entropy"
    return ForwardRecord(
        activations=tuple(_array(a) for a in forward.activations),
        probabilities=_array(torch.softmax(outputs, dim=1)) if softmax else None,
        residuals=None if softmax else _array(outputs - targets),
        sample_losses=_array(forward.sample_losses),
        loss=float(forward.loss.detach()),
    )


def _check_finite(before: ForwardRecord, layers: tuple[LayerRecord, ...]) -> None:
    gradients = [array for layer in layers for array in (layer.dL_dW, layer.dL_db)]
    if not (math.isfinite(before.loss) and all(np.isfinite(array).all() for array in gradients)):
        raise InputError(
            f"The network's values are too large to compute with, its loss is {before.loss:.3g}; "
            "choose smaller inputs, targets or weights."
        )


def _array(tensor: Tensor) -> Array:
    """Copy a tensor: what a record holds must not change with the next step."""
    return frozen(tensor.detach().numpy())
