"""Grids: values in their place, gaps, and a scale on which the picture says something."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.formula import parse_formula
from backprop_studio.core.surfaces import landscape as landscape_module
from backprop_studio.core.surfaces.grid import choose_scale, sample_grid
from backprop_studio.core.surfaces.landscape import FormulaLandscape
from backprop_studio.core.surfaces.named import SURFACES
from tests.core.specs import QUICK
from tests.core.surfaces.landscapes import named_landscape


def surface(text, low=-1.0, high=1.0):
    return FormulaLandscape(parse_formula(text, "xy"), ((low, high),) * 2)


def test_rows_are_y_and_columns_are_x():
    grid = sample_grid(surface("10*y + x", 0.0, 2.0), 3, 2)
    assert grid.values.tolist() == [[0, 1, 2], [20, 21, 22]]
    assert (grid.x.tolist(), grid.y.tolist()) == ([0, 1, 2], [0, 2])
    assert not grid.values.flags.writeable


def test_grid_is_the_plain_loop():
    landscape = named_landscape("himmelblau")
    grid = sample_grid(landscape, 13, 9)
    for j, y in enumerate(grid.y):
        for i, x in enumerate(grid.x):
            alone = landscape.value(torch.tensor([x, y])).item()
            assert grid.values[j, i] == pytest.approx(alone, rel=1e-12, abs=1e-13)


def test_blocks_make_no_difference(monkeypatch):
    whole = sample_grid(named_landscape("beale"), 21, 33).values
    monkeypatch.setattr(landscape_module, "_BLOCK", 50)
    assert np.allclose(sample_grid(named_landscape("beale"), 21, 33).values, whole, rtol=1e-14)


def test_gaps_are_nan():
    # log x: no value to the left of 0, an infinite one at it.
    grid = sample_grid(surface("log(x) + y"), 5, 3)
    assert np.isnan(grid.values).tolist() == [[True, True, True, False, False]] * 3
    assert grid.scale.low == pytest.approx(np.log(0.5) - 1)


def test_a_surface_without_a_value_is_said_in_a_sentence():
    with pytest.raises(InputError) as caught:
        sample_grid(surface("log(-x^2 - 1)"), 4)
    assert str(caught.value) == (
        "The surface has no finite value for x from -1 to 1 and y from -1 to 1; "
        "choose other ranges."
    )


@pytest.mark.parametrize("high", [float("inf"), 0.0])
def test_ranges_have_two_ends(high):
    with pytest.raises(InputError, match=f"The range of x is wrong: 0 to {high:g} is no range."):
        surface("x", 0.0, high)


def heights(scale, values):
    """From 0 at the bottom to 1 at the top, as the scale's own words say."""
    above = np.maximum(np.array(values) - scale.low, 0.0)
    span = scale.high - scale.low
    if scale.knee is None:
        return above / span
    return np.log1p(above / scale.knee) / np.log1p(span / scale.knee)


@pytest.mark.parametrize("name", SURFACES)
def test_no_named_picture_is_a_flat_sheet_with_a_spike(name):
    grid = sample_grid(named_landscape(name), 101)
    found = heights(grid.scale, grid.values)
    assert (grid.scale.knee is None) == (name in {"bowl", "ravine", "saddle"})
    assert found.min() == 0
    assert found.max() == pytest.approx(1)
    assert 0.2 <= np.median(found) <= 0.8
    between = [((found > low) & (found < low + 0.25)).mean() for low in (0, 0.25, 0.5, 0.75)]
    assert min(between) > 0.02


def test_pole_downwards_does_not_press_the_rest_flat():
    grid = sample_grid(surface("x + y - 1/(x^2 + y^2 + 1e-9)"), 101)
    assert grid.values.min() < -1e6
    assert grid.scale.low > -100
    assert 0.2 < np.median(heights(grid.scale, grid.values)) < 1


@settings(QUICK, max_examples=40)
@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=30))
def test_scales_of_any_values(values):
    scale = choose_scale([*values, np.nan, np.inf])
    assert scale.low <= scale.high
    if scale.high > scale.low:
        found = heights(scale, np.sort(values))
        assert np.isfinite(found).all()
        assert (np.diff(found) >= 0).all()
    if scale.knee is not None:
        assert heights(scale, [np.median(values)])[0] <= 0.5 + 1e-9
