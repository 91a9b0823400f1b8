"""Weights from safetensors files: good ones to the last bit, bad ones in one sentence."""

from __future__ import annotations

import errno
import io
import json
import os
import pickle
import struct
import subprocess
import sys
import zipfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.limits import MAX_PARAMETERS
from backprop_studio.core.base.parameters import parse_assignments, validate_params
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.spec import NetworkParams, resolve_network
from backprop_studio.core.network.weights_file import MAX_BYTES, read_weights
from tests.core.base.test_parameters import check_sentence
from tests.core.specs import QUICK


def by_hand(header, numbers=b"", length=None):
    """A file put together from the format's description, without the library."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + numbers


def tensors(**entries):
    """A file with tensors of any dtype: name to (dtype, shape, bytes)."""
    header, numbers = {}, b""
    for name, (dtype, shape, content) in entries.items():
        offsets = [len(numbers), len(numbers) + len(content)]
        header[name.replace("__", ".")] = {
            "dtype": dtype, "shape": shape, "data_offsets": offsets,
        }  # fmt: skip
        numbers += content
    return by_hand(header, numbers)


def zeros(shape, dtype="F32"):
    width = {"F64": 8, "I64": 8, "F32": 4, "F16": 2, "BF16": 2, "C64": 8}.get(dtype, 1)
    return dtype, list(shape), bytes(int(np.prod(shape)) * width)


def written(tmp_path, content):
    path = tmp_path / "net.safetensors"
    path.write_bytes(content)
    return path


def refused(path):
    with pytest.raises(InputError) as caught:
        read_weights(path)
    sentence = str(caught.value)
    check_sentence(sentence.replace(str(path), '"file"'))
    assert str(path) in sentence
    return sentence


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


def test_numbers_decide_over_the_order_in_the_file(tmp_path):
    square = {f"{k}.weight": np.full((2, 2), float(k)) for k in (10, 2, 0)}
    found = read_weights(written(tmp_path, save(square)))
    assert [weight[0, 0] for weight in found.weights] == [0.0, 2.0, 10.0]


@pytest.mark.parametrize(
    ("dtype", "bits", "value"),
    [
        # Sign, exponent and fraction by hand, from IEEE 754 and the definition of bfloat16.
        ("F16", 0x3C01, 1 + 2**-10),
        ("F16", 0x0001, 2.0**-24),
        ("F16", 0xFBFF, -65504.0),
        ("BF16", 0x3F81, 1 + 2**-7),
        ("BF16", 0x0001, 2.0**-133),
        ("BF16", 0xFF7F, -(2 - 2**-7) * 2.0**127),
        ("F32", 0x3F800001, 1 + 2**-23),
        ("F32", 0x00000001, 2.0**-149),
        ("F64", 0x3FF0000000000001, 1 + 2**-52),
        ("F64", 0x8000000000000001, -(2.0**-1074)),
    ],
)
def test_floats_of_any_width_keep_their_value(tmp_path, dtype, bits, value):
    width = {"F64": 8, "F32": 4}.get(dtype, 2)
    content = tensors(weight=(dtype, [1, 1], bits.to_bytes(width, "little")))
    assert read_weights(written(tmp_path, content)).weights[0].item() == value


def test_every_half_is_what_numpy_reads(tmp_path):
    bits = np.arange(2**16, dtype="<u2")
    halves = bits.view("<f2")
    halves = halves[np.isfinite(halves)]  # 63488 of them
    rows = halves.reshape(-1, 1024)
    content = tensors(weight=("F16", list(rows.shape), rows.tobytes()))
    found = read_weights(written(tmp_path, content)).weights[0]
    assert found.tobytes() == rows.astype(np.float64).tobytes()


def test_metadata_do_not_matter(tmp_path):
    content = save({"0.weight": np.ones((1, 2))}, metadata={"format": "pt"})
    assert read_weights(written(tmp_path, content)).sizes == (2, 1)


def test_arrays_are_read_only_and_the_file_is_read_once(tmp_path):
    path = written(tmp_path, save({"0.weight": np.ones((1, 2))}))
    found = read_weights(path)
    assert read_weights(path) is found
    with pytest.raises(ValueError, match="read-only"):
        found.weights[0][...] = 0
    path.write_bytes(save({"0.weight": np.ones((1, 3))}))
    assert read_weights(path).sizes == (3, 1)


def test_reading_loads_no_torch():
    code = "import sys, backprop_studio.core.network.weights_file; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# Bad files


GOOD = save(
    {
        "0.weight": np.linspace(-1, 1, 6).reshape(2, 3),
        "0.bias": np.zeros(2),
        "2.weight": np.ones((1, 2)),
        "2.bias": np.ones(1),
    }
)
HEADER = 8 + int.from_bytes(GOOD[:8], "little")


def archive():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("archive/data.pkl", pickle.dumps({"0.weight": [1.0]}))
    return content.getvalue()


BAD = {
    "empty": (b"", ["is empty"]),
    "five bytes": (b"12345", ["expected 8 bytes or more, found 5"]),
    "numbers cut off": (GOOD[:-1], ["cut off", "expected 88 bytes of numbers, found 87"]),
    "no numbers": (GOOD[:HEADER], ["cut off", "expected 88 bytes of numbers, found 0"]),
    "header cut off": (GOOD[:50], ["cut off", "bytes of header, found 42"]),
    "longer": (GOOD + b"\0", ["longer than it claims", "expected 88", "found 89"]),
    "absurd header": (by_hand(b"{}", length=2**63), ["at most 1048576", "9223372036854775808"]),
    "long header": (by_hand(b"{}", length=5000), ["cut off", "expected 5000", "found 2"]),
    "no JSON": (by_hand(b"[" * 1000), ["no valid safetensors file"]),
    "no UTF-8": (by_hand(b"\xff\xfe{}"), ["no valid safetensors file", "a header in JSON"]),
    "header is a list": (by_hand([1, 2]), ["no valid safetensors file"]),
    "no tensors": (by_hand({}), ["no tensors", "as 0.weight"]),
    "pickle": (pickle.dumps({"0.weight": [1.0]}, protocol=4), ["a pickle", "safetensors"]),
    "old torch": (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", ["a pickle"]),
    "torch.save": (archive(), ["ZIP archive", "torch.save", "expected a safetensors file"]),
    "text": (b"weights = 1, 2, 3\n" * 9, ["no safetensors file", "header"]),
    "numpy": (b"\x93NUMPY\x01\x00v\x00{'descr'}", ["a file of numpy"]),
    "one dimension": (
        tensors(**{"0__weight": zeros([4])}),
        ['"0.weight"', "two dimensions", "found shape [4]"],
    ),
    "convolution": (
        tensors(**{"0__weight": zeros([4, 1, 3, 3])}),
        ['"0.weight"', "two dimensions", "[4, 1, 3, 3]"],
    ),
    "no columns": (
        tensors(**{"0__weight": zeros([4, 0])}),
        ['"0.weight"', "1 to 1024 units", "[4, 0]"],
    ),
    "too wide": (
        tensors(**{"0__weight": zeros([1, 1025])}),
        ['"0.weight"', "1 to 1024 units", "[1, 1025]"],
    ),
    "too many": (
        tensors(**{f"{k}__weight": zeros([1024, 1024], "BF16") for k in range(2)}),
        [f"at most {MAX_PARAMETERS}", "found 2099200"],
    ),
    "too deep": (
        tensors(**{f"{k}__weight": zeros([1, 1]) for k in range(8)}),
        ["too many layers", "7 weights at most, found 8"],
    ),
    "do not chain": (
        tensors(**{"0__weight": zeros([3, 2]), "2__weight": zeros([1, 4])}),
        ['"2.weight"', 'expected 3 columns, as "0.weight" has rows, found 4 columns'],
    ),
    "words that do not chain": (
        tensors(fc__weight=zeros([3, 2]), out__weight=zeros([1, 4])),
        ['"out.weight"', "expected 3 columns", "found 4 columns"],
    ),
    "words without an order": (
        tensors(left__weight=zeros([2, 2]), right__weight=zeros([2, 2])),
        ["order of its layers", "left, right", "right, left"],
    ),
    "bias of another size": (
        tensors(**{"0__weight": zeros([3, 2]), "0__bias": zeros([2])}),
        ['"0.bias"', "expected shape [3]", "found shape [2]"],
    ),
    "bias as a row": (
        tensors(**{"0__weight": zeros([3, 2]), "0__bias": zeros([1, 3])}),
        ['"0.bias"', "expected shape [3]", "found shape [1, 3]"],
    ),
    "bias alone": (
        tensors(**{"0__weight": zeros([3, 2]), "1__bias": zeros([2])}),
        ['lacks the tensor "1.weight"', '"1.bias"'],
    ),
    "another key": (
        tensors(**{"0__weight": zeros([3, 2]), "0__scale": zeros([2])}),
        ['holds the tensor "0.scale"', ".weight or .bias"],
    ),
    "running mean": (
        tensors(**{"0__weight": zeros([3, 2]), "1__running_mean": zeros([3])}),
        ['holds the tensor "1.running_mean"'],
    ),
    "line break in a key": (
        by_hand({"a\nb": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, bytes(4)),
        ['holds the tensor "a'],
    ),
    "long key": (
        by_hand({"k" * 9999: {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, bytes(4)),
        ['holds the tensor "kkkk'],
    ),
    **{
        dtype: (
            tensors(**{"0__weight": zeros([2, 2], dtype)}),
            ['"0.weight"', "expected F64, F32, F16 or BF16", f'found "{dtype}"'],
        )
        for dtype in ("I64", "BOOL", "F8_E4M3", "F8_E5M2", "C64", "U8")
    },
    "other dtype of a bias": (
        tensors(**{"0__weight": zeros([2, 2]), "0__bias": zeros([2], "I64")}),
        ['"0.bias"', 'found "I64"'],
    ),
    "unknown dtype": (
        tensors(**{"0__weight": ("F128", [1, 1], bytes(16))}),
        ['"0.weight"', "expected F64, F32, F16 or BF16", 'found "F128"'],
    ),
    "nan": (
        save({"0.weight": np.array([[1.0, 2.0], [3.0, np.nan]], dtype=np.float32)}),
        ['"0.weight"', "finite numbers", "found nan at [1, 1]"],
    ),
    "infinite bias": (
        save({"0.weight": np.ones((2, 2)), "0.bias": np.array([0.0, -np.inf])}),
        ['"0.bias"', "finite numbers", "found -inf at [1]"],
    ),
    "nan of a bfloat16": (
        tensors(**{"0__weight": ("BF16", [1, 2], b"\x80\x3f\xc0\x7f")}),
        ["found nan at [0, 1]"],
    ),
    "shape that overflows": (
        by_hand({"0.weight": {"dtype": "F32", "shape": [2**40, 2**40], "data_offsets": [0, 0]}}),
        ["no valid safetensors file"],
    ),
    "tensors that overlap": (
        by_hand(
            {
                name: {"dtype": "F32", "shape": [1, 1], "data_offsets": [0, 4]}
                for name in ("0.weight", "1.weight")
            },
            bytes(4),
        ),
        ["no valid safetensors file"],
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_file_ends_in_one_sentence(tmp_path, case):
    content, words = BAD[case]
    sentence = refused(written(tmp_path, content))
    for word in words:
        assert word in sentence


def test_place_that_is_no_readable_file(tmp_path, monkeypatch):
    assert "does not exist" in refused(tmp_path / "missing.safetensors")
    assert "is a folder" in refused(tmp_path)
    path = written(tmp_path, GOOD)

    def deny(*_args, **_kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", deny)  # root may read everything
    assert refused(path).endswith("cannot be read: Permission denied.")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.safetensors")
    assert "not a regular file" in refused(tmp_path / "pipe.safetensors")


def test_huge_file_is_not_read(tmp_path):
    path = tmp_path / "huge.safetensors"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert f"at most {MAX_BYTES} bytes" in refused(path)


def test_header_as_long_as_a_pickle_begins(tmp_path):
    content = save({"0.weight": np.ones((1, 2))}, metadata={"x": ""})
    length = int.from_bytes(content[:8], "little")
    text = (
        content[8 : 8 + length].decode().replace('"x":""', '"x":"' + " " * (0x280 - length) + '"')
    )
    content = by_hand(text.encode(), content[8 + length :])
    assert content.startswith(b"\x80\x02")
    assert read_weights(written(tmp_path, content)).sizes == (2, 1)


changes = st.lists(
    st.tuples(
        st.sampled_from(["set", "cut", "insert", "flip"]),
        st.integers(0, len(GOOD)),
        st.binary(min_size=1, max_size=4),
    ),
    min_size=1,
    max_size=4,
)


@settings(QUICK, max_examples=400)
@given(changes)
def test_mutilated_file_is_a_network_or_one_sentence(tmp_path_factory, changed):
    content = bytearray(GOOD)
    for kind, place, part in changed:
        if kind == "cut":
            del content[place : place + part[0]]
        elif kind == "insert":
            content[place:place] = part
        elif kind == "set":
            content[place : place + len(part)] = part
        elif place < len(content):
            content[place] ^= part[0] or 1
    path = written(tmp_path_factory.mktemp("mutilated"), bytes(content))
    try:
        found = read_weights(path)
    except InputError as error:
        check_sentence(str(error).replace(str(path), '"file"'))
    else:
        assert len(found.sizes) >= 2
        for part in (*found.weights, *found.biases):
            assert np.isfinite(part).all()


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
        ("network.preset=small", "preset small excludes file"),
        ("network.sizes=[3, 4, 1]", "expected [3, 4, 1], found [3, 2, 1]"),
    ],
)
def test_file_stands_alone(tmp_path, other, words):
    sentence = refused_parameters(f"network.file={written(tmp_path, GOOD)}", other)
    assert words in sentence
    check_sentence(sentence.replace(str(tmp_path), ""))


def test_bad_file_as_a_parameter_is_one_sentence(tmp_path):
    path = written(tmp_path, GOOD[:-1])
    sentence = refused_parameters(f"network.file={path}")
    assert sentence.startswith(f"The file {path} is cut off")


def test_dumped_parameters_name_the_file_again(tmp_path):
    path = written(tmp_path, GOOD)
    params = validate_params(NetworkGroup, {"network": {"file": str(path)}})
    again = validate_params(NetworkGroup, json.loads(params.model_dump_json()))
    assert again == params
