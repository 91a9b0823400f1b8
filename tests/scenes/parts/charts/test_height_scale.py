"""Values and their heights."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backprop_studio.scenes.parts.charts.height_scale import HeightScale


def test_heights_go_from_0_to_1_and_beyond_where_it_is_cut():
    scale = HeightScale.of([[2.0, math.nan], [4.0, math.inf]])
    assert (scale.low, scale.top) == (2, 4)
    heights = scale.heights([2.0, 3.0, 6.0, math.nan, math.inf])
    assert heights[:3].tolist() == [0, 0.5, 2]
    assert np.isnan(heights[3:]).all()


@pytest.mark.parametrize("knee", [0.5, 20.0])
def test_a_knee_makes_heights_logarithmic(knee):
    above = np.array([0.0, 0.7, 6.7, 89.7])
    expected = np.log1p(above / knee) / np.log1p(89.7 / knee)
    assert HeightScale(0.3, 90.0, knee).heights(0.3 + above) == pytest.approx(expected)


def test_a_plain_lies_at_the_bottom():
    assert HeightScale.of(np.full((2, 2), 5.0)).heights([5.0, 5.0]).tolist() == [0, 0]
    assert HeightScale.of([math.nan]).heights([math.nan]).size == 1


@pytest.mark.parametrize("arguments", [(1.0, 0.0), (math.nan, 1.0), (0.0, 1.0, -1.0)])
def test_wrong_scales_are_refused(arguments):
    with pytest.raises(ValueError, match=r"scale|knee"):
        HeightScale(*arguments)


def test_ticks_of_a_logarithmic_scale_are_powers_of_ten_apart_on_the_picture():
    scale = HeightScale(0.0, 5000.0, 1.0)
    ticks = scale.ticks()
    assert ticks[-1] == 1000
    assert set(ticks) <= {0, *(10.0**k for k in range(-6, 4))}
    assert np.diff(scale.heights(ticks)).min() >= 0.2
