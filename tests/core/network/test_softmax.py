"""Softmax and cross-entropy of one sample, against numbers of 50 digits and numpy's naive way."""

from __future__ import annotations

import json
import math
import sys

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from backprop_studio.core.answer_sheet import look_up, records_sheet
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.network.softmax import (
    float_range,
    softmax_cross_entropy,
)
from tests.core.records import check_frozen
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


@QUICK
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


def test_the_cure_gives_what_a_shift_by_hand_gives():
    # 1000 and 999 are 1 and 0: e / (e + 1) = 0.731, L of the second is ln(1 + e) = 1.3133.
    record = softmax_cross_entropy([1000.0, 999.0], target=1)
    assert record.probabilities[0] == pytest.approx(math.e / (math.e + 1), rel=1e-14)
    assert record.loss == pytest.approx(math.log(1 + math.e), rel=1e-14)
    assert record.gradient == pytest.approx([0.7310585786300049, -0.7310585786300049], rel=1e-14)


def test_where_the_exponential_ends():
    largest = math.log(sys.float_info.max)
    assert not softmax_cross_entropy([largest - 1e-9, 0.0], 0).naive.overflows
    assert softmax_cross_entropy([largest + 1e-9, 0.0], 0).naive.overflows


@pytest.mark.parametrize(
    ("logits", "target", "words"),
    [
        ([1.0], 0, "logits: allowed are 2 to 10 numbers, found 1."),
        ([0.0] * 11, 0, "found 11."),
        ([0.0, math.nan], 0, "number 2 is nan"),
        ([math.inf, 0.0], 0, "number 1 is inf"),
        ([0.0, -2e6], 0, "from -20000 to 20000"),
        ([20_000.5, 0.0], 0, "from -20000 to 20000"),
        ([0.0, 1.0], 2, "target: allowed are classes 0 to 1, one for each logit, found 2."),
        ([0.0, 1.0], -1, "found -1."),
    ],
)
def test_what_is_refused(logits, target, words):
    with pytest.raises(InputError) as caught:
        softmax_cross_entropy(logits, target)
    assert words in str(caught.value)


def test_the_sheet_keeps_every_bit_and_says_what_is_no_number():
    record = softmax_cross_entropy([1000.0, 1 / 3], target=1)
    sheet = records_sheet("softmax_cross_entropy", {}, softmax=record)
    back = json.loads(json.dumps(sheet, allow_nan=False))
    assert back == sheet
    for k, value in enumerate(record.gradient):
        assert look_up(back, f"softmax.gradient.{k}") == value
    assert look_up(back, "softmax.loss") == record.loss
    assert back["softmax"]["naive"]["total"] is None
    assert back["not_finite"]["softmax.naive.total"] == "inf"
    assert back["not_finite"]["softmax.naive.probabilities.0"] == "nan"


def test_record_is_read_only():
    record = softmax_cross_entropy([1.0, 2.0], 0)
    with pytest.raises(ValueError, match="read-only"):
        record.probabilities[0] = 1.0


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


def test_records_are_frozen():
    check_frozen("core.network.softmax", least=3)


def test_the_largest_logits_are_allowed():
    record = softmax_cross_entropy([20_000.0, -20_000.0], 1)
    assert (record.loss, record.probabilities.tolist()) == (40_000.0, [1.0, 0.0])
    assert softmax_cross_entropy([0.0] * 10, 9).loss == pytest.approx(math.log(10), rel=1e-14)


def test_only_the_class_that_is_asked_for_underflows():
    assert not softmax_cross_entropy([0.0, -800.0], 0).naive.underflows
    assert softmax_cross_entropy([0.0, -800.0], 1).naive.underflows
