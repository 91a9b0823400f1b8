"""Whole ticks: the nearest, and the later of two."""

from __future__ import annotations

from fractions import Fraction

import pytest

from backprop_studio.render.files.timestamps import whole_ticks


@pytest.mark.parametrize(
    ("ticks", "whole"),
    [("0", 0), ("7", 7), ("1/3", 0), ("2/3", 1), ("1/2", 1), ("3/2", 2), ("-1/3", 0), ("-3/2", -1)],
)
def test_the_nearest_tick_is_taken(ticks, whole):
    assert whole_ticks(Fraction(ticks)) == whole
