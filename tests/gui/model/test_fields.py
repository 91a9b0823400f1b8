"""From a schema to fields: kinds, bounds, choices, and what a text stands for."""

from __future__ import annotations

from enum import Enum
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import LearningRateGroup, LessonParams, validate_params
from backprop_studio.core.datasets.choice import DatasetChoice, check_options
from backprop_studio.core.graphs.params import FormulaGraphGroup
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.gui.model.fields import FieldSpec, form_of


class Curve(Enum):
    BOWL = "bowl"
    RAVINE = "ravine"


class Inner(BaseModel):
    model_config = {"title": "Inner group"}

    depth: int = Field(3, ge=1, le=9, title="Depth")
    rows: list[list[float]] | None = Field(None, json_schema_extra={"x-level": "advanced"})


class Sample(LessonParams):
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
    column: str | int | None = None
    width: int | float = 1
    grid: int | list[int] = 3
    values: dict[str, float] = Field({"a": 5.0, "b": -0.5}, min_length=1)
    counts: dict[str, int] = Field(default_factory=lambda: {"n": 3})
    word: Literal["a"] | Literal["b"] = "a"
    targets: tuple[int, ...] | list[list[float]] | None = None
    table: str | None = Field(
        None, json_schema_extra={"x-widget": "file", "x-filter": "*.csv *.tsv"}
    )
    folder: str | None = Field(None, json_schema_extra={"x-widget": "folder"})
    header: bool | None = Field(None, json_schema_extra={"x-when": {"table": True}})
    points: int | None = Field(None, json_schema_extra={"x-when": {"loss": ["l1", None]}})
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
        ("sizes", "text"),
        ("column", "text"),
        ("width", "text"),
        ("grid", "text"),
        ("values", "text"),
        ("counts", "text"),
        ("word", "choice"),
        ("targets", "text"),
        ("table", "text"),
        ("folder", "text"),
        ("inner.depth", "integer"),
        ("inner.rows", "text"),
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
        ("rate", "10", 10),
        ("shift", "\N{MINUS SIGN}2", -2),
        ("count", "7", 7),
        ("seed", "", None),
        ("seed", "0", 0),
        ("formula", "1/w", "1/w"),
        ("sizes", "[3, 3, 2]", [3, 3, 2]),
        ("sizes", "[3, 3, 2,]  # a trailing comma is TOML", [3, 3, 2]),
        ("inner.rows", "", None),
        ("column", "", None),
        ("column", "3", 3),
        ("column", "\N{MINUS SIGN}1", -1),
        ("column", '"3"', "3"),
        ("column", "sepal length", "sepal length"),
        ("column", "[mm]", "[mm]"),
        ("column", "2.5", "2.5"),
        ("width", "2", 2),
        ("width", "2.5", 2.5),
        ("grid", "4", 4),
        ("grid", "[4, 5]", [4, 5]),
        ("values", "a = 5, b=3;c = \N{MINUS SIGN}2.5,", {"a": 5.0, "b": 3.0, "c": -2.5}),
        ("values", "a\N{FULLWIDTH COLON}5\N{FULLWIDTH COMMA}b: 1e-3", {"a": 5.0, "b": 0.001}),
        ("values", "{a = 5, b = 3.5}", {"a": 5.0, "b": 3.5}),
        ("values", "", ""),
        ("values", '{"a": 5}', {"a": 5.0}),
        ("counts", "n = 4", {"n": 4}),
        ("counts", "", None),
        ("table", " a b.csv ", "a b.csv"),
        ("table", "", None),
        ("inner.rows", "[[1, 2.5], [0, 1]]", [[1, 2.5], [0, 1]]),
    ],
)
def test_text_becomes_value(path: str, text: str, value: Any) -> None:
    parsed = SPECS[path].parse(text)
    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize(
    ("path", "text", "field", "expected"),
    [
        ("rate", "0", "rate", "a number above 0 and up to 10"),
        ("rate", "11", "rate", "a number above 0 and up to 10"),
        ("rate", "nan", "rate", "a number above 0 and up to 10"),
        ("rate", "fast", "rate", "a number above 0 and up to 10"),
        ("rate", "", "rate", "a number above 0 and up to 10"),
        ("shift", "1", "shift", "a number below 1"),
        ("count", "1.5", "count", "a whole number of at least 0"),
        ("inner.depth", "10", "inner.depth", "a whole number from 1 to 9"),
        ("sizes", "3, 3", "sizes", "a list"),
        ("sizes", "[3, 3", "sizes", "a list"),
        ("sizes", "[1]\nother = 2", "sizes", "a list"),
        ("sizes", "[" * 100_000, "sizes", "a list"),
        ("width", "wide", "width", "a whole number or a number"),
        ("width", "inf", "width", "a whole number or a number"),
        ("values", "a = b = 3", "values", "keys with values"),
        ("values", "a = 5, a = 6", "values", "keys with values"),
        ("values", "5 + 1 = 6", "values", "keys with values"),
        ("values", "[5]", "values", "keys with values"),
        ("values", "a = x", "values.a", "a number"),
        ("values", "a = nan", "values.a", "a number"),
        ("values", "{a = true}", "values.a", "a number"),
        ("counts", "n = 1.5", "counts.n", "a whole number"),
    ],
)
def test_text_that_is_no_value_is_refused_by_validation(
    path: str, text: str, field: str, expected: str
) -> None:
    *group, name = path.split(".")
    value = {name: SPECS[path].parse(text)}
    with pytest.raises(InputError) as refusal:
        validate_params(Sample, {group[0]: value} if group else value)
    assert str(refusal.value).startswith(f"Wrong value for {field}: ")
    assert str(refusal.value).endswith(f"expected {expected}.")


def test_number_stops_at_a_bound_and_before_one_that_is_excluded() -> None:
    assert SPECS["rate"].within_bounds(11) == 10
    assert SPECS["rate"].within_bounds(0) is None
    assert SPECS["rate"].within_bounds(5) == 5
    assert SPECS["shift"].within_bounds(1) is None
    assert SPECS["count"].within_bounds(-1) == 0


TYPED = {path: spec for path, spec in SPECS.items() if spec.kind not in {"choice", "flag"}}


@pytest.mark.parametrize("spec", TYPED.values(), ids=TYPED.keys())
def test_shown_default_reads_back_as_itself(spec: FieldSpec) -> None:
    assert spec.parse(spec.text_of(spec.default)) == spec.default


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("column", "3"),
        ("column", " a "),
        ("column", ""),
        ("column", '"a"'),
        ("column", "weight"),
        ("column", 3),
        ("width", 0.1 + 0.2),
        ("grid", [1, 2]),
        ("values", {"x": 0.1 + 0.2, "y_1": -3.0}),
        ("values", {"two words": 1.0, "a": 2.0}),
    ],
)
def test_shown_value_reads_back_as_itself(path: str, value: Any) -> None:
    parsed = SPECS[path].parse(SPECS[path].text_of(value))
    assert parsed == value
    assert type(parsed) is type(value)


@given(
    st.one_of(st.text(), st.integers(-(10**17), 10**17)),
    st.dictionaries(
        st.from_regex(r"[a-z]\w{0,5}", fullmatch=True), st.floats(-1e9, 1e9), min_size=1
    ),
)
@settings(max_examples=60)
def test_any_value_reads_back_as_itself(column: str | int, values: dict[str, float]) -> None:
    for path, value in (("column", column), ("values", values)):
        text = SPECS[path].text_of(value)
        assert SPECS[path].parse(text) == value


def test_what_a_text_gives_is_what_validation_takes() -> None:
    for path, text in (
        ("column", "3"),
        ("column", "name"),
        ("width", "2.5"),
        ("grid", "[4, 5]"),
        ("values", "a = 1, b = 2"),
        ("counts", "n = 4"),
    ):
        value = SPECS[path].parse(text)
        assert getattr(validate_params(Sample, {path: value}), path) == value


def test_mapping_is_shown_as_a_line() -> None:
    assert SPECS["values"].text_of({"a": 5.0, "b": -0.5}) == "a = 5, b = -0.5"


def test_default_that_the_schema_does_not_tell_may_be_left_open() -> None:
    assert SPECS["counts"].optional
    assert not SPECS["values"].optional


def test_paths_say_how_they_are_chosen() -> None:
    assert (SPECS["table"].picker, SPECS["table"].pattern) == ("file", "*.csv *.tsv")
    assert SPECS["folder"].picker == "folder"
    assert SPECS["formula"].picker == ""


def test_field_applies_with_certain_values_of_another() -> None:
    assert not SPECS["header"].applies({"table": None}.get)
    assert SPECS["header"].applies({"table": "a.csv"}.get)
    assert SPECS["points"].applies({"loss": None}.get)
    assert not SPECS["points"].applies({"loss": "mse"}.get)
    assert SPECS["rate"].applies({}.get)


def test_every_option_of_a_data_set_is_shown_with_it() -> None:
    """What a form hides must be what validation refuses."""
    specs = {spec.path: spec for spec in form_of(NetworkGroup.model_json_schema()).fields()}
    examples: dict[str, Any] = {
        "folder": "x", "points": 9, "classes": 3, "noise": 0.1, "seed": 1, "held_out": 1,
        "standardise": True, "limit": 5, "header": True, "delimiter": ",", "encoding": "gbk",
        "input_columns": (1,), "target_column": 2, "target_kind": "classes",
    }  # fmt: skip
    names: list[Any] = [value for value, _ in specs["data.name"].choices if value is not None]
    sources = [{"name": name, "file": None} for name in names] + [{"name": None, "file": "a.csv"}]
    for source in sources:
        for option, value in examples.items():
            shown = specs[f"data.{option}"].applies(lambda path, it=source: it[path[5:]])
            try:
                check_options(DatasetChoice(**source, **{option: value}))
            except InputError:
                taken = False
            else:
                taken = True
            assert shown is taken, (source, option)


def test_real_parameters_have_a_form() -> None:
    class Params(NetworkGroup, LearningRateGroup):
        pass

    specs = {spec.path: spec for spec in form_of(Params.model_json_schema()).fields()}
    assert specs["network.preset"].kind == "choice"
    assert not specs["network.preset"].advanced
    assert specs["network.weights"].advanced
    assert specs["network.file"].picker == specs["data.file"].picker == "file"
    assert specs["data.folder"].picker == "folder"
    assert specs["data.target_column"].parse("2") == 2
    assert specs["data.target_column"].parse("species") == "species"
    assert specs["learning_rate"].slider == (1e-4, 10.0)


def test_numbers_of_variables_are_a_line() -> None:
    (values,) = [
        spec
        for spec in form_of(FormulaGraphGroup.model_json_schema()).fields()
        if spec.path == "values"
    ]
    assert values.text_of(values.default) == "a = 5, b = 3, c = 2"


def test_schema_without_fields_is_an_empty_form() -> None:
    assert list(form_of({}).fields()) == []
