"""Every preset is whole, and shows what it promises."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import numpy as np
import pytest

from backprop_studio.core.base.parameters import validate_params
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.presets import PRESETS
from backprop_studio.core.network.spec import PresetName
from backprop_studio.core.network.steps import run_step
from tests.core.network.steps_by_hand import mazurs_step


def record_of(name):
    params = validate_params(NetworkGroup, {"network": {"preset": name}})
    return run_step(params.network_spec(), params.batch(), PRESETS[name].learning_rate)


@pytest.mark.parametrize("name", PRESETS)
def test_one_step_at_its_rate_lowers_the_loss_visibly(name):
    record = record_of(name)
    assert record.loss_after < 0.99 * record.loss


@pytest.mark.parametrize("name", [name for name in PRESETS if name != "deep"])
def test_every_layer_learns(name):
    for layer in record_of(name).layers:
        assert np.abs(layer.dL_dW).max() > 1e-4


def test_gradients_of_the_deep_one_vanish():
    largest = [np.abs(layer.dL_dW).max() for layer in record_of("deep").layers]
    assert all(1e-9 < early < late for early, late in pairwise(largest))
    assert largest[-1] > 1e3 * largest[0]


def test_names_are_those_that_may_be_chosen():
    assert tuple(PRESETS) == get_args(PresetName)


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


def test_small_is_what_its_solutions_by_hand_begin_with():
    preset = PRESETS["small"]
    assert (preset.sizes, preset.activation, preset.loss) == ((2, 2, 1), "tanh", "mse")
    assert preset.weights == (((0.5, -0.4), (0.3, 0.8)), ((0.7, -0.6),))
    assert preset.biases == ((0.1, -0.2), (0.0,))
    assert (preset.inputs, preset.targets) == (((1, 2), (-1, 0.5)), ((1,), (-1,)))


def test_xor_and_the_single_weight_are_whole():
    xor, one = PRESETS["xor"], PRESETS["one_weight"]
    assert xor.sizes == (2, 4, 1)
    assert xor.inputs == ((0, 0), (0, 1), (1, 0), (1, 1))
    assert xor.targets == ((0,), (1,), (1,), (0,))
    assert (one.sizes, one.weights, one.biases) == ((1, 1), (((1,),),), ((0,),))


def test_rates_and_seeds_are_those_that_were_chosen():
    rates = {name: preset.learning_rate for name, preset in PRESETS.items()}
    slow = dict.fromkeys(("one_weight", "small", "notes", "mnist"), 0.1)
    fast = dict.fromkeys(("two_layer_sigmoid", "xor", "iris", "softmax", "deep"), 0.5)
    assert rates == {**slow, **fast}
    seeds = {name: preset.seed for name, preset in PRESETS.items()}
    assert seeds == {**dict.fromkeys(PRESETS, 0), "notes": 5580, "xor": 3}


def test_only_the_single_weight_keeps_its_bias():
    assert [name for name, preset in PRESETS.items() if not preset.train_biases] == ["one_weight"]


def test_sizes_are_those_that_were_chosen():
    assert {name: preset.sizes for name, preset in PRESETS.items() if not preset.inputs} == {
        "iris": (4, 2, 3),
        "softmax": (64, 10),
        "deep": (2, 8, 8, 8, 8, 8, 8, 1),
        "mnist": (784, 128, 64, 10),
    }
    sets = {name: preset.data for name, preset in PRESETS.items() if preset.data}
    told = {name: (data.name, data.held_out, data.standardise) for name, data in sets.items()}
    assert told.pop("deep") == ("two_moons", None, None)
    assert told == {"iris": ("iris", 20, True), "softmax": ("digits", 297, None)}


def test_two_layer_sigmoid_is_mazurs():
    preset, spec = PRESETS["two_layer_sigmoid"], mazurs_step().network
    assert preset.weights == tuple(tuple(map(tuple, it.tolist())) for it in spec.weights)
    assert preset.biases == tuple(tuple(it.tolist()) for it in spec.biases)
    assert (preset.inputs, preset.targets) == (((0.05, 0.10),), ((0.01, 0.99),))
