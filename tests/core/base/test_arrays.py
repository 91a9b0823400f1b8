"""Arrays of a record: copies that nobody can write into."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.base.arrays import frozen


def test_a_record_keeps_what_was_computed():
    source = np.array([1.0, 2.0])
    kept = frozen(source)
    source[0] = 9
    assert kept.tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        kept[0] = 9


def test_numbers_are_float64_unless_others_are_asked_for():
    assert frozen([1, 2]).dtype == np.float64
    assert frozen([1, 2], np.int64).dtype == np.int64
