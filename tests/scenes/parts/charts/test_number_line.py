"""The marker stands at its value, the arrow runs along with it, the trace stays."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from backprop_studio.scenes.paint.signature import signature
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.number_line import ARROW_Y, LINE_Y, NumberLine
from tests.scenes.parts.chart_pictures import at, is_like, picture, play

THEME = THEMES["dark"]


def line(low=0.0, high=4.0):
    return NumberLine(Axis(low, high, "$w$"), 9.0, THEME, "en", colour=THEME.loss)


def test_the_marker_stands_at_its_value():
    part = line().put(1.5, "1.500")
    span = part.right - part.left
    assert part.x_of(1.5) == pytest.approx(part.left + span * 1.5 / 4)
    assert is_like(at(picture(part), (part.x_of(1.5), LINE_Y)), THEME.loss)


@pytest.mark.parametrize(("value", "name"), [(3.0, "positive"), (1.0, "negative")])
def test_the_arrow_has_the_colour_of_its_direction(value, name):
    part = line().put(2, "2").nudge(value, f"{value}", "change")
    pixels = picture(part)
    between = (part.x_of((2 + value) / 2), LINE_Y + ARROW_Y)
    assert is_like(at(pixels, between), getattr(THEME, name))
    assert {"change", f"{value}"} <= set(part.texts())


def test_earlier_places_stay_until_forgotten():
    part = line().put(1, "1")
    play(part, lambda it: it.nudge(1.8, "1.8"), lambda it: it.nudge(1.96, "1.96"))
    assert part.trace == pytest.approx([1, 1.8])
    grey = at(picture(part), (part.x_of(1) + 0.03, LINE_Y + 0.03))
    assert grey[0] > 90
    play(part, lambda it: it.settle(), lambda it: it.forget())
    assert part.trace == []
    assert part.labels == ["1.96", ""]
    assert signature(part) is not None


def test_a_value_out_of_sight_is_told_and_pointed_to():
    part = line().put(9, "9.000")
    assert part.x_of(9) == pytest.approx(part.right)
    assert is_like(at(picture(part), (part.right + 0.1, LINE_Y)), THEME.loss)
    columns = np.nonzero(picture(part).max(axis=(0, 2)) > 40)[0]
    assert columns.max() <= 640 + 4.5 * 90
    assert "9.000" in part.texts()


def test_a_logarithmic_line_has_no_place_for_zero():
    part = NumberLine(Axis(1e-4, 1, logarithmic=True), 9.0, THEME, "en").put(1e-2, "0.01")
    assert part.x_of(-2) == pytest.approx((part.left + part.right) / 2)
    with pytest.raises(ValueError, match="no place"):
        part.put(0.0, "0")


def test_a_first_value_comes_where_it_is():
    part, end = line(), line().put(3, "3")
    part.interpolate(line(), end, 0.25)
    assert float(part.state["value"]) == 3
    part.interpolate(line().put(1, "1"), end, 0.25)
    assert float(part.state["value"]) == 1.5


def test_the_goal_takes_the_place_of_a_tick():
    part = NumberLine(Axis(0, 4, "$w$"), 9.0, THEME, "en", goal=(3.9, "$t = 3.9$"))
    assert '#"4"' not in part.texts()
    assert '#"2"' in part.texts()
    assert "$t = 3.9$" in part.texts()
    x, y = part.x_of(3.9), LINE_Y
    assert is_like(at(picture(part), (x, y + 0.05)), THEME.target)


def test_nothing_can_be_nudged_that_is_not_there():
    with pytest.raises(ValueError, match="nudge"):
        line().nudge(1, "1")


@pytest.mark.parametrize("high", [4.0, 5e4, 1e10, 1e-9])
@pytest.mark.parametrize("width", [3.0, 5.0, 9.0])
def test_labels_of_ticks_never_touch(width, high):
    part = NumberLine(Axis(0.0, 1.0, "$w$"), width, THEME, "en").look(-0.1 * high, 1.1 * high)
    ends = [
        (part.x_of(place) - part.width_of(text) / 2, part.x_of(place) + part.width_of(text) / 2)
        for place, text in part.ticks.pairs()
    ]
    assert ends
    assert all(right < left for (_, right), (left, _) in itertools.pairwise(ends))
