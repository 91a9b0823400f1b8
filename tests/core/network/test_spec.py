"""From parameters to a complete network."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_studio.core.network.presets import PRESETS
from backprop_studio.core.network.spec import (
    ACTIVATIONS,
    NetworkParams,
    NetworkSpec,
    resolve_network,
)
from tests.core.specs import LOSSES, QUICK


def resolved(**fields):
    return resolve_network(NetworkParams(**fields))


def test_default_is_the_notes_network():
    spec = resolved()
    assert spec == NetworkSpec(
        (3, 3, 2, 3), ("relu", "relu", "identity"), "cross_entropy", "torch", 5580
    )


@pytest.mark.parametrize("name", PRESETS)
def test_preset_is_taken_whole(name):
    preset, spec = PRESETS[name], resolved(preset=name)
    assert spec.sizes == preset.sizes
    assert spec.activations[:-1] == (preset.activation,) * (len(preset.sizes) - 2)
    assert spec.activations[-1] == preset.output_activation
    assert (spec.loss, spec.init, spec.seed) == (preset.loss, preset.init, preset.seed)
    assert (spec.weights is None) == (preset.weights is None)
    assert spec.train_biases == preset.train_biases


def test_sizes_stand_alone():
    spec = resolved(sizes=[4, 5, 2])
    assert spec.sizes == (4, 5, 2)
    assert spec.activations == ("relu", "identity")
    assert (spec.loss, spec.init, spec.seed) == ("mse", "torch", 0)
    assert NetworkParams(sizes=[4, 2]).preset is None


def test_weights_give_the_sizes():
    spec = resolved(weights=[[[1, 2, 3], [4, 5, 6]], [[7, 8]]])
    assert spec.sizes == (3, 2, 1)
    assert spec.weights[0].tolist() == [[1, 2, 3], [4, 5, 6]]
    assert spec.biases is None


@pytest.mark.parametrize(
    ("loss", "output"), [("cross_entropy", "identity"), ("binary_cross_entropy", "sigmoid")]
)
def test_loss_brings_the_output_activation_it_needs(loss, output):
    for fields in ({"sizes": [2, 2]}, *({"preset": name} for name in PRESETS)):
        assert resolved(loss=loss, **fields).activations[-1] == output
    for wrong in set(ACTIVATIONS) - {output}:
        with pytest.raises(ValueError, match=f"set output_activation to {output}"):
            resolved(sizes=[2, 2], loss=loss, output_activation=wrong)


def test_init_or_seed_ask_for_drawn_weights():
    for change in ({"seed": 0}, {"init": "he"}):
        spec = resolved(preset="small", **change)
        assert spec.weights is None
        assert spec.biases is None
    explicit = resolved(weights=[[[1.0]]], biases=[[2.0]], seed=4)
    assert explicit.weights[0].tolist() == [[1.0]]
    assert explicit.biases[0].tolist() == [2.0]
    assert explicit.seed == 4


def test_largest_and_smallest_layer():
    assert resolved(sizes=[1024, 1]).sizes == (1024, 1)
    for size in (0, 1025):
        with pytest.raises(ValueError, match=f"1 to 1024 units per layer, found {size}"):
            resolved(sizes=[2, size])


@pytest.mark.parametrize("count", [1, 9])
def test_fewer_or_more_layers(count):
    assert {len(resolved(sizes=[1] * most).sizes) for most in (2, 8)} == {2, 8}
    with pytest.raises(ValueError, match=f"2 to 8 layers, counting the input, found {count}"):
        resolved(sizes=[1] * count)


def test_most_weights_and_biases():
    # 999 * 1000 + 1001 * 1000, which is 2 000 000
    assert resolved(sizes=[998, 1000, 1000]).sizes == (998, 1000, 1000)
    with pytest.raises(ValueError, match="at most 2000000 weights and biases in all, found 200"):
        resolved(sizes=[1000, 1000, 1000])


def test_biases_are_trained_unless_preset_or_user_say_no():
    assert resolved().train_biases is True
    assert resolved(sizes=[2, 2]).train_biases is True
    assert resolved(preset="one_weight").train_biases is False
    assert resolved(preset="one_weight", train_biases=True).train_biases is True
    assert resolved(preset="notes", train_biases=False).train_biases is False


def test_preset_must_not_contradict_sizes_or_weights():
    for fields in ({"sizes": [2, 2]}, {"weights": [[[1]]]}):
        with pytest.raises(ValueError, match="preset excludes"):
            NetworkParams(preset="small", **fields)
        assert NetworkParams(preset=None, **fields).preset is None
    with pytest.raises(ValueError, match="give sizes, or one of preset, weights, file"):
        NetworkParams(preset=None)


def test_arrays_of_a_specification_are_read_only_copies():
    weight = np.ones((1, 1))
    spec = NetworkSpec((1, 1), ("relu",), "mse", "torch", 0, (weight,), (np.zeros(1),))
    weight[...] = 5
    assert spec.weights[0][0, 0] == 1
    for array in (*spec.weights, *spec.biases):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        spec.seed = 1
    with pytest.raises(ValueError, match="frozen"):
        NetworkParams().seed = 1


@settings(QUICK, max_examples=20)
@given(
    st.lists(st.integers(1, 9), min_size=2, max_size=8),
    st.sampled_from(LOSSES),
    st.none() | st.sampled_from(ACTIVATIONS),
)
def test_parameters_always_make_a_whole_network(sizes, loss, activation):
    spec = resolved(sizes=sizes, loss=loss, activation=activation)
    assert len(spec.activations) == len(spec.sizes) - 1 == len(sizes) - 1
    assert spec.activations[:-1] == (activation or "relu",) * (len(sizes) - 2)


def test_form_hints_name_every_choice():
    properties = NetworkParams.model_json_schema()["properties"]
    for name in ("preset", "activation", "output_activation", "loss", "init"):
        choices = next(part for part in properties[name]["anyOf"] if "enum" in part)["enum"]
        labels = set(properties[name]["x-labels"])
        assert set(choices) <= labels <= {*choices, "None"}
    assert set(properties["preset"]["x-labels"]) >= set(PRESETS)
    assert all("description" in value and "title" in value for value in properties.values())
