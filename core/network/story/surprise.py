"""What each sample costs a classifier, against what it gave to the right class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from backprop_studio.core.base.arrays import Array, frozen

if TYPE_CHECKING:
    from backprop_studio.core.network.record import StepRecord

LEAST_SIGHT = 0.1
"""The curve is told at least down to this probability, where an answer is clearly wrong."""

SAMPLES = 400
"""Points of the curve."""


@dataclass(frozen=True)
class Surprise:
    """The curve -ln p, and where the samples of a batch are on it.

    Attributes
    ----------
    own : float
        The probability that the told sample's right class was given.
    shares, costs : (n,) float64
        That probability and the loss, of all samples whose loss is finite.
    curve_shares, curve_costs : (n,) float64
        The curve, p rising up to 1.
    """

    own: float
    shares: Array
    costs: Array
    curve_shares: Array
    curve_costs: Array


def surprise_of(record: StepRecord, sample: int) -> Surprise | None:
    """Return what the samples cost; None without classes, or if the told one has no finite loss.

    Nor is there a curve where other classes count as well, or some more than others.

    Examples
    --------
    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> from backprop_studio.core.network.steps import run_step
    >>> params = NetworkGroup.model_validate({})
    >>> found = surprise_of(run_step(params.network_spec(), params.batch(), 0.1), 0)
    >>> found.shares.round(3).tolist(), found.costs.round(3).tolist()
    ([0.216, 0.226, 0.924], [1.531, 1.487, 0.079])
    """
    given, costs = record.before.probabilities, record.before.sample_losses
    if given is None or record.network.has_shares:
        return None
    shares = given[np.arange(len(given)), record.batch.targets.astype(int)]
    seen = np.isfinite(costs) & (shares > 0)
    if not seen[sample]:
        return None
    least = min(float(shares[seen].min()), LEAST_SIGHT)
    curve = np.geomspace(least, 1.0, SAMPLES)
    on_it = frozen(shares[seen]), frozen(costs[seen])
    return Surprise(float(shares[sample]), *on_it, frozen(curve), frozen(-np.log(curve)))
