"""Answer sheets of graph lessons: strict JSON, and not a bit is lost."""

from __future__ import annotations

import math

import pytest

from backprop_studio.core.autograd.control_flow import control_flow
from backprop_studio.core.autograd.params import JacobianGroup
from backprop_studio.core.autograd.vectors import accumulation, detaching, vector_jacobian
from backprop_studio.core.formula import parse_formula
from backprop_studio.core.graphs.formula_graph import formula_graph
from backprop_studio.core.network.tensor_params import TensorsGroup
from backprop_studio.core.network.tensor_ranks import tensor_ranks
from backprop_studio.core.training.chain_rule import chain_rule
from backprop_studio.core.training.data_loop import data_loop
from backprop_studio.core.training.one_weight_params import ChainRuleGroup, DataLoopGroup
from tests.core.sheets import assert_nothing_is_lost, written

RECORDS = {
    "formula": formula_graph(
        parse_formula("sin(a/3)*b + a^b/7", ["a", "b"]), {"a": 0.1, "b": 1 / 3}
    ),
    "autograd": accumulation((0.1, 1 / 3)),
    "jacobian": vector_jacobian(JacobianGroup(formula="tanh(x)/3", x=(0.1, 0.2), v=(1 / 3, 0.7))),
    "detach": detaching((0.1, 1 / 3)),
    "control_flow": control_flow(-1 / 3),
    "chain_rule": chain_rule(ChainRuleGroup(x=1 / 3)),
    "data_loop": data_loop(DataLoopGroup(epochs=4)),
    "diverged": data_loop(DataLoopGroup(learning_rate=10, epochs=1000, test_x=1e200)),
    "tensors": tensor_ranks(TensorsGroup(frames=2)),
}


@pytest.mark.parametrize("name", RECORDS)
def test_round_trip_is_exact_to_the_last_bit(name):
    assert_nothing_is_lost(RECORDS[name], more_than=20)


def test_infinite_number_has_its_reason():
    record = RECORDS["diverged"]
    assert math.isinf(record.after)
    sheet = written(record)
    assert sheet["record"]["after"] is None
    assert sheet["not_finite"]["record.after"] in {"inf", "-inf"}


def test_graph_in_words():
    graph = formula_graph(parse_formula("3*(a + b*c)", "abc"), {"a": 5, "b": 3, "c": 2})
    sheet = written(graph)["record"]
    assert [step["name"] for step in sheet["steps"]["steps"]] == ["v", "u", "J"]
    constant = sheet["nodes"][5]
    assert (constant["kind"], constant["value"], constant["gradient"]) == ("constant", 3.0, None)
    assert sheet["edges"][0]["local_text"] == "3"
    assert sheet["backward_order"] == ["J", "u", "a", "v", "b", "c"]
