"""Softmax and cross-entropy of one sample, against numbers of 50 digits and numpy's naive way."""

from __future__ import annotations

import math
import sys

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_studio.core.network.softmax import (
    float_range,
    softmax_cross_entropy,
)
from tests.core.specs import QUICK

LOGITS = st.lists(st.floats(-2000, 2000), min_size=2, max_size=6)


def test_logits_whose_exponentials_are_whole_numbers():
    # e^0 : e^ln 2 : e^ln 5 = 1 : 2 : 5 of 8, the true class has 2 of 8.
    record = softmax_cross_entropy([0.0, math.log(2), math.log(5)], target=1)
    assert record.one_hot.tolist() == [0.0, 1.0, 0.0]
    assert record.exponentials == pytest.approx([1 / 5, 2 / 5, 1.0], rel=1e-15)
    assert record.total == pytest.approx(8 / 5, rel=1e-15)
    assert record.probabilities == pytest.approx([1 / 8, 2 / 8, 5 / 8], rel=1e-15)
    assert record.log_sum_exp == pytest.approx(math.log(8), rel=1e-15)
    assert record.loss == pytest.approx(math.log(4), rel=1e-15)
    assert record.gradient == pytest.approx([1 / 8, 2 / 8 - 1, 5 / 8], rel=1e-15)
    assert record.naive.is_right
    assert record.naive.exponentials == pytest.approx([1, 2, 5], rel=1e-15)
    assert record.naive.loss == pytest.approx(math.log(4), rel=1e-15)


@settings(QUICK, max_examples=30)
@given(LOGITS, st.data())
def test_every_step_is_right_to_fifty_digits(logits, data):
    target = data.draw(st.integers(0, len(logits) - 1))
    record = softmax_cross_entropy(logits, target)
    with mpmath.workdps(50):
        powers = [mpmath.exp(mpmath.mpf(z)) for z in logits]
        total = mpmath.fsum(powers)
        shares = [float(power / total) for power in powers]
        log_total = float(mpmath.log(total))
        loss = float(mpmath.log(total) - mpmath.mpf(logits[target]))
        slopes = [float(p / total - (k == target)) for k, p in enumerate(powers)]
    size = max(abs(z) for z in logits)
    # A logit of 1000 has its last digit at 1e-13, and so has what is computed from it.
    close = 4e-16 * (size + 1) * 4
    assert record.probabilities == pytest.approx(shares, rel=1e-12, abs=1e-300)
    assert record.log_sum_exp == pytest.approx(log_total, abs=close)
    assert record.loss == pytest.approx(loss, abs=close)
    assert record.gradient == pytest.approx(slopes, rel=1e-12, abs=close)
    assert record.log_probabilities == pytest.approx(np.array(logits) - log_total, abs=close)
    assert record.shifted.max() == 0.0
    assert record.exponentials.max() == 1.0


@pytest.mark.parametrize(
    ("logits", "target", "overflows", "underflows"),
    [
        ([1000.0, 999.0], 1, True, False),
        ([0.0, 800.0], 0, True, True),
        ([-1000.0, -1001.0], 0, False, True),
        ([0.0, -800.0], 1, False, True),
        ([700.0, 1.0], 0, False, False),
    ],
)
def test_the_naive_way_is_as_wrong_as_numpys(logits, target, overflows, underflows):
    record = softmax_cross_entropy(logits, target)
    with np.errstate(all="ignore"):
        exponentials = np.exp(logits)
        shares = exponentials / exponentials.sum()
        loss = -np.log(shares[target])
    naive = record.naive
    assert naive.exponentials == pytest.approx(exponentials, rel=1e-14)
    assert naive.probabilities == pytest.approx(shares, rel=1e-14, nan_ok=True)
    assert naive.loss == pytest.approx(loss, rel=1e-14, nan_ok=True)
    assert (naive.overflows, naive.underflows) == (overflows, underflows)
    assert naive.is_right == (not overflows and not underflows)
    assert math.isfinite(record.loss)
    assert np.isfinite(record.gradient).all()
    assert record.probabilities.sum() == pytest.approx(1.0, rel=1e-15)


def test_where_the_exponential_ends():
    largest = math.log(sys.float_info.max)
    assert not softmax_cross_entropy([largest - 1e-9, 0.0], 0).naive.overflows
    assert softmax_cross_entropy([largest + 1e-9, 0.0], 0).naive.overflows


@pytest.mark.parametrize(("kind", "numpys"), [("float32", np.float32), ("float64", np.float64)])
def test_what_floats_can_hold_is_what_numpy_says(kind, numpys):
    found = float_range(getattr(torch, kind))
    with np.errstate(over="ignore"):
        assert np.isinf(numpys(found.largest) * numpys(1.0001))
        assert np.isinf(np.exp(numpys(found.largest_exponent + 1e-3)))
        assert np.isfinite(np.exp(numpys(found.largest_exponent - 1e-3)))
    assert found.smallest == float(np.nextafter(numpys(0), numpys(1)))


@pytest.mark.parametrize(
    ("logits", "holds"),
    [
        ([2.0, 1.0], True),
        ([700.0, 1.0], True),
        ([1000.0, 999.0], False),
        # e^-744 is two of the smallest numbers, e^-743.5 three: 2/5 instead of 1 / (1 + e^0.5).
        ([-744.0, -743.5], False),
        ([-741.0, -740.5], False),
    ],
)
def test_finite_is_not_yet_right(logits, holds):
    assert softmax_cross_entropy(logits, target=0).naive_holds is holds
