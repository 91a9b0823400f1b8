"""The batch a network is shown."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_iris

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import parse_assignments, validate_params
from backprop_studio.core.network.batch import (
    Batch,
    DataParams,
    resolve_data,
    resolve_dataset,
    resolve_held_out,
)
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.presets import PRESETS
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
    params = NetworkGroup(network={"preset": name})
    inputs, targets = (np.array(array) for array in (params.batch().inputs, params.batch().targets))
    rows = inputs.tolist()
    batch = Batch(inputs, targets)
    inputs[...] = 99
    targets[...] = 99
    assert batch.inputs.tolist() == rows
    for array in (batch.inputs, batch.targets):
        assert 99 not in array
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


# Data sets


def group(*texts):
    return validate_params(NetworkGroup, parse_assignments(texts))


def test_named_set_is_the_batch():
    batch = group("network.sizes=[1, 1]", "data.name=double").batch()
    assert batch.inputs.tolist() == [[1.0], [2.0], [3.0]]
    assert batch.targets.tolist() == [[2.0], [4.0], [6.0]]


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
    ],
)
def test_targets_suit_the_loss(name, loss, outputs, expected):
    spec = network((2, outputs), loss)
    batch = resolve_data(DataParams(name=name), spec, None)
    assert batch.targets.tolist() == expected
    assert batch.targets.dtype == (np.int64 if loss == "cross_entropy" else np.float64)


def test_three_classes_become_one_hot_rows():
    batch = resolve_data(DataParams(name="blobs", points=6), network((2, 3)), None)
    assert batch.targets.tolist() == np.repeat(np.eye(3), 2, axis=0).tolist()


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


def idx_folder(tmp_path, pictures=5):
    """The four files as the description of the format has them, with 2 x 2 pixels."""
    for part, count in (("train", pictures), ("t10k", 2)):
        pixels = bytes(range(4 * count))
        sizes = b"".join(size.to_bytes(4, "big") for size in (count, 2, 2))
        (tmp_path / f"{part}-images-idx3-ubyte").write_bytes(b"\0\0\x08\x03" + sizes + pixels)
        labels = bytes(k % 10 for k in range(count))
        header = b"\0\0\x08\x01" + count.to_bytes(4, "big")
        (tmp_path / f"{part}-labels-idx1-ubyte").write_bytes(header + labels)
    return tmp_path


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_pictures_of_a_folder(tmp_path, name):
    folder = idx_folder(tmp_path)
    texts = ("network.sizes=[4, 10]", "network.loss=cross_entropy", f"data.name={name}")
    params = group(*texts, f"data.folder={folder}", "data.limit=3")
    assert params.batch().inputs.tolist() == (np.arange(12).reshape(3, 4) / 255).tolist()
    assert params.batch().targets.tolist() == [0, 1, 2]
    assert params.held_out().size == 2
    assert group(*texts, f"data.folder={folder}", "data.held_out=1").held_out().size == 1
    idx_folder(tmp_path, pictures=6)
    assert group(*texts, f"data.folder={folder}").batch().size == 6


CE = "network.loss=cross_entropy"
WRONG = [
    (["data.name=iris"], ["data.name: iris has 4 inputs, the network takes 3", "[4, 3, 2, 3]"]),
    (["data.name=irish"], ["two_moons", "did you mean iris?"]),
    (
        ["network.sizes=[4, 2]", "data.name=iris"],
        ["iris has 3 classes, the network gives 2 outputs", "[4, 3]"],
    ),
    (
        ["network.sizes=[2, 3]", "data.name=two_moons"],
        ["two_moons has 2 classes, the network gives 3 outputs", "[2, 1]"],
    ),
    (["network.sizes=[2, 3]", CE, "data.name=xor"], ["2 classes", "3 outputs", "[2, 2]"]),
    (["network.sizes=[1, 2]", CE, "data.name=line"], ["line has numbers as targets"]),
    (["network.sizes=[1, 2]", "data.name=line"], ["line has 1 target,", "2 outputs", "[1, 1]"]),
    (
        ["network.sizes=[1, 1]", "network.loss=binary_cross_entropy", "data.name=double"],
        ["from 0 to 1", "double has 2"],
    ),
    (["network.preset=iris", "data.noise=0.1"], ["data.noise: iris takes no noise", "held_out"]),
    (["data.name=xor", "data.points=5"], ["data.points: xor takes no points"]),
    (["data.name=mnist", "data.seed=5"], ["data.seed: mnist takes no seed"]),
    (["data.name=blobs", "data.header=true"], ["data.header: blobs takes no header"]),
    (["data.file=a.csv", "data.points=5"], ["data.points: a table takes no points"]),
    (["data.points=5"], ["data.points: give data.name or data.file too"]),
    (["data.name=blobs", "data.classes=4", "data.points=3"], ["data.points", "4 to", "found 3"]),
    (["data.name=xor", "data.held_out=4"], ["data.held_out", "0 to 3", "found 4"]),
    (["data.name=mnist"], ["data.folder", "mnist", "IDX"]),
    (["data.name=mnist", "data.folder=nowhere"], ["The folder nowhere has no file train-images"]),
    (["data.file=nowhere.csv"], ["The file nowhere.csv does not exist."]),
    (["data.name=iris", "data.file=a.csv"], ["name excludes file"]),
    (["data.name=iris", "data.inputs=[[1]]", "data.targets=[1]"], ["name excludes inputs"]),
    (["data.file=a", "data.inputs=[[1]]", "data.targets=[1]"], ["file excludes inputs"]),
    (["data.seed=1", "data.inputs=[[1]]", "data.targets=[1]"], ["inputs exclude seed"]),
    (["data.noise=-1"], ["data.noise: -1", "0 to 100"]),
    (["data.noise=nan"], ["data.noise: nan", "0 to 100"]),
    (["data.points=1"], ["data.points: 1", "2 to 100000"]),
    (["data.classes=11"], ["data.classes: 11", "2 to 10"]),
    (["data.limit=0"], ["data.limit: 0", "1 to 1000000"]),
    (["data.standardise=1"], ["data.standardise: 1", "true or false"]),
    (["data.delimiter=|"], ['data.delimiter: "|"']),
    (["data.target_column=1.5"], ["data.target_column", "1.5"]),
    (["data.input_columns=width"], ["data.input_columns", "a list"]),
]


@pytest.mark.parametrize(("texts", "parts"), WRONG, ids=[" ".join(t) for t, _ in WRONG])
def test_wrong_choice_is_refused_in_one_sentence(texts, parts):
    with pytest.raises(InputError) as caught:
        group(*texts)
    sentence = str(caught.value)
    check_sentence(sentence)
    for part in parts:
        assert part in sentence


def test_fault_of_a_table_names_row_and_column(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("x,y\n1,2\n3,oops\n5,6\n")
    with pytest.raises(InputError, match="row 3, column 2") as caught:
        group(f"data.file={path}", "network.sizes=[1, 1]")
    assert str(caught.value).startswith(f"The file {path} is wrong in row 3")


def test_table_that_does_not_fit_names_its_field(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("x,y\n1,2\n")
    with pytest.raises(InputError, match=r"data\.file: table has 1 input, the network takes 3"):
        group(f"data.file={path}")


@pytest.mark.parametrize(
    "texts",
    [
        ("network.sizes=[2, 3]", "data.name=spirals", "data.classes=3", "data.noise=0"),
        ("network.preset=iris", "data.held_out=10"),
        ("network.sizes=[1, 1]", "data.name=line", "data.seed=4294967295"),
    ],
)
def test_dumped_choice_is_taken_again(texts):
    params = group(*texts)
    again = validate_params(NetworkGroup, params.model_dump(mode="json"))
    assert again == params
    assert again.batch() is params.batch()


def test_form_hints_name_every_choice():
    properties = DataParams.model_json_schema()["properties"]
    for name in ("name", "delimiter", "encoding", "target_kind"):
        choices = next(part for part in properties[name]["anyOf"] if "enum" in part)["enum"]
        assert set(properties[name]["x-labels"]) - {"None"} == set(choices)
    assert all("description" in value and "title" in value for value in properties.values())
    assert [name for name in properties if "x-level" not in properties[name]] == ["name"]


LIGHT = """
import sys
from backprop_studio.core.base import parameters
from backprop_studio.core.network.params import NetworkGroup
parameters.validate_params(NetworkGroup, {})
print(sorted({"torch", "sklearn", "scipy", "pandas"} & sys.modules.keys()))
"""


def test_parameters_load_neither_torch_nor_sklearn():
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
