"""Answer sheets of derivative lessons: strict JSON, and not a bit is lost."""

from __future__ import annotations

import pytest

from backprop_studio.core.answer_sheet import look_up, records_sheet
from backprop_studio.core.derivatives.differences import central_differences
from backprop_studio.core.derivatives.directions import directional
from backprop_studio.core.derivatives.gradients import gradient
from backprop_studio.core.derivatives.secants import partials, secants
from backprop_studio.core.formula import parse_formula
from backprop_studio.core.formula.curve import sample_curve
from tests.core.sheets import assert_nothing_is_lost, walked, written

PLANE = ("x", "y")
RECORDS = {
    "tangent": secants(parse_formula("1/3*w^3 + sin(w)/7", ["w"]), {"w": 0.1}, [0.1, -1 / 3]),
    "edge": secants(parse_formula("log(w)", ["w"]), {"w": 1}, [-1, -2]),
    "slices": partials(parse_formula("sin(x)*exp(y)/3", PLANE), {"x": 0.1, "y": 0.2}, [0.3]),
    "direction": directional(parse_formula("x^2 + y^2", PLANE), {"x": 0, "y": 0}, (1, 3), [0.1]),
    "errors": central_differences(parse_formula("w^2", ["w"]), {"w": 0.1}),
    "field": gradient(parse_formula("log(x*y)", PLANE), {"x": [-1, 0, 0.1], "y": 1}),
    "curve": sample_curve(parse_formula("1/w", ["w"]), "w", -1, 1, count=9),
}


@pytest.mark.parametrize("name", RECORDS)
def test_round_trip_is_exact_to_the_last_bit_and_every_null_has_a_reason(name):
    assert_nothing_is_lost(RECORDS[name], more_than=8)
    sheet = written(RECORDS[name])
    values = dict(walked(sheet["record"], "record"))
    assert {path for path, value in values.items() if value is None} == set(sheet["not_finite"])
    assert set(sheet["not_finite"].values()) <= {"inf", "-inf", "nan"}


def test_sheet_has_the_contracts_keys():
    sheet = written(RECORDS["tangent"])
    assert {"scene", "parameters", "versions", "record", "not_finite", "shown"} == sheet.keys()
    formula, derivative = sheet["record"]["formula"], sheet["record"]["derivative"]
    assert (formula["text"], formula["names"]) == ("1/3*w^3 + sin(w)/7", ["w"])
    assert formula["typst"] == "frac(1, 3) w^(3) + frac(sin (w), 7)"
    assert derivative["text"] == "w^2 + cos(w)/7"
    assert not {"tree", "source"} & (formula.keys() | derivative.keys())
    sheet = written(RECORDS["curve"])
    assert sheet["record"]["pieces"] == [[0, 4], [5, 9]]
    assert sheet["record"]["gaps"] == [{"left": -0.25, "right": 0.25, "reason": "infinite"}]


def test_several_records_and_tuples_of_them():
    sheet = records_sheet("scene", {}, first=RECORDS["tangent"], rest=(RECORDS["edge"],))
    assert look_up(sheet, "first.slope") == RECORDS["tangent"].slope
    lost = sheet["not_finite"]
    names = ("y_eps.0", "slopes.0", "y_eps.1")
    assert [lost[f"rest.0.{name}"] for name in names] == ["-inf", "inf", "nan"]
