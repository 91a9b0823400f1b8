"""What a trained network answers: outputs, probabilities and classes, also over a plane of inputs.

A network is trained elsewhere; here its parameters at any step are taken from the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt
import torch

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.network.passes import Parameters, forward_pass, single_thread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.core.network.spec import NetworkSpec

__all__ = ["DecisionRegions", "LayerParameters", "Predictions", "decision_regions", "predict"]

MOST_PER_SIDE = 400


class LayerParameters(Protocol):
    """A layer's numbers, as :class:`~core.network.record.LayerUpdate` and others hold them.

    Attributes
    ----------
    weight : (n_out, n_in) float64
    bias : (n_out,) float64
    """

    @property
    def weight(self) -> Array: ...  # noqa: D102

    @property
    def bias(self) -> Array: ...  # noqa: D102


@dataclass(frozen=True)
class Predictions:
    """Answers to N inputs.

    Attributes
    ----------
    outputs : (N, n_out) float64
        The last layer's a.
    probabilities : (N, classes) float64, or None
        For cross-entropy the softmax of the outputs; for binary cross-entropy of one output that of
        class 0 and class 1. None where targets are numbers.
    classes : (N,) int64, or None
        The class of the largest probability; the first if several are equally large.
    confidence : (N,) float64, or None
        That probability.
    """

    outputs: Array
    probabilities: Array | None
    classes: npt.NDArray[np.int64] | None
    confidence: Array | None


@dataclass(frozen=True)
class DecisionRegions:
    """What a network answers over a plane of two of its inputs, the others held.

    Attributes
    ----------
    first, second : int
        Which inputs move, counted from 0.
    held : (n,) float64
        The values of all inputs; those of ``first`` and ``second`` do not matter.
    xs, ys : (count,) float64
        Values of the first and of the second input, as the network takes them.
    classes : (count, count) int64
        The class at [row, column], which is (xs[column], ys[row]).
    confidence : (count, count) float64
        Its probability.
    probabilities : (count, count, classes) float64
    """

    first: int
    second: int
    held: Array
    xs: Array
    ys: Array
    classes: npt.NDArray[np.int64]
    confidence: Array
    probabilities: Array


def predict(
    network: NetworkSpec, layers: Sequence[LayerParameters], inputs: npt.ArrayLike
) -> Predictions:
    """Return what a network with given parameters answers.

    Parameters
    ----------
    network : NetworkSpec
        Its activations and its loss.
    layers : sequence
        W and b per layer: ``updated`` of a step's record, or ``layers`` of a kept training step.
    inputs : (N, n) array
        Samples.

    Raises
    ------
    ValueError
        If the inputs have another width than the network.

    Examples
    --------
    >>> from backprop_studio.core.network.steps import run_step
    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> params = NetworkGroup.model_validate({"network": {"preset": "notes"}})
    >>> network, batch = params.network_spec(), params.batch()
    >>> answers = predict(network, run_step(network, batch, 0.1).updated, batch.inputs)
    >>> answers.probabilities.shape, answers.classes.shape
    ((3, 3), (3,))
    """
    given = np.array(inputs, dtype=np.float64)
    if given.ndim != 2 or given.shape[1] != network.sizes[0]:
        raise ValueError(f"expected inputs of shape (N, {network.sizes[0]}), found {given.shape}")
    parameters = Parameters(
        tuple(torch.tensor(layer.weight) for layer in layers),
        tuple(torch.tensor(layer.bias) for layer in layers),
    )
    with single_thread(), torch.no_grad():
        outputs = forward_pass(
            network, parameters, torch.tensor(given), _any_targets(network, len(given))
        ).activations[-1]
        probabilities = None
        if network.loss == "cross_entropy":
            probabilities = torch.softmax(outputs, dim=1)
        elif network.loss == "binary_cross_entropy" and network.sizes[-1] == 1:
            probabilities = torch.cat([1 - outputs, outputs], dim=1)
    if probabilities is None:
        return Predictions(frozen(outputs.numpy()), None, None, None)
    shares = probabilities.numpy()
    return Predictions(
        frozen(outputs.numpy()),
        frozen(shares),
        frozen(shares.argmax(axis=1), np.int64),
        frozen(shares.max(axis=1)),
    )


def decision_regions(
    network: NetworkSpec,
    layers: Sequence[LayerParameters],
    inputs: Array,
    features: tuple[int, int] = (0, 1),
    *,
    count: int = 101,
    margin: float = 0.1,
    reach: Array | None = None,
) -> DecisionRegions:
    """Return which class a network gives to each place of a plane.

    Parameters
    ----------
    network, layers
        As in :func:`predict`.
    inputs : (N, n) array
        Samples that the picture shows: it reaches as far as they do, and the inputs that do not
        move are held at their mean over these samples.
    features : (int, int)
        Which inputs move, counted from 0; across and up.
    count : int
        Places per side, 2 to 400.
    margin : float
        How far the picture goes beyond the samples, as a share of their spread.
    reach : (N, n) array, optional
        Samples that the picture reaches as far as, if others are to be seen than those whose mean
        is taken.

    Raises
    ------
    InputError
        If the network tells no classes apart, or the features are none or the same.
    ValueError
        If ``count`` is out of range.

    Examples
    --------
    >>> from backprop_studio.core.network.steps import run_step
    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> params = NetworkGroup.model_validate({"network": {"preset": "iris"}})
    >>> network, batch = params.network_spec(), params.batch()
    >>> layers = run_step(network, batch, 0.5).updated
    >>> regions = decision_regions(network, layers, batch.inputs, (2, 3), count=5)
    >>> regions.classes.shape, regions.probabilities.shape
    ((5, 5), (5, 5, 3))
    """
    _check_plane(network, features, count)
    first, second = features
    held = inputs.mean(axis=0)
    seen = inputs if reach is None else reach
    xs, ys = (_reach(seen[:, k], count, margin) for k in features)
    places = np.tile(held, (count * count, 1))
    places[:, first] = np.tile(xs, count)
    places[:, second] = np.repeat(ys, count)
    answers = predict(network, layers, places)
    # Both are there: the network tells classes apart.
    assert answers.classes is not None and answers.probabilities is not None  # noqa: PT018
    probabilities = answers.probabilities.reshape(count, count, -1)
    return DecisionRegions(
        first, second, frozen(held), frozen(xs), frozen(ys),
        frozen(answers.classes.reshape(count, count), np.int64),
        frozen(probabilities.max(axis=2)), frozen(probabilities),
    )  # fmt: skip


def _any_targets(network: NetworkSpec, samples: int) -> torch.Tensor:
    """Return targets that fit; the loss of a prediction is not looked at."""
    if network.loss == "cross_entropy":
        return torch.zeros(samples, dtype=torch.int64)
    return torch.zeros(samples, network.sizes[-1], dtype=torch.float64)


def _check_plane(network: NetworkSpec, features: tuple[int, int], count: int) -> None:
    one_answer = network.loss == "binary_cross_entropy" and network.sizes[-1] == 1
    if network.loss != "cross_entropy" and not one_answer:
        raise InputError(
            f"Regions need classes; a network of {network.sizes[-1]} outputs with the loss "
            f"{network.loss} has none, use cross_entropy."
        )
    width = network.sizes[0]
    for feature in features:
        if not 0 <= feature < width:
            raise InputError(f"features: allowed are 0 to {width - 1}, found {feature}.")
    if features[0] == features[1]:
        raise InputError(f"features: expected two different inputs, found {features[0]} twice.")
    if not 2 <= count <= MOST_PER_SIDE:
        raise ValueError(f"count: allowed are 2 to {MOST_PER_SIDE}, found {count}")


def _reach(values: Array, count: int, margin: float) -> Array:
    low, high = float(values.min()), float(values.max())
    # A feature that never varies still needs a picture of some width.
    beyond = margin * (high - low) if high > low else 1.0
    return np.linspace(low - beyond, high + beyond, count)
