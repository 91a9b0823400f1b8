"""Records and read-only arrays; what engine fills in is held by test_engine."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from backprop_studio.core.base.arrays import frozen
from backprop_studio.core.network import record


def test_every_record_is_frozen():
    kinds = [kind for kind in vars(record).values() if dataclasses.is_dataclass(kind)]
    assert len(kinds) >= 4
    for kind in kinds:
        assert kind.__dataclass_params__.frozen, kind
        assert kind.__doc__
        for field in dataclasses.fields(kind):
            assert "Tensor" not in str(field.type)


def test_frozen_copies():
    values = np.arange(3.0)
    array = frozen(values)
    values[0] = 9
    assert array.tolist() == [0, 1, 2]
    assert not array.flags.writeable
    assert array.base is None  # nobody can write through another view
    assert frozen([1, 2]).dtype == np.float64
    assert frozen([1, 2], np.int64).dtype == np.int64
    with pytest.raises(ValueError, match="read-only"):
        array += 1
