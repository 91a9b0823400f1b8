"""The camera turns as a camera does."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_studio.scenes.parts.surfaces.projection import Projection, fitted, nearest_turn

angles = st.floats(-10, 10)
CUBE = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=float)


def test_from_minus_y_x_goes_right_and_z_goes_up():
    camera = Projection(-math.pi / 2, 0.0)
    assert camera.plane(np.eye(3)) == pytest.approx(np.array([[1, 0], [0, 0], [0, 1]]))
    assert camera.depth(np.eye(3)) == pytest.approx([0, -1, 0]), "y goes away from the viewer"


@given(angles, st.floats(0, math.pi / 2))
def test_axes_are_a_rotation(azimuth, elevation):
    axes = Projection(azimuth, elevation).axes
    assert axes @ axes.T == pytest.approx(np.eye(3), abs=1e-12)
    assert np.linalg.det(axes) == pytest.approx(1)


def test_perspective_is_the_ray_through_the_eye():
    camera = Projection(0.3, 0.4, distance=5.0, scale=2.0)
    point = np.array([0.4, -0.7, 0.2])
    right, up, back = camera.axes
    along = point - camera.eye
    # Where the ray from the eye meets the plane through the origin.
    hit = camera.eye + along * (camera.eye @ back) / -(along @ back)
    assert camera.plane(point) == pytest.approx([2 * hit @ right, 2 * hit @ up])


@given(angles, st.floats(0, math.pi / 2), st.sampled_from([math.inf, 4.0]))
def test_the_box_fits_at_every_azimuth_and_keeps_its_size(azimuth, elevation, distance):
    camera = fitted(azimuth, elevation, CUBE, (6.0, 4.0), distance)
    assert camera.scale == fitted(0.0, elevation, CUBE, (6.0, 4.0), distance).scale
    seen = np.abs(camera.plane(CUBE))
    assert (seen <= np.array([3.0, 2.0]) * 1.02).all()


@given(angles, angles)
def test_the_short_way_is_at_most_half_a_turn(current, wanted):
    found = nearest_turn(current, wanted)
    assert abs(found - current) <= math.pi + 1e-9
    assert math.cos(found - wanted) == pytest.approx(1)
