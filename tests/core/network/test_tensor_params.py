"""What the lesson on tensors may be asked for, and what it shows if nobody asks."""

from __future__ import annotations

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.core.network.tensor_params import TensorsGroup

SIZES = {
    "length": 4, "rows": 3, "columns": 4, "height": 4, "width": 6, "channels": 3, "frames": 5,
}  # fmt: skip


def test_sizes_and_seed_that_nobody_gave():
    assert TensorsGroup().model_dump() == {**SIZES, "seed": 0, "pace": 1.0}


@pytest.mark.parametrize("name", SIZES)
def test_a_size_is_1_to_64(name):
    for size in (1, 64):
        assert getattr(validate_params(TensorsGroup, {name: size}), name) == size
    for size in (0, 65):
        with pytest.raises(InputError, match=f"{name}: {size}; .* from 1 to 64"):
            validate_params(TensorsGroup, {name: size})
