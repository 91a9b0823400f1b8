"""Directions on a map: arrows point where they should, and no gradient has no arrow."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.surfaces.compass_map import CompassMap
from tests.scenes.parts.chart_pictures import at, is_colour, picture

THEME = THEMES["dark"]
AXIS = np.linspace(-2, 2, 21)
PLANE = np.broadcast_to(AXIS, (21, 21)).copy()


def compass(**options):
    more = {"origin": (0.0, 0.0), "radius": 1.0, "uphill": 0.0, "labels": ("$l$", "$g$")}
    return CompassMap(AXIS, AXIS, PLANE, (8.0, 6.0), THEME, "en", **{**more, **options})


def pixel(part, place):
    return at(picture(part), part.locate(place))


@pytest.mark.parametrize("heading", [0.4, 2.0, -1.0])
def test_the_direction_points_along_its_heading(heading):
    part = compass(heading=heading)
    there = (0.4 * math.cos(heading), 0.4 * math.sin(heading))
    assert is_colour(pixel(part, there), THEME.text)
    assert not is_colour(pixel(part, (-there[0], -there[1])), THEME.text)


def test_turning_passes_what_lies_between():
    start, end = compass(heading=0.0), compass(heading=0.0).turn_to(3 * math.pi)
    between = start.copy().interpolate(start, end, 0.5)
    assert float(between.state["heading"]) == pytest.approx(1.5 * math.pi)


def test_without_a_gradient_nothing_is_said_about_it():
    part = compass(uphill=None).reveal("gradient", "tangent")
    assert "$g$" not in part.texts()
    assert "$g$" in compass().reveal("gradient").texts()
    assert not is_colour(pixel(part, (0.8, 0.0)), THEME.gradient)


def test_notes_are_texts():
    assert "$10 degree$" in compass(notes=[("$10 degree$", -1.0, 1.0)]).texts()


def test_unknown_arrows_are_refused():
    with pytest.raises(ValueError, match="no 'north'"):
        compass().reveal("north")
