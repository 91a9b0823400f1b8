"""Optimizers against torch.optim itself and against the published rules written in numpy."""

from __future__ import annotations

import dataclasses
import inspect
import subprocess
import sys

import numpy as np
import pydantic
import pytest
import torch

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.core.network.optimizers import (
    OPTIMIZERS,
    OptimizerGroup,
    OptimizerParams,
    OptimizerSpec,
    build_optimizer,
    lecture_velocity,
    read_vectors,
    resolve_optimizer,
)
from backprop_studio.core.network.passes import Parameters, draw_parameters
from backprop_studio.core.network.spec import NetworkSpec

COUNTED = ("adagrad", "rmsprop", "adam", "adamw")
VECTORS = ("velocity", "square_sum", "square_mean", "first_moment", "second_moment")


def test_defaults_are_torchs_own():
    kinds = {"adagrad": "Adagrad", "rmsprop": "RMSprop", "adam": "Adam", "adamw": "AdamW"}
    for name in OPTIMIZERS:
        kind = getattr(torch.optim, kinds.get(name, "SGD"))
        theirs = {key: value.default for key, value in inspect.signature(kind).parameters.items()}
        if "betas" in theirs:
            theirs["beta1"], theirs["beta2"] = theirs["betas"]
        if name in {"momentum", "nesterov"}:
            theirs["momentum"] = 0.9  # CURRICULUM: gamma = 0.9; torch's 0 is no momentum at all
        spec = dataclasses.asdict(OptimizerSpec(name, 0.1))
        ours = {key: value for key, value in list(spec.items())[2:] if value is not None}
        assert ours == {key: theirs[key] for key in ours}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_torch_gets_exactly_what_was_asked(name):
    spec = OptimizerSpec(name, 0.25, weight_decay=0.125)
    (group,) = build_optimizer(spec, [torch.zeros(1, requires_grad=True)]).param_groups
    assert (group["lr"], group["weight_decay"]) == (0.25, 0.125)
    assert group.get("nesterov", False) == (name == "nesterov")
    assert group.get("momentum", 0.0) == (spec.momentum or 0.0)
    assert group.get("alpha") == spec.alpha
    assert group.get("betas") == (None if spec.beta1 is None else (spec.beta1, spec.beta2))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"name": "sgd", "momentum": 0.5}, "optimizer sgd has no momentum; it takes weight_decay"),
        ({"name": "adam", "alpha": 0.5}, "it takes beta1, beta2, eps, weight_decay"),
        ({"name": "momentum", "momentum": 0.0}, "greater than 0"),
        ({"name": "momentum", "momentum": 1.5}, "less than or equal to 1"),
        ({"name": "adam", "beta1": 1.0}, "less than 1"),
        ({"name": "adam", "eps": float("nan")}, "finite number"),
        ({"name": "lion"}, "'sgd', 'momentum'"),
        ({"eta": 0.1}, "Extra inputs"),
    ],
)
def test_what_does_not_fit_is_refused(given, message):
    with pytest.raises(pydantic.ValidationError, match=message):
        OptimizerParams.model_validate(given)


def test_a_user_meets_one_sentence():
    with pytest.raises(InputError) as caught:
        validate_params(OptimizerGroup, {"optimizer": {"name": "adagrad", "beta1": 0.5}})
    text = str(caught.value)
    assert "optimizer adagrad has no beta1; it takes lr_decay, eps, weight_decay" in text
    assert "\n" not in text


def test_a_scene_inherits_the_group():
    params = OptimizerGroup.model_validate(
        {"learning_rate": 0.5, "optimizer": {"name": "rmsprop", "alpha": 0.9}}
    )
    assert params.optimizer_spec() == OptimizerSpec("rmsprop", 0.5, alpha=0.9)
    assert OptimizerGroup().optimizer_spec() == OptimizerSpec("sgd", 0.1)


def test_every_field_has_words_and_bounds_for_the_form():
    for name, field in OptimizerParams.model_fields.items():
        assert field.title, name
        assert field.description, name
    schema = OptimizerParams.model_json_schema()["properties"]
    assert set(schema["name"]["x-labels"]) == set(OPTIMIZERS) == set(schema["name"]["enum"])
    for name in set(schema) - {"name"}:
        bounds = schema[name]["anyOf"][0]
        assert {"minimum", "exclusiveMinimum"} & bounds.keys(), name
        assert {"maximum", "exclusiveMaximum"} & bounds.keys(), name


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_bound_is_one_that_torch_takes(name):
    bounds = {
        "momentum": (1e-300, 1.0), "beta1": (0.0, 1 - 2**-53), "beta2": (0.0, 1 - 2**-53),
        "alpha": (0.0, 1 - 2**-53), "eps": (1e-300, 1.0), "lr_decay": (0.0, 1.0),
        "weight_decay": (0.0, 1.0),
    }  # fmt: skip
    taken = [key for key in bounds if getattr(OptimizerSpec(name, 0.1), key) is not None]
    for side in (0, 1):
        values = {key: bounds[key][side] for key in taken}
        spec = resolve_optimizer(OptimizerParams(name=name, **values), 0.1)
        w = torch.ones(1, dtype=torch.float64, requires_grad=True)
        optimizer = build_optimizer(spec, [w])
        (w * w).sum().backward()
        optimizer.step()
        assert {key: getattr(spec, key) for key in taken} == values


def test_parameters_need_no_torch():
    # Asked of a process of its own: in this one torch is loaded.
    program = (
        "import sys, backprop_studio.core.network.optimizers; sys.exit('torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


# Internal vectors


def drive(name, steps, train_biases=True):
    network = NetworkSpec((2, 3, 1), ("tanh", "identity"), "mse", "torch", 4)
    parameters = draw_parameters(network)
    tensors = parameters.all() if train_biases else list(parameters.weights)
    optimizer = build_optimizer(OptimizerSpec(name, 0.1), tensors)
    for step in range(steps):
        for k, tensor in enumerate(tensors):
            tensor.grad = torch.full_like(tensor, 1.0 + k + step)
        optimizer.step()
    return parameters, optimizer, read_vectors(OptimizerSpec(name, 0.1), optimizer, parameters)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("steps", [0, 1, 3])
def test_vectors_are_torchs_state_by_name(name, steps):
    parameters, optimizer, vectors = drive(name, steps)
    keys = {"velocity": "momentum_buffer", "square_sum": "sum", "square_mean": "square_avg",
            "first_moment": "exp_avg", "second_moment": "exp_avg_sq"}  # fmt: skip
    kept = {
        "sgd": (), "momentum": ("velocity",), "nesterov": ("velocity",),
        "adagrad": ("square_sum",), "rmsprop": ("square_mean",),
        "adam": ("first_moment", "second_moment"), "adamw": ("first_moment", "second_moment"),
    }[name]  # fmt: skip
    assert vectors.step == (steps if name in COUNTED else None)
    for ours in VECTORS:
        layers = getattr(vectors, ours)
        assert (layers is not None) == (ours in kept)
        for k, layer in enumerate(layers or ()):
            for array, tensor in (
                (layer.weight, parameters.weights[k]),
                (layer.bias, parameters.biases[k]),
            ):
                held = optimizer.state[tensor].get(keys[ours])
                expected = np.zeros(tensor.shape) if held is None else held.numpy()
                assert array.tobytes() == expected.tobytes()
                assert array.shape == tuple(tensor.shape)
                assert not array.flags.writeable


def test_vectors_stay_what_they_were_when_torch_steps_on():
    parameters, optimizer, vectors = drive("momentum", 1)
    before = vectors.velocity[0].weight.copy()
    optimizer.step()
    assert np.array_equal(vectors.velocity[0].weight, before)
    again = read_vectors(OptimizerSpec("momentum", 0.1), optimizer, parameters)
    assert not np.array_equal(again.velocity[0].weight, before)


def test_reading_changes_nothing():
    _, optimizer, _ = drive("adam", 0)
    assert not optimizer.state  # asking for a tensor that has none must not make one


def test_biases_that_do_not_move_have_no_vectors():
    _, _, vectors = drive("adam", 2, train_biases=False)
    assert [layer.bias for layer in vectors.first_moment] == [None, None]
    assert vectors.first_moment[0].weight.any()


def test_velocity_by_hand():
    # gamma = 0.9, gradients 1, 2, 3: torch's 1, then 0.9 + 2 = 2.9, then 2.61 + 3 = 5.61.
    # CURRICULUM's v <- gamma v + eta grad with eta = 0.1 is a tenth of each.
    _, _, vectors = drive("momentum", 3)
    assert vectors.velocity[0].weight[0, 0] == pytest.approx(5.61, rel=1e-15)
    lecture = lecture_velocity(OptimizerSpec("momentum", 0.1), vectors)
    assert lecture[0].weight[0, 0] == pytest.approx(0.561, rel=1e-15)
    assert not lecture[0].weight.flags.writeable
    # The bias next to it has the gradients 2, 3, 4: 2, 1.8 + 3 = 4.8, 4.32 + 4 = 8.32.
    assert lecture[0].bias[0] == pytest.approx(0.832, rel=1e-15)


def test_who_keeps_no_velocity_says_so():
    spec = OptimizerSpec("adam", 0.1)
    parameters = Parameters((torch.zeros(1, 1),), (torch.zeros(1),))
    vectors = read_vectors(spec, build_optimizer(spec, parameters.all()), parameters)
    with pytest.raises(ValueError, match="adam keeps no velocity; momentum and nesterov do"):
        lecture_velocity(spec, vectors)
