"""Parameters of derivative lessons: what is read, what is refused, and in which words."""

from __future__ import annotations

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.core.derivatives.params import CurveGroup, DirectionGroup, SurfaceGroup
from backprop_studio.core.formula.evaluate import evaluate
from tests.core.sentences import check_sentence


def test_defaults_are_the_notes_examples():
    curve = CurveGroup()
    assert (curve.formula, curve.w) == ("w^2", 3.0)
    assert float(evaluate(curve.parsed(), {"w": curve.w})) == 9.0
    bowl = SurfaceGroup().parsed()
    assert float(evaluate(bowl, {"x": 3.0, "y": -4.0})) == 25.0


def test_parsed_has_the_names_in_their_order():
    assert CurveGroup(formula="7").parsed().names == ("w",)
    assert SurfaceGroup(formula="y").parsed().names == ("x", "y")


@pytest.mark.parametrize(
    ("group", "values", "words"),
    [
        (CurveGroup, {"formula": "x^2"}, ["x"]),
        (CurveGroup, {"formula": "w^"}, ["formula at column 3"]),
        (SurfaceGroup, {"formula": "w*y"}, ["w"]),
        (CurveGroup, {"w": 1e6 + 1}, ["w", "1000000"]),
        (CurveGroup, {"w": -2e6}, ["w", "-1000000"]),
        (SurfaceGroup, {"x": 1e7}, ["x"]),
        (DirectionGroup, {"p": 0, "q": 0}, ["p and q are both 0"]),
        (DirectionGroup, {"ant_y": 3.5}, ["ant_y", "from -3 to 3"]),
    ],
)
def test_refuses_in_one_sentence_that_names_what_is_wrong(group, values, words):
    with pytest.raises(InputError) as caught:
        validate_params(group, values)
    check_sentence(str(caught.value))
    assert all(word in str(caught.value) for word in words)


def test_bounds_are_allowed_themselves():
    assert CurveGroup(w=1e6).w == 1e6
    assert SurfaceGroup(x=-1e6, y=1e6).point() == {"x": -1e6, "y": 1e6}
