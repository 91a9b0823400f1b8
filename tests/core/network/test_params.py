"""The group of a network with its data: defaults, presets, and the way through a file and back."""

from __future__ import annotations

import json

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import (
    LearningRateGroup,
    parse_assignments,
    validate_params,
)
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.presets import PRESETS
from tests.core.specs import LOSSES


class Params(NetworkGroup, LearningRateGroup):
    """As the scene backprop takes them."""


def test_good_values_are_taken():
    params = validate_params(
        Params,
        parse_assignments(
            [
                "learning_rate=1",
                "network.sizes=[2, 4, 1]",
                "network.activation=sigmoid",
                'network.loss="half_squared_error"',
                "network.seed=7",
                "data.inputs=[[1, 2.5], [3, 4]]",
                "data.targets=[[1], [0.5]]",
                "sample=2",
            ]
        ),
    )
    assert (params.learning_rate, params.sample, params.network.preset) == (1.0, 2, None)
    assert isinstance(params.learning_rate, float)
    spec = params.network_spec()
    assert (spec.sizes, spec.activations) == ((2, 4, 1), ("sigmoid", "identity"))
    assert (spec.loss, spec.seed) == ("half_squared_error", 7)
    assert params.batch().inputs.tolist() == [[1.0, 2.5], [3.0, 4.0]]
    assert params.batch().targets.tolist() == [[1.0], [0.5]]


def test_the_followed_sample_is_one_of_the_batch():
    assert validate_params(Params, {}).sample is None  # the lesson chooses one
    assert validate_params(Params, {"sample": 1}).sample == 1
    assert validate_params(Params, {"sample": 3}).sample == 3
    with pytest.raises(InputError, match="sample: 0; expected a whole number of at least 1"):
        validate_params(Params, {"sample": 0})
    with pytest.raises(InputError, match="sample: 4 is not in the batch; allowed are 1 to 3"):
        validate_params(Params, {"sample": 4})


CUSTOM = [
    {"network": {"sizes": [2, 3, 1], "activation": "gelu", "init": "he", "seed": 5}},
    {"network": {"sizes": [4, 3], "loss": "cross_entropy"}, "sample": 3},
    {"network": {"weights": [[[0.1, 1 / 3], [1e-300, -0.0]], [[1, 2]]], "loss": "mse"}},
    {"network": {"sizes": [1, 1], "weights": [[[1e308]]], "biases": [[5e-324]]}},
    {"network": {"preset": "small", "seed": 3, "loss": "half_squared_error"}},
    {"network": {"preset": "notes", "biases": [[1, 2, 3], [1, 2], [0.1, 0.2, 0.3]]}},
    {"network": {"preset": "xor"}, "data": {"inputs": [[1, 0]], "targets": [[0.5]]}},
    {"network": {"loss": "cross_entropy"}, "data": {"inputs": [[1, 2, 3]], "targets": [2]}},
    {"network": {"sizes": [1, 1]}, "data": {"inputs": [[1]], "targets": [1]}},
]


@pytest.mark.parametrize(
    "values", [{"network": {"preset": name}} for name in PRESETS] + CUSTOM, ids=str
)
def test_dumped_parameters_are_taken_again(values):
    """An answer sheet's parameters are fed back as parameters, through JSON."""
    params = validate_params(Params, values)
    text = json.dumps(params.model_dump(mode="json"), allow_nan=False)
    again = validate_params(Params, json.loads(text))
    assert again == params
    assert json.dumps(again.model_dump(mode="json")) == text
    assert again.network_spec().sizes == params.network_spec().sizes
    assert again.batch().inputs.tobytes() == params.batch().inputs.tobytes()


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", [None, "tanh"])
def test_every_preset_takes_every_loss(preset, loss, activation):
    """In the window preset and loss are two menus; no choice is an error."""
    network = {"preset": preset, "loss": loss, "activation": activation}
    params = validate_params(Params, {"network": network})
    assert params.network_spec().loss == loss
    assert params.batch().size >= 1
