"""The loss of a network as a surface: a slice of two dimensions through all of its parameters.

Either two of the parameters move and the coordinates are their values, or the network moves along
two random directions from where it is, as in H. Li et al., "Visualizing the Loss Landscape of
Neural Nets" (NeurIPS 2018). Both are a straight plane: parameters = base + a first + b second.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import torch
from torch import Tensor

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.core.network import passes
from backprop_studio.core.surfaces.batched import BatchedNetwork
from backprop_studio.core.surfaces.ranges import checked_ranges

if TYPE_CHECKING:
    from backprop_studio.core.network.batch import Batch
    from backprop_studio.core.network.spec import NetworkSpec
    from backprop_studio.core.surfaces.parameter_index import ParameterIndex
    from backprop_studio.core.surfaces.ranges import Range


class Direction(NamedTuple):
    """A step in the space of a network's parameters: arrays shaped like W and b of each layer."""

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]


@dataclass(frozen=True, eq=False)
class NetworkSlice:
    """A network's loss on a batch over a plane in the space of its parameters.

    Attributes
    ----------
    network : NetworkSpec
        The network.
    batch : Batch
        On what its loss is measured.
    kind : {"parameters", "directions"}
        What the coordinates are: values of two parameters, or steps along two directions.
    names : (str, str)
        What they are called: as "w1_11", or "alpha" and "beta".
    ranges : ((float, float), (float, float))
        What a picture shows.
    origin : (2,) float64
        Coordinates of the network itself.
    base, first, second : Direction
        The network at (a, b) has the parameters base + a first + b second.
    indices : tuple of ParameterIndex
        The two parameters; empty for directions.
    seed : int or None
        Draws the directions.
    cosine : float
        Of the angle between the two directions; 0 for parameters.
    """

    network: NetworkSpec
    batch: Batch = field(repr=False)
    kind: Literal["parameters", "directions"]
    names: tuple[str, str]
    ranges: tuple[Range, ...]
    origin: Array
    base: Direction = field(repr=False)
    first: Direction = field(repr=False)
    second: Direction = field(repr=False)
    indices: tuple[ParameterIndex, ...] = ()
    seed: int | None = None
    cosine: float = 0.0

    def parameters(self, point: Tensor) -> passes.Parameters:
        """Return the network's parameters at a point (2,), differentiable."""

        def moved(kind: int) -> tuple[Tensor, ...]:
            return tuple(
                base + point[0] * first + point[1] * second
                for base, first, second in zip(*(it[kind] for it in self._tensors), strict=True)
            )

        return passes.Parameters(moved(0), moved(1))

    def value(self, point: Tensor) -> Tensor:
        """Return the loss at one point (2,), shape (), differentiable."""
        return passes.forward_pass(self.network, self.parameters(point), *self._data).loss

    def grid(self, x: Array, y: Array) -> Array:
        """Return the losses (ny, nx) over two axes, as they are: nan and inf where there are."""
        across, up = torch.tensor(x), torch.tensor(y)
        batched = BatchedNetwork(self.network, *self._data)
        base, first, second = self._tensors
        with torch.no_grad(), passes.single_thread():
            if self.kind == "directions":
                losses = batched.over_directions(base, first, second, across, up)
            else:
                one, other = self.indices
                losses = batched.over_entries(base, one, other, across, up)
            return np.array(losses.numpy())

    @cached_property
    def _data(self) -> tuple[Tensor, Tensor]:
        return torch.tensor(self.batch.inputs), torch.tensor(self.batch.targets)

    @cached_property
    def _tensors(self) -> tuple[tuple[list[Tensor], list[Tensor]], ...]:
        return tuple(
            ([torch.tensor(it) for it in step.weights], [torch.tensor(it) for it in step.biases])
            for step in (self.base, self.first, self.second)
        )


def parameter_slice(
    network: NetworkSpec,
    batch: Batch,
    first: ParameterIndex,
    second: ParameterIndex,
    *,
    reach: float = 2.0,
) -> NetworkSlice:
    """Return the loss over the values of two parameters, while all others are held.

    Parameters
    ----------
    network : NetworkSpec
        The network.
    batch : Batch
        On what its loss is measured.
    first, second : ParameterIndex
        What moves along x and along y.
    reach : float
        How far the picture goes to either side of the present values.

    Raises
    ------
    InputError
        If the network has no such parameter, or both are the same.

    Examples
    --------
    The line of the lecture, w x + b, at its start w = 0, b = 0:

    >>> from backprop_studio.core.network.batch import Batch
    >>> from backprop_studio.core.network.spec import NetworkSpec
    >>> from backprop_studio.core.surfaces.parameter_index import ParameterIndex
    >>> line = NetworkSpec((1, 1), ("identity",), "mse", "zeros", 0)
    >>> data = Batch(np.array([[0.0], [1.0]]), np.array([[1.0], [3.0]]))
    >>> loss = parameter_slice(line, data, ParameterIndex(0, 0, 0), ParameterIndex(0, 0))
    >>> loss.names, loss.grid(np.array([0.0, 2.0]), np.array([0.0, 1.0])).tolist()
    (('w1_11', 'b1_1'), [[5.0, 1.0], [2.0, 0.0]])
    """
    centre = _present(network)
    if first == second:
        text = N_("both axes are {name}; choose two different parameters")
        raise InputError("slice.same_axes", text, name=first.name)
    origin = [_take(network, centre, index) for index in (first, second)]
    shown = [(value - reach, value + reach) for value in origin]
    names = (first.name, second.name)
    return NetworkSlice(
        network=network,
        batch=batch,
        kind="parameters",
        names=names,
        ranges=checked_ranges(names, shown),
        origin=frozen(origin),
        base=_edited(centre, (first, second), 0.0),  # so that a coordinate is the value itself
        first=_unit_step(centre, first),
        second=_unit_step(centre, second),
        indices=(first, second),
    )


def direction_slice(
    network: NetworkSpec, batch: Batch, *, seed: int = 0, reach: float = 1.0
) -> NetworkSlice:
    """Return the loss over two random filter-normalised directions through a network.

    As Li et al. (2018) do it: a normal random number per weight, then every row of W (what leads
    into one unit, their "filter") is scaled to the length of that row in the network; biases stay.
    The two directions are not made orthogonal, neither there nor here; in a large network they
    nearly are by themselves, and ``cosine`` says how nearly in this one. A layer of zeros stays as
    it is.

    Parameters
    ----------
    network : NetworkSpec
        The network.
    batch : Batch
        On what its loss is measured.
    seed : int
        Draws the directions.
    reach : float
        How far the picture goes to either side; 1 is as far as the weights are long.

    Raises
    ------
    InputError
        If all weights are zero, so that there is no direction.

    Examples
    --------
    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> params = NetworkGroup.model_validate({"network": {"preset": "notes"}})
    >>> loss = direction_slice(params.network_spec(), params.batch(), seed=1)
    >>> lengths = [np.linalg.norm(it.weights[0], axis=1) for it in (loss.first, loss.base)]
    >>> bool(np.allclose(*lengths, rtol=1e-15))
    True
    """
    centre = _present(network)
    generator = np.random.default_rng(seed)
    first, second = (_random_step(centre, generator) for _ in range(2))
    flat = [np.concatenate([array.ravel() for array in it.weights]) for it in (first, second)]
    lengths = [float(np.linalg.norm(it)) for it in flat]
    if not min(lengths) > 0:
        text = N_("all weights are zero, so no direction can be as long as they are")
        raise InputError("slice.no_direction", text)
    names = ("alpha", "beta")
    cosine = float(flat[0] @ flat[1]) / (lengths[0] * lengths[1])
    return NetworkSlice(
        network=network,
        batch=batch,
        kind="directions",
        names=names,
        ranges=((-reach, reach), (-reach, reach)),
        origin=frozen([0.0, 0.0]),
        base=centre,
        first=first,
        second=second,
        seed=seed,
        cosine=cosine,
    )


def _present(network: NetworkSpec) -> Direction:
    drawn = passes.draw_parameters(network)
    return Direction(*(tuple(map(passes.as_array, kind)) for kind in (drawn.weights, drawn.biases)))


def _take(network: NetworkSpec, centre: Direction, index: ParameterIndex) -> float:
    """Return a parameter's value, or say that there is no such parameter."""
    layers = len(network.activations)
    if not 0 <= index.layer < layers:
        allowed = N_("allowed are layers 1 to {most}")
        raise _unknown(index, Message.of("slice.layers", allowed, most=layers))
    n_in, n_out = network.sizes[index.layer], network.sizes[index.layer + 1]
    if not 0 <= index.row < n_out:
        units = N_("layer {layer} has units 1 to {most}")
        raise _unknown(index, Message.of("slice.units", units, layer=index.layer + 1, most=n_out))
    if index.column is None:
        return float(centre.biases[index.layer][index.row])
    if not 0 <= index.column < n_in:
        inputs = N_("layer {layer} takes inputs 1 to {most}")
        raise _unknown(index, Message.of("slice.inputs", inputs, layer=index.layer + 1, most=n_in))
    return float(centre.weights[index.layer][index.row, index.column])


def _unknown(index: ParameterIndex, allowed: Message) -> InputError:
    text = N_("the network has no parameter {name}: {allowed}")
    return InputError("slice.no_parameter", text, name=index.name, allowed=allowed)


def _edited(centre: Direction, indices: tuple[ParameterIndex, ...], value: float) -> Direction:
    weights, biases = ([np.array(it) for it in kind] for kind in centre)
    for it in indices:
        if it.column is None:
            biases[it.layer][it.row] = value
        else:
            weights[it.layer][it.row, it.column] = value
    return Direction(tuple(map(frozen, weights)), tuple(map(frozen, biases)))


def _unit_step(centre: Direction, index: ParameterIndex) -> Direction:
    zeros = Direction(*(tuple(map(np.zeros_like, kind)) for kind in centre))
    return _edited(zeros, (index,), 1.0)


def _random_step(centre: Direction, generator: np.random.Generator) -> Direction:
    weights = []
    for weight in centre.weights:
        drawn = generator.standard_normal(weight.shape)
        wanted = np.linalg.norm(weight, axis=1, keepdims=True)
        weights.append(frozen(drawn * (wanted / np.linalg.norm(drawn, axis=1, keepdims=True))))
    return Direction(tuple(weights), tuple(frozen(np.zeros_like(it)) for it in centre.biases))
