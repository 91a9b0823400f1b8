"""Tensors of rank 0 to 4: shapes, axes and memory as numpy has them."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import LessonParams, validate_params
from backprop_studio.core.network.tensor_params import TensorsGroup
from backprop_studio.core.network.tensor_ranks import tensor_ranks


def test_examples_of_every_rank():
    examples = tensor_ranks(TensorsGroup()).examples
    assert [it.rank for it in examples] == [0, 1, 2, 3, 4]
    assert [it.title for it in examples] == ["scalar", "vector", "matrix", "image", "video"]
    assert [it.axes for it in examples[2:]] == [
        ("row", "column"), ("height", "width", "channel"), ("time", "height", "width", "channel"),
    ]  # fmt: skip
    assert [it.shape for it in examples] == [(), (4,), (3, 4), (4, 6, 3), (5, 4, 6, 3)]
    for it in examples:
        assert len(it.axes) == len(it.shape) == len(it.strides) == it.rank


def test_memory_is_as_numpy_has_it():
    for it in tensor_ranks(TensorsGroup(length=7, rows=2, columns=5, frames=2)).examples:
        array = np.zeros(it.shape)
        assert it.strides == tuple(step // 8 for step in array.strides)
        assert (it.count, it.bytes) == (array.size, array.nbytes)
        assert it.values.shape == it.shape
        assert it.dtype == "torch.float64"
        assert 0 <= it.values.min() <= it.values.max() < 1


def test_seed_draws_the_numbers():
    first, again, other = (tensor_ranks(TensorsGroup(seed=seed)).examples for seed in (3, 3, 4))
    for one, two, three in zip(first, again, other, strict=True):
        assert (one.values == two.values).all()
        assert (one.values != three.values).any()


SIZES = {
    "length": 4, "rows": 3, "columns": 4, "height": 4, "width": 6, "channels": 3, "frames": 5,
}  # fmt: skip


def test_sizes_and_seed_that_nobody_gave():
    assert TensorsGroup().model_dump() == {**LessonParams().model_dump(), **SIZES, "seed": 0}


@pytest.mark.parametrize("name", SIZES)
def test_a_size_is_1_to_64(name):
    for size in (1, 64):
        assert getattr(validate_params(TensorsGroup, {name: size}), name) == size
    for size in (0, 65):
        with pytest.raises(InputError, match=f"{name}: {size}; .* from 1 to 64"):
            validate_params(TensorsGroup, {name: size})
