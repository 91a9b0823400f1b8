"""Grids: values in their place, gaps counted, and a scale on which the picture says something."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.formula import parse_formula
from backprop_studio.core.surfaces import landscape as landscape_module
from backprop_studio.core.surfaces.grid import HeightScale, choose_scale, sample_grid
from backprop_studio.core.surfaces.landscape import FormulaLandscape, named_landscape
from backprop_studio.core.surfaces.named import SURFACES
from tests.core.specs import QUICK


def surface(text, low=-1.0, high=1.0):
    return FormulaLandscape(parse_formula(text, "xy"), ((low, high),) * 2)


def test_rows_are_y_and_columns_are_x():
    grid = sample_grid(surface("10*y + x", 0.0, 2.0), 3, 2)
    assert grid.values.tolist() == [[0, 1, 2], [20, 21, 22]]
    assert (grid.x.tolist(), grid.y.tolist()) == ([0, 1, 2], [0, 2])
    assert (grid.lowest, grid.lowest_at.tolist(), grid.highest) == (0.0, [0, 0], 22.0)
    assert not grid.values.flags.writeable


@pytest.mark.parametrize("name", SURFACES)
def test_grid_is_the_plain_loop(name):
    landscape = named_landscape(name)
    grid = sample_grid(landscape, 23, 17)
    for j, y in enumerate(grid.y):
        for i, x in enumerate(grid.x):
            alone = landscape.value(torch.tensor([x, y])).item()
            assert grid.values[j, i] == pytest.approx(alone, rel=1e-12, abs=1e-13)


def test_blocks_make_no_difference(monkeypatch):
    whole = sample_grid(named_landscape("beale"), 21, 33).values
    monkeypatch.setattr(landscape_module, "_BLOCK", 50)
    assert np.allclose(sample_grid(named_landscape("beale"), 21, 33).values, whole, rtol=1e-14)


def test_gaps_are_nan_and_counted():
    # log x: no value to the left of 0, an infinite one at it.
    grid = sample_grid(surface("log(x) + y"), 5, 3)
    assert grid.gaps.tolist() == [[True, True, True, False, False]] * 3
    assert np.isnan(grid.values[grid.gaps]).all()
    assert np.isfinite(grid.values[~grid.gaps]).all()
    assert (grid.undefined, grid.infinite) == (6, 3)
    assert grid.lowest == pytest.approx(np.log(0.5) - 1)
    assert np.isfinite(grid.levels).all()


def test_constant_surface_has_no_contours():
    grid = sample_grid(surface("7"), 4)
    assert grid.values.tolist() == [[7.0] * 4] * 4
    assert grid.levels.size == 0
    assert grid.heights.tolist() == [[0.0] * 4] * 4


@pytest.mark.parametrize(
    ("work", "message"),
    [
        (
            lambda: sample_grid(surface("log(-x^2 - 1)"), 4),
            "The surface has no finite value for x from -1 to 1 and y from -1 to 1; "
            "choose other ranges.",
        ),
        (lambda: sample_grid(surface("x"), 1), "nx: allowed are 2 to 2000, found 1."),
        (lambda: sample_grid(surface("x"), 2, 2001), "ny: allowed are 2 to 2000, found 2001."),
        (
            lambda: sample_grid(surface("x"), ranges=[(0, 1), (1, 1)]),
            "The range of y is wrong: 1 to 1 is no range.",
        ),
        (
            lambda: surface("x", 0.0, float("inf")),
            "The range of x is wrong: 0 to inf is no range.",
        ),
    ],
)
def test_what_cannot_be_sampled(work, message):
    with pytest.raises(InputError) as caught:
        work()
    assert str(caught.value) == message


def test_curve_has_no_grid():
    with pytest.raises(ValueError, match="two coordinates"):
        sample_grid(named_landscape("square"))


@pytest.mark.parametrize("name", SURFACES)
def test_no_named_picture_is_a_flat_sheet_with_a_spike(name):
    grid = sample_grid(named_landscape(name), 101)
    heights = grid.heights
    assert heights.min() == 0
    assert heights.max() == pytest.approx(1)
    assert 0.2 <= np.median(heights) <= 0.8
    between = [((heights > low) & (heights < low + 0.25)).mean() for low in (0, 0.25, 0.5, 0.75)]
    assert min(between) > 0.02


def test_kinds_of_scales():
    kinds = {name: sample_grid(named_landscape(name), 51).scale.kind for name in SURFACES}
    assert kinds == {
        "bowl": "even",
        "ravine": "even",
        "saddle": "even",
        "rosenbrock": "log",
        "himmelblau": "log",
        "beale": "log",
    }


def test_pole_downwards_does_not_press_the_rest_flat():
    grid = sample_grid(surface("x + y - 1/(x^2 + y^2 + 1e-9)"), 101)
    assert grid.lowest < -1e6
    assert grid.scale.low > -100
    assert 0.2 < np.median(grid.heights) < 1
    assert grid.heights.min() == 0


VALUES = st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=30)


@QUICK
@given(VALUES)
def test_scales_of_any_values(values):
    scale = choose_scale([*values, np.nan, np.inf])
    heights = scale.heights(np.sort(values))
    assert np.isfinite(heights).all()
    assert (np.diff(heights) >= 0).all()
    assert heights.min() >= 0
    levels = scale.levels(7)
    assert np.isfinite(levels).all()
    assert (np.diff(levels) >= 0).all()


@QUICK
@given(st.sampled_from([None, 1e-3, 1.0, 50.0]), st.floats(-100, 100), st.floats(0.1, 1e5))
def test_contour_lines_are_even_in_height(knee, low, span):
    scale = HeightScale("even" if knee is None else "log", low, low + span, knee)
    assert scale.heights(scale.levels(9)) == pytest.approx(np.arange(1, 10) / 10, rel=1e-6)
