"""Descents on a curve: geometric series by hand, and a word for every way they can end."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.core.formula import parse_formula
from backprop_studio.core.surfaces.curve_params import CurveComparisonGroup, CurveStartsGroup
from backprop_studio.core.surfaces.curve_runs import curve_runs, is_inside, lowest_runs, run_ends
from backprop_studio.core.surfaces.landscape import FormulaLandscape
from tests.core.surfaces.landscapes import named_landscape

SQUARE = named_landscape("square")


def line(text, low=-3.0, high=3.0):
    return FormulaLandscape(parse_formula(text, "w"), ((low, high),))


@pytest.mark.parametrize("rate", [0.01, 0.3, 0.95])
def test_a_parabola_is_a_geometric_series(rate):
    (run,) = curve_runs(SQUARE, [rate], [2.0], 20)
    powers = (1 - 2 * rate) ** np.arange(21)
    assert run.w == pytest.approx(2 * powers, rel=1e-12, abs=1e-15)
    assert run.loss == pytest.approx(4 * powers**2, rel=1e-12, abs=1e-15)
    assert run.slope == pytest.approx(4 * powers, rel=1e-12, abs=1e-15)
    assert run.moves == pytest.approx(-rate * 4 * powers[:-1], rel=1e-9, abs=1e-15)
    assert (run.learning_rate, run.steps, run.last, run.last_seen) == (rate, 20, 20, 20)


VERDICTS = {
    "slow": [0.01],
    "converges": [0.3, 0.5],
    "overshoots": [0.6],
    "oscillates": [0.95],
    "bounces": [1.0, 1.0001],
    "diverges": [1.03, 1e9],
}


@pytest.mark.parametrize(
    ("rate", "verdict"), [(rate, verdict) for verdict, rates in VERDICTS.items() for rate in rates]
)
def test_verdicts_on_a_parabola(rate, verdict):
    (run,) = curve_runs(SQUARE, [rate], [2.0], 20)
    assert run.verdict == verdict
    assert is_inside(run) == (verdict != "diverges")


def test_leaving_is_for_good():
    # From 2 to -1.8, which is outside, and back again until the swings fit into the picture.
    (run,) = curve_runs(line("w^2", -1.0, 3.0), [0.95], [2.0], 20)
    assert run.w[1] == pytest.approx(-1.8)
    assert (run.left_at, run.verdict) == (None, "oscillates")


def test_heights_are_part_of_the_picture():
    (run,) = curve_runs(SQUARE, [1.03], [2.0], 20, heights=(0.0, 6.0))
    # L = 4 * 1.06^(2 k) is above 6 from k = 4 on.
    assert run.left_at == 4


def test_a_level_start_rests_and_a_hole_breaks():
    assert curve_runs(SQUARE, [0.1], [0.0], 5)[0].verdict == "stationary"
    (run,) = curve_runs(line("sqrt(w)"), [3.0], [1.0], 5)
    assert (run.verdict, run.last, run.diverged_at, run.left_at) == ("not_finite", 0, 1, None)
    assert len(run.moves) == 0


def test_a_step_beyond_all_numbers_leaves():
    (run,) = curve_runs(line("exp(w^2)", 0.0, 27.0), [1e12], [26.5], 5)
    assert run.verdict == "diverges"
    assert np.isfinite(run.w).all()


def test_rates_and_starts_are_told_apart_and_compared():
    runs = curve_runs(SQUARE, [0.01, 0.3], [2.0, -1.0], 20)
    told = [(run.learning_rate, float(run.w[0])) for run in runs]
    assert told == [(0.01, 2.0), (0.01, -1.0), (0.3, 2.0), (0.3, -1.0)]
    assert lowest_runs(runs) == ("one", (3,))
    assert lowest_runs(curve_runs(SQUARE, [0.25, 0.75], [2.0], 4)) == ("all", (0, 1))
    assert run_ends(SQUARE, runs[2:]) == "same"
    assert run_ends(SQUARE, runs) == "under_way"


FLAT, WELLS = line("w^4"), line("w^4 - 2*w^2 + 1")


def test_who_is_slow_in_a_flat_valley_has_not_settled():
    """On w^4 the slope is soon small, and the way still long: 30 steps end at 0.2."""
    runs = curve_runs(FLAT, [0.1], [1.25, -1.25], 30)
    assert {run.verdict for run in runs} == {"slow"}
    assert run_ends(FLAT, runs) == "under_way"


def test_who_crosses_once_does_not_go_to_and_fro():
    (run,) = curve_runs(WELLS, [0.1], [1.5], 30)
    assert run.verdict == "crosses"


def test_valleys_have_a_hill_between_them():
    runs = curve_runs(WELLS, [0.05], [1.5, -1.5], 60)
    assert run_ends(WELLS, runs) == "valleys"
    assert run_ends(WELLS, [runs[0], runs[0]]) == "same"
    on_top = curve_runs(WELLS, [0.05], [1.5, -1.5, 0.0], 60)
    assert run_ends(WELLS, on_top) == "different"


def test_params_refuse_a_start_beside_the_picture():
    square = CurveStartsGroup.model_validate({"curve": {"name": "square"}})
    assert square.chosen_starts() == (2.5, -2.0)
    for group, start in ((CurveStartsGroup, {"starts": [6]}), (CurveComparisonGroup, {"start": 6})):
        with pytest.raises(InputError, match="w = 6 is beside the picture"):
            validate_params(group, start)
    with pytest.raises(InputError, match="found one twice"):
        validate_params(CurveComparisonGroup, {"learning_rates": [0.1, 0.1]})
