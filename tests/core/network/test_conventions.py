"""Losses as books write them, and training of named parameters, against sums written out."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.core.network.optimizers import OPTIMIZERS, OptimizerSpec
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.steps import run_steps
from backprop_studio.core.network.verify import verification
from backprop_studio.core.surfaces.parameter_index import ParameterIndex
from backprop_studio.core.surfaces.slices import direction_slice, parameter_slice
from backprop_studio.core.training.record import TrainingPlan
from backprop_studio.core.training.run import run_training

WEIGHTS = [[[0.5, -0.4], [0.3, 0.8]], [[0.7, -0.6], [-0.2, 0.9]]]
INPUTS = [[1.0, 2.0], [-1.0, 0.5], [0.25, -0.75]]
SHARES = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]


def group(**network):
    network = {"weights": WEIGHTS, "activation": "tanh", **network}
    targets = [0, 1, 1] if network.get("loss") == "cross_entropy" else SHARES
    data = {"inputs": INPUTS, "targets": targets}
    return validate_params(NetworkGroup, {"network": network, "data": data})


def elements(loss, z):
    """The loss of each output of each sample, or of each sample where only that has one."""
    shares = np.array(SHARES)
    if loss == "cross_entropy":
        grown = np.exp(z)
        return -np.log(grown[range(3), [0, 1, 1]] / grown.sum(axis=1))
    if loss == "binary_cross_entropy":
        a = 1 / (1 + np.exp(-z))
        return -(shares * np.log(a) + (1 - shares) * np.log(1 - a))
    return (z - shares) ** 2


REDUCED = {
    "mean": np.mean,
    "samples": lambda of_each: of_each.sum() / 3,
    "sum": np.sum,
}


@pytest.mark.parametrize("reduction", REDUCED)
@pytest.mark.parametrize(
    ("loss", "half"),
    [("mse", None), ("mse", True), ("half_squared_error", None), ("cross_entropy", None),
     ("binary_cross_entropy", None)],
)  # fmt: skip
def test_reductions(loss, half, reduction):
    more = {} if half is None else {"half": half}
    params = group(loss=loss, reduction=reduction, **more)
    network, batch = params.network_spec(), params.batch()
    (record,) = run_steps(network, batch, 0.1, 1)
    hidden = np.tanh(np.array(INPUTS) @ np.transpose(WEIGHTS[0]))
    z = hidden @ np.transpose(WEIGHTS[1])
    factor = 0.5 if half or loss == "half_squared_error" else 1.0
    assert record.loss == pytest.approx(factor * REDUCED[reduction](elements(loss, z)), rel=1e-12)
    found = verification(record)
    assert (found["unconfirmed"], found["max_relative_error"] < 1e-6) == ([], True)
    # Surfaces have the same loss, by either way of computing it.
    one, other = ParameterIndex(0, 0, 1), ParameterIndex(1, 1)
    for surface in (parameter_slice(network, batch, one, other), direction_slice(network, batch)):
        at = [np.array([it]) for it in surface.origin]
        assert surface.grid(*at).item() == pytest.approx(record.loss, rel=1e-9)


def test_what_is_left_out_is_as_it_was():
    usual = {"mse": ("mean", False), "half_squared_error": ("samples", True)}
    for loss, expected in usual.items():
        network = group(loss=loss).network_spec()
        assert (network.reduction, network.half) == expected


@pytest.mark.parametrize(("loss", "half"), [("half_squared_error", False), ("cross_entropy", True)])
def test_half_is_of_squares(loss, half):
    assert group(loss=loss, half=half).network_spec().half is (loss == "half_squared_error")


# Only some parameters learn


def moved(record):
    """Names of the parameters that a step has moved, counted from 1."""
    found = set()
    for k, (old, new) in enumerate(zip(record.layers, record.updated, strict=True), start=1):
        for kind in ("weight", "bias"):
            change = getattr(new, kind) - getattr(old, kind)
            found |= {
                ".".join(map(str, (k, kind, *(it + 1 for it in place))))
                for place in np.ndindex(change.shape)
                if change[place]
            }
    return found


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize(
    ("train", "expected"),
    [
        (["2.bias.1"], {"2.bias.1"}),
        (["1.weight.2.1", "2.bias"], {"1.weight.2.1", "2.bias.1", "2.bias.2"}),
        (["1.weight.2"], {"1.weight.2.1", "1.weight.2.2"}),
    ],
)
def test_only_named_parameters_move(name, train, expected):
    params = group(train=train, biases=[[0.5, 0.5], [0.5, 0.5]])
    network, batch = params.network_spec(), params.batch()
    decay = {} if name == "adamw" else {"weight_decay": 0.1}
    optimizer = OptimizerSpec(name, 0.05, **decay)
    records = run_steps(network, batch, optimizer, 3)
    assert [moved(it) for it in records] == [expected] * 3
    # Gradients are those of the whole network, and the long run goes the same way.
    assert all(layer.dL_dW.all() for layer in records[0].layers)
    course = run_training(network, batch, optimizer, TrainingPlan(3))
    for layer, last in zip(course.kept[-1].layers, records[-1].updated, strict=True):
        assert layer.weight.tolist() == last.weight.tolist()
        assert layer.bias.tolist() == last.bias.tolist()


def test_a_named_parameter_moves_as_it_does_among_all():
    every, alone = (
        run_steps(it.network_spec(), it.batch(), 0.1, 1)[0]
        for it in (group(), group(train=["2.weight.1.2"]))
    )
    assert alone.updated[1].weight[0, 1] == every.updated[1].weight[0, 1]
    assert alone.updated[1].weight[0, 0] == 0.7


@pytest.mark.parametrize(
    "name", ["3.bias", "0", "2.bias.3", "2.weight.1.3", "2.scale", "2.bias.1.1", "x", "2.bias.0"]
)
def test_parameter_that_is_not_there(name):
    with pytest.raises(InputError) as caught:
        group(train=[name])
    assert f'has no "{name}"' in str(caught.value)
    assert "2.weight.2.2" in str(caught.value)


def test_train_excludes_train_biases():
    with pytest.raises(InputError, match="train excludes train_biases"):
        group(train=["1"], train_biases=True)


@pytest.mark.parametrize(
    ("network", "words"),
    [({"part": ["fc1"]}, "part: give file too"), ({"sizes": [2, 2], "layout": "in_out",
      "weights": None}, "layout: give one of weights, file too")],
)  # fmt: skip
def test_field_that_would_do_nothing(network, words):
    with pytest.raises(InputError, match=words):
        group(**network)
