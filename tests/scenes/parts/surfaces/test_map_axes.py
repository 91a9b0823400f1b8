"""Axes of a map: where data lie, and which ticks have room."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.charts.height_scale import HeightScale
from backprop_studio.scenes.parts.surfaces.map_axes import MapAxes


def axes(high=(4.0, 2.0), width=8.0, **more):
    options: dict[str, Any] = {"names": ("$x$", "", "$L$"), "scale": None, "above": 0.0}
    options |= {"equal": True, **more}
    return MapAxes(np.zeros(2), np.array(high), (width, 6.0), THEMES["dark"], "en", **options)


def test_corners_of_the_data_are_corners_of_the_plot():
    part = axes(equal=False)
    left, bottom, width, height = part.plot
    assert part.locate((0.0, 0.0)) == pytest.approx((left, bottom))
    assert part.locate((4.0, 2.0)) == pytest.approx((left + width, bottom + height))


def test_units_are_equal_unless_the_plot_is_to_be_filled():
    _, _, width, height = axes().plot
    assert width / height == pytest.approx(2.0)
    assert axes(equal=False).plot[3] > height


def test_a_bar_takes_room_and_has_ticks_of_its_own():
    part = axes(scale=HeightScale(0.0, 300.0), equal=False)
    assert part.plot[2] < axes(equal=False).plot[2]
    assert '#"200"' in part.texts()
    assert '#"200"' not in axes().texts()


def test_long_numbers_leave_room_between_them_and_stay_in_the_box():
    part = axes((1e6, 1e6), width=3.0)
    places = [float(part.locate((value, 0.0))[0]) for value, _ in part.ticks[0].pairs()]
    widths = [part.width_of(text) for _, text in part.ticks[0].pairs()]
    assert places
    assert max(abs(at) + wide / 2 for at, wide in zip(places, widths, strict=True)) <= 1.5
    gaps = np.diff(places) - (np.array(widths[:-1]) + widths[1:]) / 2
    assert (gaps > 0).all()
