"""What a step has made of one parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.core.network.story.nudge import Moved

if TYPE_CHECKING:
    from backprop_studio.core.network.record import StepRecord


def moved_by_step(record: StepRecord, layer: int, row: int, column: int | None) -> Moved:
    """Return a parameter before and after a step.

    Parameters
    ----------
    layer, row : int
        Which layer that computes, and which of its units; counted from 0.
    column : int or None
        Which unit of the layer before; None for the bias.

    Examples
    --------
    The lecture's one weight has the gradient -8:

    >>> from backprop_studio.core.network.params import NetworkGroup
    >>> from backprop_studio.core.network.steps import run_step
    >>> params = NetworkGroup.model_validate({"network": {"preset": "one_weight"}})
    >>> record = run_step(params.network_spec(), params.batch(), 0.1)
    >>> round(moved_by_step(record, 0, 0, 0).change, 9)
    0.8
    """
    old, new = record.layers[layer], record.updated[layer]
    if column is None:
        before, after = float(old.bias[row]), float(new.bias[row])
    else:
        before, after = float(old.weight[row, column]), float(new.weight[row, column])
    return Moved(before, after, after - before)
