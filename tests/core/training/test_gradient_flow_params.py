"""What the lesson on gradient flow may be asked for."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from backprop_studio.core.training.gradient_flow_params import FAULTS, GradientFlowGroup


def test_the_network_is_as_deep_and_wide_as_asked_for():
    group = GradientFlowGroup(depth=4, width=5, activation="gelu", seed=7)
    spec = group.deep_network()
    assert spec.sizes == (2, 5, 5, 5, 5, 1)
    assert spec.activations == ("gelu",) * 4 + ("sigmoid",)
    assert (spec.loss, spec.seed) == ("binary_cross_entropy", 7)


def test_the_batch_is_two_classes_of_points():
    batch = GradientFlowGroup().deep_batch()
    assert batch.inputs.shape == (200, 2)
    assert np.unique(batch.targets).tolist() == [0.0, 1.0]


def test_the_one_weight_has_no_loss_at_its_goal():
    batch = GradientFlowGroup.one_weight().batch()
    assert (batch.inputs * GradientFlowGroup.goal() == batch.targets).all()


@pytest.mark.parametrize("faults", [(), (FAULTS[0], FAULTS[0]), ("slow",)])
def test_faults_are_known_and_named_once(faults):
    with pytest.raises(ValidationError):
        GradientFlowGroup.model_validate({"faults": faults})
