"""A surface looks like its values, turns, hides what is behind it, and obeys Manim."""

from __future__ import annotations

import math

import numpy as np
import pytest
from manim import Transform, linear

from backprop_studio.scenes.paint.palette import colour_map, series_colour
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.charts.height_scale import HeightScale
from backprop_studio.scenes.parts.surfaces.mesh import SurfaceMesh
from backprop_studio.scenes.parts.surfaces.trajectories import DescentSeries
from tests.scenes.parts.chart_pictures import at, is_colour, picture

THEME = THEMES["dark"]
AXIS = np.linspace(-1, 1, 25)
BOWL = AXIS[None, :] ** 2 + AXIS[:, None] ** 2
RIDGE = np.exp(-20 * np.broadcast_to(AXIS, (25, 25)) ** 2)
FROM_THE_RIGHT = {"azimuth": 0.0, "elevation": 0.3}


def mesh(values=BOWL, **options):
    return SurfaceMesh(AXIS, AXIS, values, (8.0, 6.0), THEME, "en", **options)


def still(x, y):
    return DescentSeries(np.array([[x, y]]))


def spot(part, x, y, height=0.0):
    """Return where a point of the axes and a height from 0 to 1 is seen: the box is 1.24 high."""
    return part.projection().plane(np.array([x, y, -0.62 + 1.24 * height]))


def ridge(x):
    """Return the ridge's height as it is drawn: straight from column to column."""
    return np.interp(x, AXIS, RIDGE[0])


def is_behind_ridge(part, x, y):
    """Whether the straight way from a point of the ridge to the eye passes below its top."""
    start = np.array([x, y, -0.62 + 1.24 * (ridge(x) + 0.012)])
    way = start + (part.projection().eye - start) * np.linspace(0, 0.5, 2000)[:, None]
    inside = way[(np.abs(way[:, :2]) <= 1).all(axis=1)]
    return bool((inside[:, 2] < -0.62 + 1.24 * ridge(inside[:, 0])).any())


def test_a_point_is_seen_in_front_of_a_ridge_and_hidden_behind_it():
    part = mesh(RIDGE, series=[still(0.7, 0.0), still(-0.5, 0.0)], **FROM_THE_RIGHT)
    for azimuth, seen in ((0.0, [True, False]), (math.pi, [False, True])):
        pixels = picture(part.turn_to(azimuth))
        for k, x in enumerate((0.7, -0.5)):
            found = at(pixels, spot(part, x, 0.0, ridge(x)))
            assert is_colour(found, series_colour(THEME, k)) == seen[k]


def test_a_trail_is_hidden_only_where_the_ridge_covers_it():
    way = DescentSeries(np.array([[-0.5, 0.0], [0.9, 0.0]]))
    part = mesh(RIDGE, series=[way], grid=30, azimuth=0.7, elevation=0.3).advance_to_end()
    pixels, answers = picture(part), set()
    for x in np.linspace(-0.45, 0.6, 22):
        if abs(x) > 0.1:
            found = at(pixels, spot(part, x, 0.0, ridge(x)))
            hidden = is_behind_ridge(part, x, 0.0)
            assert is_colour(found, series_colour(THEME, 0)) != hidden, x
            answers.add(hidden)
    assert answers == {True, False}


@pytest.mark.parametrize("azimuth", [-2.0, 0.4, 2.5])
def test_colour_is_the_height(azimuth):
    part = mesh(np.full((25, 25), 0.5), scale=HeightScale(0.0, 1.0), grid=30, azimuth=azimuth)
    found = at(picture(part), spot(part, 0.1, 0.1, 0.5)) / 255
    expected = colour_map(THEME).colours(0.5)
    ratio = found / expected
    assert ratio == pytest.approx(np.full(3, ratio[0]), abs=0.05), "light changes no hue"
    assert 0.6 < ratio[0] < 1.1


def test_gaps_and_what_is_above_the_top_are_open():
    values = np.full((25, 25), 0.2)
    values[10:15, 10:15] = np.nan
    values[2:6, 2:6] = 9.0
    view = {"grid": 30, "elevation": math.pi / 2, "azimuth": -math.pi / 2}
    part = mesh(values, scale=HeightScale(0.0, 1.0), **view)
    pixels = picture(part)
    for at_corner in (0.0, AXIS[4], 0.7):
        found = at(pixels, spot(part, at_corner, at_corner, 0.2))
        # Through a hole one looks at the floor.
        assert is_colour(found, THEME.surface) == (at_corner < 0.5)


def test_it_turns_the_short_way_and_full_turns():
    part = mesh(azimuth=math.radians(170))
    end = part.copy().turn_to(math.radians(-170))
    assert end.state["azimuth"] == pytest.approx(math.radians(190))
    part.turn_by(4 * math.pi)
    assert part.state["azimuth"] == pytest.approx(math.radians(170 + 720))


def test_values_change_from_one_surface_to_another():
    start = mesh(scale=HeightScale(0.0, 2.0))
    end = mesh(1 - BOWL / 2, scale=HeightScale(0.0, 2.0))
    assert end.fingerprint != start.fingerprint
    change = Transform(start, end, rate_func=linear)
    change.begin()
    change.interpolate(0.5)
    middle = (BOWL / 2 + np.maximum(1 - BOWL / 2, 0) / 2) / 2
    assert start.state["heights"] == pytest.approx(middle)


def test_other_grids_and_views_from_below_are_refused():
    for wrong in (lambda: mesh(elevation=-0.1), lambda: mesh().turn_to(0.0, 2.0)):
        with pytest.raises(ValueError, match="elevation"):
            wrong()
    with pytest.raises(ValueError, match="values"):
        SurfaceMesh(AXIS, AXIS, np.zeros((3, 3)), (4.0, 4.0), THEME, "en")
    small = SurfaceMesh(AXIS[:5], AXIS[:5], np.zeros((5, 5)), (8.0, 6.0), THEME, "en")
    with pytest.raises(ValueError, match="different grids"):
        mesh().interpolate(mesh(), small, 0.5)


@pytest.mark.parametrize("azimuth", [0.5, 2.0, 4.0])
def test_everything_stays_inside_the_box(azimuth):
    part = mesh(names=("$x$", "$y$", "$L$"), azimuth=float(azimuth))
    bright = np.argwhere(picture(part).max(axis=2) > 20)
    assert (np.abs(bright - (360, 640)) <= (3 * 90 + 2, 4 * 90 + 2)).all()


def test_labels_keep_apart_at_every_azimuth():
    for azimuth in np.linspace(0, 2 * math.pi, 30):
        part = mesh(names=("$x$", "$y$", "$L$"), azimuth=float(azimuth))
        shown = [it for it in part.axes.labels(part.projection(), 1.0) if it.alpha > 0.5]
        assert len(shown) >= 6
        for k, one in enumerate(shown):
            for other in shown[:k]:
                apart = np.abs(np.subtract(one.place, other.place))
                assert apart[0] > 0.15 or apart[1] > 0.15, (azimuth, one, other)


def test_a_point_that_left_is_at_the_border():
    way = DescentSeries(np.array([[0.0, 0.0], [3.0, 0.0]]))
    part = mesh(np.zeros((25, 25)), series=[way], grid=30, **FROM_THE_RIGHT).advance_to_end()
    pixels = picture(part)
    colour = np.array(series_colour(THEME, 0)) * 255
    rows, _ = np.nonzero(np.abs(pixels - colour).max(axis=2) < 4)
    border = spot(part, 1.0, 0.0)
    assert rows.max() <= 360 - border[1] * 90 + 20
