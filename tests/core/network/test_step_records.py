"""Records of a step: the same bits again, read-only, and valid for extreme numbers."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import subprocess
import sys

import numpy as np
import pytest
import torch

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.network.batch import Batch
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.presets import PRESETS
from backprop_studio.core.network.spec import NetworkSpec
from backprop_studio.core.network.steps import run_step
from tests.core.network.steps_by_hand import batch_of, spec_of
from tests.core.specs import INITS, LOSSES, batch_for

# Determinism

FINGERPRINT = """
import hashlib, json, sys
import torch
if len(sys.argv) > 1:
    torch.set_num_threads(int(sys.argv[1]))
    torch.manual_seed(99)
from tests.core.network.test_step_records import fingerprints
print(json.dumps(fingerprints()))
"""


def arrays_in(value):
    """Every array in a record, however deep."""
    if isinstance(value, np.ndarray):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from arrays_in(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from arrays_in(item)


def fingerprint(record):
    digest = hashlib.sha256()
    for array in arrays_in(record):
        digest.update(array.tobytes())
    return digest.hexdigest()


def fingerprints():
    generator = np.random.default_rng(4)
    found = []
    for index, loss in enumerate(LOSSES):
        output = {"cross_entropy": "identity", "binary_cross_entropy": "sigmoid"}.get(loss, "tanh")
        sizes = (70, 40, 30, 5)
        spec = NetworkSpec(sizes, ("gelu", "relu", output), loss, INITS[index], index)
        found.append(fingerprint(run_step(spec, batch_for(spec, 64, generator), 0.1)))
    return found


def test_same_seed_gives_the_same_bits_again():
    before = torch.random.get_rng_state()
    first = fingerprints()
    torch.manual_seed(7)  # what others draw must not matter
    assert fingerprints() == first
    torch.random.set_rng_state(before)
    run_step(NetworkSpec((2, 2), ("relu",), "mse", "he", 1), batch_of([[1, 2]], [[0.0, 1.0]]), 0.1)
    assert torch.equal(torch.random.get_rng_state(), before)  # and we draw nothing of theirs


def test_same_bits_in_another_process_with_other_threads():
    done = subprocess.run(
        [sys.executable, "-c", FINGERPRINT, "2"], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == fingerprints()


# Records do not change


def leaves(value):
    if dataclasses.is_dataclass(value):
        assert type(value).__dataclass_params__.frozen
        for field in dataclasses.fields(value):
            yield from leaves(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from leaves(item)
    else:
        yield value


@pytest.mark.parametrize("name", PRESETS)
def test_record_is_frozen_and_holds_no_tensor(name):
    params = NetworkGroup.model_validate({"network": {"preset": name}})
    record = run_step(params.network_spec(), params.batch(), 0.1)
    for leaf in leaves(record):
        assert isinstance(leaf, np.ndarray | float | int | str | None)
        if isinstance(leaf, np.ndarray):
            assert leaf.dtype in (np.float64, np.int64)
            with pytest.raises(ValueError, match="read-only"):
                leaf[...] = 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.step = 1


def test_record_does_not_follow_the_callers_arrays():
    inputs, weight = np.array([[1.0]]), np.array([[2.0]])
    spec = NetworkSpec((1, 1), ("identity",), "mse", "torch", 0, (weight,), None)
    record = run_step(spec, Batch(inputs, np.array([[0.0]])), 0.1)
    inputs[...] = weight[...] = 5.0
    assert record.batch.inputs[0, 0] == 1.0
    assert record.network.weights[0][0, 0] == 2.0
    assert record.layers[0].weight[0, 0] == 2.0
    assert record.layers[0].z[0, 0] == 2.0


# Extreme values


@pytest.mark.parametrize("loss", LOSSES)
def test_rate_of_1000_gives_a_valid_record(loss):
    output = {"cross_entropy": "identity", "binary_cross_entropy": "sigmoid"}.get(loss, "relu")
    spec = NetworkSpec((3, 8, 8, 2), ("relu", "relu", output), loss, "he", 3)
    record = run_step(spec, batch_for(spec, 4, np.random.default_rng(0)), 1000.0)
    assert np.isfinite(record.loss)
    # It may also be a lucky step: with cross-entropy a huge one can separate the classes.
    assert all(np.isfinite(array).all() for array in arrays_in(record))
    assert record.loss_after != record.loss


def test_step_that_overflows_leaves_infinity_in_what_comes_after():
    spec = spec_of((1, 1), ("identity",), "mse", [[[1e100]]], [[0.0]])
    record = run_step(spec, batch_of([[1e50]], [[0.0]]), 1000.0)
    assert np.isfinite(record.loss)
    assert record.loss_after == math.inf


@pytest.mark.parametrize(("value", "weight"), [(1e200, 1.0), (1.0, 1e308), (1e308, 1e308)])
def test_loss_that_overflows_is_the_users_to_mend(value, weight):
    spec = spec_of((1, 1), ("identity",), "mse", [[[weight]]], [[0.0]])
    with pytest.raises(InputError, match="too large") as caught:
        run_step(spec, batch_of([[value]], [[0.0]]), 0.1)
    assert str(caught.value).endswith("weights.")


def test_large_logits_do_not_overflow():
    spec = spec_of((2, 2), ("identity",), "cross_entropy", [np.eye(2)], [np.zeros(2)])
    record = run_step(spec, batch_of([[1000.0, 0.0], [1000.0, 0.0]], [0, 1]), 0.1)
    assert record.before.sample_losses.tolist() == [0.0, 1000.0]
    assert record.layers[0].dL_dz.tolist() == [[0.0, 0.0], [0.5, -0.5]]
