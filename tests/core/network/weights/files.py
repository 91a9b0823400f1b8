"""Weights files for tests: put together from the format's description, without the library."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest
from safetensors.numpy import save

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.network.weights.reading import read_weights
from tests.core.sentences import check_sentence

GOOD = save(
    {
        "0.weight": np.linspace(-1, 1, 6).reshape(2, 3),
        "0.bias": np.zeros(2),
        "2.weight": np.ones((1, 2)),
        "2.bias": np.ones(1),
    }
)


def by_hand(header, numbers=b"", length=None):
    """A file put together from the format's description, without the library."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + numbers


def tensors(**entries):
    """A file with tensors of any dtype: name to (dtype, shape, bytes)."""
    header, numbers = {}, b""
    for name, (dtype, shape, content) in entries.items():
        offsets = [len(numbers), len(numbers) + len(content)]
        entry = {"dtype": dtype, "shape": shape, "data_offsets": offsets}
        header[name.replace("__", ".")] = entry
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
    # A line of Python is to be typed as it stands.
    words, _, _ = sentence.partition("; this makes one: ")
    check_sentence(words.replace(str(path), '"file"').rstrip(".") + ".")
    assert str(path) in sentence
    return sentence
