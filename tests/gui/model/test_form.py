"""Which fields act, what a change takes along, and what a job is given."""

from __future__ import annotations

from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from backprop_studio.core.base.fields import param
from backprop_studio.core.base.parameters import LessonParams, validate_params
from backprop_studio.core.datasets.choice import SET_SHAPES, load_dataset
from backprop_studio.core.datasets.params import DataParams
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.presets import PRESETS
from backprop_studio.core.surfaces.curve_params import CurveComparisonGroup
from backprop_studio.gui.model.schema import form_of


class Curve(BaseModel):
    name: Literal["bowl", "well", "formula"] = param(
        "bowl",
        "Curve",
        "",
        clears=["formula", "/start"],
        own={"value": "formula", "starts": {"well": {"formula": "w^4", "/start": 2.0}}},
    )
    formula: str | None = param(None, "Formula", "", when={"name": ["formula"]}, required=True)
    depth: int = 3


class Place(BaseModel):
    layer: int = 1
    column: int | None = None


class Params(LessonParams):
    model_config = ConfigDict(json_schema_extra={"x-order": ["start", "curve"]})

    curve: Curve = Field(default_factory=lambda: Curve(name="well", depth=5))
    loss: Literal["mse", "ce"] | None = None
    output: str = param("a", "Output", "", when={"loss": ["mse"]})
    marks: tuple[Literal["x", "y"], ...] = ("x",)
    mark: int = param(1, "Mark", "", when={"marks": ["y"]})
    start: float | None = None
    pairs: tuple[float, ...] | None = param(None, "Pairs", "", together=["targets"])
    targets: tuple[float, ...] | None = param(None, "Targets", "", together=["pairs"])
    file: str | None = param(None, "File", "", clears=["start"], otherwise="start")
    place: Place | None = None
    late: int = param(0, "Late", "", when={"/elsewhere": [1]})


FORM = form_of(Params.model_json_schema())
SPECS = FORM.by_path


def after(path, value, values=(), resolved=()):
    """Return the values after an edit, and what of them is no default."""
    values = dict(values)
    changes = {**FORM.along(SPECS[path], value, values, dict(resolved)), path: value}
    for it, new in changes.items():
        values[it] = new
        if new == SPECS[it].default:
            del values[it]
    return values


def test_the_order_is_the_schemas_and_loose_fields_come_last():
    assert [(it.title, [spec.path for spec in it.fields][:1]) for it in FORM.groups] == [
        ("", ["start"]),
        ("Curve", ["curve.name"]),
        ("Place", ["place.layer"]),
        ("", ["pace"]),
    ]


@pytest.mark.parametrize(
    ("path", "values", "resolved", "acts"),
    [
        ("curve.formula", {}, {}, False),
        ("curve.formula", {"curve.name": "formula"}, {}, True),
        ("output", {}, {}, None),
        ("output", {}, {"loss": "ce"}, False),
        ("output", {}, {"loss": "mse"}, True),
        ("output", {"loss": "ce"}, {"loss": "mse"}, False),
        ("mark", {}, {}, False),
        ("mark", {"marks": ["x", "y"]}, {}, True),
        ("late", {}, {}, True),
        ("start", {}, {}, True),
    ],
)
def test_field_acts_by_what_others_are_or_stand_for(path, values, resolved, acts):
    assert FORM.acts(SPECS[path], values, resolved) is acts
    assert FORM.is_shown(SPECS[path], values, resolved) is bool(acts)
    if acts is None:
        assert FORM.is_shown(SPECS[path], {**values, path: "b"}, resolved)


def test_a_field_that_does_not_act_keeps_its_value_and_is_not_told():
    values = {"mark": 7, "start": 1.0}
    assert FORM.given(values, {}) == {"start": 1.0}
    assert FORM.given({**values, "marks": ["y"]}, {}) == {"start": 1.0, "marks": ["y"], "mark": 7}
    # What cannot be known yet is told: core decides.
    assert FORM.given({"output": "b"}, {}) == {"output": "b"}


def test_own_choice_starts_from_what_was_there_and_goes_back():
    own = after("curve.name", "formula", {"start": 1.0})
    assert own == {"curve.name": "formula", "curve.formula": "w^4", "start": 2.0}
    assert after("curve.name", "bowl", own) == {"curve.name": "bowl"}
    assert after("curve.name", "well", own) == {}


def test_emptied_field_hands_over_to_another():
    given = after("file", "a.csv", {"start": 1.0})
    assert given == {"file": "a.csv"}
    assert after("file", None, given, {"start": 4.0}) == {"start": 4.0}


def test_fields_are_given_and_emptied_together():
    both = after("pairs", [1.0], (), {"targets": [3.0]})
    assert both == {"pairs": [1.0], "targets": [3.0]}
    assert after("pairs", [1.0, 2.0], both, {"targets": [9.0]})["targets"] == [3.0]
    assert after("targets", None, both) == {}


def test_optional_group_is_left_out_or_given_whole():
    assert SPECS["place.layer"].default is None
    given = after("place.layer", 2, (), {"place.layer": 1, "place.column": 4})
    assert given == {"place.layer": 2, "place.column": 4}
    bias = after("place.column", None, given)
    assert FORM.given(bias, {}) == {"place": {"layer": 2}}
    assert after("place.layer", None, given) == {}
    assert FORM.values_in({"place": {}}) == {"place.layer": 1}


@pytest.mark.parametrize(
    ("values", "given"),
    [
        ({}, {}),
        # The group's own defaults are others than the lesson's.
        ({"curve.depth": 4}, {"curve": {"name": "well", "depth": 4}}),
        ({"curve.name": "bowl"}, {"curve": {"name": "bowl", "depth": 5}}),
        ({"curve.depth": 3}, {"curve": {"name": "well", "depth": 3}}),
    ],
)
def test_a_group_that_is_told_in_part_stays_what_the_form_shows(values, given):
    assert FORM.given(values, {}) == given
    shown = Params.model_validate(given).curve
    assert shown.name == values.get("curve.name", "well")
    assert shown.depth == values.get("curve.depth", 5)
    back = FORM.values_in(given)
    assert {it: value for it, value in back.items() if value != SPECS[it].default} == values


def test_a_partial_group_of_a_file_is_shown_as_core_takes_it():
    assert FORM.values_in({"curve": {"depth": 4}}) == {"curve.name": "bowl", "curve.depth": 4}


NETWORK = form_of(NetworkGroup.model_json_schema())


@pytest.mark.parametrize(
    ("group", "own", "choice"),
    [
        (NetworkGroup, {"network": {"sizes": [2, 4, 4, 1]}}, {"network.preset": None}),
        (NetworkGroup, {"network": {"weights": [[[1.0]]]}}, {"network.preset": None}),
        (CurveComparisonGroup, {"curve": {"formula": "w^4"}}, {"curve.name": "formula"}),
    ],
)
def test_what_is_of_one_s_own_goes_without_saying_in_a_file(group, own, choice):
    form = form_of(group.model_json_schema())
    read = form.values_in(own)
    assert read.items() >= choice.items()
    assert validate_params(group, form.given(read, {})) == validate_params(group, own)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("data", sorted(SET_SHAPES.keys() - {"mnist", "fashion_mnist"}))
def test_data_bring_a_network_that_they_fit(preset, data):
    values = {"network.preset": preset, "network.loss": "cross_entropy"}
    along = NETWORK.along(NETWORK.by_path["data.name"], data, values, {})
    if "network.preset" not in along:
        values = {"network.preset": preset}  # it fits as it is
    given = NETWORK.given({**values, **along, "data.name": data}, {})
    batch = validate_params(NetworkGroup, given).batch()
    assert batch.size


def test_shapes_of_sets_are_those_of_the_sets():
    for name in sorted(SET_SHAPES.keys() - {"mnist", "fashion_mnist"}):
        data = load_dataset(DataParams(name=name).choice())
        assert SET_SHAPES[name] == (data.inputs.shape[1], len(data.class_names))
