"""From a schema to fields: kinds, bounds, choices, and what a text stands for."""

from __future__ import annotations

from enum import Enum
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from core.parameters import LearningRateGroup, NetworkGroup
from gui.fields import FieldSpec, FieldValueError, form_of


class Curve(Enum):
    BOWL = "bowl"
    RAVINE = "ravine"


class Inner(BaseModel):
    model_config = {"title": "Inner group"}

    depth: int = Field(3, ge=1, le=9, title="Depth")
    rows: list[list[float]] | None = Field(None, json_schema_extra={"x-level": "advanced"})


class Sample(BaseModel):
    rate: float = Field(
        0.1, gt=0, le=10, title="Rate", json_schema_extra={"x-widget": "log_slider", "x-unit": "s"}
    )
    shift: float = Field(0.0, lt=1)
    count: int = Field(5, ge=0)
    shown: bool = True
    formula: str = "w^2"
    curve: Curve = Curve.BOWL
    loss: Literal["mse", "l1"] | None = Field(
        None, json_schema_extra={"x-labels": {"mse": "Mean squared error"}}
    )
    seed: int | None = Field(None, ge=0)
    sizes: tuple[int, ...] = (2, 2)
    inner: Inner = Field(default_factory=Inner)


SPECS = {spec.path: spec for spec in form_of(Sample.model_json_schema()).fields()}


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("rate", "number"),
        ("count", "integer"),
        ("shown", "flag"),
        ("formula", "text"),
        ("curve", "choice"),
        ("loss", "choice"),
        ("seed", "integer"),
        ("sizes", "literal"),
        ("inner.depth", "integer"),
        ("inner.rows", "literal"),
    ],
)
def test_kind_follows_the_type(path: str, kind: str) -> None:
    assert SPECS[path].kind == kind


def test_nested_model_is_a_group_with_dotted_paths() -> None:
    groups = {group.path: group for group in form_of(Sample.model_json_schema()).groups}
    assert groups["inner"].title == "Inner group"
    assert [spec.path for spec in groups["inner"].fields] == ["inner.depth", "inner.rows"]
    assert groups["inner"].fields[1].advanced


def test_defaults_bounds_and_hints_are_taken_over() -> None:
    rate = SPECS["rate"]
    assert (rate.default, rate.minimum, rate.maximum) == (0.1, 0, 10)
    assert rate.exclusive_minimum
    assert rate.unit == "s"
    assert rate.slider == (0.001, 10.0)
    assert SPECS["shift"].exclusive_maximum


def test_optional_choice_begins_with_automatic() -> None:
    assert SPECS["loss"].choices == (
        (None, "Automatic"),
        ("mse", "Mean squared error"),
        ("l1", "l1"),
    )


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("rate", "0.5", 0.5),
        ("rate", "1e-3", 0.001),
        ("rate", "10", 10.0),
        ("shift", "\N{MINUS SIGN}2", -2.0),
        ("count", "7", 7),
        ("seed", "", None),
        ("seed", "0", 0),
        ("formula", "1/w", "1/w"),
        ("sizes", "[3, 3, 2]", [3, 3, 2]),
        ("sizes", "[3, 3, 2,]  # a trailing comma is TOML", [3, 3, 2]),
        ("inner.rows", "", None),
        ("inner.rows", "[[1, 2.5], [0, 1]]", [[1, 2.5], [0, 1]]),
    ],
)
def test_text_becomes_value(path: str, text: str, value: Any) -> None:
    parsed = SPECS[path].parse(text)
    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("rate", "0", "above 0, up to 10"),
        ("rate", "-1", "above 0, up to 10"),
        ("rate", "11", "above 0, up to 10"),
        ("rate", "nan", "above 0, up to 10"),
        ("rate", "inf", "above 0, up to 10"),
        ("rate", "fast", "Not a number"),
        ("rate", "", "A value is needed"),
        ("shift", "1", "below 1"),
        ("count", "1.5", "Not a whole number"),
        ("count", "-1", "from 0 up"),
        ("inner.depth", "10", "from 1 to 9"),
        ("sizes", "3, 3", "Write a list"),
        ("sizes", "[3, 3", "Write a list"),
        ("sizes", "5", "Write a list"),
        ("sizes", "[1]\nother = 2", "Write a list"),
    ],
)
def test_wrong_text_is_refused_with_a_sentence(path: str, text: str, words: str) -> None:
    with pytest.raises(FieldValueError, match=words):
        SPECS[path].parse(text)


def test_very_deep_list_is_refused_without_a_crash() -> None:
    with pytest.raises(FieldValueError):
        SPECS["sizes"].parse("[" * 100_000)


TYPED = {path: spec for path, spec in SPECS.items() if spec.kind not in {"choice", "flag"}}


@pytest.mark.parametrize("spec", TYPED.values(), ids=TYPED.keys())
def test_shown_default_reads_back_as_itself(spec: FieldSpec) -> None:
    assert spec.parse(spec.text_of(spec.default)) == spec.default


def test_real_parameters_have_a_form() -> None:
    class Params(NetworkGroup, LearningRateGroup):
        pass

    specs = {spec.path: spec for spec in form_of(Params.model_json_schema()).fields()}
    assert specs["network.preset"].kind == "choice"
    assert not specs["network.preset"].advanced
    assert specs["network.weights"].advanced
    assert specs["learning_rate"].slider == (1e-4, 10.0)


def test_schema_without_fields_is_an_empty_form() -> None:
    assert list(form_of({}).fields()) == []
