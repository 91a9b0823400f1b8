"""The chain rule written out for one parameter: the factors that multiply into its gradient.

For a weight w from unit j to unit i of a layer, dL/dw is a sum over samples of three factors, and a
hidden unit's own factor is in turn a sum over the units that it feeds::

    dL/dw = sum over samples of  dL/da_i * da_i/dz_i * dz_i/dw          with dz_i/dw = a_j
    dL/da_i = sum over units k of the next layer of  dL/dz_k * W_ki

Every factor is read from a step's record, and the products are made of what is read: a sum may
differ from torch's own gradient in the last digit, as the order of adding differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from backprop_studio.core.base.arrays import Array, frozen

if TYPE_CHECKING:
    from backprop_studio.core.network.record import LayerRecord, StepRecord


@dataclass(frozen=True)
class ParameterFactors:
    """Factors of the gradient of one weight or bias, per sample.

    Attributes
    ----------
    layer, row : int
        Which layer that computes, and which of its units; counted from 0.
    column : int or None
        Which unit of the layer before; None for a bias.
    dL_da, da_dz : (N,) float64
        Of the parameter's unit.
    dz_dw : (N,) float64
        What the parameter is multiplied by: the incoming activation, 1 for a bias.
    terms : (N,) float64
        The product of the three, sample by sample.
    gradient : float
        dL/dw as torch computed it: the sum of terms up to the last digits.
    next_dL_dz, next_terms : (N, n_next) float64, or None
        For a hidden layer, dL/dz of each unit that this one feeds, and that times its weight; the
        terms add up to ``dL_da``. None for the last layer, whose dL/da is the loss's own.
    next_weights : (n_next,) float64, or None
        The weights from this unit into the next layer.
    """

    layer: int
    row: int
    column: int | None
    dL_da: Array
    da_dz: Array
    dz_dw: Array
    terms: Array
    gradient: float
    next_dL_dz: Array | None
    next_weights: Array | None
    next_terms: Array | None


def parameter_factors(
    record: StepRecord, layer: int, row: int, column: int | None
) -> ParameterFactors:
    """Return the chain-rule factors of one weight, or of a bias.

    Parameters
    ----------
    record : StepRecord
        From :func:`core.network.steps.run_step`.
    layer, row, column : int
        The parameter's place, counted from 0; column None means the bias of ``row``.

    Examples
    --------
    The lecture's one weight: dL/dy_pred = -4, times dy_pred/dw = 2.

    >>> from backprop_studio.core.network.steps import run_step
    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> params = NetworkGroup.model_validate({"network": {"preset": "one_weight"}})
    >>> record = run_step(params.network_spec(), params.batch(), 0.1)
    >>> factors = parameter_factors(record, 0, 0, 0)
    >>> factors.dL_da.item(), factors.da_dz.item(), factors.dz_dw.item(), factors.gradient
    (-4.0, 1.0, 2.0, -8.0)
    """
    here = record.layers[layer]
    dL_da, da_dz = here.dL_da[:, row], here.da_dz[:, row]
    dz_dw = np.ones(len(dL_da)) if column is None else here.a_in[:, column]
    gradient = here.dL_db[row] if column is None else here.dL_dW[row, column]
    following = record.layers[layer + 1] if layer + 1 < len(record.layers) else None
    return ParameterFactors(
        layer=layer,
        row=row,
        column=column,
        dL_da=frozen(dL_da),
        da_dz=frozen(da_dz),
        dz_dw=frozen(dz_dw),
        terms=frozen(dL_da * da_dz * dz_dw),
        gradient=float(gradient),
        **_through(following, row),
    )


def _through(following: LayerRecord | None, row: int) -> dict[str, Array | None]:
    if following is None:
        return dict.fromkeys(("next_dL_dz", "next_weights", "next_terms"))
    weights = following.weight[:, row]
    return {
        "next_dL_dz": following.dL_dz,
        "next_weights": frozen(weights),
        "next_terms": frozen(following.dL_dz * weights),
    }
