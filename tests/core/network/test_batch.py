"""The batch a network is shown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_iris

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import parse_assignments, validate_params
from backprop_studio.core.datasets.params import DataParams
from backprop_studio.core.network.batch import (
    Batch,
    resolve_data,
    resolve_dataset,
    resolve_held_out,
)
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.spec import NetworkSpec
from tests.core.sentences import check_sentence
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
    assert resolved([[1, 2]] * 1024, [1] * 1024, loss="cross_entropy").targets.dtype == np.int64


def test_one_output_takes_whole_numbers_as_rows():
    assert resolved([[1, 2], [3, 4]], [1, -1], sizes=(2, 1)).targets.tolist() == [[1.0], [-1.0]]


@pytest.mark.parametrize(
    ("inputs", "targets", "more", "message"),
    [
        ([[1]], [[1, 2]], {}, r"data\.inputs: row 1: expected 2 numbers, found 1"),
        ([[1, 2]], [[1]], {}, r"data\.targets: row 1: expected 2 numbers, found 1"),
        ([[1, 2]], [[1, 2]] * 2, {}, r"data\.targets: expected .* 1, found 2"),
        ([[1, 2]], [2], {"loss": "cross_entropy"}, "class indices 0 to 1, found 2"),
        ([[1, 2]], [-1], {"loss": "cross_entropy"}, "class indices 0 to 1, found -1"),
        ([[1, 2]], [[0, 1]], {"loss": "cross_entropy"}, "class indices 0 to 1, found"),
        ([[1, 2]], [[0, 1.5]], {"loss": "binary_cross_entropy"}, "from 0 to 1, found 1.5"),
        ([[1, 2]], [[-0.1, 1]], {"loss": "binary_cross_entropy"}, "from 0 to 1, found -0.1"),
        ([], [], {}, "1 to 1024 rows, found 0"),
        ([[1, 2]] * 1025, [[1, 2]] * 1025, {}, "1 to 1024 rows, found 1025"),
        ([[1]], None, {}, "together"),
    ],
)
def test_rows_that_do_not_fit(inputs, targets, more, message):
    with pytest.raises(ValueError, match=message):
        resolved(inputs, targets, **more)


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


@settings(QUICK, max_examples=30)
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
    other = resolve_data(DataParams(), network((n_in, n_out), loss, seed + 1), None)
    assert not np.array_equal(batch.inputs, other.inputs)


def test_batches_are_read_only_copies():
    inputs, targets = np.ones((2, 3)), np.array([0, 1])
    batch = Batch(inputs, targets)
    inputs[...] = targets[...] = 99
    for array in (batch.inputs, batch.targets):
        assert 99 not in array
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


# Data sets


def group(*texts):
    return validate_params(NetworkGroup, parse_assignments(texts))


def test_rows_are_split_into_batch_and_held_out():
    params = group("network.sizes=[4, 3]", "data.name=iris", "data.held_out=20", "data.seed=3")
    batch, held_out = params.batch(), params.held_out()
    assert (batch.size, held_out.size) == (130, 20)
    flowers = load_iris().data
    together = np.concatenate([batch.inputs, held_out.inputs])
    assert sorted(map(tuple, together)) == sorted(map(tuple, flowers))
    assert held_out.targets.shape == (20, 3)


@pytest.mark.parametrize(
    ("name", "loss", "outputs", "expected"),
    [
        ("xor", "cross_entropy", 2, [0, 1, 1, 0]),
        ("xor", "mse", 1, [[0], [1], [1], [0]]),
        ("xor", "mse", 2, [[1, 0], [0, 1], [0, 1], [1, 0]]),
        ("xor", "binary_cross_entropy", 1, [[0], [1], [1], [0]]),
        ("xor", "binary_cross_entropy", 2, [[1, 0], [0, 1], [0, 1], [1, 0]]),
        ("blobs", "mse", 3, np.repeat(np.eye(3), 2, axis=0).tolist()),
    ],
)
def test_targets_suit_the_loss(name, loss, outputs, expected):
    spec = network((2, outputs), loss)
    points = 6 if name == "blobs" else None
    batch = resolve_data(DataParams(name=name, points=points), spec, None)
    assert batch.targets.tolist() == expected
    assert batch.targets.dtype == (np.int64 if loss == "cross_entropy" else np.float64)


def test_set_is_read_once_and_a_whole_one_is_not_copied():
    params = group("network.preset=softmax", "data.held_out=0")
    assert params.batch() is params.batch()
    data = params.dataset()
    assert np.shares_memory(params.batch().inputs, data.inputs)
    for array in (params.batch().inputs, params.batch().targets):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_view_of_what_may_change_is_copied():
    owner = np.zeros((2, 2))
    view = owner[:1]
    view.setflags(write=False)
    batch = Batch(view, np.zeros((1, 1)))
    owner[...] = 5
    assert batch.inputs.tolist() == [[0.0, 0.0]]


def test_options_change_the_set_of_the_preset():
    params = group("network.preset=iris", "data.held_out=30", "data.standardise=false")
    assert (params.batch().size, params.held_out().size) == (120, 30)
    assert params.batch().inputs.min() > 0
    assert group("network.preset=deep", "data.points=10").batch().size == 10


def test_preset_set_steps_back_where_it_does_not_suit_the_loss():
    params = group("network.preset=deep", "network.loss=cross_entropy")
    assert params.batch().size == 3
    assert params.dataset() is None
    assert params.held_out() is None
    assert resolve_dataset(DataParams(), "deep").name == "two_moons"


def test_rows_hold_nothing_out():
    data = DataParams(inputs=[[1, 2]], targets=[[1, 2]])
    assert resolve_held_out(data, network(), None) is None
    assert resolve_held_out(DataParams(), network(), None) is None


def test_table_of_the_user(tmp_path):
    path = tmp_path / "flowers.csv"
    path.write_text("length;width;kind\n1;2;rose\n3;4;aster\n5;7;rose\n")
    texts = (f"data.file={path}", "network.sizes=[2, 2]", "network.loss=cross_entropy")
    batch = group(*texts).batch()
    assert batch.inputs.tolist() == [[1, 2], [3, 4], [5, 7]]
    assert batch.targets.tolist() == [1, 0, 1]
    other = group(
        f"data.file={path}", "network.sizes=[1, 1]", 'data.input_columns=["width"]',
        "data.target_column=1", "data.target_kind=numbers", "data.standardise=true",
        "data.delimiter=;", "data.header=true", "data.held_out=1",
    )  # fmt: skip
    assert np.abs(other.batch().inputs).tolist() == [[1.0], [1.0]]
    assert set(other.batch().targets.ravel()) | set(other.held_out().targets.ravel()) == {1, 3, 5}
    path.write_text("1,2,3\n")
    assert group(f"data.file={path}", "network.sizes=[2, 1]").batch().targets.tolist() == [[3.0]]
    with pytest.raises(InputError, match=r"data\.file: flowers has 2 inputs, the network takes 3"):
        group(f"data.file={path}")


CE = "network.loss=cross_entropy"
WRONG = [
    (["data.name=iris"], ["data.name: iris has 4 inputs, the network takes 3", "[4, 3, 2, 3]"]),
    (["data.name=irish"], ["two_moons", "did you mean iris?"]),
    (["network.sizes=[2, 3]", "data.name=two_moons"], ["has 2 classes", "3 outputs", "[2, 1]"]),
    (["network.sizes=[2, 3]", CE, "data.name=xor"], ["2 classes", "3 outputs", "[2, 2]"]),
    (["network.sizes=[1, 2]", CE, "data.name=line"], ["line has numbers as targets"]),
    (["network.sizes=[1, 2]", "data.name=line"], ["line has 1 target,", "2 outputs", "[1, 1]"]),
    (
        ["network.sizes=[1, 1]", "network.loss=binary_cross_entropy", "data.name=double"],
        ["from 0 to 1", "double has 2"],
    ),
    (["network.preset=iris", "data.noise=0.1"], ["data.noise: iris takes no noise", "held_out"]),
    (["data.points=5"], ["data.points: give data.name or a file too"]),
    (["data.name=mnist"], ["data.folder", "mnist", "IDX"]),
    (["data.file=nowhere.csv"], ["The file nowhere.csv does not exist."]),
    (["data.name=iris", "data.file=a.csv"], ["name excludes file"]),
    (["data.name=iris", "data.inputs=[[1]]", "data.targets=[1]"], ["name excludes inputs"]),
    (["data.seed=1", "data.inputs=[[1]]", "data.targets=[1]"], ["inputs exclude seed"]),
    (["data.points=1"], ["data.points: 1", "2 to 100000"]),
    (["data.delimiter=#"], ['data.delimiter: "#"']),
]


@pytest.mark.parametrize(("texts", "parts"), WRONG, ids=[" ".join(t) for t, _ in WRONG])
def test_wrong_choice_is_refused_in_one_sentence(texts, parts):
    with pytest.raises(InputError) as caught:
        group(*texts)
    sentence = str(caught.value)
    check_sentence(sentence)
    for part in parts:
        assert part in sentence
