"""A cut surface: the curve lies on it, lines have their slope, and the plane halves the picture."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.charts.height_scale import HeightScale
from backprop_studio.scenes.parts.surfaces.cut import CutSurface
from backprop_studio.scenes.parts.surfaces.mesh import LIFT
from tests.scenes.parts.chart_pictures import at, picture

THEME = THEMES["dark"]
AXIS = np.linspace(-2, 2, 41)
BOWL = AXIS[None, :] ** 2 + AXIS[:, None] ** 2


def cut(values=BOWL, **options):
    more = {"spot": (1.0, 0.0, 1.0), "slopes": (2.0, 0.0), **options}
    return CutSurface(AXIS, AXIS, values, (8.0, 6.0), THEME, "en", **more)


def in_units(places):
    """Return places of columns, rows and heights as x, y and z of the bowl."""
    return places * [0.1, 0.1, 8.0] + [-2, -2, 0]


def test_the_curve_is_that_of_the_surface_above_its_heading():
    part = cut().add_curve("curve", math.pi / 2, colour=THEME.loss)
    x, y, z = in_units(part.places_of("curve") - [0, 0, LIFT]).T
    assert x == pytest.approx(1)
    assert (y.min(), y.max()) == (pytest.approx(-2), pytest.approx(2))
    assert z == pytest.approx(1 + y**2, abs=0.01)


def test_a_line_has_its_slope_and_stays_in_the_box():
    part = cut().add_line("secant", 0.0, slope=3.0, colour=THEME.gradient)
    x, y, z = in_units(part.places_of("secant") - [0, 0, LIFT]).T
    assert y == pytest.approx(0)
    assert z == pytest.approx(1 + 3 * (x - 1))
    assert z.min() == pytest.approx(0)
    part.tilt("secant", -1.0)
    x, y, z = in_units(part.places_of("secant") - [0, 0, LIFT]).T
    assert z == pytest.approx(1 - (x - 1))


def test_the_tangent_turns_with_the_plane():
    """Along a heading t the bowl rises by 2 cos t at (1, 0)."""
    part = cut().add_line("tangent", colour=THEME.gradient)
    for heading in (0.0, 0.7, 2.0, 3.0):
        places = in_units(part.turn_plane(heading).places_of("tangent") - [0, 0, LIFT])
        ends = places[-1] - places[0]
        assert math.atan2(ends[1], ends[0]) == pytest.approx(heading)
        assert ends[2] / np.hypot(*ends[:2]) == pytest.approx(2 * math.cos(heading))


def test_half_way_between_two_states_the_plane_has_turned_half_way():
    start = cut().add_point("end", at=1.0, colour=THEME.focus)
    end = start.copy().turn_plane(1.0).fade_plane(1).slide("end", 0.0).reveal("end")
    between = start.copy().interpolate(start, end, 0.5)
    assert float(between.state["heading"]) == 0.5
    assert float(between.state["end.at"]) == 0.5
    assert between.heading_of("end") == 0.5


def test_only_the_half_before_the_plane_becomes_glass():
    flat = np.full((41, 41), 4.0)
    options = {
        "spot": (0.0, 0.0, 4.0), "slopes": (0.0, 0.0), "scale": HeightScale(0.0, 8.0), "grid": 50,
        "azimuth": -math.pi / 2, "elevation": 1.2,
    }  # fmt: skip
    plain, halved = picture(cut(flat, **options)), picture(cut(flat, **options).fade_plane(1))
    part = cut(flat, **options)
    near, far = part.projection().plane(np.array([[0.5, y, 0.0] for y in (-0.75, 0.75)]))
    changed = [np.abs(at(plain, it) - at(halved, it)).max() for it in (near, far)]
    assert changed[0] > 20
    # The plane itself tints what is behind it, and no more.
    assert changed[1] < changed[0]


def test_a_steep_line_and_a_flat_scale_are_no_trouble():
    part = cut().add_line("line", 0.0, slope=1e300, colour=THEME.gradient)
    assert np.isfinite(part.places_of("line")).all()
    flat = cut(np.full((41, 41), 1.0)).add_line("line", 0.0, slope=0.0, colour=THEME.gradient)
    assert np.isfinite(flat.places_of("line")).all()


def test_wrong_names_and_scales_are_refused():
    with pytest.raises(ValueError, match="even height scale"):
        cut(scale=HeightScale(0.0, 8.0, 1.0))
    with pytest.raises(ValueError, match="no part 'it'"):
        cut().reveal("it")
    with pytest.raises(ValueError, match="no line"):
        cut().add_curve("curve", colour=THEME.loss).tilt("curve", 1.0)
