"""Shapes and parameter counts of a network, per layer. Loads no torch."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from backprop_studio.core.network.trained.masks import trained_masks

if TYPE_CHECKING:
    from backprop_studio.core.network.spec import Activation, NetworkSpec


@dataclass(frozen=True)
class LayerShape:
    """Shapes and parameter counts of a layer that computes.

    Attributes
    ----------
    number : int
        Counted from 1; the input is layer 0 and computes nothing.
    n_in, n_out : int
        Units of the layer before, and of this one.
    activation : str
        Name of f in a = f(z).
    input_shape, output_shape : (int, int)
        The data before and after: samples, units.
    weight_shape : (int, int)
        W, as ``nn.Linear`` has it: (n_out, n_in).
    bias_shape : (int,)
        b: (n_out,).
    weights, biases : int
        How many numbers W and b have.
    parameters : int
        Both together.
    trained : int
        Those that training moves.
    share : float
        ``parameters`` divided by the whole network's.
    """

    number: int
    n_in: int
    n_out: int
    activation: Activation
    input_shape: tuple[int, int]
    output_shape: tuple[int, int]
    weight_shape: tuple[int, int]
    bias_shape: tuple[int]
    weights: int
    biases: int
    parameters: int
    trained: int
    share: float


@dataclass(frozen=True)
class ArchitectureRecord:
    """A network's layers and what they add up to.

    Attributes
    ----------
    sizes : tuple of int
        Units per layer, the input first.
    samples : int
        N, how many samples go through at once.
    loss : str
        What the outputs are compared with the targets by.
    layers : tuple of LayerShape
    units : int
        Units that compute: all but the inputs.
    weights, biases, parameters, trained : int
        Of all layers together.
    """

    sizes: tuple[int, ...]
    samples: int
    loss: str
    layers: tuple[LayerShape, ...]
    units: int
    weights: int
    biases: int
    parameters: int
    trained: int


def architecture(network: NetworkSpec, samples: int) -> ArchitectureRecord:
    """Return the shapes and parameter counts of a network.

    Parameters
    ----------
    network : NetworkSpec
        Whose.
    samples : int
        How many samples go through at once.

    Examples
    --------
    >>> from backprop_studio.core.network.spec import NetworkParams, resolve_network
    >>> record = architecture(resolve_network(NetworkParams(preset="notes")), samples=3)
    >>> [layer.weight_shape for layer in record.layers], record.parameters
    ([(3, 3), (2, 3), (3, 2)], 29)
    """
    pairs = list(pairwise(network.sizes))
    weights = sum(n_in * n_out for n_in, n_out in pairs)
    units = sum(n_out for _, n_out in pairs)
    trained = [int(weight.sum() + bias.sum()) for weight, bias in trained_masks(network)]
    return ArchitectureRecord(
        sizes=network.sizes,
        samples=samples,
        loss=network.loss,
        layers=tuple(
            LayerShape(
                number=k,
                n_in=n_in,
                n_out=n_out,
                activation=network.activations[k - 1],
                input_shape=(samples, n_in),
                output_shape=(samples, n_out),
                weight_shape=(n_out, n_in),
                bias_shape=(n_out,),
                weights=n_in * n_out,
                biases=n_out,
                parameters=(n_in + 1) * n_out,
                trained=trained[k - 1],
                share=(n_in + 1) * n_out / (weights + units),
            )
            for k, (n_in, n_out) in enumerate(pairs, start=1)
        ),
        units=units,
        weights=weights,
        biases=units,
        parameters=weights + units,
        trained=sum(trained),
    )
