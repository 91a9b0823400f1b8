"""Optimizers against torch.optim itself and against the published rules written in numpy."""

from __future__ import annotations

import dataclasses
import inspect

import pydantic
import pytest
import torch

from backprop_studio.core.network.optimizers import (
    OPTIMIZERS,
    OptimizerGroup,
    OptimizerParams,
    OptimizerSpec,
    build_optimizer,
    resolve_optimizer,
)


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
        ({"name": "adam", "eps": float("nan")}, "finite number"),
    ],
)
def test_what_does_not_fit_is_refused(given, message):
    with pytest.raises(pydantic.ValidationError, match=message):
        OptimizerParams.model_validate(given)


def test_a_scene_inherits_the_group():
    params = OptimizerGroup.model_validate(
        {"learning_rate": 0.5, "optimizer": {"name": "rmsprop", "alpha": 0.9}}
    )
    assert params.optimizer_spec() == OptimizerSpec("rmsprop", 0.5, alpha=0.9)
    assert OptimizerGroup().optimizer_spec() == OptimizerSpec("sgd", 0.1)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_bound_is_one_that_torch_takes(name):
    share, rest = (0.0, 1 - 2**-53), (0.0, 1.0)
    bounds = {"momentum": (1e-300, 1.0), "beta1": share, "beta2": share, "alpha": share}
    bounds |= {"eps": (1e-300, 1.0), "lr_decay": rest, "weight_decay": rest}
    taken = [key for key in bounds if getattr(OptimizerSpec(name, 0.1), key) is not None]
    for side in (0, 1):
        values = {key: bounds[key][side] for key in taken}
        spec = resolve_optimizer(OptimizerParams(name=name, **values), 0.1)
        w = torch.ones(1, dtype=torch.float64, requires_grad=True)
        optimizer = build_optimizer(spec, [w])
        (w * w).sum().backward()
        optimizer.step()
        assert {key: getattr(spec, key) for key in taken} == values


def test_bounds_that_a_form_and_a_reader_are_told():
    schema = OptimizerParams.model_json_schema()["properties"]
    share = {"minimum": 0, "exclusiveMaximum": 1}
    expected = {
        "momentum": {"exclusiveMinimum": 0, "maximum": 1},
        "beta1": share,
        "beta2": share,
        "alpha": share,
        "eps": {"exclusiveMinimum": 0, "maximum": 1},
        "lr_decay": {"minimum": 0, "maximum": 1},
        "weight_decay": {"minimum": 0, "maximum": 1},
    }
    for name, bounds in expected.items():
        told = schema[name]["anyOf"][0]
        assert {key: value for key, value in told.items() if "imum" in key} == bounds, name
