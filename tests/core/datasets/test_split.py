"""Hold-out by seed, and statistics of the training part alone."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.datasets.split import (
    drawn_rows,
    hold_out,
    standardise,
    standardise_columns,
)
from backprop_studio.core.datasets.synthetic import blobs
from tests.core.specs import QUICK


@QUICK
@given(st.integers(1, 200), st.data(), st.integers(0, 2**32 - 1))
def test_so_many_rows_are_drawn_in_order_and_each_once(size, data, seed):
    held_out = data.draw(st.integers(0, size - 1))
    rows = drawn_rows(size, held_out, seed).tolist()
    assert len(rows) == held_out
    assert rows == sorted(set(rows) & set(range(size)))
    assert drawn_rows(size, held_out, seed).tolist() == rows


def test_another_seed_holds_out_other_rows():
    assert drawn_rows(150, 20, 0).tolist() != drawn_rows(150, 20, 1).tolist()


@pytest.mark.parametrize(
    ("size", "held_out", "seed"), [(5, 5, 0), (5, -1, 0), (5, 1, -1), (5, 1, 2**32)]
)
def test_impossible_splits_are_refused(size, held_out, seed):
    with pytest.raises(InputError, match="found"):
        drawn_rows(size, held_out, seed)


def test_statistics_are_those_of_the_training_rows_worked_out_in_fractions():
    data = standardise(hold_out(blobs(60), 15, seed=4))
    raw = blobs(60).inputs
    assert data.mean is not None
    assert data.std is not None
    for column in range(2):
        known = [Fraction(raw[row, column]) for row in data.train.tolist()]
        mean = sum(known) / len(known)
        std = math.sqrt(sum((x - mean) ** 2 for x in known) / len(known))
        assert data.mean[column] == pytest.approx(float(mean), rel=1e-12, abs=1e-13)
        assert data.std[column] == pytest.approx(std, rel=1e-12)
        for row in range(60):
            expected = float(Fraction(raw[row, column]) - mean) / std
            assert data.inputs[row, column] == pytest.approx(expected, rel=1e-11, abs=1e-12)


def test_a_constant_column_becomes_exactly_zero():
    # The rounded mean of three 0.1 is not 0.1; dividing by what is left would blow it up.
    values, mean, std = standardise_columns(np.full((3, 1), 0.1), np.arange(3), ("x",))
    assert values.tolist() == [[0.0]] * 3
    assert (mean.tolist(), std.tolist()) == ([0.1], [1.0])


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1e160, 1e300])
def test_very_small_and_very_large_numbers(scale):
    rows = np.array([[-1.0], [0.0], [1.0]]) * scale
    values, _, _ = standardise_columns(rows, np.arange(3), ("x",))
    np.testing.assert_allclose(values[:, 0], [-math.sqrt(1.5), 0.0, math.sqrt(1.5)], rtol=1e-14)


def test_numbers_too_far_apart_are_named():
    rows = np.array([[1.0, 1.7e308], [2.0, 1.7e308], [3.0, -1.7e308]])
    with pytest.raises(InputError, match="the numbers of wide are too far apart"):
        standardise_columns(rows, np.arange(3), ("fine", "wide"))
