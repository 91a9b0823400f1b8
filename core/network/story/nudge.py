"""One parameter changed a little, and the network run again: what becomes of z, a and the loss."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from backprop_studio.core.network.passes import Parameters, forward_pass, single_thread

if TYPE_CHECKING:
    from backprop_studio.core.network.factors import ParameterFactors
    from backprop_studio.core.network.record import StepRecord

SHARE = 0.02
"""Of the layer's largest weight; the nudge is the power of ten nearest to that."""

FINER = 10
"""How many times smaller a second nudge is, which is nearer to infinitely small."""


@dataclass(frozen=True)
class Moved:
    """A quantity before and after a nudge.

    Attributes
    ----------
    before, after, change : float
        The change is the difference of the two.
    """

    before: float
    after: float
    change: float


@dataclass(frozen=True)
class Nudge:
    """What a small change of one parameter does.

    Attributes
    ----------
    w, z, a : Moved
        The parameter, and its unit's pre-activation and activation for one sample.
    loss : Moved
        L over the whole batch.
    ratio, finer : float
        The change of L for each unit of the change of w; and that of a nudge a tenth as large.
    """

    w: Moved
    z: Moved
    a: Moved
    loss: Moved
    ratio: float
    finer: float


def nudge(record: StepRecord, factors: ParameterFactors, sample: int) -> Nudge | None:
    """Return what a nudge of a parameter really does, or None where it leaves float64.

    Parameters
    ----------
    record : StepRecord
        The network before the step.
    factors : ParameterFactors
        Of the parameter.
    sample : int
        Of which z and a are told, counted from 0.

    Examples
    --------
    >>> from backprop_studio.core.network.factors import parameter_factors
    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> from backprop_studio.core.network.steps import run_step
    >>> params = NetworkGroup.model_validate({"network": {"preset": "one_weight"}})
    >>> record = run_step(params.network_spec(), params.batch(), 0.1)
    >>> found = nudge(record, parameter_factors(record, 0, 0, 0), 0)
    >>> found.w.change, round(found.z.change, 9), round(found.loss.change, 9)
    (0.01, 0.02, -0.0796)
    """
    layer, row, column = factors.layer, factors.row, factors.column
    size = _size(record, layer)
    weights = [torch.tensor(it.weight) for it in record.layers]
    biases = [torch.tensor(it.bias) for it in record.layers]
    place = (biases[layer], row) if column is None else (weights[layer], (row, column))
    tensor, index = place
    before = float(tensor[index])
    data = torch.tensor(record.batch.inputs), torch.tensor(record.batch.targets)
    with single_thread(), torch.no_grad():
        parameters = Parameters(tuple(weights), tuple(biases))
        tensor[index] = before + size / FINER
        little = float(forward_pass(record.network, parameters, *data).loss)
        tensor[index] = before + size
        forward = forward_pass(record.network, parameters, *data)
    here = record.layers[layer]
    z, a = (
        _moved(float(old[sample, row]), float(new[layer][sample, row]))
        for old, new in ((here.z, forward.zs), (here.a, forward.activations))
    )
    loss = _moved(record.loss, float(forward.loss))
    finer = (little - record.loss) / size * FINER
    if not all(math.isfinite(it) for it in (z.after, a.after, loss.after, finer)):
        return None
    w = Moved(before, before + size, size)
    return Nudge(w=w, z=z, a=a, loss=loss, ratio=loss.change / size, finer=finer)


def _size(record: StepRecord, layer: int) -> float:
    largest = float(np.abs(record.layers[layer].weight).max()) or 1.0
    return float(10.0 ** round(math.log10(SHARE * largest)))


def _moved(before: float, after: float) -> Moved:
    return Moved(before, after, after - before)
