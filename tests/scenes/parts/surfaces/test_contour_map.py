"""A contour map shows heights as colours, and its points where they are."""

from __future__ import annotations

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


def view(values=SLOPE, **options):
    return ContourMap(X, Y, values, (8.0, 6.0), THEME, "en", **options)


def test_heat_follows_the_height_and_rows_go_upwards():
    values = np.broadcast_to(Y[:, None], (5, 9))
    part = view(values, levels=0, fill="heat")
    pixels = picture(part)
    for y in (0.2, 1.0, 1.8):
        assert is_colour(at(pixels, part.locate((2.0, y))), colour_map(THEME).colours(y / 2), 5)


def test_gaps_stay_empty():
    values = SLOPE.copy()
    values[1:4, 3:6] = np.nan
    part = view(values)
    assert is_colour(at(picture(part), part.locate((2.0, 1.0))), THEME.surface)


def test_points_stand_at_their_coordinates_and_leave_trails():
    way = DescentSeries(np.array([[0.5, 0.5], [3.5, 0.5], [3.5, 1.5]]))
    part = view(series=[way]).advance_to(1.5)
    pixels = picture(part)
    for place in ((3.5, 1.0), (2.0, 0.5)):
        assert is_colour(at(pixels, part.locate(place)), series_colour(THEME, 0))
    assert not is_colour(at(pixels, part.locate((3.5, 1.4))), series_colour(THEME, 0))


@pytest.mark.parametrize("far", [9.0, 1e12])
def test_what_leaves_is_shown_at_the_border_and_never_outside(far):
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


def test_a_copy_that_moves_is_drawn_where_it_is():
    part = view(levels=3)
    twin = part.copy().scale(0.5).shift((2.0, 1.0, 0.0))
    place = part.locate((0.5, 1.3)) * 0.5 + (2.0, 1.0)
    pixels = picture(twin)
    assert is_colour(at(pixels, place), colour_map(THEME).colours(0.125))


def test_texts_are_ticks_names_and_the_legend():
    part = view(
        series=[DescentSeries(np.zeros((1, 2)), "Adam")], names=("$x$", "$y$", "$L$"),
        scale=HeightScale(0.0, 4.0),
    )  # fmt: skip
    texts = part.texts()
    assert {"Adam", "$x$", "$y$", "$L$", '#"0"', '#"2"', '#"4"'} <= set(texts)


def test_wrong_arguments_are_refused():
    with pytest.raises(ValueError, match="values"):
        ContourMap(X, Y, np.zeros((9, 5)), (4.0, 4.0), THEME, "en")
    with pytest.raises(ValueError, match="velocities"):
        view().point_along(velocities=[[1.0, 0.0]])
    with pytest.raises(ValueError, match="bands"):
        view(fill="stripes")
