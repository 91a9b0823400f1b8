"""Axes put values where arithmetic says, and round ticks where they belong."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.charts.axes import Axes, Axis

THEME = THEMES["dark"]


def axes(x, y):
    return Axes(x, y, (8.0, 6.0), THEME, "en")


def test_values_are_mapped_in_proportion():
    both = axes(Axis(0, 10), Axis(-1, 1))
    left, bottom, right, top = both.inner
    assert both.at(both.window, 2.5, 0.0) == pytest.approx(
        (left + 0.25 * (right - left), (bottom + top) / 2)
    )


def test_equal_factors_are_equal_steps_on_a_logarithmic_axis():
    axis = Axis(1e-6, 1.0, logarithmic=True)
    both = axes(axis, Axis(0, 1))
    xs = both.at(both.window, axis.places([1e-6, 1e-4, 1e-2, 1.0]), 0.0)[:, 0]
    assert np.diff(xs) == pytest.approx([xs[1] - xs[0]] * 3)
    assert np.isnan(axis.places([0.0, -1.0, math.nan, math.inf])).all()


def test_the_inner_box_stays_inside_the_box_and_the_clip_away_from_infinity():
    both = axes(Axis(0, 1, "$x$"), Axis(0, 1e4, "$y$"))
    left, bottom, right, top = both.inner
    assert -4 < left < right < 4
    assert -3 < bottom < top < 3
    assert np.isfinite(both.at(both.window, 1e300, -1e300)).all()


@pytest.mark.parametrize(
    ("axis", "texts"),
    [
        (Axis(0, 1, count=4), ['#"0.0"', '#"0.2"', '#"0.4"', '#"0.6"', '#"0.8"', '#"1.0"']),
        (Axis(0.01, 100, logarithmic=True), ['#"0.01"', '#"0.1"', '#"1"', '#"10"', '#"100"']),
        (Axis(1e-15, 1, logarithmic=True, count=5), [f"$10^({k})$" for k in (-15, -12, -9, -6, -3)]
         + ["$10^(0)$"]),
        (Axis(1.5, 6, logarithmic=True), ['#"2"', '#"5"']),
        (Axis(0, 1, count=0), []),
    ],
)  # fmt: skip
def test_ticks_are_written_as_lectures_do(axis, texts):
    assert list(axis.ticks().texts) == texts


def test_an_axis_around_values_holds_them_and_survives_one_or_none():
    values = np.array([3.0, math.nan, -2.0, math.inf])
    axis = Axis.around(values)
    assert axis.low < -2
    assert axis.high > 3
    assert Axis.around([5.0]).low < 5 < Axis.around([5.0]).high
    assert Axis.around([]).low < Axis.around([]).high
    logarithmic = Axis.around([1e-3, 0.0, 10.0], logarithmic=True)
    assert 0 < logarithmic.low < 1e-3


@pytest.mark.parametrize(
    ("low", "high", "logarithmic"),
    [(1, 1, False), (2, 1, False), (0, 1, True), (0, math.inf, False)],
)  # fmt: skip
def test_an_axis_without_a_range_is_refused(low, high, logarithmic):
    with pytest.raises(ValueError, match="axis"):
        Axis(low, high, logarithmic=logarithmic)
