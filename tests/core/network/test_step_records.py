"""Records of steps and runs: the same bits again, read-only, and valid for extreme numbers."""

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
from backprop_studio.core.network.optimizers import OPTIMIZERS, OptimizerSpec
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.spec import NetworkSpec
from backprop_studio.core.network.steps import run_step, run_steps
from backprop_studio.core.training.record import TrainingPlan
from backprop_studio.core.training.run import run_training
from tests.core.network.steps_by_hand import arrays_in, batch_of, spec_of
from tests.core.specs import INITS, LOSSES, batch_for

# Determinism


def fingerprint(record):
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays_in(record))).hexdigest()


def fingerprints(seed=0):
    """One per loss of a step with threads' worth of numbers, per optimizer, and of a run."""
    generator = np.random.default_rng(4)
    found = []
    for index, loss in enumerate(LOSSES):
        output = {"cross_entropy": "identity", "binary_cross_entropy": "sigmoid"}.get(loss, "tanh")
        sizes = (70, 40, 30, 5)
        spec = NetworkSpec(sizes, ("gelu", "relu", output), loss, INITS[index], index + seed)
        found.append(fingerprint(run_step(spec, batch_for(spec, 64, generator), 0.1)))
    spec = NetworkSpec((3, 4, 2), ("tanh", "identity"), "cross_entropy", "torch", 3)
    batch = batch_for(spec, 12, np.random.default_rng(3))
    found += [fingerprint(run_steps(spec, batch, OptimizerSpec(it, 0.1), 2)) for it in OPTIMIZERS]
    plan = TrainingPlan(30, 4, seed=4 + seed)
    run = run_training(spec, batch, OptimizerSpec("adamw", 0.05), plan, batch)
    return [*found, fingerprint(run)]


CHILD = """
import json, sys, torch
torch.set_num_threads(2)
torch.manual_seed(99)
from tests.core.network.test_step_records import fingerprints
print(json.dumps([fingerprints(), "torch._dynamo" in sys.modules]))
"""


def test_same_seeds_give_the_same_bits_here_and_in_a_process_without_torchs_compiler():
    threads, state = torch.get_num_threads(), torch.random.get_rng_state()
    first = fingerprints()
    assert torch.equal(torch.random.get_rng_state(), state)  # we draw nothing of others'
    assert torch.get_num_threads() == threads
    torch.manual_seed(7)  # what others draw must not matter
    assert fingerprints() == first
    other = fingerprints(seed=1)
    assert other[0] != first[0]
    assert other[-1] != first[-1]
    done = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [first, False]


# Records do not change


@pytest.mark.parametrize("name", ["small", "notes"])
def test_record_is_frozen_and_holds_no_tensor(name):
    params = NetworkGroup.model_validate({"network": {"preset": name}})
    record = run_step(params.network_spec(), params.batch(), 0.1)
    arrays = list(arrays_in(record))
    assert len(arrays) > 20
    for array in arrays:
        assert array.dtype in (np.float64, np.int64)
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.step = 1


# Extreme values


def test_step_that_overflows_leaves_infinity_in_what_comes_after():
    spec = spec_of((1, 1), ("identity",), "mse", [[[1e100]]], [[0.0]])
    record = run_step(spec, batch_of([[1e50]], [[0.0]]), 1000.0)
    assert np.isfinite(record.loss)
    assert record.loss_after == math.inf


@pytest.mark.parametrize(("value", "weight"), [(1e200, 1.0), (1e308, 1e308)])
def test_loss_that_overflows_is_the_users_to_mend(value, weight):
    spec = spec_of((1, 1), ("identity",), "mse", [[[weight]]], [[0.0]])
    with pytest.raises(InputError, match="too large") as caught:
        run_step(spec, batch_of([[value]], [[0.0]]), 0.1)
    assert str(caught.value).endswith("weights.")
