"""The table of costs: every scene is in it, with its beats."""

from __future__ import annotations

import pytest

from backprop_studio.render.catalogue import scene_ids
from backprop_studio.render.costs import cost_of


@pytest.mark.parametrize("scene", scene_ids())
def test_every_scene_was_measured(scene):
    """A new one is added by ``python -m benchmarks.costs SCENE``."""
    cost = cost_of(scene)
    assert cost is not None
    assert cost.seconds > 5
    assert cost.still > 0
    assert cost.work > 0
    assert all(value > 0 for values in cost.beats.values() for value in values)


def test_a_strange_scene_has_no_cost():
    assert cost_of("own_scene") is None
