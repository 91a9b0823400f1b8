"""The loss of very many variants of a network at once.

Two methods, both in blocks that stay near the processor and far below 256 MB:

- Two single parameters move. Then most of the network does not: what is before the later one of the
  two is computed once per value of the other, and only what is behind it once per point of the
  grid. The less there is behind it, the faster this is.
- All weights move along two directions. Then every point is a network of its own, and a layer is
  one batched product of matrices.

Arrays have the unit first and the sample last, so that a product with W sees long rows.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 (torch's own name for it)

from backprop_studio.core.network.passes import batch_loss, divisor_of, sample_losses

if TYPE_CHECKING:
    from collections.abc import Callable

    from backprop_studio.core.network.spec import NetworkSpec
    from backprop_studio.core.surfaces.parameter_index import ParameterIndex

BLOCK = 2**18
"""Numbers of a layer in one block: 2 MB each, of which a handful is alive at a time."""

ROWS = 4
"""Values of y in a block, as far as there are enough of x."""

STRIP = 2**20
"""Numbers of a layer that stay for all values of y: 8 MB each, a few of which are kept."""

_FACTORS = 500
"""So many shares between 1 and 2 can be multiplied without leaving float64."""

Arrays: TypeAlias = tuple[list[Tensor], list[Tensor]]


_IN_PLACE: dict[str, Callable[[Tensor], Tensor]] = {
    "identity": lambda z: z,
    "relu": torch.relu_,
    "leaky_relu": lambda z: F.leaky_relu(z, inplace=True),
    "sigmoid": torch.sigmoid_,
    "tanh": torch.sigmoid_,  # of another z, see _Layers
    "gelu": F.gelu,
    "softplus": F.softplus,
}
"""The engine's activations; here z is not wanted afterwards, and new memory takes time."""


class BatchedNetwork:
    """A network and a batch, ready for many variants of the parameters.

    Parameters
    ----------
    network : NetworkSpec
        Its layers and its loss.
    inputs : (N, n) Tensor
    targets : (N, n_out) or (N,) Tensor
        As :func:`core.network.passes.forward_pass` takes them.

    Examples
    --------
    The loss (w - 2)^2 for three values of w, and b = 0:

    >>> from backprop_studio.core.network.spec import NetworkSpec
    >>> from backprop_studio.core.surfaces.parameter_index import ParameterIndex
    >>> def row(*numbers):
    ...     return torch.tensor([numbers], dtype=torch.float64)
    >>> line = NetworkSpec((1, 1), ("identity",), "mse", "zeros", 0)
    >>> batched = BatchedNetwork(line, row(1.0), row(2.0))
    >>> zeros = ([row(0.0)], [row(0.0)[0]])
    >>> w, b = ParameterIndex(0, 0, 0), ParameterIndex(0, 0)
    >>> batched.over_entries(zeros, w, b, row(1, 2, 4)[0], row(0)[0])
    tensor([[1., 0., 4.]], dtype=torch.float64)
    """

    def __init__(self, network: NetworkSpec, inputs: Tensor, targets: Tensor) -> None:
        self.network, self.samples = network, len(inputs)
        self.inputs, self.targets = inputs.T.contiguous(), targets
        self.activations = [_IN_PLACE[name] for name in network.activations]
        if network.loss == "binary_cross_entropy":
            self.activations[-1] = _IN_PLACE["identity"]  # its loss is computed of z

    def over_entries(
        self, base: Arrays, first: ParameterIndex, second: ParameterIndex, x: Tensor, y: Tensor
    ) -> Tensor:
        """Return the losses (ny, nx) while two entries take the values x and y.

        Parameters
        ----------
        base : lists of Tensor
            W and b of each layer, with 0 for both entries.
        first, second : ParameterIndex
            What takes the values x (nx,) and y (ny,).
        """
        if first.layer > second.layer:
            return self.over_entries(base, second, first, y, x).T
        layers = _Layers(self.network, base)
        sizes = self.network.sizes
        behind = max(*sizes[-1:], *sizes[second.layer + 2 :], 1)
        columns = max(1, BLOCK // (ROWS * self.samples * behind))
        columns = max(1, min(columns, STRIP // (self.samples * max(sizes))))
        rows = max(1, BLOCK // (min(columns, len(x)) * behind * self.samples))
        strips = []
        for across in torch.split(x, columns):
            strip = _Strip(self, layers, first, second, across)
            losses = [self._losses(strip.outputs(up)) for up in torch.split(y, rows)]
            strips.append(torch.cat(losses))
        return torch.cat(strips, dim=1)

    def over_directions(
        self, base: Arrays, first: Arrays, second: Arrays, x: Tensor, y: Tensor
    ) -> Tensor:
        """Return the losses (ny, nx) of the networks base + x first + y second.

        Parameters
        ----------
        base, first, second : lists of Tensor
            W and b of each layer.
        x, y : (nx,) and (ny,) Tensor
            Steps.
        """
        sizes = self.network.sizes
        largest = max(self.samples * max(sizes), *(n * m for n, m in pairwise(sizes)))
        count = max(1, BLOCK // largest)
        plane = [_Layers(self.network, it) for it in (base, first, second)]
        b, a = (it.flatten()[:, None, None] for it in torch.meshgrid(y, x, indexing="ij"))
        blocks = [
            self._of_networks(plane, *steps)
            for steps in zip(torch.split(a, count), torch.split(b, count), strict=True)
        ]
        return torch.cat(blocks).view(len(y), len(x))

    def _of_networks(self, plane: list[_Layers], a: Tensor, b: Tensor) -> Tensor:
        """Return the losses (P,) of P networks at steps a and b (P, 1, 1)."""
        units = self.inputs.expand(len(a), -1, -1)
        for layer, activation in enumerate(self.activations):
            weight, bias = (
                base + a * first + b * second
                for base, first, second in (
                    [it.weights[layer] for it in plane],
                    [it.biases[layer] for it in plane],
                )
            )
            units = activation(torch.baddbmm(bias, weight, units))
        units = self.finished(units)
        return self._losses(units.movedim(1, 0)[:, None])[0]

    def finished(self, outputs: Tensor) -> Tensor:
        """Return the activations of the last layer, which may be a tanh that is not one yet."""
        return outputs.mul_(2).sub_(1) if self.network.activations[-1] == "tanh" else outputs

    def _losses(self, outputs: Tensor) -> Tensor:
        """Return losses (gy, gx) of the batch, of outputs (n_out, gy, gx, N)."""
        if self.network.loss == "binary_cross_entropy":
            return self._binary_cross_entropy(outputs)
        count, *grid, samples = outputs.shape
        rows = outputs.movedim(0, -1).reshape(-1, count)
        targets = self.targets.repeat(math.prod(grid), *[1] * (self.targets.dim() - 1))
        losses = sample_losses(self.network, rows, targets).view(*grid, samples)
        return batch_loss(self.network, losses, self.targets)

    def _binary_cross_entropy(self, logits: Tensor) -> Tensor:
        """Return losses (gy, gx) of logits (n_out, gy, gx, N), which are overwritten.

        Per sample the loss is max(z, 0) - t z + log(1 + exp(-|z|)). One logarithm for a product of
        several is much cheaper than one for each, and what that rounds is 1e-16 of 1.
        """
        targets = self.targets.T[:, None, None]
        sums = (logits.clamp(min=0) - targets * logits).sum(dim=-1)
        shares = logits.abs_().neg_().exp_().add_(1)
        product, *others = torch.split(shares, -(-shares.shape[-1] // _FACTORS), dim=-1)
        for other in others:
            product[..., : other.shape[-1]].mul_(other)
        divisor = divisor_of(self.network, self.samples)
        return (sums + product.log().sum(dim=-1)).sum(0).div_(divisor)


class _Layers:
    """Weights and biases (n_out, n_in), (n_out, 1) of a network that has no tanh any more.

    tanh(z) is 2 sigmoid(2 z) - 1, so a layer of tanh is one of the sigmoid, which is computed twice
    as fast, between layers with other weights. All changes are linear, so directions may be changed
    like parameters.
    """

    def __init__(self, network: NetworkSpec, arrays: Arrays) -> None:
        self.is_tanh = [False, *(name == "tanh" for name in network.activations)]
        self.weights, self.biases = [], []
        for k, (weight, bias) in enumerate(zip(*arrays, strict=True)):
            scale = 2.0 if self.is_tanh[k + 1] else 1.0
            before = self.is_tanh[k]
            shift = weight.sum(dim=1) if before else 0.0
            self.weights.append(scale * (2.0 if before else 1.0) * weight)
            self.biases.append((scale * (bias - shift))[:, None])

    def term(self, entry: ParameterIndex, at: Tensor, units: Tensor) -> Tensor:
        """Return what an entry with values (..., 1) adds to z of its unit, given its inputs."""
        at = 2 * at if self.is_tanh[entry.layer + 1] else at
        if entry.column is None:
            return at
        values = units[entry.column]
        return at * (2 * values - 1 if self.is_tanh[entry.layer] else values)


class _Strip:
    """A strip of x, and all that follows from it alone, for one block of y after another.

    Parameters
    ----------
    batched, layers : BatchedNetwork, _Layers
        The network.
    first, second : ParameterIndex
        What takes the values x and y; the second is in the same layer or in a later one.
    x : (gx,) Tensor
        Values of the first.
    """

    def __init__(
        self,
        batched: BatchedNetwork,
        layers: _Layers,
        first: ParameterIndex,
        second: ParameterIndex,
        x: Tensor,
    ) -> None:
        self.batched, self.layers, self.second, self.columns = batched, layers, second, len(x)
        self.memory: dict[str, Tensor] = {}
        units = batched.inputs[:, None, None, :]
        for layer in range(second.layer):
            z = self._dense(layer, units)
            if layer == first.layer:
                z = z.expand(-1, -1, len(x), -1).clone()
                z[first.row] += layers.term(first, x[:, None], units)
            units = batched.activations[layer](z)
        rows = list(self._dense(second.layer, units))
        if first.layer == second.layer:
            rows[first.row] = rows[first.row] + layers.term(first, x[:, None], units)
        # The second's own unit has z = own + y slope.
        self.own = rows.pop(second.row)
        self.slope = layers.term(second, torch.ones(1, 1, 1, dtype=torch.float64), units)
        activation = batched.activations[second.layer]
        self.others = [activation(z.clone()) for z in rows]
        if second.layer + 1 < len(layers.weights):
            weight = list(layers.weights[second.layer + 1].T[:, :, None, None, None])
            self.weight = weight.pop(second.row)
            self.behind = layers.biases[second.layer + 1][:, :, None, None]
            for column, values in zip(weight, self.others, strict=True):
                self.behind = self.behind + column * values

    def outputs(self, y: Tensor) -> Tensor:
        """Return the last layer's activations (n_out, gy, gx, N); the next call overwrites them."""
        here, activations = self.second.layer, self.batched.activations
        units = activations[here](self._combined("own", self.own, y[:, None, None], self.slope))
        if here + 1 == len(activations):
            return self.batched.finished(self._with_others(units))
        units = activations[here + 1](self._combined("behind", self.behind, self.weight, units))
        for layer in range(here + 2, len(activations)):
            units = activations[layer](self._dense(layer, units))
        return self.batched.finished(units)

    def _combined(self, name: str, z: Tensor, factor: Tensor, other: Tensor) -> Tensor:
        """Return z + factor other, in the memory of the block before where that has the size."""
        shape = np.broadcast_shapes(z.shape, factor.shape, other.shape)
        memory = self.memory.get(name)
        if memory is None or memory.shape != shape:
            memory = self.memory[name] = z.new_empty(shape)
        return torch.addcmul(z, factor, other, out=memory)

    def _with_others(self, units: Tensor) -> Tensor:
        """Put the second's own unit (gy, gx, N) among the others of the last layer."""
        if not self.others:
            return units[None]
        rows = [*self.others]
        rows.insert(self.second.row, units)
        shape = (len(units), self.columns, self.batched.samples)
        return torch.stack([row.expand(shape) for row in rows])

    def _dense(self, layer: int, units: Tensor) -> Tensor:
        """Return z of a layer whose own entries are as in the base."""
        weight, bias = self.layers.weights[layer], self.layers.biases[layer]
        z = torch.addmm(bias, weight, units.reshape(len(units), -1))
        return z.view(len(weight), *units.shape[1:])
