"""Curves and their gaps."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.formula import parse_formula
from backprop_studio.core.formula.curve import Gap, sample_curve


def curve_of(text, low=-3.0, high=3.0, count=401):
    return sample_curve(parse_formula(text, ["w"]), "w", low, high, count=count)


@pytest.mark.parametrize(
    "text",
    ["w^2", "abs(w)", "sin(20*w)", "exp(50*w)", "tanh(1e6*w)", "1e8*w", "relu(w)", "max(w, 1)",
     "5", "w^3 - 3*w + 1e9", "exp(-w^2)", "sigmoid(100*w)", "abs(w)^0.1"],
)  # fmt: skip
@pytest.mark.parametrize("count", [2, 100, 401])
def test_curve_without_a_gap_is_one_line(text, count):
    curve = curve_of(text, count=count)
    assert curve.pieces == ((0, count),)
    assert curve.gaps == ()


@pytest.mark.parametrize("count", [40, 41, 400, 401])
@pytest.mark.parametrize("text", ["1/w", "1/w + 1e5", "w/abs(w)", "sign(w)*3", "tan(w + pi/2)"])
def test_curve_does_not_cross_a_pole_or_jump(text, count):
    curve = curve_of(text, -1.0, 1.0, count)
    assert 2 <= len(curve.pieces) <= 3  # three where a sample stands alone in the middle
    assert len(curve.gaps) >= 1
    for start, stop in curve.pieces:
        signs = np.sign(curve.x[start:stop])
        assert not {-1.0, 1.0} <= set(signs.tolist())
    assert any(gap.left <= 0 <= gap.right for gap in curve.gaps)


@pytest.mark.parametrize(
    ("text", "pieces", "gap"),
    [
        ("log(w)", ((3, 5),), Gap(-1.0, 0.5, "undefined")),
        ("1/w^2", ((0, 2), (3, 5)), Gap(-0.5, 0.5, "infinite")),
        ("sqrt(-1 - w^2)", (), Gap(-1.0, 1.0, "undefined")),
    ],
)
def test_gap_where_there_is_no_value(text, pieces, gap):
    curve = curve_of(text, -1.0, 1.0, 5)
    assert (curve.pieces, curve.gaps) == (pieces, (gap,))


def test_gaps_come_in_order():
    curve = curve_of("tan(w) + 1/(w - 0.1234)", -3.0, 3.0)
    lefts = [gap.left for gap in curve.gaps]
    assert lefts == sorted(lefts)
    assert [gap.reason for gap in curve.gaps] == ["jump"] * 3
    assert len(curve.pieces) == 4


def test_pieces_cover_what_is_finite():
    curve = curve_of("log(sin(5*w))")
    covered = sorted(k for start, stop in curve.pieces for k in range(start, stop))
    assert covered == np.flatnonzero(np.isfinite(curve.y)).tolist()


def test_other_variables_are_held():
    formula = parse_formula("x^2 + y", ["x", "y"])
    curve = sample_curve(formula, "x", 0.0, 2.0, count=3, held={"x": 9.0, "y": 10.0})
    assert curve.held == {"y": 10.0}
    assert curve.y.tolist() == [10.0, 11.0, 14.0]
    assert not curve.y.flags.writeable


@pytest.mark.parametrize(
    "ends", [(1.0, 1.0), (2.0, 1.0), (0.0, np.inf), (np.nan, 1.0), (-1e308, 1e308)]
)
def test_range_that_is_none_is_refused(ends):
    with pytest.raises(InputError, match=r"^The range of w is wrong: .* is no range\.$"):
        curve_of("w", *ends)
