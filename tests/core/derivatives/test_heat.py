"""The ant's way against formulas by hand: it crosses isotherms at right angles and only cools."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.derivatives.heat import leave_heat


def temperature(x, y):
    return 45 * np.exp(-(x**2 + 2 * y**2) / 8)


def test_values_and_slopes_are_those_by_hand():
    record = leave_heat((0.8, 0.5))
    at = temperature(0.8, 0.5)
    assert record.temperature == pytest.approx(at, rel=1e-14)
    # T_x = -x/4 T and T_y = -y/2 T.
    assert record.partials == pytest.approx([-0.2 * at, -0.25 * at], rel=1e-13)
    assert record.downhill == pytest.approx(np.array([0.2, 0.25]) / np.hypot(0.2, 0.25))
    assert record.steepness == pytest.approx(np.hypot(0.2, 0.25) * at)


def test_it_follows_its_differential_equation_and_cools_until_it_leaves_the_plate():
    record = leave_heat((0.8, 0.5))
    # dy/dx = 2 y / x, so y = c x^2 on the whole way.
    path = record.path
    assert path[-1, 1] == pytest.approx(0.5 * (path[-1, 0] / 0.8) ** 2, rel=0.05)
    assert (np.diff(record.temperatures) < 0).all()
    assert np.abs(path[-1, 0]) > 4 or np.abs(path[-1, 1]) > 3
    assert np.linalg.norm(np.diff(path, axis=0), axis=1) == pytest.approx(0.05)


def test_on_the_hottest_spot_there_is_no_way():
    record = leave_heat((0, 0))
    assert record.steepness == 0
    assert np.isnan(record.downhill).all()
    assert record.path.tolist() == [[0, 0]]


def test_isotherms_from_10_to_40_lie_on_the_plate():
    record = leave_heat((1, 1))
    assert record.isotherms.tolist() == [10, 20, 30, 40]
    assert temperature(*record.crossings.T) == pytest.approx([10, 20, 30, 40])
    assert (record.crossings[:, 0] < 0).all()
    assert temperature(4, 0) < 10
    assert temperature(0, 3) < 10
    assert temperature(0, 0) > 40
    assert record.formula.text == "45*exp(-(x^2 + 2*y^2)/8)"


def test_an_ant_beside_the_plate_is_refused():
    with pytest.raises(InputError, match="not on the plate"):
        leave_heat((5, 0))
