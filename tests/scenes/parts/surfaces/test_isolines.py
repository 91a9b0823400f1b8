"""Lines of equal height lie where the height is."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.scenes.parts.surfaces.isolines import chained, isolines

AXIS = np.linspace(-2, 2, 41)
RADIUS = np.hypot(AXIS[None, :], AXIS[:, None])


def test_the_level_of_a_cone_is_one_closed_circle():
    lines = chained(isolines(AXIS, AXIS, RADIUS, 1.3))
    assert len(lines) == 1
    assert lines[0][0] == pytest.approx(lines[0][-1])
    assert np.hypot(*lines[0].T) == pytest.approx(np.full(len(lines[0]), 1.3), abs=0.01)
    length = np.linalg.norm(np.diff(lines[0], axis=0), axis=1).sum()
    assert length == pytest.approx(2 * np.pi * 1.3, rel=0.005)


def test_lines_that_meet_the_rim_stay_open():
    (line,) = chained(isolines(AXIS, AXIS, np.broadcast_to(AXIS, (41, 41)), 0.33))
    assert line[:, 0] == pytest.approx(np.full(len(line), 0.33))
    assert sorted([line[0, 1], line[-1, 1]]) == [-2, 2]


def test_no_line_touches_a_gap():
    values = RADIUS.copy()
    values[:, AXIS > 0] = np.nan
    found = isolines(AXIS, AXIS, values, 1.0)
    assert len(found)
    assert found[..., 0].max() <= 0


@pytest.mark.parametrize(("level", "joined"), [(0.4, True), (0.6, False)])
def test_a_saddle_is_cut_as_its_middle_says(level, joined):
    lines = isolines([0, 1], [0, 1], [[1.0, 0.0], [0.0, 1.0]], level)
    assert len(lines) == 2
    # High corners are (0, 0) and (1, 1); joined lines cut off the low ones.
    middles = lines.mean(axis=1)
    low = np.abs(middles.sum(axis=1) - 1) < 0.5
    assert low.all() == joined
