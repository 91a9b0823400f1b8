"""Tensors of rank 0 to 4: shapes, axes and memory as numpy has them."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.network.tensor_ranks import tensor_ranks
from tests.core.records import check_frozen


def test_examples_of_every_rank():
    examples = tensor_ranks().examples
    assert [it.rank for it in examples] == [0, 1, 2, 3, 4]
    assert [it.title for it in examples] == ["scalar", "vector", "matrix", "image", "video"]
    assert [it.axes for it in examples[2:]] == [
        ("row", "column"), ("height", "width", "channel"), ("time", "height", "width", "channel"),
    ]  # fmt: skip
    assert [it.shape for it in examples] == [(), (4,), (3, 4), (4, 6, 3), (5, 4, 6, 3)]
    for it in examples:
        assert len(it.axes) == len(it.shape) == len(it.strides) == it.rank


def test_memory_is_as_numpy_has_it():
    for it in tensor_ranks(length=7, rows=2, columns=5, frames=2).examples:
        array = np.zeros(it.shape)
        assert it.strides == tuple(step // 8 for step in array.strides)
        assert (it.count, it.bytes) == (array.size, array.nbytes)
        assert it.values.shape == it.shape
        assert it.dtype == "torch.float64"
        assert 0 <= it.values.min() <= it.values.max() < 1


def test_seed_draws_the_numbers():
    first, again, other = (tensor_ranks(seed=seed).examples for seed in (3, 3, 4))
    for one, two, three in zip(first, again, other, strict=True):
        assert (one.values == two.values).all()
        assert (one.values != three.values).any()


@pytest.mark.parametrize(
    ("name", "size"), [("rows", 0), ("columns", 65), ("frames", -1), ("channels", 65)]
)
def test_size_that_is_refused(name, size):
    with pytest.raises(InputError, match=f"{name}: allowed are 1 to 64, found {size}"):
        tensor_ranks(**{name: size})


def test_records_are_frozen():
    check_frozen("core.network.tensor_ranks", least=2)


def test_sizes_of_1_and_64_are_allowed():
    assert tensor_ranks(length=64, rows=1).examples[1].shape == (64,)
    assert tensor_ranks(length=1, rows=64).examples[2].shape == (64, 4)


def test_the_seed_is_0_if_nobody_gives_one():
    vector = tensor_ranks().examples[1].values.tolist()
    assert vector == tensor_ranks(seed=0).examples[1].values.tolist()
