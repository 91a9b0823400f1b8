"""Velocities: both summands by hand, and the step at which they cancel."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.network.optimizers import OptimizerSpec
from backprop_studio.core.surfaces.descent import descend
from backprop_studio.core.surfaces.velocity import velocity_terms
from tests.core.surfaces.landscapes import named_landscape

RAVINE = named_landscape("ravine")


def terms_of(gamma, eta, steps, start=(-7.0, 2.0), surface=RAVINE):
    spec = OptimizerSpec("momentum", eta, momentum=gamma)
    path = descend(surface, spec, [start], steps).paths[0]
    return velocity_terms(spec, path), path


@pytest.mark.parametrize(("gamma", "eta"), [(0.9, 0.1), (0.5, 0.9), (1.0, 0.02)])
def test_the_summands_are_those_by_hand(gamma, eta):
    terms, path = terms_of(gamma, eta, 12)
    point, velocity = np.array([-7.0, 2.0]), np.zeros(2)
    for k in range(1, 13):
        kept, added = gamma * velocity, eta * point * (0.1, 2.0)
        assert terms.kept[k] == pytest.approx(kept, rel=1e-12)
        assert terms.added[k] == pytest.approx(added, rel=1e-12)
        assert terms.coasted[k] == pytest.approx(point - kept, rel=1e-12)
        velocity = kept + added
        point = point - velocity
        assert terms.velocities[k] == pytest.approx(velocity, rel=1e-12)
        assert path.points[k] == pytest.approx(point, rel=1e-12)


def test_the_opposed_step_is_the_first_whose_summands_largely_cancel():
    terms, _ = terms_of(0.9, 0.1, 30)
    shares = [
        -2 * float(a @ b) / float(a @ a + b @ b)
        for a, b in zip(terms.kept[1:], terms.added[1:], strict=True)
    ]
    first = next(k for k, share in enumerate(shares, start=1) if k > 2 and share >= 0.5)
    assert terms.opposed_at == first == 6


def test_a_descent_without_overshooting_has_no_such_step():
    # Straight down a parabola with little momentum and a small rate.
    terms, _ = terms_of(0.1, 0.01, 30)
    assert terms.opposed_at is None
    flat, _ = terms_of(0.9, 0.1, 5, start=(0.0, 0.0))
    assert flat.opposed_at is None


def test_numbers_near_the_end_of_float64_are_compared_without_overflow():
    # Across the ravine a step multiplies by 1 - 2 eta; what is kept is lost beside what is added.
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        terms, path = terms_of(0.9, 1000.0, 90)
    assert np.abs(path.points).max() > 1e150
    assert terms.opposed_at is None


@pytest.mark.parametrize(
    "spec",
    [OptimizerSpec("sgd", 0.1), OptimizerSpec("momentum", 0.1, weight_decay=0.1)],
)
def test_other_optimizers_have_another_sum(spec):
    path = descend(RAVINE, spec, [[1.0, 1.0]], 2).paths[0]
    with pytest.raises(ValueError, match="another sum"):
        velocity_terms(spec, path)
