"""What a user reads about wrong parameters: one sentence without a word of Python."""

from __future__ import annotations

from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from backprop_studio.core.base.messages import sentence
from backprop_studio.core.base.validation_messages import (
    nearest_name,
    shown,
    validation_message,
)


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")

    depth: int = Field(3, ge=1)
    share: float | None = Field(None, gt=0, lt=1)


class Sample(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rate: float = Field(0.1, gt=0, le=10, allow_inf_nan=False)
    count: int = Field(3, ge=1, le=9)
    most: int = Field(3, le=9)
    curve: Literal["bowl", "ravine"] = "bowl"
    dimensions: Literal[2, 3] = 2
    flag: bool = False
    word: str = "x"
    short: str = Field("x", max_length=3)
    size: int | float = Field(1, ge=0)
    needed: int
    inner: Inner = Inner()
    table: dict[str, int] = {}
    either: tuple[int, ...] | tuple[tuple[float, ...], ...] = ()


def told(**values):
    values.setdefault("needed", 1)
    given = {name: value for name, value in values.items() if value != "left out"}
    with pytest.raises(ValidationError) as caught:
        Sample.model_validate(given)
    return sentence(validation_message(Sample, caught.value))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"rate": 0}, "Wrong value for rate: 0; expected a number above 0 and up to 10."),
        ({"rate": "a"}, 'Wrong value for rate: "a"; expected a number above 0 and up to 10.'),
        ({"count": 10}, "Wrong value for count: 10; expected a whole number from 1 to 9."),
        ({"most": 10}, "Wrong value for most: 10; expected a whole number up to 9."),
        ({"dimensions": 4}, "Wrong value for dimensions: 4; expected 2 or 3."),
        ({"flag": "maybe"}, 'Wrong value for flag: "maybe"; expected true or false.'),
        ({"word": 3}, "Wrong value for word: 3; expected a text."),
        (
            {"short": "abcd"},
            'Wrong value for short: "abcd"; expected at most 3 characters.',
        ),
        ({"size": -1}, "Wrong value for size: -1; expected a number of at least 0."),
        ({"needed": "left out"}, "The parameter needed is missing."),
        ({"table": []}, "Wrong value for table: []; expected keys with values."),
        ({"inner": 1}, "Wrong value for inner: 1; expected keys with values."),
        (
            {"inner": {"depth": 0}},
            "Wrong value for inner.depth: 0; expected a whole number of at least 1.",
        ),
        (
            {"inner": {"share": 1}},
            "Wrong value for inner.share: 1; expected a number above 0 and below 1.",
        ),
        ({"either": [1.5]}, "Wrong value for either.0: 1.5; expected a whole number or a list."),
        (
            {"curve": "ravin"},
            'Wrong value for curve: "ravin"; expected bowl or ravine; did you mean ravine?',
        ),
        ({"curve": "zzz"}, 'Wrong value for curve: "zzz"; expected bowl or ravine.'),
        ({"cuont": 1}, "Unknown parameter cuont; did you mean count?"),
        ({"inner": {"deep": 1}}, "Unknown parameter inner.deep; did you mean inner.depth?"),
        ({"depth": 1}, "Unknown parameter depth; did you mean inner.depth?"),
        ({"inner": {"zzz": 1}}, "Unknown parameter inner.zzz; known are depth, share."),
    ],
)
def test_sentences(values, sentence):
    assert told(**values) == sentence


class Outer(BaseModel):
    sample: Sample = Sample(needed=1)


def test_names_of_a_group_in_a_group_are_those_of_the_inner_one():
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate({"sample": {"needed": 1, "inner": {"zzz": 1}}})
    said = sentence(validation_message(Outer, caught.value))
    assert said == "Unknown parameter sample.inner.zzz; known are depth, share."


def test_unknown_name_is_told_before_a_wrong_value():
    assert told(count=0, rat=1).startswith("Unknown parameter rat;")


def test_long_and_strange_values_are_shortened_to_one_line():
    sentence = told(rate="x\n\u2028\x1b[31m" * 10_000)
    assert len(sentence) < 200
    assert sentence.isprintable()
    assert told(**{"a\nb" * 5000: 1}).isprintable()
    assert len(told(**{"ab" * 5000: 1})) < 300


def test_nearest_name():
    names = ["learning_rate", "network", "data"]
    words = ["lerning_rate", "netwrok", "zzzzzz", ""]
    found = [nearest_name(word, names) for word in words]
    assert found == ["learning_rate", "network", None, None]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (True, "true"),
        (None, "null"),
        ([0, 2], "[0, 2]"),
        ((3,), "[3]"),
        ("中文", '"中文"'),
        ("a" * 58, '"' + "a" * 58 + '"'),
        ("a" * 59, '"' + "a" * 58 + "…"),
        ([float("nan")], "[NaN]"),
    ],
)
def test_values_are_shown_as_in_a_file(value, text):
    assert shown(value) == text
