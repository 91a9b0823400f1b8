"""Parameters of derivative lessons: what is read, what is refused, and in which words."""

from __future__ import annotations

import math

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.core.derivatives.params import CurveGroup, SurfaceGroup
from backprop_studio.core.formula.evaluate import evaluate


def test_defaults_are_the_notes_examples():
    curve = CurveGroup()
    assert (curve.formula, curve.w) == ("w^2", 3.0)
    assert float(evaluate(curve.parsed(), {"w": curve.w})) == 9.0
    bowl = SurfaceGroup().parsed()
    assert float(evaluate(bowl, {"x": 3.0, "y": -4.0})) == 25.0


def test_parsed_has_the_names_in_their_order():
    assert CurveGroup(formula="7").parsed().names == ("w",)
    assert SurfaceGroup(formula="y").parsed().names == ("x", "y")
    found = evaluate(SurfaceGroup(formula="x - 2*y", x=5, y=1).parsed(), {"x": 5, "y": 1})
    assert float(found) == 3.0


@pytest.mark.parametrize(
    ("group", "values", "words"),
    [
        (CurveGroup, {"formula": "x^2"}, ["x"]),
        (CurveGroup, {"formula": "w^"}, ["formula at column 3"]),
        (CurveGroup, {"formula": ""}, ["expected a formula"]),
        (CurveGroup, {"formula": "__import__('os')"}, ["formula"]),
        (CurveGroup, {"formula": "w + y"}, ["y"]),
        (SurfaceGroup, {"formula": "w*y"}, ["w"]),
        (CurveGroup, {"w": 1e6 + 1}, ["w", "1000000"]),
        (CurveGroup, {"w": -2e6}, ["w", "-1000000"]),
        (CurveGroup, {"w": math.inf}, ["w"]),
        (CurveGroup, {"w": math.nan}, ["w"]),
        (CurveGroup, {"w": "three"}, ["w", "three"]),
        (SurfaceGroup, {"x": 1e7}, ["x"]),
        (SurfaceGroup, {"y": -1e7}, ["y"]),
        (SurfaceGroup, {"z": 1}, ["z"]),
    ],
)
def test_refuses_in_one_sentence_that_names_what_is_wrong(group, values, words):
    with pytest.raises(InputError) as caught:
        validate_params(group, values)
    sentence = str(caught.value)
    assert sentence.endswith((".", "?"))
    assert "\n" not in sentence
    assert all(word in sentence for word in words), sentence


@pytest.mark.parametrize("group", [CurveGroup, SurfaceGroup])
def test_every_field_has_a_title_and_a_description(group):
    for name, field in group.model_json_schema()["properties"].items():
        assert field["title"], name
        assert field["description"].endswith("."), name


def test_bounds_are_allowed_themselves():
    assert CurveGroup(w=1e6).w == 1e6
    assert SurfaceGroup(x=-1e6, y=1e6).point() == {"x": -1e6, "y": 1e6}
