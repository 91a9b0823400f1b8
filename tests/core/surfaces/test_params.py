"""What a form asks about surfaces: defaults that fit, one sentence when they do not, no torch."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from pydantic import Field

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import LessonParams, validate_params
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.spec import NetworkParams, resolve_network
from backprop_studio.core.surfaces.comparison_params import ComparisonGroup
from backprop_studio.core.surfaces.named import CURVES, SURFACES
from backprop_studio.core.surfaces.parameter_index import ParameterIndex
from backprop_studio.core.surfaces.params import (
    CurveName,
    CurveParams,
    DescentParams,
    ParameterChoice,
    SliceParams,
    SurfaceName,
    SurfaceParams,
)


class Params(LessonParams):
    """As a scene takes them."""

    curve: CurveParams = Field(default_factory=lambda: CurveParams())
    surface: SurfaceParams = Field(default_factory=lambda: SurfaceParams())
    slice: SliceParams = Field(default_factory=lambda: SliceParams())
    descent: DescentParams = Field(default_factory=lambda: DescentParams())


def test_every_name_can_be_chosen():
    assert set(get_args(CurveName)) == {*CURVES, "formula"}
    assert set(get_args(SurfaceName)) == {*SURFACES, "formula"}


@pytest.mark.parametrize("name", [*CURVES, *SURFACES])
def test_named_landscape(name):
    found = (CurveParams if name in CURVES else SurfaceParams)(name=name)
    own = (CURVES | SURFACES)[name]
    assert found.landscape().formula == own.formula
    assert (found.ranges, found.starts) == (own.ranges, own.starts)


def test_own_formula():
    surface = SurfaceParams(formula="x^2 + 3*y^2", y_range=(-1, 5))
    assert (surface.name, surface.named) == ("formula", None)
    assert surface.landscape().formula.text == "x^2 + 3*y^2"
    assert surface.ranges == ((-3.0, 3.0), (-1.0, 5.0))
    assert surface.starts == ((-1.5, 0.5),)
    assert CurveParams(name="formula", formula="w").landscape().names == ("w",)


def test_starts_outside_a_chosen_range_are_left_out():
    assert CurveParams(name="double_well", w_range=(0, 3)).starts == ((0.1,), (1.7,))
    assert CurveParams(name="square", w_range=(5, 9)).starts == ((6.0,),)


def test_chosen_starts():
    surface = SurfaceParams(name="ravine")
    assert DescentParams().chosen_starts(surface) == surface.starts
    assert DescentParams(starts=((1, 2),)).chosen_starts(surface) == ((1.0, 2.0),)
    with pytest.raises(ValueError, match="starts: start 1: expected 2 numbers, found 1"):
        DescentParams(starts=((1,),)).chosen_starts(surface)


def test_slices_count_from_one():
    params = NetworkParams(sizes=(2, 3, 1), activation="tanh")
    network = resolve_network(params)
    batch = NetworkGroup(network=params).batch()
    chosen = SliceParams(first=ParameterChoice(layer=2, row=1, column=3), reach=0.5)
    surface = chosen.landscape(network, batch)
    assert surface.indices == (ParameterIndex(1, 0, 2), ParameterIndex(0, 0))
    low, high = surface.ranges[0]
    assert high - low == pytest.approx(1.0)
    directions = SliceParams(kind="directions", seed=5).landscape(network, batch)
    assert (directions.kind, directions.seed) == ("directions", 5)
    with pytest.raises(InputError, match=re.escape("no parameter w3_11: allowed are layers 1 to")):
        SliceParams(first=ParameterChoice(layer=3, column=1)).landscape(network, batch)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"surface": {"formula": "x 3"}},
            'Wrong value for surface.formula: "x 3"; at column 3: expected an operator, found 3; '
            "for a product write x*3.",
        ),
        (
            {"surface": {"name": "bowl", "formula": "x"}},
            "Wrong parameters: surface: name bowl excludes formula; give one of them.",
        ),
        (
            {"curve": {"name": "formula"}},
            "Wrong parameters: curve: formula is missing; give one, or another name.",
        ),
        (
            {"curve": {"w_range": [2, 2]}},
            "Wrong value for curve.w_range: [2, 2]; expected two numbers from -1000000 to 1000000, "
            "the smaller one first.",
        ),
        (
            {"slice": {"second": {"column": 1}}},
            "Wrong parameters: slice: first and second are the same parameter; "
            "choose two different ones.",
        ),
        (
            {"descent": {"starts": []}},
            "Wrong parameters: descent: starts: allowed are 1 to 12, found 0.",
        ),
        ({"surface": {"z_range": [0, 1]}}, "z_range"),
    ],
)
def test_one_sentence(given, message):
    with pytest.raises(InputError) as caught:
        validate_params(Params, given)
    assert message in str(caught.value)
    assert str(caught.value).isprintable()
    assert str(caught.value).endswith((".", "?"))


def test_the_default_is_the_ravine_from_its_first_start():
    assert ComparisonGroup().surface.name == "ravine"
    assert ComparisonGroup().start_point() == (-7.0, 2.0)


def test_another_surface_brings_its_own_start():
    params = validate_params(ComparisonGroup, {"surface": {"name": "rosenbrock"}})
    assert params.start_point() == (-1.2, 1.0)


@pytest.mark.parametrize("start", [[10, 5], [-10, -5], [0, 0]])
def test_a_start_on_the_border_is_inside(start):
    assert ComparisonGroup(start=start).start_point() == tuple(start)


@pytest.mark.parametrize("start", [[10.01, 0], [0, -5.01]])
def test_a_start_beside_the_picture_is_refused_in_a_sentence(start):
    with pytest.raises(InputError, match=r"beside the picture, which goes from -?\d+ to \d+;"):
        validate_params(ComparisonGroup, {"start": start})
