"""The second opinion: it agrees with right gradients, and above all it notices wrong ones."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_studio.core.base.parameters import validate_params
from backprop_studio.core.network.batch import Batch
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.presets import PRESETS
from backprop_studio.core.network.spec import NetworkSpec
from backprop_studio.core.network.steps import run_step
from backprop_studio.core.network.verify import verification
from tests.core.specs import QUICK, SMOOTH, networks

LIMIT = 1e-6
"""What DESIGN promises."""


SMALL = [name for name, preset in PRESETS.items() if preset.inputs]
"""Presets of which every entry is checked; the others are an even spread of a long job."""


def record_of(given_values, learning_rate=0.1):
    params = validate_params(NetworkGroup, given_values)
    return run_step(params.network_spec(), params.batch(), learning_rate)


def with_gradient(record, layer, name, change):
    """The record with one gradient replaced by what change makes of it."""
    found = record.layers[layer]
    wrong = change(np.array(getattr(found, name)))
    layers = list(record.layers)
    layers[layer] = dataclasses.replace(found, **{name: wrong})
    return dataclasses.replace(record, layers=tuple(layers))


def gradient_at(record, path):
    """The entry of a gradient that a path of the answer sheet names."""
    _, layer, name, *position = path.split(".")
    return getattr(record.layers[int(layer)], name)[tuple(map(int, position))]


@pytest.mark.parametrize("name", SMALL)
def test_presets_agree(name):
    found = verification(record_of({"network": {"preset": name}}))
    assert found["max_relative_error"] <= LIMIT
    assert found["checked"] == found["parameters"]
    assert found["at_corners"] == found["unresolved"] == 0


@settings(QUICK, max_examples=6)
@given(networks(SMOOTH, most_units=4))
def test_random_smooth_networks_agree(drawn):
    record = run_step(*drawn, 0.1)
    found = verification(record)
    assert found["max_relative_error"] <= LIMIT
    # An entry that hardly moves the loss has no six digits to compare, and is named for it.
    largest = max(abs(g).max() for it in record.layers for g in (it.dL_dW, it.dL_db))
    for it in found["unconfirmed"]:
        assert it["reason"] == "unresolved"
        assert abs(gradient_at(record, it["path"])) < 1e-4 * largest


@settings(QUICK, max_examples=6)
@given(networks(("relu", "leaky_relu"), most_units=4))
def test_random_networks_with_corners_agree(drawn):
    assert verification(run_step(*drawn, 0.1))["max_relative_error"] <= LIMIT


@settings(QUICK, max_examples=8)
@given(networks(most_layers=3, most_units=3), st.data())
def test_one_wrong_entry_is_noticed(drawn, data):
    record = run_step(*drawn, 0.1)
    layer = data.draw(st.integers(0, len(record.layers) - 1))
    name = data.draw(st.sampled_from(["dL_dW", "dL_db"]))
    size = getattr(record.layers[layer], name).size
    place = data.draw(st.integers(0, size - 1))
    largest = max(np.abs(part).max() for one in record.layers for part in (one.dL_dW, one.dL_db))

    def change(gradient):
        gradient.flat[place] += 1e-3 * largest  # a thousandth of the largest is wrong
        return gradient

    if largest > 1e-6 * record.loss:
        assert verification(with_gradient(record, layer, name, change))["max_relative_error"] > 1e-4


@pytest.mark.parametrize(
    "change",
    [np.negative, np.zeros_like, lambda g: 2 * g, lambda g: 1.0001 * g, lambda g: g[::-1].copy()],
    ids=["sign", "zero", "twice", "a little", "swapped"],
)
def test_wrong_gradients_are_noticed(change):
    record = record_of({"network": {"preset": "small"}})
    for layer in range(len(record.layers)):
        for part in ("dL_dW", "dL_db"):
            if np.array_equal(
                change(getattr(record.layers[layer], part)), getattr(record.layers[layer], part)
            ):
                continue  # a list of one is not swapped
            wrong = with_gradient(record, layer, part, change)
            assert verification(wrong)["max_relative_error"] > 5e-5


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_gradient_that_is_no_number_is_an_error_without_end(value):
    wrong = with_gradient(
        record_of({"network": {"preset": "small"}}), 0, "dL_dW", lambda g: np.full_like(g, value)
    )
    assert verification(wrong)["max_relative_error"] == math.inf


def test_record_stays_as_it_is():
    record = record_of({"network": {"preset": "small"}})
    before = [layer.weight.tobytes() for layer in record.layers]
    assert verification(record) == verification(record)
    assert [layer.weight.tobytes() for layer in record.layers] == before


def test_corner_is_counted_and_not_called_an_error():
    # xor's first sample is (0, 0): without biases every relu stands on its corner, where torch
    # takes the flat side and a central difference the mean of both.
    record = record_of(
        {
            "network": {
                "weights": [[[1, 1], [1, 1]], [[1, -2]]],
                "biases": [[0, -1], [0]],
                "loss": "mse",
            },
            "data": {"inputs": [[0, 0], [0, 1], [1, 0], [1, 1]], "targets": [[1], [1], [1], [0]]},
        }
    )
    found = verification(record)
    named = [it["path"] for it in found["unconfirmed"] if it["reason"] == "corner"]
    assert found["at_corners"] == len(named) > 0
    assert all(path.startswith("layers.0.dL_d") for path in named)
    assert found["max_relative_error"] <= LIMIT


def test_saturated_units_are_unresolved_rather_than_wrong():
    spec = NetworkSpec((2, 3, 1), ("sigmoid", "sigmoid"), "half_squared_error", "he", 5)
    batch = Batch(np.array([[300.0, -200.0], [150.0, 250.0]]), np.array([[0.0], [1.0]]))
    found = verification(run_step(spec, batch, 0.1))
    assert found["max_relative_error"] <= LIMIT
    reasons = [it["reason"] for it in found["unconfirmed"]]
    assert found["unresolved"] == len(reasons) > 0
    assert set(reasons) == {"unresolved"}


def test_what_differs_is_named_with_its_place():
    record = record_of({"network": {"preset": "small"}})
    wrong = with_gradient(record, 1, "dL_db", lambda g: 1.01 * g)
    assert verification(wrong)["unconfirmed"] == [{"path": "layers.1.dL_db.0", "reason": "differs"}]


@pytest.mark.parametrize("scale", [1e-4, 255.0, 1e5])
def test_inputs_of_any_size_agree(scale):
    spec = NetworkSpec((3, 4, 2), ("tanh", "identity"), "mse", "normal", 2)
    inputs = np.random.default_rng(0).uniform(-1, 1, (5, 3)) * scale
    batch = Batch(inputs, np.zeros((5, 2)))
    assert verification(run_step(spec, batch, 0.1))["max_relative_error"] <= LIMIT


def test_large_network_is_sampled():
    record = record_of({"network": {"sizes": [200, 100, 10], "loss": "cross_entropy"}})
    found = verification(record)
    assert found["max_relative_error"] <= LIMIT
    assert found["parameters"] == 200 * 100 + 100 + 100 * 10 + 10
    assert found["checked"] == 400


def test_of_a_huge_network_fewer_are_checked():
    network = {"sizes": [640, 640], "init": "zeros"}
    assert verification(record_of({"network": network}))["checked"] == 50


def test_where_nothing_has_a_derivative_nothing_is_wrong():
    network = {"weights": [[[0.0]]], "biases": [[0.0]], "output_activation": "relu"}
    data = {"inputs": [[1.0]], "targets": [[1.0]]}
    found = verification(record_of({"network": network, "data": data}))
    assert (found["checked"], found["at_corners"], found["unresolved"]) == (2, 2, 0)
    assert found["max_relative_error"] is None


@pytest.mark.parametrize(
    ("z", "target", "gradient"), [(30.0, 0.0, 1.0), (-50.0, 1.0, -1.0), (800.0, 0.0, 1.0)]
)
def test_a_sigmoid_that_is_sure_and_wrong_has_its_whole_gradient(z, target, gradient):
    weights = (np.array([[1.0]]),)
    spec = NetworkSpec((1, 1), ("sigmoid",), "binary_cross_entropy", "zeros", 0, weights)
    record = run_step(spec, Batch(np.array([[z]]), np.array([[target]])), 0.1)
    layer = record.layers[0]
    assert layer.dL_dz.item() == pytest.approx(gradient, rel=1e-12)
    assert (layer.dL_da * layer.da_dz).item() == pytest.approx(gradient, rel=1e-12)
    assert record.loss == pytest.approx(abs(z), rel=1e-12)
    assert layer.a.item() == pytest.approx(1 - target, abs=1e-12)
    found = verification(record)
    assert found["max_relative_error"] <= 1e-6
    assert found["unconfirmed"] == []


@pytest.mark.parametrize(("activation", "z"), [("sigmoid", 50.0), ("tanh", -25.0)])
def test_slope_that_was_rounded_away_is_not_confirmed(activation, z):
    """The true gradient is exp(-50) or so, torch's is 0, and no difference sees either."""
    weights = (np.array([[z]]), np.array([[1.0]]))
    spec = NetworkSpec((1, 1, 1), (activation, "identity"), "mse", "zeros", 0, weights)
    found = verification(run_step(spec, Batch(np.ones((1, 1)), np.zeros((1, 1))), 0.1))
    lost = {it["path"]: it["reason"] for it in found["unconfirmed"]}
    assert lost == dict.fromkeys(("layers.0.dL_dW.0.0", "layers.0.dL_db.0"), "unresolved")


def test_dead_relu_is_confirmed_where_nothing_was_rounded():
    weights = (np.array([[-3.0]]), np.array([[1.0]]))
    spec = NetworkSpec((1, 1, 1), ("relu", "identity"), "mse", "zeros", 0, weights)
    found = verification(run_step(spec, Batch(np.ones((1, 1)), np.ones((1, 1))), 0.1))
    assert (found["unconfirmed"], found["max_relative_error"] < 1e-6) == ([], True)
