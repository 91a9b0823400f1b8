"""Training step by step with torch, in float64, on the CPU, deterministic by seed."""

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
from core.limits import parameter_count
from core.optimisers import OptimiserSpec, build_optimiser, read_vectors, vector_count
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
    "run_steps",
    "sample_losses",
    "single_thread",
]

NORMAL_INIT_STD = 0.1
CONSTANT_INIT = 0.5

MAX_RECORDED = 7_000_000
"""Numbers in the answer sheet of all steps together, some twenty characters each. One step of plain
descent on the largest network that is allowed stays below."""

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

    Examples
    --------
    >>> with single_thread():
    ...     torch.get_num_threads()
    1
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@dataclass(frozen=True)
class Parameters:
    """The tensors that training moves: per layer W (n_out, n_in) and b (n_out,).

    Attributes
    ----------
    weights, biases : tuple of Tensor
        float64, from the first layer that computes to the last.
    """

    weights: tuple[Tensor, ...]
    biases: tuple[Tensor, ...]

    def all(self) -> list[Tensor]:
        """Return W and b of each layer in turn, as an optimiser takes them."""
        return [tensor for pair in zip(self.weights, self.biases, strict=True) for tensor in pair]

    def trained(self, network: NetworkSpec) -> list[Tensor]:
        """Return those that an optimiser moves: all, or the weights alone."""
        return self.all() if network.train_biases else list(self.weights)


@dataclass(frozen=True)
class Forward:
    """Tensors of one forward pass, all of them float64 nodes of torch's graph.

    Attributes
    ----------
    zs, activations : tuple of (N, n_out) Tensor
        Per layer z = W a + b and a = f(z).
    sample_losses : (N,) Tensor
        Each sample's share.
    loss : Tensor
        L, their mean.
    """

    zs: tuple[Tensor, ...]
    activations: tuple[Tensor, ...]
    sample_losses: Tensor
    loss: Tensor


def run_step(network: NetworkSpec, batch: Batch, optimiser: OptimiserSpec | float) -> StepRecord:
    """Run forward, backward, one update, and forward again.

    Parameters
    ----------
    network : NetworkSpec
        What is trained.
    batch : Batch
        What it is trained on, all samples at once.
    optimiser : OptimiserSpec or float
        The rule of the update, which is ``torch.optim``'s own; a number is the learning rate eta of
        plain gradient descent. A rate that is far too large may leave inf or nan behind in
        ``updated`` and ``after``.

    Raises
    ------
    InputError
        If the numbers are too large for float64 even before the step, or their record
        would hold more than seven million of them.

    Examples
    --------
    >>> from core.parameters import NetworkGroup
    >>> params = NetworkGroup.model_validate({"network": {"preset": "two_layer_sigmoid"}})
    >>> record = run_step(params.network_spec(), params.batch(), 0.5)
    >>> f"{record.loss:.9f}"
    '0.298371109'
    """
    return run_steps(network, batch, optimiser, 1)[0]


def run_steps(
    network: NetworkSpec, batch: Batch, optimiser: OptimiserSpec | float, steps: int
) -> tuple[StepRecord, ...]:
    """Run several steps in a row on the same batch, each recorded in full.

    A run of hundreds of steps is the matter of :func:`core.training.run_training`, which keeps less
    of each.

    Parameters
    ----------
    network, batch, optimiser
        As in :func:`run_step`; what the optimiser remembers goes on from step to step.
    steps : int
        How many updates.

    Returns
    -------
    tuple of StepRecord
        Up to ``steps`` of them: a step after which a number is not finite is the last.

    Raises
    ------
    InputError
        If the numbers are too large for float64 even before the first step, or their record would
        hold more than seven million of them.

    Examples
    --------
    The lecture's one weight, w = 1, and two updates of it:

    >>> from core.parameters import NetworkGroup
    >>> params = NetworkGroup.model_validate({"network": {"preset": "one_weight"}})
    >>> records = run_steps(params.network_spec(), params.batch(), 0.1, 2)
    >>> [f"{record.updated[0].weight.item():.2f}" for record in records]
    ['1.80', '1.96']
    """
    if steps < 1:
        raise ValueError(f"steps must be at least 1, found {steps}")
    spec = optimiser if isinstance(optimiser, OptimiserSpec) else OptimiserSpec("sgd", optimiser)
    _check_amount(network, batch, spec, steps)
    with single_thread():
        return tuple(_Steps(network, batch, spec).follow(steps))


def _check_amount(network: NetworkSpec, batch: Batch, spec: OptimiserSpec, steps: int) -> None:
    """Refuse what would fill the memory, and hundreds of megabytes of answer sheet."""
    units, outputs = sum(network.sizes[1:]), network.sizes[-1]
    # Per sample z, a, da_dz, dL_dz, dL_da and a after the step; before and after it the outputs as
    # probabilities or residuals, and the loss.
    per_sample = 6 * units + 2 * outputs + 2
    # The parameters before and after the step, their gradients, and what the optimiser remembers.
    per_parameter = 3 + 2 * vector_count(spec)
    each = per_sample * batch.size + per_parameter * parameter_count(network.sizes)
    count = batch.inputs.size + batch.targets.size + steps * each
    if count > MAX_RECORDED:
        raise InputError(
            f"The record of {_counted(steps, 'step')} with {_counted(batch.size, 'sample')} would "
            f"hold {count} numbers, allowed are {MAX_RECORDED}; take fewer samples (data.limit, or "
            "a smaller set), fewer steps or a smaller network."
        )


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


class _Steps:
    """The tensors that live from one step to the next."""

    def __init__(self, network: NetworkSpec, batch: Batch, spec: OptimiserSpec) -> None:
        self.network, self.batch, self.spec = network, batch, spec
        self.parameters = draw_parameters(network)
        self.optimiser = build_optimiser(spec, self.parameters.trained(network))
        self.inputs, self.targets = torch.tensor(batch.inputs), torch.tensor(batch.targets)

    def follow(self, steps: int) -> Iterator[StepRecord]:
        for step in range(steps):
            record = self._step(step)
            yield record
            if not _is_finite_after(record):
                break

    def _step(self, step: int) -> StepRecord:
        forward = self._forward()
        layers = _layers(self.network, self.parameters, self.inputs, forward)
        before = _forward_record(self.network, forward, self.targets)
        if not _is_finite(before, layers):
            raise InputError(
                "The network's values are too large to compute with"
                f"{f' at step {step}' if step else ''}, its loss is {before.loss:.3g}; "
                "choose smaller inputs, targets or weights."
            )
        vectors = read_vectors(self.spec, self.optimiser, self.parameters)
        self.optimiser.zero_grad()
        forward.loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        with torch.no_grad():
            after = _forward_record(self.network, self._forward(), self.targets)
        return StepRecord(
            network=self.network,
            batch=self.batch,
            optimiser=self.spec,
            step=step,
            layers=layers,
            before=before,
            vectors=vectors,
            updated=tuple(
                LayerUpdate(_array(weight), _array(bias))
                for weight, bias in zip(
                    self.parameters.weights, self.parameters.biases, strict=True
                )
            ),
            vectors_after=read_vectors(self.spec, self.optimiser, self.parameters),
            after=after,
        )

    def _forward(self) -> Forward:
        return forward_pass(self.network, self.parameters, self.inputs, self.targets)


def draw_parameters(network: NetworkSpec) -> Parameters:
    """Return a network's parameters before training: the explicit ones, or drawn by its seed.

    Examples
    --------
    >>> from core.network import NetworkParams, resolve_network
    >>> drawn = draw_parameters(resolve_network(NetworkParams(preset="notes")))
    >>> [tuple(weight.shape) for weight in drawn.weights]
    [(3, 3), (2, 3), (3, 2)]
    """
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
    elif init == "constant":
        weight.fill_(CONSTANT_INIT)
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
    """Return what a network with given parameters answers to a batch, and its loss.

    Parameters
    ----------
    network : NetworkSpec
        Its activations and its loss; the numbers come from ``parameters``.
    parameters : Parameters
        W and b of each layer.
    inputs : (N, n) Tensor
    targets : (N, n_out) Tensor, or (N,) of class indices for cross-entropy

    Examples
    --------
    >>> from core.parameters import NetworkGroup
    >>> params = NetworkGroup.model_validate({"network": {"preset": "one_weight"}})
    >>> network, batch = params.network_spec(), params.batch()
    >>> data = torch.tensor(batch.inputs), torch.tensor(batch.targets)
    >>> forward = forward_pass(network, draw_parameters(network), *data)
    >>> forward.activations[-1].item(), forward.loss.item()
    (2.0, 4.0)
    """
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
    """Return each sample's loss, shape (N,); the mean over samples is the loss of the batch.

    Parameters
    ----------
    loss : str
        One of :data:`core.network.Loss`.
    outputs : (N, n_out) Tensor
        The last layer's a; for cross-entropy they are logits.
    targets : (N, n_out) Tensor, or (N,) of class indices for cross-entropy

    Examples
    --------
    >>> outputs, targets = torch.tensor([[2.0, 0.0]]), torch.tensor([[4.0, 2.0]])
    >>> [sample_losses(it, outputs, targets).item() for it in ("mse", "half_squared_error")]
    [4.0, 4.0]
    """
    if loss == "cross_entropy":
        return F.cross_entropy(outputs, targets, reduction="none")
    if loss == "binary_cross_entropy":
        return _binary_cross_entropy(outputs, targets).mean(dim=1)
    squared = F.mse_loss(outputs, targets, reduction="none")
    return squared.sum(dim=1) / 2 if loss == "half_squared_error" else squared.mean(dim=1)


def _binary_cross_entropy(outputs: Tensor, targets: Tensor) -> Tensor:
    try:
        return F.binary_cross_entropy(outputs, targets, reduction="none")
    except RuntimeError as error:
        # The one loss that raises where an output is nan, instead of passing it on.
        if "all elements of input should be between 0 and 1" in str(error):
            return outputs * math.nan
        raise


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


def _is_finite(before: ForwardRecord, layers: tuple[LayerRecord, ...]) -> bool:
    gradients = [array for layer in layers for array in (layer.dL_dW, layer.dL_db)]
    return math.isfinite(before.loss) and all(np.isfinite(array).all() for array in gradients)


def _is_finite_after(record: StepRecord) -> bool:
    moved = [array for layer in record.updated for array in (layer.weight, layer.bias)]
    return math.isfinite(record.loss_after) and all(np.isfinite(array).all() for array in moved)


def _array(tensor: Tensor) -> Array:
    """Copy a tensor: what a record holds must not change with the next step."""
    return frozen(tensor.detach().numpy())
