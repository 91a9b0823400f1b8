"""Parameters, forward pass and loss of a network, as torch computes them in float64."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 (torch's own name for it)

from backprop_studio.core.base.arrays import frozen
from backprop_studio.core.network.trained.masks import trained_masks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.network.spec import NetworkSpec

NORMAL_INIT_STD = 0.1
CONSTANT_INIT = 0.5

ACTIVATION_FUNCTIONS = {
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


def as_array(tensor: Tensor) -> Array:
    """Return a tensor's numbers as a read-only array.

    Examples
    --------
    >>> as_array(torch.tensor([1.0, 2.0])).tolist()
    [1.0, 2.0]
    """
    return frozen(tensor.detach().numpy())


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

    @property
    def layers(self) -> Iterator[tuple[Tensor, Tensor]]:
        """W and b of each layer in turn."""
        return zip(self.weights, self.biases, strict=True)

    def of_kind(self, kind: torch.dtype) -> Parameters:
        """Return the same numbers as tensors of a dtype."""
        if all(tensor.dtype == kind for tensor in self.all()):
            return self
        weights, biases = (
            tuple(tensor.detach().to(kind).requires_grad_() for tensor in some)
            for some in (self.weights, self.biases)
        )
        return Parameters(weights, biases)

    def all(self) -> list[Tensor]:
        """Return W and b of each layer in turn, as an optimizer takes them."""
        return [tensor for layer in self.layers for tensor in layer]

    def trained(self, network: NetworkSpec) -> list[Tensor]:
        """Return those of which an optimizer moves something."""
        masks = [mask for layer in trained_masks(network) for mask in layer]
        return [it for it, mask in zip(self.all(), masks, strict=True) if mask.any()]


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
        L, their mean or their sum.
    """

    zs: tuple[Tensor, ...]
    activations: tuple[Tensor, ...]
    sample_losses: Tensor
    loss: Tensor


def draw_parameters(network: NetworkSpec) -> Parameters:
    """Return a network's parameters before training: the explicit ones, or drawn by its seed.

    Examples
    --------
    >>> from backprop_studio.core.network.spec import NetworkParams, resolve_network
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
    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> params = NetworkGroup.model_validate({"network": {"preset": "one_weight"}})
    >>> network, batch = params.network_spec(), params.batch()
    >>> data = torch.tensor(batch.inputs), torch.tensor(batch.targets)
    >>> forward = forward_pass(network, draw_parameters(network), *data)
    >>> forward.activations[-1].item(), forward.loss.item()
    (2.0, 4.0)
    """
    zs, activations = [], []
    a = inputs
    for layer, name in zip(parameters.layers, network.activations, strict=True):
        z = F.linear(a, *layer)
        a = ACTIVATION_FUNCTIONS[name](z)
        zs.append(z)
        activations.append(a)
    scores = scores_of(network, z, a)
    losses = sample_losses(network, scores, targets)
    exact = inputs.dtype == torch.float64
    loss = batch_loss(network, losses, targets) if exact else torch_loss(network, scores, targets)
    return Forward(tuple(zs), tuple(activations), losses, loss)


def scores_of(network: NetworkSpec, z: Tensor, a: Tensor) -> Tensor:
    """Return what the loss takes of the last layer: z for cross-entropies of logits, else a.

    Close to 1 a sigmoid has forgotten how far it is from 1, which its logarithm needs.

    Examples
    --------
    >>> from backprop_studio.core.network.spec import NetworkSpec
    >>> network = NetworkSpec((1, 1), ("sigmoid",), "binary_cross_entropy", "zeros", 0)
    >>> scores_of(network, torch.tensor([[40.0]]), torch.tensor([[1.0]])).item()
    40.0
    """
    return z if network.loss == "binary_cross_entropy" and network.logits else a


def sample_losses(network: NetworkSpec, outputs: Tensor, targets: Tensor) -> Tensor:
    """Return each sample's loss, shape (N,), of which :func:`batch_loss` makes one.

    Parameters
    ----------
    network : NetworkSpec
        Its loss, reduction and half.
    outputs : (N, n_out) Tensor
        The last layer's a, or its z, see :func:`scores_of`.
    targets : (N, n_out) Tensor, or (N,) of class indices for cross-entropy

    Examples
    --------
    >>> from backprop_studio.core.network.spec import NetworkSpec
    >>> outputs, targets = torch.tensor([[2.0, 0.0]]), torch.tensor([[4.0, 2.0]])
    >>> def loss(name, **more):
    ...     spec = NetworkSpec((1, 2), ("identity",), name, "zeros", 0, **more)
    ...     return sample_losses(spec, outputs, targets).item()
    >>> loss("mse"), loss("half_squared_error"), loss("mse", reduction="sum")
    (4.0, 4.0, 8.0)
    """
    if network.loss == "cross_entropy":
        return _cross_entropy(network, outputs, targets, "none")
    if network.loss == "binary_cross_entropy":
        losses = _binary(network)(outputs, targets, reduction="none")
    else:
        losses = F.mse_loss(outputs, targets, reduction="none")
    reduced = losses.mean(dim=1) if network.reduction == "mean" else losses.sum(dim=1)
    return reduced / 2 if network.half else reduced


def _binary(network: NetworkSpec) -> Callable[..., Tensor]:
    return F.binary_cross_entropy_with_logits if network.logits else F.binary_cross_entropy


def _cross_entropy(
    network: NetworkSpec, outputs: Tensor, targets: Tensor, reduction: str
) -> Tensor:
    weights = network.class_weights
    return F.cross_entropy(
        outputs,
        targets,
        weight=None if weights is None else torch.tensor(weights, dtype=outputs.dtype),
        reduction=reduction,
        label_smoothing=network.label_smoothing,
    )


def class_shares(network: NetworkSpec, targets: Tensor) -> Array:
    """Return how much -ln p of each class counts in each sample's cross-entropy, (N, n_out).

    Without weights and smoothing that is 1 for the right class and 0 for all others.

    Examples
    --------
    >>> from backprop_studio.core.network.spec import NetworkSpec
    >>> network = NetworkSpec((1, 2), ("identity",), "cross_entropy", "zeros", 0,
    ...     class_weights=(1.0, 3.0), label_smoothing=0.5)
    >>> class_shares(network, torch.tensor([1])).tolist()
    [[0.25, 2.25]]
    """
    count, smoothing = network.sizes[-1], network.label_smoothing
    shares = F.one_hot(targets, count).double() * (1 - smoothing) + smoothing / count
    weights = network.class_weights or (1.0,) * count
    return frozen((shares * torch.tensor(weights, dtype=torch.float64)).numpy())


def total_weight(network: NetworkSpec, targets: Tensor) -> float:
    """Return what the sum of the samples' losses is divided by.

    Examples
    --------
    >>> from backprop_studio.core.network.spec import NetworkSpec
    >>> network = NetworkSpec((1, 2), ("identity",), "cross_entropy", "zeros", 0,
    ...     class_weights=(1.0, 3.0))
    >>> total_weight(network, torch.tensor([1, 1, 0]))
    7.0
    """
    if network.reduction == "sum":
        return 1.0
    if network.class_weights is None:
        return float(len(targets))
    return float(sum(network.class_weights[int(it)] for it in targets))


def torch_loss(network: NetworkSpec, outputs: Tensor, targets: Tensor) -> Tensor:
    """Return the loss of a batch by torch's own call, where it has one of this reduction.

    It is the loss of :func:`batch_loss` but for rounding, which in float32 is seen.

    Parameters
    ----------
    network : NetworkSpec
    outputs, targets
        As in :func:`sample_losses`.

    Examples
    --------
    >>> from backprop_studio.core.network.spec import NetworkSpec
    >>> network = NetworkSpec((1, 2), ("identity",), "mse", "zeros", 0)
    >>> torch_loss(network, torch.tensor([[2.0, 0.0]]), torch.tensor([[4.0, 2.0]])).item()
    4.0
    """
    if network.half or (network.reduction == "samples" and network.loss != "cross_entropy"):
        return batch_loss(network, sample_losses(network, outputs, targets), targets)
    reduction = "sum" if network.reduction == "sum" else "mean"
    if network.loss == "cross_entropy":
        return _cross_entropy(network, outputs, targets, reduction)
    kind = _binary(network) if network.loss == "binary_cross_entropy" else F.mse_loss
    return kind(outputs, targets, reduction=reduction)


def batch_loss(network: NetworkSpec, losses: Tensor, targets: Tensor) -> Tensor:
    """Return the loss of a batch from its samples' losses (..., N) and its targets.

    Examples
    --------
    >>> from backprop_studio.core.network.spec import NetworkSpec
    >>> network = NetworkSpec((1, 1), ("identity",), "mse", "zeros", 0, reduction="sum")
    >>> batch_loss(network, torch.tensor([1.0, 2.0]), torch.zeros(2, 1)).item()
    3.0
    """
    if network.class_weights is not None:
        return losses.sum(dim=-1) / total_weight(network, targets)
    return losses.sum(dim=-1) if network.reduction == "sum" else losses.mean(dim=-1)


def divisor_of(network: NetworkSpec, samples: int) -> int:
    """Return what the sum of all elements' losses is divided by.

    Examples
    --------
    >>> from backprop_studio.core.network.spec import NetworkSpec
    >>> network = NetworkSpec((1, 2), ("identity",), "mse", "zeros", 0)
    >>> divisor_of(network, 3)
    6
    """
    if network.reduction == "sum":
        return 1
    return samples * (network.sizes[-1] if network.reduction == "mean" else 1)


def sigmoid_slopes(network: NetworkSpec, z: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Return da/dz and dL/da of sigmoid outputs whose loss is binary cross-entropy.

    Autograd goes from the loss to z at once. This is the way through a, exact where a is rounded to
    0 or 1: what 1 - a would lose is the sigmoid of -z.

    Parameters
    ----------
    network : NetworkSpec
        Its reduction.
    z, targets : (N, n_out) Tensor

    Examples
    --------
    >>> from backprop_studio.core.network.spec import NetworkSpec
    >>> network = NetworkSpec((1, 1), ("sigmoid",), "binary_cross_entropy", "zeros", 0)
    >>> z, target = torch.tensor([[30.0]], dtype=torch.float64), torch.zeros(1, 1)
    >>> slope, gradient = sigmoid_slopes(network, z, target)
    >>> round((slope * gradient).item(), 9)
    1.0
    """
    least = torch.finfo(z.dtype).tiny
    a, rest = (torch.sigmoid(it).clamp(min=least) for it in (z, -z))
    slopes = (1 - targets) / rest - targets / a
    return (a * rest).clamp(min=least), slopes / divisor_of(network, len(z))
