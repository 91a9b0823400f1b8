"""Steps in a row by any optimizer: what each record holds, and what the optimizer remembers."""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise

import numpy as np
import pytest

from backprop_studio.core.answer_sheet import step_sheet, step_values
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.network import steps as engine
from backprop_studio.core.network.batch import Batch
from backprop_studio.core.network.optimizers import OPTIMIZERS, OptimizerSpec
from backprop_studio.core.network.passes import single_thread
from backprop_studio.core.network.spec import NetworkSpec
from backprop_studio.core.network.steps import run_step, run_steps
from backprop_studio.core.training.record import TrainingPlan
from backprop_studio.core.training.run import run_training
from tests.core.rules import ETA, TORCH, plain_loop
from tests.core.specs import batch_for

STEPS = 6


@pytest.fixture(scope="module")
def small():
    spec = NetworkSpec((3, 4, 2), ("tanh", "identity"), "mse", "torch", 1)
    return spec, batch_for(spec, 5, np.random.default_rng(1))


def bits(layers):
    return [array.tobytes() for layer in layers for array in (layer.weight, layer.bias)]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_steps_are_torchs_own_to_the_last_bit(small, name):
    spec, batch = small
    records = run_steps(spec, batch, OptimizerSpec(name, ETA), STEPS)
    with single_thread():
        losses, weights, _ = plain_loop(spec, batch, TORCH[name], [slice(None)] * STEPS)
    assert [record.loss for record in records] == losses
    for record, expected in zip(records, weights, strict=True):
        assert bits(record.updated) == [array.tobytes() for array in expected]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_each_step_begins_where_the_one_before_ended(small, name):
    records = run_steps(*small, OptimizerSpec(name, 0.05), 4)
    assert [record.step for record in records] == [0, 1, 2, 3]
    for before, after in pairwise(records):
        assert bits(before.updated) == bits(after.layers)
        assert before.loss_after == after.loss
        for field in dataclasses.fields(before.vectors):
            old, new = (getattr(v, field.name) for v in (before.vectors_after, after.vectors))
            if isinstance(old, tuple):
                assert bits(old) == bits(new)
            else:
                assert old == new


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_training_run_goes_the_same_way(small, name):
    spec, batch = small
    optimizer = OptimizerSpec(name, 0.05)
    kept = run_training(spec, batch, optimizer, TrainingPlan(STEPS)).kept
    for record, step in zip(run_steps(spec, batch, optimizer, STEPS), kept, strict=False):
        assert bits(record.layers) == bits(step.layers)
        assert record.loss == step.score.loss


def test_one_step_is_the_first_of_several_and_a_number_is_plain_descent(small):
    plain, first = run_step(*small, 0.05), run_steps(*small, OptimizerSpec("sgd", 0.05), 3)[0]
    assert bits(plain.updated) == bits(first.updated)
    assert plain.optimizer == OptimizerSpec("sgd", 0.05)
    assert plain.learning_rate == 0.05


def test_what_is_remembered_by_hand():
    # y = w x, x = 1, y = 0, w = 1: g = 2w = 2. Momentum starts with u = g = 2, w = 1 - 0.2 = 0.8;
    # then g = 1.6, u = 0.9 x 2 + 1.6 = 3.4, w = 0.8 - 0.34 = 0.46.
    start = (np.array([[1.0]]),)
    spec = NetworkSpec((1, 1), ("identity",), "mse", "torch", 0, start, train_biases=False)
    batch = Batch(np.array([[1.0]]), np.array([[0.0]]))
    first, second = run_steps(spec, batch, OptimizerSpec("momentum", 0.1), 2)
    assert first.vectors.velocity[0].weight.item() == 0.0
    assert first.vectors_after.velocity[0].weight.item() == pytest.approx(2.0, rel=1e-15)
    assert second.vectors_after.velocity[0].weight.item() == pytest.approx(3.4, rel=1e-15)
    assert second.updated[0].weight.item() == pytest.approx(0.46, rel=1e-15)
    assert second.vectors_after.velocity[0].bias is None


def test_biases_that_are_not_trained_have_a_gradient_and_stay(small):
    spec, batch = small
    fixed = dataclasses.replace(spec, train_biases=False)
    for record, free in zip(
        run_steps(fixed, batch, OptimizerSpec("adam", 0.1), 3), run_steps(spec, batch, 0.1, 3),
        strict=True,
    ):  # fmt: skip
        for layer, updated, other in zip(record.layers, record.updated, free.updated, strict=True):
            assert layer.dL_db.any()
            assert np.array_equal(layer.bias, updated.bias)
            assert not np.array_equal(layer.bias, other.bias)


@pytest.mark.parametrize("loss", ["mse", "cross_entropy"])
def test_steps_end_where_numbers_do(loss):
    spec = NetworkSpec((3, 4, 2), ("relu", "identity"), loss, "torch", 1)
    batch = batch_for(spec, 4, np.random.default_rng(1))
    records = run_steps(spec, batch, OptimizerSpec("sgd", 1e300), 5)
    assert len(records) < 5
    last = records[-1]
    assert all(math.isfinite(record.loss) for record in records)
    moved = [array for layer in last.updated for array in (layer.weight, layer.bias)]
    assert not (math.isfinite(last.loss_after) and all(np.isfinite(a).all() for a in moved))


def test_a_gradient_that_overflows_on_the_way_is_said_with_its_step():
    # L = (w x)^2 and g = 2 w x^2 with x = 1e155. w = 1e-4: L = 1e302, g = 2e306. A rate of 2.5e-308
    # makes w = 1e-4 - 0.05, where L = 2.5e307 is finite and g = -1e309 is not.
    start = (np.array([[1e-4]]),)
    spec = NetworkSpec((1, 1), ("identity",), "mse", "torch", 0, start, train_biases=False)
    batch = Batch(np.array([[1e155]]), np.array([[0.0]]))
    with pytest.raises(InputError, match=r"at step 1, its loss is 2.49 × 10³⁰⁷"):
        run_steps(spec, batch, 2.5e-308, 2)


def test_outputs_that_are_no_numbers_give_a_loss_that_is_none():
    # Binary cross-entropy alone raises there; a step that diverges must stay a record. Weights of
    # 1e300 make the hidden units inf - inf.
    spec = NetworkSpec((2, 2, 1), ("identity", "sigmoid"), "binary_cross_entropy", "torch", 1)
    batch = Batch(np.array([[1.0, -1.0]]), np.array([[1.0]]))
    record = run_steps(spec, batch, OptimizerSpec("adam", 1e300), 3)[-1]
    assert math.isnan(record.loss_after)


def numbers_in(value):
    if isinstance(value, dict):
        return sum(map(numbers_in, value.values()))
    if isinstance(value, list):
        return sum(map(numbers_in, value))
    return int(isinstance(value, int | float))


def test_the_bound_counts_what_a_sheet_would_hold(small, monkeypatch):
    spec, batch = small
    sheet = step_sheet("x", {}, run_step(spec, batch, 0.1))
    steps = [step_values(record) for record in run_steps(spec, batch, 0.1, 4)]
    # Beside the arrays a step writes its number, the rate twice, the weight decay and two losses.
    count = numbers_in([sheet["inputs"], sheet["targets"], steps]) - 4 * 6
    monkeypatch.setattr(engine, "MAX_RECORDED", count)
    run_steps(spec, batch, 0.1, 4)
    monkeypatch.setattr(engine, "MAX_RECORDED", count - 1)
    with pytest.raises(InputError, match=f"4 steps with 5 samples would hold {count} numbers"):
        run_steps(spec, batch, 0.1, 4)
