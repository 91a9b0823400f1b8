"""The batch a network is shown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data import Batch, DataParams, resolve_data
from core.network import NetworkSpec
from core.presets import PRESETS
from tests.core.specs import LOSSES, QUICK


def network(sizes=(2, 2), loss="mse", seed=0):
    output = {"cross_entropy": "identity", "binary_cross_entropy": "sigmoid"}.get(loss, "relu")
    return NetworkSpec(sizes, ("relu",) * (len(sizes) - 2) + (output,), loss, "torch", seed)


def resolved(inputs, targets, **more):
    return resolve_data(DataParams(inputs=inputs, targets=targets), network(**more), None)


def test_rows_as_given():
    batch = resolved([[1, 2.5], [3, 4]], [[0, 1], [1, 0]])
    assert batch.inputs.tolist() == [[1.0, 2.5], [3.0, 4.0]]
    assert batch.targets.tolist() == [[0.0, 1.0], [1.0, 0.0]]
    assert (batch.inputs.dtype, batch.targets.dtype) == (np.float64, np.float64)
    assert batch.size == 2


def test_class_indices():
    batch = resolved([[1, 2]], [1], loss="cross_entropy")
    assert batch.targets.tolist() == [1]
    assert batch.targets.dtype == np.int64


def test_one_output_takes_whole_numbers_as_rows():
    assert resolved([[1, 2], [3, 4]], [1, -1], sizes=(2, 1)).targets.tolist() == [[1.0], [-1.0]]


@pytest.mark.parametrize(
    ("inputs", "targets", "more", "message"),
    [
        ([[1]], [[1, 2]], {}, r"data\.inputs: row 1: expected 2 numbers, found 1"),
        ([[1, 2], [1]], [[1, 2]] * 2, {}, r"data\.inputs: row 2: expected 2 numbers, found 1"),
        ([[1, 2]], [[1]], {}, r"data\.targets: row 1: expected 2 numbers, found 1"),
        ([[1, 2]], [[1, 2]] * 2, {}, r"data\.targets: expected .* 1, found 2"),
        ([[1, 2]], [2], {"loss": "cross_entropy"}, "class indices 0 to 1, found 2"),
        ([[1, 2]], [-1], {"loss": "cross_entropy"}, "class indices 0 to 1, found -1"),
        ([[1, 2]], [[0, 1]], {"loss": "cross_entropy"}, "class indices 0 to 1, found"),
        ([[1, 2]], [[0, 1.5]], {"loss": "binary_cross_entropy"}, "from 0 to 1, found 1.5"),
        ([[1, 2]], [[-0.1, 1]], {"loss": "binary_cross_entropy"}, "from 0 to 1, found -0.1"),
        ([], [], {}, "1 to 1024 rows, found 0"),
        ([[1, 2]] * 1025, [[1, 2]] * 1025, {}, "1 to 1024 rows, found 1025"),
    ],
)
def test_rows_that_do_not_fit(inputs, targets, more, message):
    with pytest.raises(ValueError, match=message):
        resolved(inputs, targets, **more)


def test_most_samples():
    assert resolved([[1, 2]] * 1024, [[1, 2]] * 1024).size == 1024


def test_half_of_the_data_is_refused():
    for fields in ({"inputs": [[1]]}, {"targets": [1]}):
        with pytest.raises(ValueError, match="together"):
            DataParams(**fields)


def test_preset_brings_its_data_where_they_suit_the_loss():
    small = resolve_data(DataParams(), network((2, 2, 1), "half_squared_error"), "small")
    assert small.inputs.tolist() == [[1.0, 2.0], [-1.0, 0.5]]
    # Targets of -1 are nothing for binary cross-entropy: an example of its own instead.
    other = resolve_data(DataParams(), network((2, 2, 1), "binary_cross_entropy"), "small")
    assert set(other.targets.ravel()) <= {0.0, 1.0}
    classes = resolve_data(DataParams(), network((2, 2, 2), "cross_entropy"), "two_layer_sigmoid")
    assert classes.targets.dtype == np.int64
    numbers = resolve_data(DataParams(), network((3, 3, 2, 3), "mse"), "notes")
    assert numbers.targets.shape == (3, 3)


@QUICK
@given(st.integers(1, 9), st.integers(1, 9), st.sampled_from(LOSSES), st.integers(0, 2**31 - 1))
def test_example_fits_every_network(n_in, n_out, loss, seed):
    spec = network((n_in, n_out), loss, seed)
    batch, again = (resolve_data(DataParams(), spec, None) for _ in range(2))
    assert batch.inputs.tobytes() == again.inputs.tobytes()
    assert batch.targets.tobytes() == again.targets.tobytes()
    assert batch.inputs.shape == (batch.size, n_in)
    assert np.abs(batch.inputs).max() <= 2
    assert np.array_equal(batch.inputs.round(1), batch.inputs)
    if loss == "cross_entropy":
        assert batch.targets.shape == (batch.size,)
        assert set(batch.targets) <= set(range(n_out))
    else:
        assert batch.targets.shape == (batch.size, n_out)
        assert set(batch.targets.ravel()) <= {0.0 if "binary" in loss else -1.0, 1.0}


def test_seeds_draw_other_examples():
    first, second = (resolve_data(DataParams(), network(seed=seed), None) for seed in (0, 1))
    assert not np.array_equal(first.inputs, second.inputs)


@pytest.mark.parametrize("name", PRESETS)
def test_batches_are_read_only_copies(name):
    preset = PRESETS[name]
    inputs, targets = np.array(preset.inputs), np.array(preset.targets)
    batch = Batch(inputs, targets)
    inputs[...] = 99
    targets[...] = 99
    assert batch.inputs.tolist() == [list(row) for row in preset.inputs]
    for array in (batch.inputs, batch.targets):
        assert 99 not in array
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
