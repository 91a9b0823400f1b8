"""A surface looks like its values, turns, hides what is behind it, and obeys Manim."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from manim import FadeOut, Scene, Transform, linear, tempconfig

from backprop_studio.scenes.paint.camera import PaintingCamera
from backprop_studio.scenes.paint.palette import colour_map, series_colour
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.charts.height_scale import HeightScale
from backprop_studio.scenes.parts.surfaces.contour_map import ContourMap
from backprop_studio.scenes.parts.surfaces.mesh import SurfaceMesh
from backprop_studio.scenes.parts.surfaces.trajectories import DescentSeries
from tests.scenes.lesson_runs import SETTINGS
from tests.scenes.parts.chart_pictures import at, is_colour, picture

THEME = THEMES["dark"]
AXIS = np.linspace(-1, 1, 25)
BOWL = AXIS[None, :] ** 2 + AXIS[:, None] ** 2
RIDGE = np.exp(-20 * np.broadcast_to(AXIS, (25, 25)) ** 2)
FROM_THE_RIGHT = {"azimuth": 0.0, "elevation": 0.3}


def mesh(values: np.ndarray = BOWL, **options: Any) -> SurfaceMesh:
    return SurfaceMesh(AXIS, AXIS, values, (8.0, 6.0), THEME, "en", **options)


def still(x: float, y: float) -> DescentSeries:
    return DescentSeries(np.array([[x, y]]))


def test_a_point_is_seen_in_front_of_a_ridge_and_hidden_behind_it() -> None:
    part = mesh(RIDGE, series=[still(0.7, 0.0), still(-0.5, 0.0)], **FROM_THE_RIGHT)
    pixels = picture(part)
    (near, near_seen), (far, far_seen) = (part.locate(it) for it in ((0.7, 0), (-0.5, 0)))
    assert near_seen
    assert is_colour(at(pixels, near), series_colour(THEME, 0))
    assert not far_seen
    assert not is_colour(at(pixels, far), series_colour(THEME, 1))
    turned = part.turn_to(math.pi)
    assert turned.locate((-0.5, 0))[1]
    assert is_colour(at(picture(turned), turned.locate((-0.5, 0))[0]), series_colour(THEME, 1))


def test_a_trail_is_hidden_only_where_the_ridge_covers_it() -> None:
    way = DescentSeries(np.array([[-0.5, 0.0], [0.9, 0.0]]))
    part = mesh(RIDGE, series=[way], grid=0, azimuth=0.7, elevation=0.3).advance_to_end()
    pixels = picture(part)
    colour = series_colour(THEME, 0)
    spots = [(x, part.locate((x, 0.0))) for x in np.linspace(-0.45, 0.6, 22)]
    assert {seen for _, (_, seen) in spots} == {True, False}
    for x, (place, seen) in spots:
        if abs(x) > 0.1:
            assert is_colour(at(pixels, place), colour) == seen, x


@pytest.mark.parametrize("azimuth", [-2.0, 0.4, 2.5])
def test_colour_is_the_height(azimuth: float) -> None:
    part = mesh(np.full((25, 25), 0.5), scale=HeightScale(0.0, 1.0), grid=0, azimuth=azimuth)
    found = at(picture(part), part.locate((0.1, 0.1))[0]) / 255
    expected = colour_map(THEME).colours(0.5)
    ratio = found / expected
    assert ratio == pytest.approx(np.full(3, ratio[0]), abs=0.05), "light changes no hue"
    assert 0.6 < ratio[0] < 1.1


def test_gaps_and_what_is_above_the_top_are_open() -> None:
    values = np.full((25, 25), 0.2)
    values[10:15, 10:15] = np.nan
    values[2:6, 2:6] = 9.0
    view = {"contours": 0, "grid": 0, "elevation": math.pi / 2, "azimuth": -math.pi / 2}
    part = mesh(values, scale=HeightScale(0.0, 1.0), **view)
    whole = mesh(np.full((25, 25), 0.2), scale=HeightScale(0.0, 1.0), **view)
    pixels = picture(part)
    for x, y in ((0.0, 0.0), (AXIS[4], AXIS[4])):
        place = whole.locate((x, y))[0]
        assert is_colour(at(pixels, place), THEME.surface), "one looks through to the floor"
    assert not is_colour(at(pixels, whole.locate((0.7, 0.7))[0]), THEME.surface)


def test_it_turns_the_short_way_and_full_turns() -> None:
    part = mesh(azimuth=math.radians(170))
    end = part.copy().turn_to(math.radians(-170))
    assert end.state["azimuth"] == pytest.approx(math.radians(190))
    part.turn_by(4 * math.pi)
    assert part.state["azimuth"] == pytest.approx(math.radians(170 + 720))


def test_elevations_stay_above_the_ground() -> None:
    with pytest.raises(ValueError, match="elevation"):
        mesh(elevation=-0.1)
    with pytest.raises(ValueError, match="elevation"):
        mesh().turn_to(0.0, 2.0)


def test_animate_plays_turns_and_steps_together() -> None:
    class Turn(Scene):
        def construct(self) -> None:
            way = DescentSeries(np.array([[0.9, 0.9], [0.1, 0.1], [0.0, 0.0]]))
            self.mesh = mesh(series=[way], azimuth=0.0)
            self.play(self.mesh.animate(rate_func=linear).turn_by(1.0).advance_to_end().scale(0.5))
            self.play(FadeOut(self.mesh))

    with tempconfig({**SETTINGS, "dry_run": True}):
        scene = Turn(camera_class=PaintingCamera)
        scene.render()
    assert scene.mesh.state["azimuth"] == pytest.approx(1)
    assert scene.mesh.state["progress"] == 2
    assert scene.mesh.width == pytest.approx(4)


def test_values_change_from_one_surface_to_another() -> None:
    start = mesh(scale=HeightScale(0.0, 2.0))
    end = mesh(1 - BOWL / 2, scale=HeightScale(0.0, 2.0))
    assert end.fingerprint != start.fingerprint
    change = Transform(start, end, rate_func=linear)
    change.begin()
    change.interpolate(0.5)
    middle = (BOWL / 2 + np.maximum(1 - BOWL / 2, 0) / 2) / 2
    assert start.state["heights"] == pytest.approx(middle)


def test_other_grids_are_refused() -> None:
    with pytest.raises(ValueError, match="values"):
        SurfaceMesh(AXIS, AXIS, np.zeros((3, 3)), (4.0, 4.0), THEME, "en")
    small = SurfaceMesh(AXIS[:5], AXIS[:5], np.zeros((5, 5)), (8.0, 6.0), THEME, "en")
    with pytest.raises(ValueError, match="different grids"):
        mesh().interpolate(mesh(), small, 0.5)


@pytest.mark.parametrize("azimuth", np.linspace(0, 2 * math.pi, 7))
def test_everything_stays_inside_the_box(azimuth: float) -> None:
    part = mesh(names=("$x$", "$y$", "$L$"), azimuth=float(azimuth))
    bright = np.argwhere(picture(part).max(axis=2) > 20)
    low, high = bright.min(axis=0), bright.max(axis=0)
    assert low[0] >= 360 - 3 * 90 - 2
    assert high[0] <= 360 + 3 * 90 + 2
    assert low[1] >= 640 - 4 * 90 - 2
    assert high[1] <= 640 + 4 * 90 + 2


def test_labels_keep_apart_at_every_azimuth() -> None:
    for azimuth in np.linspace(0, 2 * math.pi, 60):
        part = mesh(names=("$x$", "$y$", "$L$"), azimuth=float(azimuth), contours=0)
        shown = [it for it in part.axes.labels(part.projection(), 1.0) if it.alpha > 0.5]
        assert len(shown) >= 6
        for k, one in enumerate(shown):
            for other in shown[:k]:
                apart = np.abs(np.subtract(one.place, other.place))
                assert apart[0] > 0.15 or apart[1] > 0.15, (azimuth, one, other)


def test_a_point_that_left_is_at_the_border() -> None:
    way = DescentSeries(np.array([[0.0, 0.0], [3.0, 0.0]]))
    part = mesh(np.zeros((25, 25)), series=[way], grid=0, **FROM_THE_RIGHT).advance_to_end()
    pixels = picture(part)
    colour = np.array(series_colour(THEME, 0)) * 255
    rows, _ = np.nonzero(np.abs(pixels - colour).max(axis=2) < 4)
    border = part.locate((1.0, 0.0))[0]
    assert rows.max() <= 360 - border[1] * 90 + 20


def test_a_map_and_a_surface_share_points_and_progress() -> None:
    way = DescentSeries(np.array([[-0.8, 0.6], [0.2, 0.1], [0.4, -0.3]]))
    surface = mesh(series=[way]).advance_to(1.5)
    flat = ContourMap(AXIS, AXIS, BOWL, (6.0, 6.0), THEME, "en", series=[way]).advance_to(1.5)
    assert surface.series[0] is flat.copy().series[0]
    for part, place in (
        (surface, surface.locate((0.3, -0.1))[0]),
        (flat, flat.locate((0.3, -0.1))),
    ):
        assert is_colour(at(picture(part), place), series_colour(THEME, 0))
