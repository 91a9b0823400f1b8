"""A curve with runs on it: what is in sight, where the point stands, and how its tangent leans."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.formula import parse_formula
from backprop_studio.core.surfaces.curve_runs import curve_runs
from backprop_studio.scenes.families.curve_descent import DescentPlot, curve_picture, pulled_in
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.charts.axes import Axis
from tests.core.surfaces.landscapes import named_landscape


def picture(text, *starts, sight=(-3.0, 3.0)):
    return curve_picture(parse_formula(text, ["w"]), sight, starts)


def plot():
    (run,) = curve_runs(named_landscape("square"), [0.25], [2.0], 4)
    view = DescentPlot(picture("w^2", 2.0), (8, 4), THEMES["dark"], "en")
    return view.add_run("run", run, colour=(1, 1, 1))


def test_the_whole_parabola_is_in_sight():
    low, high = picture("w^2", 2.0).heights
    assert low < 0
    assert 9 < high < 10


def test_a_pole_does_not_flatten_the_picture():
    found = picture("1/w", 1.0)
    assert found.heights[1] < 20
    between = (found.xs > -0.1) & (found.xs < 0.1)
    assert np.isnan(found.ys[between]).any()


def test_a_level_curve_has_a_height():
    low, high = picture("3", 1.0).heights
    assert low < 3 < high


@pytest.mark.parametrize(("text", "start"), [("log(w)", -1.0), ("1/w", 0.0), ("exp(w^2)^60", 3.0)])
def test_a_start_that_cannot_be_drawn_is_refused(text, start):
    with pytest.raises(InputError, match=r"\.$"):
        picture(text, start)


@pytest.mark.parametrize(("step", "w"), [(0, 2.0), (1, 1.0), (3, 0.25), (4, 0.125)])
def test_the_point_stands_at_its_step_and_leans_as_the_curve(step, w):
    view = plot().advance("run", step)
    assert view.state["run.progress"] == step / 4
    assert view.slope_of("run") == pytest.approx(2 * w)


def test_a_far_step_is_cut_and_keeps_its_direction():
    x, y = Axis(0, 1), Axis(0, 10)
    xs, ys = pulled_in(np.array([0.5, 0.6, -3e9]), np.array([5.0, 6.0, 6e10]), x, y)
    assert (xs[:2].tolist(), ys[:2].tolist()) == ([0.5, 0.6], [5.0, 6.0])
    assert (ys[2] - 6) / (xs[2] - 0.6) == pytest.approx(-20, rel=1e-6)
    assert -10 < xs[2] < 0
    for far in (1e300, -1e300):
        assert np.isfinite(pulled_in(np.array([0.5, far]), np.array([5.0, 1e300]), x, y)).all()
