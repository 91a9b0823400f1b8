"""The start of a race: what suits the surface, or a point inside the picture."""

from __future__ import annotations

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.core.surfaces.comparison_params import ComparisonGroup


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
