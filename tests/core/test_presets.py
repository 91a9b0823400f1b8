"""Every preset is whole, and shows what it promises."""

from __future__ import annotations

import numpy as np
import pytest

from core.engine import run_step
from core.parameters import NetworkGroup, validate_params
from core.presets import PRESETS


def record_of(name):
    params = validate_params(NetworkGroup, {"network": {"preset": name}})
    return run_step(params.network_spec(), params.batch(), PRESETS[name].learning_rate)


@pytest.mark.parametrize("name", PRESETS)
def test_one_step_at_its_rate_lowers_the_loss_visibly(name):
    record = record_of(name)
    assert record.loss_after < 0.99 * record.loss


@pytest.mark.parametrize("name", PRESETS)
def test_every_layer_learns(name):
    for layer in record_of(name).layers:
        assert np.abs(layer.dL_dW).max() > 1e-4


def test_notes_first_sample_meets_both_faces_of_relu():
    values = np.concatenate([layer.z[0] for layer in record_of("notes").layers[:-1]])
    assert (values > 0).any()
    assert (values < 0).any()


def test_notes_are_the_curriculums():
    preset = PRESETS["notes"]
    assert preset.sizes == (3, 3, 2, 3)
    assert preset.inputs == ((1, 2, 1.5), (3, 4, 2.3), (5, 6, 1.2))
    assert preset.targets == (0, 2, 1)
    assert (preset.loss, preset.activation, preset.learning_rate) == ("cross_entropy", "relu", 0.1)


def test_two_layer_sigmoid_is_mazurs():
    preset = PRESETS["two_layer_sigmoid"]
    assert [matrix.tolist() for matrix in preset.weight_arrays()] == [
        [[0.15, 0.20], [0.25, 0.30]],
        [[0.40, 0.45], [0.50, 0.55]],
    ]
    assert [vector.tolist() for vector in preset.bias_arrays()] == [[0.35, 0.35], [0.60, 0.60]]
    assert (preset.inputs, preset.targets) == (((0.05, 0.10),), ((0.01, 0.99),))
    record = record_of("two_layer_sigmoid")
    assert f"{record.loss:.9f}" == "0.298371109"
    assert f"{record.updated[1].weight[0, 0]:.8f}" == "0.35891648"


def test_xor_is_xor():
    preset = PRESETS["xor"]
    for (a, b), (answer,) in zip(preset.inputs, preset.targets, strict=True):
        assert answer == (a != b)
    assert len(set(preset.inputs)) == 4
