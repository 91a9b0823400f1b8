"""Bars are as long as their numbers, on linear and logarithmic axes."""

from __future__ import annotations

import math

import pytest

from backprop_studio.scenes.paint.signature import signature
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.bars import Bars
from tests.scenes.parts.chart_pictures import play

THEME = THEMES["light"]


def made(names="ab", axis=None):
    return Bars(list(names), axis or Axis(0, 1), (6, 4), THEME, "en")


def length(bars, index):
    left, _, right, _ = bars.bar_box(index)
    return right - left


def test_lengths_are_in_proportion_and_begin_at_zero():
    bars = made("abc", Axis(-2, 4)).set_values([4, 1, -2], ["4", "1", "−2"])
    assert length(bars, 0) == pytest.approx(4 * length(bars, 1))
    assert length(bars, 2) == pytest.approx(2 * length(bars, 1))
    assert bars.bar_box(0)[0] == pytest.approx(bars.bar_box(2)[2])
    assert bars.bar_box(0)[1] > bars.bar_box(1)[3], "from top to bottom"


def test_equal_factors_are_equal_lengths_on_a_logarithmic_axis():
    bars = made("abcd", Axis(1e-6, 1, logarithmic=True))
    bars.set_values([1e-4, 1e-2, 1.0, 0.0], ["1", "2", "3", "0"])
    wanted = [length(bars, 0) * k for k in (1, 2, 3, 0)]
    assert [length(bars, k) for k in range(4)] == pytest.approx(wanted, abs=1e-9)
    assert "0" in bars.texts(), "what has no bar still has its number"


def test_values_that_are_no_numbers_have_no_bar_and_large_ones_end_at_the_edge():
    bars = made("abc")
    bars.set_values([math.nan, 50.0, 1.0], ["?", "50", "1"])
    assert length(bars, 0) == 0
    assert length(bars, 1) == pytest.approx(length(bars, 2))


def test_numbers_are_replaced_while_bars_grow():
    bars = made("a").set_values([0.2], ["0.2"])
    start, end = bars.copy(), bars.copy().set_values([0.6], ["0.6"])
    bars.interpolate(start, end, 0.25)
    assert bars.labels == ["0.2"]
    assert bars.fades == [0.5]
    assert bars.state["values"][0] == pytest.approx(0.3)
    assert start.labels == ["0.2"], "the copy must not share its texts"


def test_a_play_ends_where_it_says():
    bars = made("ab")
    play(bars, lambda it: it.set_values([0.5, 1], ["0.5", "1"]), lambda it: it.highlight(1))
    assert bars.state["values"] == pytest.approx([0.5, 1])
    assert bars.state["highlight"] == pytest.approx([0, 1])
    assert {"0.5", "1"} <= set(bars.texts())
    assert signature(bars) is not None


def test_wrong_numbers_of_things_are_refused():
    bars = made("ab")
    with pytest.raises(ValueError, match="2 bars"):
        bars.set_values([1], ["1"])
    with pytest.raises(ValueError, match="2 bars"):
        Bars(list("ab"), Axis(0, 1), (6, 4), THEME, "en", colours=[THEME.text])
