"""Weights from safetensors files, to the last bit."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from safetensors.numpy import save

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import parse_assignments, validate_params
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.spec import NetworkParams, resolve_network
from backprop_studio.core.network.weights.reading import read_weights
from tests.core.network.weights.files import GOOD, tensors, written, zeros
from tests.core.sentences import check_sentence


def layers(generator, sizes, dtype=np.float32):
    return [
        (
            generator.normal(size=(n_out, n_in)).astype(dtype),
            generator.normal(size=n_out).astype(dtype),
        )
        for n_in, n_out in pairwise(sizes)
    ]


# Good files


@pytest.mark.parametrize(
    "names",
    [
        ("0.", "2.", "10."),
        ("layers.0.", "layers.1.", "layers.2."),
        ("fc1.", "fc2.", "fc10."),
        ("model.9.linear.", "model.10.linear.", "model.11.linear."),
        ("a.", "b.", "c."),
        ("input.", "hidden.", "head."),
        ("fc1.", "fc2.", "classifier."),
    ],
)
def test_names_that_are_in_use(tmp_path, names):
    drawn = layers(np.random.default_rng(0), (4, 3, 5, 2))
    content = {}
    for name, (weight, bias) in zip(names, drawn, strict=True):
        content |= {f"{name}weight": weight, f"{name}bias": bias}
    found = read_weights(written(tmp_path, save(content)))
    assert found.sizes == (4, 3, 5, 2)
    for k, (weight, bias) in enumerate(drawn):
        assert found.weights[k].tolist() == weight.tolist()
        assert found.biases[k].tolist() == bias.tolist()
        assert found.weights[k].dtype == found.biases[k].dtype == np.float64


def test_single_layer_may_be_nameless_and_without_bias(tmp_path):
    found = read_weights(written(tmp_path, save({"weight": np.array([[1.5, -2.0]])})))
    assert (found.sizes, found.weights[0].tolist()) == ((2, 1), [[1.5, -2.0]])
    assert found.biases[0].tolist() == [0.0]


@pytest.mark.parametrize(
    ("dtype", "bits", "value"),
    [
        # Sign, exponent and fraction by hand, from IEEE 754 and the definition of bfloat16.
        ("F16", 0x3C01, 1 + 2**-10),
        ("F16", 0x0001, 2.0**-24),
        ("BF16", 0x3F81, 1 + 2**-7),
        ("BF16", 0x0001, 2.0**-133),
        ("F32", 0x3F800001, 1 + 2**-23),
        ("F64", 0x8000000000000001, -(2.0**-1074)),
    ],
)
def test_floats_of_any_width_keep_their_value(tmp_path, dtype, bits, value):
    width = {"F64": 8, "F32": 4}.get(dtype, 2)
    content = tensors(weight=(dtype, [1, 1], bits.to_bytes(width, "little")))
    assert read_weights(written(tmp_path, content)).weights[0].item() == value


def test_two_million_weights_and_biases_are_allowed(tmp_path):
    # 999 * 1000 + 1001 * 1000
    shapes = {"0__weight": (1000, 998), "1__weight": (1000, 1000)}
    content = tensors(**{name: zeros(shape, "F16") for name, shape in shapes.items()})
    assert read_weights(written(tmp_path, content)).sizes == (998, 1000, 1000)


def test_arrays_are_read_only_and_the_file_is_read_once(tmp_path):
    path = written(tmp_path, save({"0.weight": np.ones((1, 2))}))
    found = read_weights(path)
    assert read_weights(path) is found
    with pytest.raises(ValueError, match="read-only"):
        found.weights[0][...] = 0
    path.write_bytes(save({"0.weight": np.ones((1, 3))}))
    assert read_weights(path).sizes == (3, 1)


# As a parameter


def spec_of(**fields):
    return resolve_network(NetworkParams(**fields))


def test_file_gives_the_network(tmp_path):
    path = written(tmp_path, GOOD)
    spec = spec_of(file=str(path))
    assert (spec.sizes, spec.loss, spec.activations) == ((3, 2, 1), "mse", ("relu", "identity"))
    assert spec.weights[0].tolist() == np.linspace(-1, 1, 6).reshape(2, 3).tolist()
    assert spec.biases[1].tolist() == [1.0]
    assert NetworkParams(file=str(path)).preset is None
    again = spec_of(file=str(path), sizes=(3, 2, 1), activation="tanh", seed=7)
    assert again.weights[0].tolist() == spec.weights[0].tolist()
    assert (again.activations, again.seed) == (("tanh", "identity"), 7)


def test_file_is_meant_relative_to_the_current_folder(tmp_path, monkeypatch):
    written(tmp_path, GOOD)
    monkeypatch.chdir(tmp_path)
    assert spec_of(file="net.safetensors").sizes == (3, 2, 1)


def refused_parameters(*texts):
    with pytest.raises(InputError) as caught:
        validate_params(NetworkGroup, parse_assignments(texts))
    return str(caught.value)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ("network.weights=[[[1]]]", "file excludes weights"),
        ("network.biases=[[1]]", "file excludes biases"),
        ("network.init=he", "file excludes init"),
        ("network.preset=small", "preset excludes file"),
        ("network.sizes=[3, 4, 1]", "expected [3, 4, 1], found [3, 2, 1]"),
    ],
)
def test_file_stands_alone(tmp_path, other, words):
    sentence = refused_parameters(f"network.file={written(tmp_path, GOOD)}", other)
    assert words in sentence
    check_sentence(sentence.replace(str(tmp_path), ""))
