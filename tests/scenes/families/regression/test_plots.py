"""Diagrams of a line that learns: rooms, ways, errors and where a wild run ends."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from backprop_studio.core.line_fit.fit import fit_line
from backprop_studio.scenes.families.regression.plots import (
    FitPlot,
    last_shown,
    loss_plot,
    rooms,
    series_of,
    share_of,
    wide_room,
)
from backprop_studio.scenes.families.rooms import Room
from backprop_studio.scenes.paint.style import THEMES, layout_for

LAYOUTS = [layout_for(*size) for size in ((14.2, 8.0), (10.7, 8.0), (8.0, 14.2))]
X, Y = np.array([0.0, 1.0, 2.0]), np.array([1.0, 2.5, 5.0])


@pytest.fixture(scope="module")
def record():
    return fit_line(X, Y, learning_rate=0.05, steps=60, slower=2)


@pytest.fixture(scope="module")
def wild():
    return fit_line(X, Y, learning_rate=50.0, steps=300, slower=2)


def edges(room):
    (width, height), (x, y) = room
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


@pytest.mark.parametrize("layout", LAYOUTS)
def test_rooms_are_on_the_stage_and_apart(layout):
    stage = edges(Room(layout.stage, layout.stage_centre))
    found, wide = [edges(it) for it in rooms(layout)], edges(wide_room(layout))
    for left, bottom, right, top in [*found, wide]:
        assert stage[0] - 1e-9 <= left < right <= stage[2] + 1e-9
        assert stage[1] - 1e-9 <= bottom < top <= stage[3] + 1e-9
    for one, other in [*itertools.combinations(found, 2), (found[0], wide)]:
        beside = one[2] < other[0] or other[2] < one[0]
        assert beside or one[3] < other[1] or other[3] < one[1]


def fit_plot(record):
    return FitPlot(record, ("$x$", "$y$"), (4.0, 4.0), THEMES["dark"], "en")


def test_errors_go_from_the_points_to_the_line(record):
    plot = fit_plot(record).advance_to(20)
    ends = plot.state["errors.y"].reshape(-1, 3)
    np.testing.assert_allclose(ends[:, 0], Y)
    np.testing.assert_allclose(ends[:, 1], record.run.w[20] * X + record.run.b[20])
    assert np.isnan(ends[:, 2]).all()


def test_a_run_that_is_done_stays_at_its_end(record):
    plot = fit_plot(record).advance_to(len(record.slower.at) - 1)
    assert plot.line_of(0) == (record.run.w[-1], record.run.b[-1])
    assert plot.line_of(1) == (record.slower.w[-1], record.slower.b[-1])


def test_a_copy_in_between_is_on_the_way_and_not_between_the_ends(record):
    plot = fit_plot(record)
    start, end = plot.copy().advance_to(0), plot.copy().advance_to(40)
    middle = plot.copy().interpolate(start, end, 0.25)
    np.testing.assert_allclose(middle.line_of(0), (record.run.w[10], record.run.b[10]))
    assert middle.state["run.at"].tolist() == [0.0, record.run.b[10], record.run.w[10]]


def test_a_wild_run_is_drawn_until_soon_after_it_has_left(wild):
    assert wild.run.left_at is not None
    place = last_shown(wild.run)
    assert wild.run.left_at < wild.run.at[place] <= wild.run.left_at + 5
    low, high = np.array(wild.ranges).T
    for series in series_of(wild):
        assert np.isfinite(series.points).all()
        assert ((series.points[-1] < low) | (series.points[-1] > high)).any()


def losses(record, **more):
    return loss_plot(record, ("step", "away"), (4.0, 4.0), THEMES["dark"], "en", **more)


def test_a_share_of_the_losses_is_a_place_among_the_steps(record):
    plot = losses(record)
    plot.grow(share_of(plot, 30))
    corner = plot.state["run.progress"] * (len(plot.state["run.x"]) - 1)
    assert plot.state["run.x"][round(float(corner))] == record.run.at[30]


def test_growing_losses_are_all_in_the_picture(wild):
    plot = losses(wild)
    shown = wild.run.loss[: last_shown(wild.run) + 1]
    low, high = plot.state["window"][2:]
    assert low < np.log10(shown.min()) < np.log10(shown.max()) < high


def test_in_a_race_the_run_that_converges_sets_the_scale():
    record = fit_line(X, Y, learning_rate=0.6, steps=100, slower=4)
    assert (record.run.is_divergent, record.slower.is_divergent) == (True, False)
    plot = losses(record, is_race=True)
    assert plot.state["window"][1] == 100
    assert 10 ** plot.state["window"][3] < 100 * record.slower.loss[0]
    plot.reveal("run").grow(1.0)
    assert "away" in plot.texts()
