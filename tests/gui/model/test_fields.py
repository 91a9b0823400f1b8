"""From a schema to fields: kinds, bounds, choices, and what a text stands for."""

from __future__ import annotations

from enum import Enum
from typing import Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import LearningRateGroup, LessonParams, validate_params
from backprop_studio.core.datasets.choice import DatasetChoice, check_options
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.gui.model import fields
from backprop_studio.gui.model.schema import form_of


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


def test_kind_follows_the_type():
    kinds = {
        "number": "rate shift",
        "integer": "count seed points inner.depth",
        "flag": "shown",
        "choice": "curve loss word header",
    }
    kind_of = {path: kind for kind, paths in kinds.items() for path in paths.split()}
    named = {
        path: spec.kind for path, spec in SPECS.items() if path not in LessonParams.model_fields
    }
    assert named == {path: kind_of.get(path, "text") for path in named}


def test_nested_model_is_a_group_with_dotted_paths():
    groups = {group.path: group for group in form_of(Sample.model_json_schema()).groups}
    assert groups["inner"].title == "Inner group"
    assert [spec.path for spec in groups["inner"].fields] == ["inner.depth", "inner.rows"]
    assert groups["inner"].fields[1].advanced
    assert list(form_of({}).fields()) == []


def test_defaults_bounds_and_hints_are_taken_over():
    rate = SPECS["rate"]
    assert (rate.default, rate.minimum, rate.maximum) == (0.1, 0, 10)
    assert rate.exclusive_minimum
    assert rate.unit == "s"
    assert rate.slider == (0.001, 10.0)
    assert SPECS["shift"].exclusive_maximum
    automatic = (None, "Automatic")
    assert SPECS["loss"].choices == (automatic, ("mse", "Mean squared error"), ("l1", "l1"))
    assert (SPECS["table"].picker, SPECS["table"].pattern) == ("file", "*.csv *.tsv")
    assert SPECS["folder"].picker == "folder"
    assert SPECS["formula"].picker == ""
    # A default that the schema does not tell may be left open.
    assert SPECS["counts"].optional
    assert not SPECS["values"].optional


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("rate", "1e-3", 0.001),
        ("rate", "10", 10),
        ("shift", "\N{MINUS SIGN}2", -2),
        ("seed", "", None),
        ("formula", "1/w", "1/w"),
        ("sizes", "3-3-2", [3, 3, 2]),
        ("grid", "4, 5", [4, 5]),
        ("targets", "0 1; 1 0", [[0, 1], [1, 0]]),
        ("values", "a = 5, b = 3", {"a": 5, "b": 3}),
        ("sizes", "[3, 3, 2,]  # a trailing comma is TOML", [3, 3, 2]),
        ("column", "", None),
        ("column", "\N{MINUS SIGN}1", -1),
        ("column", '"3"', "3"),
        ("column", "[mm]", "[mm]"),
        ("column", "2.5", "2.5"),
        ("width", "2", 2),
        ("width", "2.5", 2.5),
        ("grid", "4", 4),
        ("grid", "[4, 5]", [4, 5]),
        ("values", "a = 5, b=3;c = \N{MINUS SIGN}2.5,", {"a": 5.0, "b": 3.0, "c": -2.5}),
        ("values", "a\N{FULLWIDTH COLON}5\N{FULLWIDTH COMMA}b: 1e-3", {"a": 5.0, "b": 0.001}),
        ("values", "{a = 5, b = 3.5}", {"a": 5.0, "b": 3.5}),
        ("values", '{"a": 5}', {"a": 5.0}),
        ("counts", "n = 4", {"n": 4}),
        ("table", " a b.csv ", "a b.csv"),
    ],
)
def test_text_becomes_a_value_that_validation_takes(path, text, value):
    parsed = SPECS[path].parse(text)
    assert parsed == value
    assert type(parsed) is type(value)
    taken = getattr(validate_params(Sample, {path: parsed}), path)
    assert (list(taken) if isinstance(taken, tuple) else taken) == value


@pytest.mark.parametrize(
    ("path", "text", "field", "expected"),
    [
        ("rate", "nan", "rate", "a number above 0 and up to 10"),
        ("rate", "", "rate", "a number above 0 and up to 10"),
        ("count", "1.5", "count", "a whole number of at least 0"),
        ("sizes", "3, x", "sizes", "a list"),
        ("sizes", "[1]\nother = 2", "sizes", "a list"),
        ("sizes", "[" * 100_000, "sizes", "a list"),
        ("width", "inf", "width", "a whole number or a number"),
        ("values", "", "values", "keys with values"),
        ("values", "a = b = 3", "values", "keys with values"),
        ("values", "a = 5, a = 6", "values", "keys with values"),
        ("values", "5 + 1 = 6", "values", "keys with values"),
        ("values", "a = x", "values.a", "a number"),
        ("counts", "n = 1.5", "counts.n", "a whole number"),
    ],
)
def test_text_that_is_no_value_is_refused_by_validation(path, text, field, expected):
    with pytest.raises(InputError) as refusal:
        validate_params(Sample, {path: SPECS[path].parse(text)})
    assert str(refusal.value).startswith(f"Wrong value for {field}: ")
    assert str(refusal.value).endswith(f"expected {expected}.")


def test_number_stops_at_a_bound_and_before_one_that_is_excluded():
    assert SPECS["rate"].within_bounds(11) == 10
    assert SPECS["rate"].within_bounds(0) is None
    assert SPECS["rate"].within_bounds(5) == 5
    assert SPECS["shift"].within_bounds(1) is None
    assert SPECS["count"].within_bounds(-1) == 0


def test_shown_default_reads_back_as_itself():
    for spec in SPECS.values():
        if spec.kind not in {"choice", "flag"}:
            assert spec.parse(spec.text_of(spec.default)) == spec.default


@given(
    column=st.one_of(st.text(), st.integers(-(10**17), 10**17), st.sampled_from(["3", '"a"'])),
    width=st.floats(allow_nan=False, allow_infinity=False),
    grid=st.lists(st.integers()),
    values=st.dictionaries(st.text("abxyz_1 ", min_size=1), st.floats(-9, 9), min_size=1),
)
@example(column=" a ", width=0.1 + 0.2, grid=[], values={"two words": 1.0, "a": 2.0})
@settings(max_examples=30, deadline=None)
def test_any_value_reads_back_as_itself(**values):
    for path, value in values.items():
        parsed = SPECS[path].parse(SPECS[path].text_of(value))
        assert parsed == value
        assert path != "column" or type(parsed) is type(value)


def test_mapping_is_shown_as_a_line():
    assert SPECS["values"].text_of({"a": 5.0, "b": -0.5}) == "a = 5, b = -0.5"


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("rate", "0,5", 0.5),
        ("rate", "-1,5e-3", -1.5e-3),
        ("rate", "0.5", 0.5),
        ("count", "1,5", "1,5"),
        ("values", "a = 0,5; b = 1,25", {"a": 0.5, "b": 1.25}),
        ("values", "a = 0,5, b = 3", {"a": 0.5, "b": 3}),
    ],
)
def test_half_is_written_with_a_comma_where_the_system_does(monkeypatch, path, text, value):
    assert SPECS[path].parse(text) != value or text == "0.5" or value == text
    monkeypatch.setattr(fields, "writes_decimal_comma", lambda: True)
    assert SPECS[path].parse(text) == value


def test_every_option_of_a_data_set_is_shown_with_it():
    """What a form hides must be what validation refuses."""
    form = form_of(NetworkGroup.model_json_schema())
    specs = form.by_path
    examples = {
        "folder": "x", "points": 9, "classes": 3, "noise": 0.1, "seed": 1, "held_out": 1,
        "standardise": True, "limit": 5, "header": True, "delimiter": ",", "encoding": "gbk",
        "decimal": ",", "thousands": ".", "missing": "skip", "missing_number": -9.0, "sheet": 2,
        "input_columns": (1,), "target_column": 2, "target_kind": "classes",
    }  # fmt: skip
    names = [value for value, _ in specs["data.name"].choices if value is not None]
    sources = [{"name": name, "file": None} for name in names] + [{"name": None, "file": "a.csv"}]
    for source in sources:
        for option, value in examples.items():
            values = {f"data.{name}": it for name, it in source.items() if it is not None}
            shown = form.acts(specs[f"data.{option}"], values, {})
            try:
                check_options(DatasetChoice(**source, **{option: value}))
            except InputError:
                taken = False
            else:
                taken = True
            assert shown is taken, (source, option)


def test_real_parameters_have_a_form():
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
