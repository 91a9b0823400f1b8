"""A training step and its answer sheet, for the tests of what is written about it."""

from __future__ import annotations

from backprop_studio.core.answer_sheet import step_sheet
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.core.network.optimizers import OptimizerGroup
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.steps import run_step

ONE_WEIGHT = {"network": {"preset": "one_weight"}, "data": {"inputs": [[2]], "targets": [[4]]}}


class Params(NetworkGroup, OptimizerGroup):
    """Of a step of any network by any optimizer."""


def recorded(**values):
    """Return parameters, the step that they describe, and its answer sheet."""
    params = validate_params(Params, values)
    record = run_step(params.network_spec(), params.batch(), params.optimizer_spec())
    return params, record, step_sheet("backprop", params.model_dump(mode="json"), record)
