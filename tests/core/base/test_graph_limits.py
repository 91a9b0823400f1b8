"""Limits of the graph lessons, as their parameters publish them and refuse what lies beyond."""

from __future__ import annotations

import pytest

from backprop_studio.core.autograd.params import VectorGroup
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.core.graphs.params import FormulaGraphGroup
from backprop_studio.core.network.tensor_params import TensorsGroup
from backprop_studio.core.training.one_weight_params import ChainRuleGroup, DataLoopGroup


def graph_of(count):
    names = [f"x_{number}" for number in range(count)]
    return {"formula": " + ".join(names), "values": dict.fromkeys(names, 1.0)}


def samples(count, epochs):
    return {"xs": [1.0] * count, "ys": [1.0] * count, "epochs": epochs}


@pytest.mark.parametrize(
    ("group", "most", "more", "said"),
    [
        (VectorGroup, {"x": [0.5] * 16}, {"x": [0.5] * 17}, "at most 16 entries"),
        (TensorsGroup, {"rows": 64}, {"rows": 65}, "from 1 to 64"),
        (ChainRuleGroup, {"steps": 1000}, {"steps": 1001}, "from 1 to 1000"),
        (DataLoopGroup, samples(100, 200), samples(101, 1), "at most 100 entries"),
        (DataLoopGroup, samples(80, 250), samples(80, 251), "up to 250 with 80 samples"),
        (FormulaGraphGroup, graph_of(12), graph_of(13), "at most 12 entries"),
    ],
)
def test_a_limit_is_allowed_itself_and_nothing_beyond_it(group, most, more, said):
    validate_params(group, most)
    with pytest.raises(InputError, match=said):
        validate_params(group, more)
