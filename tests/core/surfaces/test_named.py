"""Named curves and surfaces: by hand, by differences, and what the literature says of them."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from backprop_studio.core.formula import parse_formula
from backprop_studio.core.surfaces.landscape import named_landscape, value_and_gradient
from backprop_studio.core.surfaces.named import CURVES, SURFACES

ALL = CURVES | SURFACES

# f and its partial derivatives, written by hand; they also work with mpmath's numbers.


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


def points_of(own, count=60):
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
def test_gradients_by_central_differences(name):
    landscape = named_landscape(name)
    for point in points_of(ALL[name], 10):
        value, gradient = value_and_gradient(landscape, point)
        for k, slope in enumerate(gradient):
            step = np.zeros(len(point))
            step[k] = 1e-4

            def at(scale, point=point, step=step):
                return value_and_gradient(landscape, point + scale * step)[0]

            # Fourth order, so that the error is rounding alone.
            slopes = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / 12e-4
            assert slope == pytest.approx(slopes, rel=1e-6, abs=1e-9 * (1 + abs(value)))


@pytest.mark.parametrize("name", ALL)
def test_stationary_points_are_exact_to_the_last_digit(name):
    """Newton's method with 40 digits on the gradient by hand, from the digits in the table."""
    with mpmath.workdps(40):
        for known in ALL[name].stationary:
            found = known.point
            if name in {"himmelblau", "beale"} and known.point != (0.0, 1.0):
                found = mpmath.findroot(
                    lambda *at: BY_HAND[name](*at)[1], list(map(mpmath.mpf, found)), tol=1e-50
                )
            value, slopes = BY_HAND[name](*found)
            assert max(abs(it) for it in slopes) < 1e-25
            assert tuple(float(it) for it in found) == pytest.approx(known.point, abs=1e-30)
            assert abs(float(value) - known.value) < 1e-25 * (known.value == 0) or (
                float(value) == known.value
            )


@pytest.mark.parametrize("name", SURFACES)
def test_kinds_by_the_second_derivatives(name):
    for known in SURFACES[name].stationary:
        h = 1e-4
        gradient = [
            [
                (np.array(BY_HAND[name](*(np.array(known.point) + h * e))[1])[k])
                - (np.array(BY_HAND[name](*(np.array(known.point) - h * e))[1])[k])
                for k in range(2)
            ]
            for e in np.eye(2)
        ]
        low, high = np.linalg.eigvalsh(np.array(gradient) / (2 * h))
        kind = "minimum" if low > 0 else "maximum" if high < 0 else "saddle"
        assert kind == known.kind


def test_published_digits():
    """Himmelblau (1972), Rosenbrock (1960), Beale (1958), as everybody quotes them."""
    kinds = {"minimum": [], "maximum": [], "saddle": []}
    for known in SURFACES["himmelblau"].stationary:
        kinds[known.kind].append(known)
    assert [tuple(round(part, 6) for part in it.point) for it in kinds["minimum"]] == [
        (3.0, 2.0),
        (-2.805118, 3.131313),
        (-3.779310, -3.283186),
        (3.584428, -1.848127),
    ]
    (top,) = kinds["maximum"]
    assert [round(part, 6) for part in top.point] == [-0.270845, -0.923039]
    assert round(top.value, 3) == 181.617
    assert len(kinds["saddle"]) == 4  # nine in all: two cubic equations
    assert SURFACES["rosenbrock"].stationary[0].point == (1.0, 1.0)
    assert SURFACES["rosenbrock"].starts[0] == (-1.2, 1.0)  # Rosenbrock's own
    assert SURFACES["beale"].stationary[0].point == (3.0, 0.5)


@pytest.mark.parametrize("name", ALL)
def test_what_a_picture_needs(name):
    own = ALL[name]
    assert parse_formula(own.formula.text, own.names) == own.formula
    assert own.formula.typst
    assert len(own.ranges) == len(own.names)
    for point in [*own.starts, *(it.point for it in own.stationary)]:
        assert all(low < at < high for at, (low, high) in zip(point, own.ranges, strict=True))
