"""Which sample of a step is worth telling: one with nothing but zeros says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backprop_studio.core.network.factors import ParameterFactors
    from backprop_studio.core.network.record import StepRecord


def told_sample(record: StepRecord, factors: ParameterFactors) -> int:
    """Return the first sample in which nothing that is told is zero altogether.

    Its inputs, its gradients in every layer, and its part of the followed parameter's gradient. If
    there is none, it is the first of those that come nearest.

    Parameters
    ----------
    record : StepRecord
        The step.
    factors : ParameterFactors
        Of the followed parameter.

    Examples
    --------
    Of the xor problem the first sample is (0, 0), and multiplies every weight by 0:

    >>> from backprop_studio.core.network.factors import parameter_factors
    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> from backprop_studio.core.network.steps import run_step
    >>> params = NetworkGroup.model_validate({"network": {"preset": "xor"}})
    >>> record = run_step(params.network_spec(), params.batch(), 0.5)
    >>> told_sample(record, parameter_factors(record, 0, 0, 1))
    1
    """

    def something(sample: int) -> int:
        told = [record.batch.inputs[sample], *(it.dL_dz[sample] for it in record.layers)]
        return sum(bool(it.any()) for it in told) + bool(factors.terms[sample])

    return max(range(record.batch.size), key=something)
