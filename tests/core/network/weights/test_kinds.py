"""Weights as people save them: larger networks, prefixes, Keras, and files of other kinds."""

from __future__ import annotations

import json
import re
import zipfile

import numpy as np
import pytest
import torch
from safetensors.numpy import save

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import parse_assignments, validate_params
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.weights.reading import read_weights
from tests.core.network.weights.files import written


def state(**shapes):
    """A state dict of numbers drawn by seed; two strokes stand for a dot."""
    generator = np.random.default_rng(0)
    found = {}
    for name, shape in shapes.items():
        whole = name.endswith("num_batches_tracked")
        numbers = np.zeros((), np.int64) if whole else generator.normal(size=shape)
        found[name.replace("__", ".")] = numbers if whole else numbers.astype(np.float32)
    return found


def dense(name, n_in, n_out):
    return {f"{name}__weight": (n_out, n_in), f"{name}__bias": (n_out,)}


def norm(name, size):
    return {f"{name}__weight": (size,), f"{name}__bias": (size,)}


def batch_norm(name, size):
    more = {f"{name}__running_{it}": (size,) for it in ("mean", "var")}
    return norm(name, size) | more | {f"{name}__num_batches_tracked": ()}


def lstm(name, n_in, hidden, gates=4):
    shapes = {"weight_ih_l0": n_in, "weight_hh_l0": hidden}
    found = {f"{name}__{it}": (gates * hidden, n) for it, n in shapes.items()}
    return found | {f"{name}__bias_{it}_l0": (gates * hidden,) for it in ("ih", "hh")}


FC = dense("fc1", 3, 4) | dense("fc2", 4, 2)

LARGER = {
    "batch norm": (FC | batch_norm("bn", 4), ["bn: batch normalisation"], "fc2", (4, 2)),
    "layer norm": (FC | norm("ln", 4), ["ln: layer normalisation"], "fc2", (4, 2)),
    "norm in front": (FC | norm("ln", 3), ["ln: layer normalisation"], "fc1,fc2", (3, 4, 2)),
    "convolutions": (
        {"conv1__weight": (6, 1, 5, 5), "conv1__bias": (6,), "conv2__weight": (16, 6, 5, 5)}
        | dense("fc1", 256, 12)
        | dense("fc2", 12, 8)
        | dense("fc3", 8, 4),
        ["conv1: convolution, conv2: convolution"],
        "fc1,fc2,fc3",
        (256, 12, 8, 4),
    ),
    "by numbers": (
        dense("net__0", 3, 4)
        | batch_norm("net__1", 4)
        | dense("net__3", 4, 5)
        | dense("net__5", 5, 2),
        ["1: batch normalisation"],
        "3,5",
        (4, 5, 2),
    ),
    "features and classifier": (
        {"module__features__0__weight": (8, 3, 3, 3)}
        | dense("module__classifier__1", 9, 5)
        | dense("module__classifier__4", 5, 2),
        ["features.0: convolution"],
        "classifier.1,classifier.4",
        (9, 5, 2),
    ),
    "embedding": (
        {"embedding__weight": (50, 4)} | dense("fc", 4, 2),
        ["embedding: embedding"],
        "fc",
        (4, 2),
    ),
    "lstm": (lstm("lstm", 3, 4) | dense("head", 4, 2), ["lstm: LSTM"], "head", (4, 2)),
    "gru": (lstm("rnn", 3, 4, 3) | dense("head", 4, 2), ["rnn: GRU"], "head", (4, 2)),
    "attention": (
        {"attn__in_proj_weight": (12, 4), "attn__in_proj_bias": (12,)}
        | dense("attn__out_proj", 4, 4)
        | dense("head", 4, 2),
        ["attn: attention"],
        "head",
        (4, 2),
    ),
    "first layer too wide to be shown": (
        {"conv__weight": (8, 3, 3, 3)} | dense("fc1", 2000, 6) | dense("fc2", 6, 2),
        ["conv: convolution"],
        "fc2",
        (6, 2),
    ),
}


@pytest.mark.parametrize("case", LARGER)
def test_larger_network_is_named_part_by_part_and_its_last_layers_can_be_shown(tmp_path, case):
    shapes, words, part, sizes = LARGER[case]
    content = state(**shapes)
    path = written(tmp_path, save(content))
    with pytest.raises(InputError) as caught:
        read_weights(path)
    sentence = str(caught.value)
    for word in (*words, "only fully connected layers can be shown", f'network.part to "{part}"'):
        assert word in sentence
    # The advice, as a user follows it.
    assignments = [f"network.file={path}", f"network.part={part}"]
    params = validate_params(NetworkGroup, parse_assignments(assignments))
    spec = params.network_spec()
    assert spec.sizes == sizes
    last = part.rpartition(",")[2]
    name = next(it for it in content if it.endswith(f"{last}.weight"))
    assert spec.weights[-1].tolist() == content[name].tolist()


def test_nothing_is_offered_where_nothing_can_be_shown(tmp_path):
    path = written(tmp_path, save(state(conv__weight=(2, 1, 3, 3), conv__bias=(2,))))
    with pytest.raises(InputError, match=r"holds conv: convolution; only fully connected layers"):
        read_weights(path)


@pytest.mark.parametrize("part", ["fc9", "fc"])
def test_part_that_is_not_there_names_those_that_are(tmp_path, part):
    path = written(tmp_path, save(state(**FC)))
    with pytest.raises(InputError, match=f'no "{part}"; its fully connected layers are fc1, fc2'):
        read_weights(path, None, (part,))


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.", "_orig_mod.module.", "model.0.", ""])
def test_beginnings_that_all_names_share_say_nothing(tmp_path, prefix):
    content = {f"{prefix}{name}": it for name, it in state(**FC).items()}
    found = read_weights(written(tmp_path, save(content)))
    assert found.sizes == (3, 4, 2)
    assert found.weights[0].tolist() == content[f"{prefix}fc1.weight"].tolist()
    assert read_weights(tmp_path / "net.safetensors", None, (f"{prefix}fc2",)).sizes == (4, 2)


# Two layouts

SQUARE = {"hidden.weight": np.eye(4), "output.weight": 2 * np.eye(4)}


def test_order_that_cannot_be_seen_is_said_by_part(tmp_path):
    path = written(tmp_path, save(SQUARE))
    with pytest.raises(InputError, match=r"hidden, output which may as well be output, hidden"):
        read_weights(path)
    assert read_weights(path, None, ("output", "hidden")).weights[0][0, 0] == 2


TURNED = {
    "named by Keras": {
        "dense/kernel": (3, 4), "dense/bias": (4,), "dense_1/kernel": (4, 2), "dense_1/bias": (2,),
    },
    "named by torch": {"0.weight": (3, 4), "0.bias": (4,), "2.weight": (4, 2), "2.bias": (2,)},
    "without biases": {"0.weight": (3, 4), "2.weight": (4, 2)},
    "with the endings of TensorFlow": {"dense/kernel:0": (3, 4), "dense/bias:0": (4,)},
    "square, named by Keras": {"dense/kernel": (3, 3), "dense_1/kernel": (3, 3)},
}  # fmt: skip


@pytest.mark.parametrize("case", TURNED)
def test_matrices_of_keras_are_to_be_transposed(tmp_path, case):
    content = {name: np.random.default_rng(1).normal(size=it) for name, it in TURNED[case].items()}
    path = written(tmp_path, save(content))
    with pytest.raises(InputError, match=r"transpose it, or set network.layout to in_out"):
        read_weights(path)
    found = read_weights(path, "in_out")
    first, *_ = content.values()
    assert found.weights[0].tolist() == first.T.tolist()


def test_torch_matrices_are_not_read_as_those_of_keras(tmp_path):
    path = written(tmp_path, save(state(**FC)))
    with pytest.raises(InputError, match=r"as torch keeps it.*set network.layout to out_in"):
        read_weights(path, "in_out")


# Lists

W1, B1, W2, B2 = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [0.5, -0.5], [[1.0], [-1.0]], [0.25]

LISTS = {
    "W, b, W, b": [W1, B1, W2, B2],
    "pairs": [[W1, B1], [W2, B2]],
    "matrices and vectors apart": {"weights": [W1, W2], "biases": [B1, B2]},
    "as parameters": {"network": {"weights": [W1, W2], "biases": [B1, B2]}},
    "by name": {"dense/kernel": W1, "dense/bias": B1, "out/kernel": W2, "out/bias": B2},
}


@pytest.mark.parametrize("case", LISTS)
def test_lists_in_a_file(tmp_path, case):
    path = tmp_path / "weights.json"
    path.write_text(json.dumps(LISTS[case]), encoding="utf-8")
    with pytest.raises(InputError, match=r"transpose it, or set network.layout to in_out"):
        read_weights(path)
    found = read_weights(path, "in_out")
    assert [it.tolist() for it in found.weights] == [np.transpose(it).tolist() for it in (W1, W2)]
    assert [it.tolist() for it in found.biases] == [B1, B2]


@pytest.mark.parametrize("case", list(LISTS)[:3])
def test_lists_among_the_parameters(case):
    given = LISTS[case]
    network = given if isinstance(given, dict) else {"weights": given}
    with pytest.raises(InputError, match=r"transpose it, or set layout to in_out"):
        validate_params(NetworkGroup, {"network": network})
    group = validate_params(NetworkGroup, {"network": {**network, "layout": "in_out"}})
    spec = group.network_spec()
    assert [it.tolist() for it in spec.weights] == [np.transpose(it).tolist() for it in (W1, W2)]
    assert [it.tolist() for it in spec.biases] == [B1, B2]


def test_square_matrices_among_biases_may_be_either():
    network = {"weights": [[[1, 2], [3, 4]], [0, 0]]}
    with pytest.raises(InputError, match=r"set network.layout to out_in or in_out"):
        validate_params(NetworkGroup, {"network": network})
    for layout, first in (("out_in", [1, 2]), ("in_out", [1, 3])):
        group = validate_params(NetworkGroup, {"network": {**network, "layout": layout}})
        assert group.network_spec().weights[0][0].tolist() == first


@pytest.mark.parametrize("text", ["[]", "3", "[[1, 2]]", '[[["a"]]]', "[[[1], [2, 3]]]", "{}", "{"])
def test_json_that_holds_no_weights(tmp_path, text):
    path = tmp_path / "weights.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_weights(path)
    assert str(path) in str(caught.value)


# Files of torch and Keras


def test_the_line_that_converts_a_file_of_torch(tmp_path):
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2))
    path = tmp_path / "net.pt"
    torch.save(model.state_dict(), path)
    with pytest.raises(InputError) as caught:
        read_weights(path)
    line = re.search(r"this makes one: (.*)\.$", str(caught.value)).group(1)
    pieces = line.replace('"net.pt"', repr(str(path)))
    pieces = pieces.replace('"net.safetensors"', repr(str(tmp_path / "net.safetensors")))
    exec(pieces, {"torch": torch})
    found = read_weights(tmp_path / "net.safetensors")
    assert found.weights[0].tolist() == model[0].weight.double().tolist()


def test_an_archive_of_keras_is_not_one_of_torch(tmp_path):
    path = tmp_path / "net.keras"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("config.json", "{}")
    with pytest.raises(InputError, match=r"an archive of Keras.*model.get_weights\(\)"):
        read_weights(path)
