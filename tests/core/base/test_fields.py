"""Types of parameters: what they allow, and what a form hears of them."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.fields import Coordinate, Finite, LearningRate, Seed, param
from backprop_studio.core.base.parameters import LessonParams, validate_params


class Inner(BaseModel):
    at: Coordinate = 1.0


class Params(LessonParams):
    learning_rate: LearningRate = 0.1
    rate: LearningRate | None = param(None, "Rate", "Open: what suits.", level="advanced")
    seed: Seed = param(0, "Seed", "The same seed draws the same numbers again.")
    points: tuple[Coordinate, ...] = param((0.0,), "Points", "Any.", min_length=1, max_length=2)
    any: Finite = 0.0
    inner: tuple[Inner, ...] = ()


def test_a_form_hears_of_the_type_and_of_the_field():
    fields = Params.model_json_schema()["properties"]
    assert fields["learning_rate"]["title"] == "Learning rate"
    assert fields["learning_rate"]["x-widget"] == "log_slider"
    assert (fields["rate"]["title"], fields["rate"]["x-level"]) == ("Rate", "advanced")
    assert fields["learning_rate"]["x-range"] == [0.0001, 10.0]
    assert fields["points"]["items"]["x-range"] == [-5.0, 5.0]
    assert "x-level" not in fields["seed"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"learning_rate": 0}, "a number above 0 and up to 1000"),
        ({"seed": 2**32}, "a whole number from 0 to 4294967295"),
        ({"points": [2e6]}, "a number from -1000000 to 1000000"),
        ({"points": []}, "at least 1 entry"),
        ({"points": [0, 0, 0]}, "at most 2 entries"),
        ({"any": float("nan")}, "a finite number"),
        ({"points": [1e6 + 0.5]}, "a number from -1000000 to 1000000"),
        ({"inner": [{"at": -2e6}]}, "a number from -1000000 to 1000000"),
    ],
)
def test_what_is_allowed_is_said_wherever_the_type_stands(values, expected):
    with pytest.raises(InputError) as caught:
        validate_params(Params, values)
    assert str(caught.value).endswith(f"; expected {expected}.")


def test_bounds_are_allowed_themselves():
    params = validate_params(Params, {"seed": 2**32 - 1, "points": [-1e6, 1e6], "rate": 1000})
    assert (params.seed, params.points, params.rate) == (4294967295, (-1e6, 1e6), 1000)
    params = validate_params(Params, {"seed": 0, "learning_rate": 5e-324})
    assert (params.seed, params.learning_rate) == (0, 5e-324)
