"""Where a descent is after so many steps, and where it left the picture."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.surfaces.trajectories import DescentSeries, legend_rows

ZIGZAG = DescentSeries(np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 2.0], [5.0, 4.0]]), "zigzag")
UNIT = ((-2.0, -2.0), (2.0, 3.0))


@pytest.mark.parametrize(
    ("progress", "place"),
    [(-1, (0, 0)), (0, (0, 0)), (0.25, (0.25, 0)), (1, (1, 0)), (1.5, (1, 1)), (99, (5, 4))],
)
def test_a_point_moves_evenly_from_step_to_step(progress, place):
    assert ZIGZAG.place(progress) == pytest.approx(place)
    assert ZIGZAG.path(progress)[0] == pytest.approx((0, 0))
    assert len(ZIGZAG.path(progress)) == math.ceil(min(max(progress, 0), 3)) + 1


def test_a_point_that_left_is_at_the_border_where_it_crossed():
    assert ZIGZAG.exit(2.2, *UNIT) is None
    place, direction = ZIGZAG.exit(3, *UNIT)
    assert place == pytest.approx((2, 2.5))
    assert direction == pytest.approx((4, 2))


def test_a_point_that_started_outside_waits_at_the_nearest_border():
    place, direction = DescentSeries(np.array([[7.0, 1.0]])).exit(0, *UNIT)
    assert place == pytest.approx((2, 1))
    assert direction == pytest.approx((5, 0))


def test_a_series_ends_before_what_is_not_finite():
    series = DescentSeries(np.array([[0.0, 0.0], [1.0, 1.0], [math.inf, 0.0], [0.0, 0.0]]))
    assert series.steps == 1


@pytest.mark.parametrize("points", [np.zeros((3, 1)), np.zeros(3), np.full((2, 2), math.nan)])
def test_wrong_points_are_refused(points):
    with pytest.raises(ValueError, match="series"):
        DescentSeries(points)


def test_a_legend_breaks_into_rows_and_never_shrinks():
    series = [DescentSeries(np.zeros((1, 2)), name) for name in ("Momentum", "", "Adam", "SGD")]
    wide = legend_rows(series, 20.0, THEMES["dark"], "en")
    assert [[item[0] for item in row] for row in wide] == [[0, 2, 3]]
    narrow = legend_rows(series, 1.5, THEMES["dark"], "en")
    assert [[item[0] for item in row] for row in narrow] == [[0], [2], [3]]
