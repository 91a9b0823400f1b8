"""Named curves and surfaces: by hand and by differences."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from backprop_studio.core.formula import parse_formula
from backprop_studio.core.surfaces.named import CURVES, SURFACES
from tests.core.specs import value_and_gradient
from tests.core.surfaces.landscapes import named_landscape

ALL = CURVES | SURFACES

# f and its partial derivatives, written by hand.


def bowl(x, y):
    return x**2 + y**2, (2 * x, 2 * y)


def ravine(x, y):
    return x**2 / 20 + y**2, (x / 10, 2 * y)


def saddle(x, y):
    return x**2 - y**2, (2 * x, -2 * y)


def rosenbrock(x, y):
    f = (1 - x) ** 2 + 100 * (y - x**2) ** 2
    return f, (-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2))


def himmelblau(x, y):
    u, v = x**2 + y - 11, x + y**2 - 7
    return u**2 + v**2, (4 * x * u + 2 * v, 2 * u + 4 * y * v)


def beale(x, y):
    a, b, c = 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3
    by_x = 2 * (a * (y - 1) + b * (y**2 - 1) + c * (y**3 - 1))
    return a**2 + b**2 + c**2, (by_x, 2 * x * (a + 2 * b * y + 3 * c * y**2))


BY_HAND = {
    "square": lambda w: (w**2, (2 * w,)),
    "quartic": lambda w: (w**4, (4 * w**3,)),
    "double_well": lambda w: ((w**2 - 1) ** 2, (4 * w**3 - 4 * w,)),
    **{it.__name__: it for it in (bowl, ravine, saddle, rosenbrock, himmelblau, beale)},
}


def points_of(own, count=20):
    low, high = np.array(own.ranges).T
    return np.random.default_rng(3).uniform(low, high, (count, len(low)))


def test_every_name_is_compared():
    assert BY_HAND.keys() == ALL.keys()


@pytest.mark.parametrize("name", ALL)
def test_values_and_gradients_by_hand(name):
    for point in points_of(ALL[name]):
        value, gradient = value_and_gradient(named_landscape(name), point)
        by_hand, slopes = BY_HAND[name](*point)
        terms = 1 + np.abs(point).max() ** 6  # what the sums are made of
        assert value == pytest.approx(by_hand, rel=1e-12, abs=1e-13 * terms)
        assert gradient == pytest.approx(np.array(slopes), rel=1e-12, abs=1e-13 * terms)


@pytest.mark.parametrize("name", ALL)
def test_what_a_picture_needs(name):
    own = ALL[name]
    assert parse_formula(own.formula.text, own.names) == own.formula
    assert own.formula.typst
    assert len(own.ranges) == len(own.names)
    for point in (*own.starts, *own.minima):
        assert all(low < at < high for at, (low, high) in zip(point, own.ranges, strict=True))


@pytest.mark.parametrize("name", SURFACES)
def test_minima_are_exact_to_the_last_digit(name):
    """Newton's method with 40 digits on the gradient by hand, from the digits in the table."""
    with mpmath.workdps(40):
        for known in SURFACES[name].minima:
            start = list(map(mpmath.mpf, known))
            found = mpmath.findroot(lambda *at: BY_HAND[name](*at)[1], start, tol=1e-50)
            assert tuple(map(float, found)) == known
            assert abs(BY_HAND[name](*found)[0]) < 1e-25  # none is above 0


def test_every_surface_but_the_saddle_has_minima_in_its_picture():
    assert {name: len(own.minima) for name, own in SURFACES.items()} == {
        "bowl": 1,
        "ravine": 1,
        "saddle": 0,
        "rosenbrock": 1,
        "himmelblau": 4,
        "beale": 1,
    }
