"""Bad weights files: each ends in one sentence that names file, tensor, expected and found."""

from __future__ import annotations

import io
import pickle
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.network.weights.reading import read_weights
from tests.core.network.weights.files import GOOD, by_hand, refused, tensors, written, zeros
from tests.core.sentences import check_sentence
from tests.core.specs import QUICK

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
    "header cut off": (GOOD[:50], ["cut off", "bytes of header, found 42"]),
    "longer": (GOOD + b"\0", ["longer than it claims", "expected 88", "found 89"]),
    "absurd header": (by_hand(b"{}", length=2**63), ["at most 1048576", "9223372036854775808"]),
    "header of the largest size": (
        by_hand(b"{}", length=1_048_576),
        ["cut off", "expected 1048576", "found 2"],
    ),
    "header too large": (by_hand(b"{}", length=1_048_577), ["at most 1048576", "claims 1048577"]),
    "no JSON": (by_hand(b"[" * 1000), ["no valid safetensors file"]),
    "no tensors": (by_hand({}), ["no tensors", "as 0.weight"]),
    "bytes of no tensor": (by_hand({}) + b"\0", ["longer", "expected 0 bytes", "found 1"]),
    "pickle": (pickle.dumps({"0.weight": [1.0]}, protocol=4), ["a pickle", "safetensors"]),
    "torch.save": (archive(), ["ZIP archive", "torch.save", "expected a safetensors file"]),
    "one dimension": (
        tensors(**{"0__weight": zeros([4])}),
        ["holds 0: scale in one dimension", "only fully connected layers"],
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
        ["at most 2000000", "found 2099200"],
    ),
    "too deep": (
        tensors(**{f"{k}__weight": zeros([1, 1]) for k in range(8)}),
        ["too many layers", "7 weights at most, found 8"],
    ),
    "do not chain": (
        tensors(**{"0__weight": zeros([3, 2]), "2__weight": zeros([1, 4])}),
        ['"2.weight"', 'expected 3 columns, as "0.weight" has rows, found 4 columns'],
    ),
    "words without an order": (
        tensors(left__weight=zeros([2, 2]), right__weight=zeros([2, 2])),
        ["order of its layers", "left, right", "right, left"],
    ),
    "bias of another size": (
        tensors(**{"0__weight": zeros([3, 2]), "0__bias": zeros([4])}),
        ['"0.bias"', "expected shape [3]", "found shape [4]"],
    ),
    "bias alone": (
        tensors(**{"0__weight": zeros([3, 2]), "1__bias": zeros([2])}),
        ['lacks the tensor "1.weight"', '"1.bias"'],
    ),
    "another key": (
        tensors(**{"0__weight": zeros([3, 2]), "0__scale": zeros([2])}),
        ['holds the tensor "0.scale"', ".weight or .bias"],
    ),
    "line break in a key": (
        by_hand({"a\nb": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, bytes(4)),
        ['holds the tensor "a'],
    ),
    **{
        dtype: (
            tensors(**{"0__weight": zeros([2, 2], dtype)}),
            ['"0.weight"', "expected F64, F32, F16 or BF16", f'found "{dtype}"'],
        )
        for dtype in ("I64", "F8_E4M3")
    },
    "unknown dtype": (
        tensors(**{"0__weight": ("F128", [1, 1], bytes(16))}),
        ['"0.weight"', "expected F64, F32, F16 or BF16", 'found "F128"'],
    ),
    "nan": (
        save({"0.weight": np.array([[1.0, 2.0], [3.0, np.nan]], dtype=np.float32)}),
        ['"0.weight"', "finite numbers", "found nan at [1, 1]"],
    ),
    "nan of a bfloat16": (
        tensors(**{"0__weight": ("BF16", [1, 2], b"\x80\x3f\xc0\x7f")}),
        ["found nan at [0, 1]"],
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


def test_huge_file_is_not_read(tmp_path):
    path = tmp_path / "huge.safetensors"
    with path.open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    assert "at most 67108864 bytes" in refused(path)


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


@settings(QUICK, max_examples=60)
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
