"""Depth order, cuts and hidden points, against slow and simple ways."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backprop_studio.scenes.parts.surfaces.relief import (
    back_to_front,
    bilinear,
    cells_of,
    clearance,
    slopes,
)


def area(cells):
    places = cells.vertices[cells.quads][:, :, :2]
    x, y = places[..., 0], places[..., 1]
    turned = x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1)
    return float(np.abs(turned.sum(axis=1)).sum() / 2)


def test_every_cell_of_a_whole_surface_is_there_once():
    cells = cells_of(np.zeros((3, 4)))
    assert cells.cells.tolist() == list(range(6))
    assert area(cells) == 6


def test_a_gap_takes_the_cells_around_it():
    heights = np.zeros((4, 4))
    heights[1, 1] = math.nan
    assert area(cells_of(heights)) == 9 - 4


@pytest.mark.parametrize("slope", [0.5, 0.4, 0.33])
def test_a_slope_is_cut_exactly_at_the_top(slope):
    heights = np.broadcast_to(np.arange(6.0) * slope, (3, 6)).copy()
    cells = cells_of(heights)
    assert area(cells) == pytest.approx(2 * min(5, 1 / slope))
    assert cells.vertices[cells.quads][..., 2].max() == pytest.approx(1)


def test_slopes_are_those_of_a_plane():
    u, v = np.meshgrid(np.arange(4.0), np.arange(3.0))
    across, up = slopes(0.2 * u - 0.7 * v)
    assert across == pytest.approx(np.full(6, 0.2))
    assert up == pytest.approx(np.full(6, -0.7))


@pytest.mark.parametrize("eye", [(-9.0, -20.0), (30.0, 2.3), (1.7, 40.0), (100.0, -80.0)])
def test_nothing_is_painted_over_by_what_is_behind_it(eye):
    rows, columns = 5, 6
    cells = np.arange((rows - 1) * (columns - 1))
    rank = np.empty(len(cells), dtype=int)
    rank[back_to_front(cells, (rows, columns), eye)] = np.arange(len(cells))
    for place in np.random.default_rng(0).uniform((0, 0), (columns - 1, rows - 1), (60, 2)):
        way = place + (np.array(eye) - place) * np.linspace(0, 1, 4000)[:, None]
        within = ((way >= 0) & (way < (columns - 1, rows - 1))).all(axis=1)
        crossed = way[within].astype(int)
        ranks = rank[crossed[:, 1] * (columns - 1) + crossed[:, 0]]
        assert (np.diff(ranks) >= 0).all(), "towards the eye everything is painted later"


def test_bilinear_meets_the_grid_and_the_middles():
    heights = np.array([[0.0, 1.0], [2.0, 5.0]])
    found = bilinear(heights, np.array([0.0, 1.0, 0.5, 1.0]), np.array([0.0, 1.0, 0.5, 0.5]))
    assert found == pytest.approx([0, 5, 2, 3])


def test_hidden_is_what_a_fine_walk_along_the_ray_finds():
    rng = np.random.default_rng(1)
    u, v = np.meshgrid(np.arange(24.0), np.arange(24.0))
    heights = 0.5 + 0.4 * np.sin(u / 2.5) * np.cos(v / 3)
    spots = rng.uniform(1, 22, (300, 2))
    points = np.column_stack([spots, bilinear(heights, *spots.T) + 0.02])
    ray = np.array([0.8, 0.6, 0.05])
    found = clearance(heights, points, np.tile(ray, (300, 1)))
    way = points[:, None] + ray * np.linspace(0, 40, 4000)[None, :, None]
    within = ((way[..., :2] >= 0) & (way[..., :2] <= 23)).all(axis=-1)
    surface = bilinear(heights, *np.clip(way[..., :2], 0, 23).reshape(-1, 2).T)
    gap = np.where(within, way[..., 2] - surface.reshape(within.shape), 1).min(axis=1)
    clear = np.abs(gap) > 0.02
    assert clear.sum() > 100
    assert ((found > 0) == (gap > 0))[clear].all()
    assert 0.1 < (gap > 0).mean() < 0.9, "both kinds are among them"


def test_a_cut_and_a_gap_hide_nothing():
    for wall in (3.0, math.nan):
        heights = np.zeros((5, 9))
        heights[:, 3:6] = wall
        free = clearance(heights, np.array([[1.0, 2.0, 0.05]]), np.array([[1.0, 0.0, 0.02]]))
        # The part of the cut wall below 1 is there, a gap is not.
        assert (free[0] > 0) == math.isnan(wall)
