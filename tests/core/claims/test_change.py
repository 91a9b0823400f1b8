"""Comparisons as the screen shows them: equal, unseen, one of one, nobody."""

from __future__ import annotations

import math

import pytest

from backprop_studio.core.answer_sheet import printed
from backprop_studio.core.claims.change import change, decimals_apart, lowest, pair, who_is_lowest


@pytest.mark.parametrize(
    ("before", "after", "moved", "verdict"),
    [
        (4.0, 0.16, True, "falls"),
        (0.1, 0.1000001, True, "equal"),
        (0.1, 0.10001, True, "rises"),
        (1.0, 1.0, False, "stationary"),
        (1.0, 1.0, True, "equal"),
        (1.0, math.inf, True, "not_finite"),
        (1.0, math.nan, True, "not_finite"),
        (0.0, 0.0, True, "equal"),
        (1e-14, 2e-14, True, "equal"),
    ],
)
def test_what_a_step_does_to_a_loss(before, after, moved, verdict):
    assert change(before, after, moved=moved) == verdict


@pytest.mark.parametrize(("first", "second"), [(0.6931, 0.6929), (1234.5, 1234.6), (-1.0, 1.0)])
def test_decimals_tell_two_numbers_apart_and_one_less_does_not(first, second):
    decimals = decimals_apart(first, second)
    assert printed(first, decimals) != printed(second, decimals)
    if decimals:
        assert printed(first, decimals - 1) == printed(second, decimals - 1)


def test_one_of_one_and_nobody():
    assert who_is_lowest([1.0]) == "only"
    assert who_is_lowest([1.0], 3) == "alone"
    assert who_is_lowest([], 3) == "none"
    assert who_is_lowest([1.0, 1.0], 1) == "several"
    assert lowest([2.0, 1.00001, 1.00002]) == (1, 2)


@pytest.mark.parametrize(
    ("first", "second", "left", "verdict"),
    [
        ([4, 1], [4, 2], (False, False), "first"),
        ([4, 2], [4, 1], (False, False), "second"),
        ([4, 5, 2], [4, 3, 1], (False, False), "uphill"),
        ([4, 1.00001], [4, 1.00002], (False, False), "equal"),
        ([4, 9], [4, 1], (True, False), "first_left"),
        ([4, 9], [4, 9], (True, True), "both_left"),
    ],
)
def test_two_in_a_race(first, second, left, verdict):
    assert pair(first, second, left) == verdict
