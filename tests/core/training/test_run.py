"""Training runs against torch.optim driven by hand, the published rules, and the curriculum."""

from __future__ import annotations

import dataclasses
import json
import math
from itertools import pairwise

import numpy as np
import pytest
import torch

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.network.batch import Batch
from backprop_studio.core.network.optimizers import OPTIMIZERS, OptimizerSpec
from backprop_studio.core.network.passes import single_thread
from backprop_studio.core.network.spec import NetworkSpec
from backprop_studio.core.training.record import TrainingPlan, steps_for_epochs
from backprop_studio.core.training.run import HISTOGRAM_BINS, run_training
from tests.core import oracle
from tests.core.network.steps_by_hand import arrays_in
from tests.core.rules import ETA, TORCH, TORCH_STATE, numpy_run, plain_loop
from tests.core.specs import batch_for

SGD = OptimizerSpec("sgd", 0.1)


def line(weight=None, bias=None, train_biases=True):
    """A layer of one weight and one bias, mean squared error."""
    weights = None if weight is None else (np.array([[weight]]),)
    biases = None if bias is None else (np.array([bias]),)
    return NetworkSpec((1, 1), ("identity",), "mse", "torch", 0, weights, biases, train_biases)


def points(x, y):
    return Batch(np.array(x, dtype=float)[:, None], np.array(y, dtype=float)[:, None])


def small(loss="mse", seed=1, samples=12):
    """A 3-4-2 network with smooth activations and a batch for it."""
    output = "sigmoid" if loss == "binary_cross_entropy" else "identity"
    spec = NetworkSpec((3, 4, 2), ("tanh", output), loss, "torch", seed)
    return spec, batch_for(spec, samples, np.random.default_rng(seed))


def final(record):
    return record.kept[-1].layers


def shuffled(samples, size, seed, epochs):
    generator = torch.Generator().manual_seed(seed)
    orders = [torch.randperm(samples, generator=generator) for _ in range(epochs)]
    return [order[k : k + size] for order in orders for k in range(0, samples, size)]


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize(
    ("batch_size", "loss"), [(None, "mse"), (5, "cross_entropy"), (1, "binary_cross_entropy")]
)
def test_runs_are_torchs_own_to_the_last_bit(name, batch_size, loss):
    spec, batch = small(loss)
    steps = steps_for_epochs(2, batch.size, batch_size)
    everything = [torch.arange(batch.size)] * steps
    batches = everything if batch_size is None else shuffled(batch.size, batch_size, 9, 2)
    assert len(batches) == steps
    plan = TrainingPlan(steps, batch_size, seed=9, keep=tuple(range(steps + 1)))
    record = run_training(spec, batch, OptimizerSpec(name, 0.05), plan)
    with single_thread():
        losses, weights, state = plain_loop(spec, batch, TORCH[name], batches)
    assert record.losses[:-1].tolist() == losses
    for step, expected in zip(record.kept[1:], weights, strict=True):
        found = [array for layer in step.layers for array in (layer.weight, layer.bias)]
        assert [a.tobytes() for a in found] == [a.tobytes() for a in expected]
    assert [step.rows.tolist() for step in record.kept[:-1]] == [r.tolist() for r in batches]
    check_state(record.kept[-1].vectors, state)


def check_state(vectors, state):
    for ours, key in TORCH_STATE.items():
        layers = getattr(vectors, ours)
        if layers is None:
            continue
        found = [array for layer in layers for array in (layer.weight, layer.bias)]
        assert [a.tobytes() for a in found] == [held[key].numpy().tobytes() for held in state]
    if vectors.step is not None:
        assert vectors.step == int(state[0]["step"])


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_runs_follow_the_published_rules(name):
    spec, batch = small("half_squared_error")
    path = numpy_run(spec, batch, name, 20)
    record = run_training(spec, batch, OptimizerSpec(name, ETA), TrainingPlan(20))
    for step, expected in zip(record.kept[1:], path, strict=True):
        found = [layer.weight for layer in step.layers] + [layer.bias for layer in step.layers]
        for ours, theirs in zip(found, expected, strict=True):
            assert ours == pytest.approx(theirs, rel=1e-12, abs=1e-12)


# What is kept at a step


def test_norms_and_histograms_of_the_gradients():
    spec, batch = small()
    record = run_training(spec, batch, OptimizerSpec("adam", 0.1), TrainingPlan(50))
    for k, histogram in enumerate(record.histograms):
        gradients = [step.layers[k].dL_dW for step in record.kept]
        largest = max(np.abs(gradient).max() for gradient in gradients)
        assert (histogram.edges[0], histogram.edges[-1]) == (-largest, largest)
        assert histogram.edges == pytest.approx(-histogram.edges[::-1], abs=1e-15)
        assert histogram.counts.shape == (len(record.kept), HISTOGRAM_BINS)
        assert (histogram.counts.sum(axis=1) == gradients[0].size).all()
        for step, gradient, counts in zip(record.kept, gradients, histogram.counts, strict=True):
            inner = pairwise(histogram.edges[:-1])
            shares = [((gradient >= a) & (gradient < b)).sum() for a, b in inner]
            assert counts[:-1].tolist() == shares
            layer = step.layers[k]
            assert layer.norm_dL_dW == pytest.approx(math.sqrt((gradient**2).sum()), rel=1e-12)
            assert layer.norm_dL_db == pytest.approx(math.sqrt((layer.dL_db**2).sum()), rel=1e-12)


def test_gradients_that_are_all_zero_stand_in_the_middle_bar():
    spec = NetworkSpec((2, 2, 1), ("relu", "identity"), "mse", "zeros", 0)
    record = run_training(spec, Batch(np.ones((3, 2)), np.ones((3, 1))), SGD, TrainingPlan(3))
    for histogram, size in zip(record.histograms, (4, 2), strict=True):
        assert (histogram.edges[0], histogram.edges[-1]) == (-1.0, 1.0)
        assert (histogram.counts[:, HISTOGRAM_BINS // 2] == size).all()
    assert [layer.norm_dL_dW for layer in final(record)] == [0.0, 0.0]


def test_accuracy_of_classes():
    # Logits are the inputs: rows 0 and 2 are right, row 1 is wrong.
    spec = NetworkSpec((2, 2), ("identity",), "cross_entropy", "zeros", 0, (np.eye(2),))
    batch = Batch(np.array([[2.0, 1.0], [2.0, 1.0], [0.0, 3.0]]), np.array([0, 1, 1]))
    held_out = Batch(np.array([[5.0, 0.0]]), np.array([1]))
    assert run_training(line(1.0), points([1], [2]), SGD, TrainingPlan(1)).kept[0].score[1] is None
    first = run_training(spec, batch, SGD, TrainingPlan(1), held_out).kept[0]
    assert first.score.accuracy == 2 / 3
    assert first.held_out.accuracy == 0.0
    assert first.held_out.loss == pytest.approx(5 + math.log1p(math.exp(-5)), rel=1e-12)


def test_accuracy_of_yes_and_no():
    spec = NetworkSpec(
        (1, 1), ("sigmoid",), "binary_cross_entropy", "zeros", 0, (np.array([[1.0]]),)
    )
    right = points([2, -2, 0, -1], [1, 0, 1, 1])  # z = 0 says neither
    assert run_training(spec, right, SGD, TrainingPlan(1)).kept[0].score.accuracy == 0.5
    shares = points([2, -2], [0.7, 0.2])
    assert run_training(spec, shares, SGD, TrainingPlan(1)).kept[0].score.accuracy is None


def test_mini_batches_are_scored_over_all_samples():
    spec, batch = small("cross_entropy")
    record = run_training(spec, batch, SGD, TrainingPlan(7, batch_size=5))
    assert [len(step.rows) for step in record.kept] == [5, 5, 2, 5, 5, 2, 5, 5]
    for step in record.kept:
        weights = [layer.weight for layer in step.layers]
        biases = [layer.bias for layer in step.layers]
        shape = (weights, biases, spec.activations, spec.loss)
        whole = oracle.forward(*shape, batch.inputs, batch.targets)
        assert step.score.loss == pytest.approx(whole.loss, rel=1e-12)
        answers = whole.layers[-1].a.argmax(axis=1)
        assert step.score.accuracy == (answers == batch.targets).mean()
        part = oracle.forward_backward(*shape, batch.inputs[step.rows], batch.targets[step.rows])
        assert record.losses[step.step] == pytest.approx(part.loss, rel=1e-12)
        assert step.layers[0].dL_dW == pytest.approx(part.layers[0].dL_dW, rel=1e-10, abs=1e-14)


def test_every_epoch_goes_through_all_samples_in_a_new_order():
    spec, batch = small()
    record = run_training(spec, batch, SGD, TrainingPlan(24, 1, keep=tuple(range(24))))
    rows = [int(step.rows[0]) for step in record.kept[:24]]
    assert sorted(rows[:12]) == sorted(rows[12:]) == list(range(12))
    assert rows[:12] != rows[12:]
    plan = TrainingPlan(24, 5, shuffle=False, keep=tuple(range(24)))
    kept = run_training(spec, batch, SGD, plan).kept
    assert [r.rows.tolist() for r in kept[:3]] == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9], [10, 11]]


# Divergence


def test_divergence_is_a_fact_in_the_record():
    # y = w x with x = 1: the error doubles in size with each step of eta = 1.5, so the squared
    # error 2^(2k) leaves float64 at 2k = 1024.
    plan = TrainingPlan(2000)
    record = run_training(
        line(1.0, train_biases=False), points([1], [0]), OptimizerSpec("sgd", 1.5), plan
    )
    assert dataclasses.asdict(record.divergence) == {"step": 512, "reason": "loss"}
    assert record.losses.tolist() == [4.0**k for k in range(512)]
    assert final(record)[0].weight.item() == (-2.0) ** 511
    assert record.kept[-1].step == 511
    chosen = [step for step in plan.keep if step <= 511]
    assert [step.step for step in record.kept] == [*chosen, 511]


def all_finite(record):
    json.dumps([array.tolist() for array in arrays_in(record.kept)], allow_nan=False)
    return all(np.isfinite(array).all() for array in arrays_in((record.kept, record.histograms)))


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize(
    ("rate", "loss", "batch_size"),
    [(1e10, "mse", 1), (1e155, "binary_cross_entropy", None), (1e308, "cross_entropy", 1)],
)
def test_no_rate_is_a_crash(name, rate, loss, batch_size):
    spec, batch = small(loss, samples=3)
    plan = TrainingPlan(40, batch_size)
    record = run_training(spec, batch, OptimizerSpec(name, rate), plan, batch)
    assert all_finite(record)
    assert np.isfinite(record.losses).all()
    last = record.kept[-1].step
    assert len(record.losses) == last + 1
    assert last == (40 if record.divergence is None else record.divergence.step - 1)


@pytest.mark.parametrize(
    ("optimizer", "start", "reason"),
    [
        (OptimizerSpec("sgd", 1e308), 1e10, "weights"),
        (OptimizerSpec("adam", 1e200), 1.0, "loss"),
        (OptimizerSpec("adagrad", 0.1), 1e80, "optimizer"),
    ],
)
def test_reasons(optimizer, start, reason):
    scale = 1e80 if reason == "optimizer" else 1.0  # gradients whose squares overflow
    data = points([scale], [0.0])
    record = run_training(line(start * 1e-10), data, optimizer, TrainingPlan(3))
    assert record.divergence is not None
    assert (record.divergence.step, record.divergence.reason) == (1, reason)
    assert record.kept[-1].step == 0


def test_a_gradient_without_a_length_is_divergence():
    # x = (1e100, 1e100), w = 0, b = 0, y = 1e-10: dL/dw = -2e90, and eta = 1e-110 makes w 2e-20.
    # There a = 4e80, L = 1.6e161, dL/dw = 8e180: finite, but its square is not.
    spec = NetworkSpec((2, 1), ("identity",), "mse", "zeros", 0)
    batch = Batch(np.full((1, 2), 1e100), np.array([[1e-10]]))
    record = run_training(spec, batch, OptimizerSpec("sgd", 1e-110), TrainingPlan(3))
    assert dataclasses.asdict(record.divergence) == {"step": 1, "reason": "gradient"}
    assert final(record)[0].dL_dW[0] == pytest.approx([-2e90, -2e90])


def test_the_held_out_loss_counts_where_it_is_kept():
    # w = 1 - 0.8^k, so the held-out loss (2e154 w)^2 is finite up to w = 0.5904 and not at 0.67232.
    data, held_out = points([1], [1]), points([2e154], [0])
    plan = TrainingPlan(12, keep=())
    record = run_training(line(0.0, train_biases=False), data, SGD, plan, held_out)
    assert dataclasses.asdict(record.divergence) == {"step": 5, "reason": "loss"}
    assert [step.step for step in record.kept] == [0, 4]
    assert len(record.losses) == 5
    assert all_finite(record)
    assert math.isfinite(record.kept[-1].held_out.loss)


def test_numbers_too_large_from_the_start_are_wrong_input():
    with pytest.raises(InputError) as caught:
        run_training(line(1e200), points([1e200], [0]), SGD, TrainingPlan(1))
    assert str(caught.value).count(".") == 1


# Determinism, memory


def test_records_are_read_only():
    spec, batch = small()
    record = run_training(spec, batch, OptimizerSpec("adam", 0.1), TrainingPlan(3, 4), batch)
    arrays = list(arrays_in(record))
    assert len(arrays) > 20
    assert not any(array.flags.writeable for array in arrays)
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.kept = ()
