"""Sets made on the spot: shapes, seeds, and what the numbers must be on paper."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.datasets.synthetic import blobs, double, line, spirals, two_moons, xor

DRAWN = [line, two_moons, spirals, blobs]


def test_what_is_not_drawn_is_as_the_lecture_has_it():
    assert double().inputs.tolist() == [[1.0], [2.0], [3.0]]
    assert double().targets.tolist() == [[2.0], [4.0], [6.0]]
    corners, targets = xor().inputs.astype(int), xor().targets.tolist()
    assert [a ^ b for a, b in corners.tolist()] == targets
    assert len(np.unique(corners, axis=0)) == 4


@pytest.mark.parametrize("make", DRAWN)
def test_shapes_and_seeds(make):
    for points in (10, 11, 97):
        data = make(points)
        assert data.inputs.shape == (points, 1 if make is line else 2)
        assert data.inputs.dtype == np.float64
        assert (data.train.tolist(), data.test.tolist()) == (list(range(points)), [])
        if make is not line:
            counts = np.bincount(data.targets)
            assert counts.sum() == points
            assert counts.max() - counts.min() <= 1
    first, again, other = make(seed=7), make(seed=7), make(seed=8)
    assert first.inputs.tobytes() == again.inputs.tobytes()
    assert first.targets.tobytes() == again.targets.tobytes()
    assert first.inputs.tobytes() != other.inputs.tobytes()


def test_line_is_that_of_the_curriculum():
    exact = line(noise=0.0)
    assert exact.size == 50
    assert 0.0 <= exact.inputs.min() < exact.inputs.max() < 1.0
    for x, y in zip(exact.inputs[:, 0].tolist(), exact.targets[:, 0].tolist(), strict=True):
        assert y == 3.0 * x + 0.8


def test_noise_moves_y_alone_and_in_proportion():
    exact, small, large = (line(2000, noise=noise, seed=3) for noise in (0.0, 0.1, 0.2))
    assert small.inputs.tobytes() == exact.inputs.tobytes()
    away = small.targets - exact.targets
    np.testing.assert_allclose(large.targets - exact.targets, 2 * away, atol=1e-14)
    # Five standard errors of mean and deviation of 2000 normal numbers.
    assert abs(away.mean()) < 5 * 0.1 / math.sqrt(2000)
    assert abs(away.std() - 0.1) < 5 * 0.1 / math.sqrt(4000)


def test_moons_without_noise_lie_on_their_circles():
    data = two_moons(50, noise=0.0)
    upper, lower = data.inputs[:25], data.inputs[25:]
    np.testing.assert_allclose(np.hypot(upper[:, 0], upper[:, 1]), 1.0, atol=1e-15)
    np.testing.assert_allclose(np.hypot(lower[:, 0] - 1.0, lower[:, 1] - 0.5), 1.0, atol=1e-15)
    assert (upper[:, 1] >= 0.0).all()
    assert (lower[:, 1] <= 0.5).all()


def test_spiral_arms_are_turned_copies():
    data = spirals(90, classes=3, noise=0.0)
    first = data.inputs[:30] @ np.array([1.0, 1.0j])
    for arm in (1, 2):
        turned = first * np.exp(2j * math.pi * arm / 3)
        found = data.inputs[30 * arm : 30 * arm + 30] @ np.array([1.0, 1.0j])
        np.testing.assert_allclose(found, turned, atol=1e-14)
    np.testing.assert_allclose(np.abs(first), np.arange(1, 31) / 30, atol=1e-15)
    np.testing.assert_allclose(first[14::15], [-0.5, 1.0], atol=1e-15)  # after half a turn, and one


def test_blobs_stand_on_a_circle_with_their_spread():
    data = blobs(6000, classes=4, noise=0.5, seed=2)
    centres = [(2.0, 0.0), (0.0, 2.0), (-2.0, 0.0), (0.0, -2.0)]
    for place, centre in enumerate(centres):
        cloud = data.inputs[data.targets == place]
        assert np.abs(cloud.mean(axis=0) - centre).max() < 5 * 0.5 / math.sqrt(1500)
        assert np.abs(cloud.std(axis=0) - 0.5).max() < 5 * 0.5 / math.sqrt(3000)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: line(1), "points: expected a whole number from 2 to 100000, found 1"),
        (lambda: line(noise=math.nan), "noise: expected a number from 0 to 100, found nan"),
        (lambda: line(slope=math.inf), "slope"),
        (lambda: spirals(classes=1), "classes: expected a whole number from 2 to 10, found 1"),
        (lambda: spirals(3, classes=4), "points: expected a whole number from 4"),
        (lambda: blobs(noise=-1.0), "noise"),
    ],
)
def test_numbers_out_of_range_are_named(call, words):
    with pytest.raises(InputError, match=words):
        call()
