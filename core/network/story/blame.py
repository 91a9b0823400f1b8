"""Which weights and biases the loss depends on most: all of them ranked by their gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from backprop_studio.core.network.record import StepRecord

MOST = 8
"""Shares that are named."""


@dataclass(frozen=True)
class Share:
    """One parameter's part in the loss.

    Attributes
    ----------
    layer, row : int
        Which layer that computes, and which of its units; counted from 0.
    column : int or None
        Which unit of the layer before; None for a bias.
    gradient : float
        dL/dw over the batch.
    """

    layer: int
    row: int
    column: int | None
    gradient: float


@dataclass(frozen=True)
class Blame:
    """All parameters by the size of their gradients.

    Attributes
    ----------
    count, zeros : int
        How many weights and biases there are, and how many of their gradients are 0.
    top : tuple of Share
        Those with the largest |gradient|, the largest first; of equals, the one that stands first
        in the network.
    """

    count: int
    zeros: int
    top: tuple[Share, ...]


def blame(record: StepRecord, most: int = MOST) -> Blame:
    """Return who is to blame for a loss.

    Examples
    --------
    The lecture's one weight has the larger share, its bias the smaller one:

    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> from backprop_studio.core.network.steps import run_step
    >>> params = NetworkGroup.model_validate({"network": {"preset": "one_weight"}})
    >>> found = blame(run_step(params.network_spec(), params.batch(), 0.1))
    >>> [(it.column, it.gradient) for it in found.top], found.count
    ([(0, -8.0), (None, -4.0)], 2)
    """
    found: list[Share] = []
    count = zeros = 0
    for layer, it in enumerate(record.layers):
        # A unit's weights and its bias beside them, as they stand in the network.
        gradients = np.column_stack([it.dL_dW, it.dL_db])
        count += gradients.size
        zeros += gradients.size - int(np.count_nonzero(gradients))
        largest = np.argsort(-np.abs(gradients), axis=None, kind="stable")[:most]
        for row, column in zip(*np.unravel_index(largest, gradients.shape), strict=True):
            is_bias = column == it.dL_dW.shape[1]
            place = None if is_bias else int(column)
            found.append(Share(layer, int(row), place, float(gradients[row, column])))
    found.sort(key=lambda share: -abs(share.gradient))
    return Blame(count, zeros, tuple(found[:most]))
