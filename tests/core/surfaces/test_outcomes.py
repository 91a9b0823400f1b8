"""Who left, who is lowest, and whether all have arrived."""

from __future__ import annotations

import pytest

from backprop_studio.core.formula import parse_formula
from backprop_studio.core.network.optimizers import OptimizerSpec
from backprop_studio.core.surfaces.descent import compare, descend
from backprop_studio.core.surfaces.landscape import FormulaLandscape
from backprop_studio.core.surfaces.outcomes import Ranking, is_outside, led_onward, path_ends, rank
from tests.core.surfaces.landscapes import named_landscape

BOWL = named_landscape("bowl")


def runners(*rates):
    return [OptimizerSpec("sgd", rate) for rate in rates]


def test_the_lowest_is_first():
    # A step multiplies both coordinates by 1 - 2 eta: 0.8, 0.2, 0.6, -0.8.
    found = rank(compare(BOWL, runners(0.1, 0.4, 0.2, 0.9), [[1.0, 1.0]], 3))
    assert found.inside[:2] == (1, 2)
    assert set(found.inside[2:]) == {0, 3}
    assert (found.outside, found.verdict, found.lowest) == ((), "one", (1,))


def test_who_leaves_is_not_ranked():
    found = rank(compare(BOWL, runners(2.0, 0.1), [[1.0, 1.0]], 4))
    assert found == Ranking((1,), (0,), (1,), "alone")


def test_who_comes_back_is_inside():
    tent = FormulaLandscape(parse_formula("abs(x) + y^2", "xy"), ((-1, 1), (-1, 1)))
    # From 0.9 by 2 to -1.1, which is outside, and back to 0.9.
    records = compare(tent, runners(2.0), [[0.9, 0.0]], 2)
    assert records[0].paths[0].left_at == 1
    assert rank(records).inside == (0,)


def test_a_number_that_is_not_finite_is_outside():
    hole = FormulaLandscape(parse_formula("log(x) + 0*y", "xy"), ((-1, 1), (-1, 1)))
    records = compare(hole, runners(0.3), [[0.5, 0.0]], 9)
    path = records[0].paths[0]
    assert path.diverged_at is not None
    assert is_outside(path, hole.ranges)
    assert rank(records).outside == (0,)


def test_equal_ends_are_a_tie():
    found = rank(compare(BOWL, runners(0.1, 0.2), [[0.0, 0.0]], 2))
    assert (found.verdict, {*found.lowest}) == ("all", {0, 1})
    assert found.inside == (0, 1)


def test_ends_that_are_printed_alike_share_the_first_place():
    found = rank(compare(BOWL, runners(0.1, 0.1000000001), [[1.0, 1.0]], 2))
    assert (found.verdict, {*found.lowest}) == ("all", {0, 1})


@pytest.mark.parametrize(
    ("starts", "rate", "steps", "verdict"),
    [
        ([[1.0, 1.0]], 0.1, 5, "one"),
        ([[1.0, 1.0], [-1.0, 2.0]], 0.1, 60, "same"),
        ([[1.0, 1.0], [-1.0, 2.0]], 0.1, 3, "under_way"),
        ([[1.0, 1.0], [0.0, 0.0]], 5.0, 5, "some_outside"),
        ([[1.0, 1.0], [2.0, 1.0]], 5.0, 5, "outside"),
    ],
)
def test_where_several_end_on_a_bowl(starts, rate, steps, verdict):
    record = descend(BOWL, OptimizerSpec("sgd", rate), starts, steps)
    assert path_ends(BOWL, record.optimizer, record.paths, record.ranges) == verdict


@pytest.mark.parametrize("name", ["sgd", "adam", "momentum"])
def test_going_on_is_the_same_descent_with_twice_the_steps(name):
    spec = OptimizerSpec(name, 0.02)
    (path,) = descend(BOWL, spec, [[1.0, 0.5]], 12).paths
    (whole,) = descend(BOWL, spec, [[1.0, 0.5]], 24).paths
    away = max(float(((it - path.points[-1]) ** 2).sum() ** 0.5) for it in whole.points[12:])
    assert led_onward(BOWL, spec, path) == pytest.approx(away, rel=1e-12)
