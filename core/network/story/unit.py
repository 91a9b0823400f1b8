"""One unit of a layer: what it makes of each of its inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backprop_studio.core.base.arrays import Array, frozen

if TYPE_CHECKING:
    from backprop_studio.core.network.record import StepRecord


@dataclass(frozen=True)
class Unit:
    """A unit's sum for one sample, term by term.

    Attributes
    ----------
    layer, row, sample : int
        Which layer that computes, which of its units, and for which sample; counted from 0.
    products : (n_in,) float64
        Each input times its weight; with the bias they add up to z.
    bias, z, a : float
        What is added, the sum, and what the activation makes of it.
    """

    layer: int
    row: int
    sample: int
    products: Array
    bias: float
    z: float
    a: float


def unit_of(record: StepRecord, layer: int, row: int, sample: int) -> Unit:
    """Return what a unit computes for a sample, all of them counted from 0.

    Examples
    --------
    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> from backprop_studio.core.network.steps import run_step
    >>> params = NetworkGroup.model_validate({"network": {"preset": "one_weight"}})
    >>> unit = unit_of(run_step(params.network_spec(), params.batch(), 0.1), 0, 0, 0)
    >>> unit.products.tolist(), unit.bias, unit.z
    ([2.0], 0.0, 2.0)
    """
    here = record.layers[layer]
    return Unit(
        layer=layer,
        row=row,
        sample=sample,
        products=frozen(here.weight[row] * here.a_in[sample]),
        bias=float(here.bias[row]),
        z=float(here.z[sample, row]),
        a=float(here.a[sample, row]),
    )
