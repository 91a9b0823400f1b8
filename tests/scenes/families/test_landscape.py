"""What lessons on surfaces share: which part is shown, how far away is drawn, which axis fits."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.formula import parse_formula
from backprop_studio.core.network.optimizers import OptimizerSpec
from backprop_studio.core.surfaces.descent import descend
from backprop_studio.core.surfaces.landscape import FormulaLandscape
from backprop_studio.scenes.families.landscape import close_up, drawn, in_sight, loss_axis
from tests.core.surfaces.landscapes import named_landscape

RAVINE = named_landscape("ravine")


def test_a_close_look_holds_its_points_with_room_around():
    points = np.array([[-7.0, 2.0], [-4.0, 1.0]])
    (left, right), (low, high) = close_up(RAVINE, [points]).ranges
    assert left < -7 < -4 < right
    assert low < 1 < 2 < high
    assert right - left < 5
    assert close_up(RAVINE, [points]).formula is RAVINE.formula


def test_a_close_look_at_one_point_is_no_closer_than_told():
    for closest, width in ((0.1, 4.0), (0.01, 0.4)):
        (left, right), _ = close_up(RAVINE, [np.zeros((1, 2))], closest).ranges
        assert right - left == pytest.approx(width)


def test_a_close_look_leaves_out_what_is_beside_the_picture_and_never_goes_there():
    points = np.array([[9.9, 4.9], [1e200, 3.0], [np.nan, 0.0]])
    (_, right), (_, high) = close_up(RAVINE, [points]).ranges
    assert (right, high) == (10.0, 5.0)


def test_far_points_are_drawn_nearer_in_the_same_direction():
    path = descend(RAVINE, OptimizerSpec("sgd", 1000.0), [[-7.0, 2.0]], 60).paths[0]
    series = drawn(path, RAVINE.ranges, "A")
    assert np.abs(path.points).max() > 1e100
    assert np.abs(series.points).max() <= 1.01e10
    assert np.array_equal(series.points[0], path.points[0])
    near, far = (it / np.abs(it).max(axis=1)[:, None] for it in (series.points, path.points))
    assert np.allclose(near, far, rtol=0, atol=1e-12)


def test_losses_above_zero_that_fall_far_have_powers_of_ten():
    axis = loss_axis([np.array([6.0, 1e-3]), np.array([6.0, 1e-30])])
    assert axis.logarithmic
    assert axis.low > 1e-8
    assert axis.high > 6


@pytest.mark.parametrize(
    "values", [[3.0, 2.0], [1.0, -4.0], [0.0, 0.0], [np.nan, 5.0], [], [1e300, 1e300]]
)
def test_other_losses_have_an_even_axis_that_holds_them(values):
    axis = loss_axis([np.array(values)])
    assert not axis.logarithmic
    for value in values:
        assert not np.isfinite(value) or axis.low <= value <= axis.high


def test_what_is_beside_the_picture_does_not_stretch_the_axis():
    steep = FormulaLandscape(parse_formula("x^4 + y^2", "xy"), ((-2, 2), (-2, 2)))
    path = descend(steep, OptimizerSpec("sgd", 1.0), [[1.5, 0.0]], 3).paths[0]
    assert path.values.max() > 1e6
    assert in_sight(path, steep.ranges).tolist() == [1.5**4]
