"""Predictions of a trained classifier, at inputs or over a plane of two features.

A network is trained elsewhere; here its parameters at any step are taken from the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.network.passes import Parameters, forward_pass, single_thread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.core.network.record import LayerUpdate
    from backprop_studio.core.network.spec import NetworkSpec


PER_SIDE = 181
MARGIN = 0.1


@dataclass(frozen=True)
class Predictions:
    """Outputs, probabilities and classes of N inputs.

    Attributes
    ----------
    outputs : (N, classes) float64
        The last layer's a, the logits.
    probabilities : (N, classes) float64
        Their softmax.
    classes : (N,) int64
        The class of the largest probability; the first if several are equally large.
    """

    outputs: Array
    probabilities: Array
    classes: npt.NDArray[np.int64]


@dataclass(frozen=True)
class DecisionRegions:
    """The probabilities of a classifier over a plane of two of its inputs, the others held.

    Attributes
    ----------
    xs, ys : (count,) float64
        Values of the first and of the second input, as the network takes them.
    probabilities : (count, count, classes) float64
        At [row, column], which is (xs[column], ys[row]).
    """

    xs: Array
    ys: Array
    probabilities: Array


def predict(
    network: NetworkSpec, layers: Sequence[LayerUpdate], inputs: npt.ArrayLike
) -> Predictions:
    """Return the predictions of a classifier with given parameters.

    Parameters
    ----------
    network : NetworkSpec
        Its activations; its loss is cross-entropy.
    layers : sequence
        W and b per layer: ``updated`` of a step's record, or ``layers`` of a kept training step.
    inputs : (N, n) array
        Samples.

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
    given = torch.tensor(np.array(inputs, dtype=np.float64))
    parameters = Parameters(
        tuple(torch.tensor(layer.weight) for layer in layers),
        tuple(torch.tensor(layer.bias) for layer in layers),
    )
    # The loss is not looked at, so any class will do for a target.
    targets = torch.zeros(len(given), dtype=torch.int64)
    with single_thread(), torch.no_grad():
        outputs = forward_pass(network, parameters, given, targets).activations[-1]
        shares = torch.softmax(outputs, dim=1).numpy()
    return Predictions(
        frozen(outputs.numpy()), frozen(shares), frozen(shares.argmax(axis=1), np.int64)
    )


def decision_regions(
    network: NetworkSpec,
    layers: Sequence[LayerUpdate],
    inputs: Array,
    features: tuple[int, int],
    *,
    reach: Array,
    count: int = PER_SIDE,
    margin: float = MARGIN,
) -> DecisionRegions:
    """Return the probabilities that a classifier gives to each point of a plane.

    Parameters
    ----------
    network, layers
        As in :func:`predict`.
    inputs : (N, n) array
        Samples at whose mean the inputs are held that do not move.
    features : (int, int)
        Which inputs move, counted from 0; across and up.
    reach : (N, n) array
        Samples that the picture reaches as far as.
    count : int
        Points per side.
    margin : float
        How far the picture goes beyond the samples, as a share of their spread.

    Examples
    --------
    >>> from backprop_studio.core.network.steps import run_step
    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> params = NetworkGroup.model_validate({"network": {"preset": "iris"}})
    >>> network, x = params.network_spec(), params.batch().inputs
    >>> layers = run_step(network, params.batch(), 0.5).updated
    >>> decision_regions(network, layers, x, (2, 3), reach=x, count=5).probabilities.shape
    (5, 5, 3)
    """
    first, second = features
    xs, ys = (axis_over(reach[:, k], count, margin) for k in features)
    points = np.tile(inputs.mean(axis=0), (count * count, 1))
    points[:, first] = np.tile(xs, count)
    points[:, second] = np.repeat(ys, count)
    shares = predict(network, layers, points).probabilities
    return DecisionRegions(frozen(xs), frozen(ys), frozen(shares.reshape(count, count, -1)))


def axis_over(values: Array, count: int = PER_SIDE, margin: float = MARGIN) -> Array:
    """Return points of an axis that reaches beyond values, evenly from end to end.

    Examples
    --------
    >>> axis_over(np.array([0.0, 10.0]), 3).tolist()
    [-1.0, 5.0, 11.0]
    """
    low, high = float(values.min()), float(values.max())
    # A feature that never varies still needs a picture of some width.
    beyond = margin * (high - low) if high > low else 1.0
    return np.linspace(low - beyond, high + beyond, count)
