"""A contour map shows heights as colours, and its points where they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from backprop_studio.scenes.paint.palette import colour_map, series_colour
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.charts.height_scale import HeightScale
from backprop_studio.scenes.parts.surfaces.contour_map import ContourMap
from backprop_studio.scenes.parts.surfaces.trajectories import DescentSeries
from tests.scenes.parts.chart_pictures import at, is_colour, picture

THEME = THEMES["dark"]
X, Y = np.linspace(0, 4, 9), np.linspace(0, 2, 5)
SLOPE = np.broadcast_to(X, (5, 9))


def view(values: np.ndarray = SLOPE, **options: Any) -> ContourMap:
    return ContourMap(X, Y, values, (8.0, 6.0), THEME, "en", **options)


def test_bands_have_the_colour_of_their_middle() -> None:
    part = view(levels=3)
    pixels = picture(part)
    for x, share in ((0.5, 0.125), (1.5, 0.375), (2.5, 0.625), (3.3, 0.875)):
        assert is_colour(at(pixels, part.locate((x, 1.3))), colour_map(THEME).colours(share))


def test_heat_follows_the_height_and_rows_go_upwards() -> None:
    values = np.broadcast_to(Y[:, None], (5, 9))
    part = view(values, levels=0, fill="heat")
    pixels = picture(part)
    for y in (0.2, 1.0, 1.8):
        assert is_colour(at(pixels, part.locate((2.0, y))), colour_map(THEME).colours(y / 2), 5)


def test_gaps_stay_empty() -> None:
    values = SLOPE.copy()
    values[1:4, 3:6] = np.nan
    part = view(values)
    assert is_colour(at(picture(part), part.locate((2.0, 1.0))), THEME.surface)


def test_axes_have_one_unit_unless_told_otherwise() -> None:
    *_, width, height = view().axes.plot
    assert width / height == pytest.approx(2)
    *_, width, height = view(equal=False).axes.plot
    assert width / height < 1.6


def test_points_stand_at_their_coordinates_and_leave_trails() -> None:
    way = DescentSeries(np.array([[0.5, 0.5], [3.5, 0.5], [3.5, 1.5]]))
    part = view(series=[way]).advance_to(1.5)
    pixels = picture(part)
    for place in ((3.5, 1.0), (2.0, 0.5)):
        assert is_colour(at(pixels, part.locate(place)), series_colour(THEME, 0))
    assert not is_colour(at(pixels, part.locate((3.5, 1.4))), series_colour(THEME, 0))


@pytest.mark.parametrize("far", [9.0, 1e12])
def test_what_leaves_is_shown_at_the_border_and_never_outside(far: float) -> None:
    way = DescentSeries(np.array([[2.0, 1.0], [far, 1.0 + (far - 2) / 8]]))
    part = view(series=[way], bar=False).advance_to_end()
    pixels = picture(part)
    colour = np.array(series_colour(THEME, 0)) * 255
    rows, columns = np.nonzero(np.abs(pixels - colour).max(axis=2) < 4)
    left, _, width, _ = part.axes.plot
    assert columns.max() <= 640 + (left + width) * 90
    assert columns.max() >= 640 + (left + width) * 90 - 25
    crossing = part.locate((4.0, 1.25))
    last = rows[columns == columns.max()]
    assert last.mean() == pytest.approx(360 - crossing[1] * 90, abs=12)


def test_arrows_point_along_their_vectors() -> None:
    way = DescentSeries(np.array([[2.0, 1.0]]))
    part = view(series=[way], fill="none", levels=0).point_along(gradients=[[1.0, 0.0]])
    pixels = picture(part)
    assert is_colour(at(pixels, part.locate((2.6, 1.0))), THEME.gradient)
    assert not is_colour(at(pixels, part.locate((1.4, 1.0))), THEME.gradient)
    with pytest.raises(ValueError, match="velocities"):
        part.point_along(velocities=[[1.0, 0.0], [0.0, 1.0]])


def test_only_chosen_series_are_seen() -> None:
    ways = [DescentSeries(np.array([[0.5, y], [3.5, y]])) for y in (0.5, 1.5)]
    part = view(series=ways).advance_to_end().choose(1)
    pixels = picture(part)
    assert not is_colour(at(pixels, part.locate((2.0, 0.5))), series_colour(THEME, 0))
    assert is_colour(at(pixels, part.locate((2.0, 1.5))), series_colour(THEME, 1))


def test_minima_are_marked() -> None:
    part = view(minima=[(1.0, 1.0)])
    place = part.locate((1.0, 1.0))
    assert is_colour(at(picture(part), place), THEME.text, 6)
    assert not is_colour(at(picture(view()), place), THEME.text, 6)


def test_half_a_map_is_half_as_bright() -> None:
    part = view(levels=0, fill="heat")
    place = part.locate((3.0, 1.0))
    whole = at(picture(part), place)
    half = at(picture(part.copy().set_opacity(0.5)), place)
    assert half == pytest.approx(whole / 2, abs=2)


def test_a_copy_that_moves_is_drawn_where_it_is() -> None:
    part = view(levels=3)
    twin = part.copy().scale(0.5).shift((2.0, 1.0, 0.0))
    place = part.locate((0.5, 1.3)) * 0.5 + (2.0, 1.0)
    pixels = picture(twin)
    assert is_colour(at(pixels, place), colour_map(THEME).colours(0.125))


def test_texts_are_ticks_names_and_the_legend() -> None:
    part = view(
        series=[DescentSeries(np.zeros((1, 2)), "Adam")], names=("$x$", "$y$", "$L$"),
        scale=HeightScale(0.0, 4.0),
    )  # fmt: skip
    texts = part.texts()
    assert {"Adam", "$x$", "$y$", "$L$", '#"0"', '#"2"', '#"4"'} <= set(texts)


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="values"):
        ContourMap(X, Y, np.zeros((9, 5)), (4.0, 4.0), THEME, "en")
    with pytest.raises(ValueError, match="bands"):
        view(fill="stripes")
