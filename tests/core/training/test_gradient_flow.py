"""Gradients layer by layer: shrinking, growing, dead, and cured, by hand and by the oracle."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import get_args

import numpy as np
import pytest

from backprop_studio.core.network.batch import Batch
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.passes import draw_parameters
from backprop_studio.core.network.spec import NetworkSpec
from backprop_studio.core.network.steps import run_step
from backprop_studio.core.training.gradient_flow import FlowFault, flow_case, gradient_flow
from backprop_studio.core.training.gradient_flow_params import GradientFlowGroup
from tests.core import oracle

DEEP = NetworkGroup.model_validate({"network": {"preset": "deep"}})


def case_of(fault, options=GradientFlowGroup(), batch=None):  # noqa: B008 (it is frozen)
    return flow_case(fault, DEEP.network_spec(), batch or DEEP.batch(), options)


@pytest.fixture(scope="module", params=get_args(FlowFault))
def case(request):
    return case_of(request.param)


def by_hand(network, batch):
    """dL/dW and dL/da per layer by the second implementation."""
    start = draw_parameters(network)
    weights, biases = (
        [it.detach().numpy() for it in part] for part in (start.weights, start.biases)
    )
    shape = network.activations, network.loss
    return oracle.forward_backward(weights, biases, *shape, batch.inputs, batch.targets).layers


def test_lengths_are_those_of_the_second_implementation(case):
    for flow in (case.faulty, case.cured):
        for found, expected in zip(flow.layers, by_hand(flow.network, DEEP.batch()), strict=True):
            for name in ("dL_dW", "dL_db", "dL_dz", "dL_da"):
                length = math.sqrt((getattr(expected, name) ** 2).sum())
                assert getattr(found, f"norm_{name}") == pytest.approx(length, rel=1e-9, abs=1e-15)
            assert found.mean_slope == pytest.approx(np.abs(expected.da_dz).mean(), rel=1e-12)
            assert found.largest_dL_dW == pytest.approx(
                np.abs(expected.dL_dW).max(), rel=1e-9, abs=1e-15
            )


def norms(flow):
    return [layer.norm_dL_dW for layer in flow.layers]


def test_sigmoids_let_the_gradient_vanish_geometrically():
    case = case_of("vanishing")
    found = norms(case.faulty)
    assert all(early < late / 3 for early, late in pairwise(found))
    assert found[-1] > 1e4 * found[0]
    assert case.faulty.factor < 0.25
    # A sigmoid's slope is at most 1/4; relu and He's weights keep the size.
    assert all(layer.mean_slope <= 0.25 for layer in case.faulty.layers)
    assert 0.7 < case.cured.factor < 1.4
    assert norms(case.cured)[0] > 1000 * found[0]


def test_large_weights_let_the_gradient_grow():
    case = case_of("exploding")
    hidden = [layer.norm_dL_da for layer in case.faulty.layers[:-1]]
    assert all(early > late for early, late in pairwise(hidden))
    assert case.faulty.factor > 1.2
    assert norms(case.faulty)[0] > 5 * norms(case.faulty)[-1]
    assert 0.7 < case.cured.factor < 1.1
    # The faulty weights are three times those of the cure.
    cured = draw_parameters(case.cured.network).weights
    for large, weight in zip(case.faulty.network.weights, cured, strict=True):
        assert large == pytest.approx(3 * weight.detach().numpy())


def test_dead_relus_learn_nothing_and_leaky_ones_do():
    case = case_of("dead_relu")
    assert [layer.dead for layer in case.faulty.layers] == [8] * 6 + [0]
    assert norms(case.faulty) == [0.0] * 7
    assert case.faulty.silent == 7
    assert math.isnan(case.faulty.factor)
    assert [layer.dead for layer in case.cured.layers] == [0] * 7
    assert min(norms(case.cured)) > 1e-3
    # The cure leaves the weights as they were.
    starts = [draw_parameters(flow.network).weights for flow in (case.faulty, case.cured)]
    assert all((a == b).all() for a, b in zip(*starts, strict=True))


def test_zero_weights_leave_the_last_bias_alone():
    batch = Batch(DEEP.batch().inputs[:3], np.array([[1.0], [1.0], [0.0]]))
    case = case_of("zero_weights", batch=batch)
    assert norms(case.faulty) == [0.0] * 7
    # All outputs are 1/2, so dL/db is the mean of 1/2 - y: (-1/2 - 1/2 + 1/2) / 3.
    biases = [layer.norm_dL_db for layer in case.faulty.layers]
    assert biases[:-1] == [0.0] * 6
    assert biases[-1] == pytest.approx(1 / 6, rel=1e-14)
    assert case.cured.silent == 0


def test_factor_is_that_of_a_geometric_row():
    # Identity layers of one weight: dL/dW_k = g x W_1 W_2 W_3 W_4 / W_k, so weights 1, 2, 4, 8 give
    # gradients that halve from layer to layer, and so double on the way back.
    weights = tuple(np.array([[w]]) for w in (1.0, 2.0, 4.0, 8.0))
    spec = NetworkSpec((1, 1, 1, 1, 1), ("identity",) * 4, "mse", "zeros", 0, weights)
    flow = gradient_flow(run_step(spec, Batch(np.array([[1.0]]), np.array([[0.0]])), 1e-9))
    assert norms(flow) == [2 * 64 * 64 / w for w in (1, 2, 4, 8)]
    assert flow.ratios.tolist() == [2.0, 2.0, 2.0]
    assert flow.factor == pytest.approx(2.0, rel=1e-12)


def test_tiny_and_huge_gradients_have_a_length():
    # Squares of 1e-200 are 0 and of 1e200 infinite in float64; the lengths are neither.
    for x in (1e-200, 1e150):
        spec = NetworkSpec((2, 1), ("identity",), "mse", "zeros", 0)
        batch = Batch(np.array([[3 * x, 4 * x]]), np.array([[0.5]]))
        (layer,) = gradient_flow(run_step(spec, batch, 1e-300)).layers
        assert layer.norm_dL_dW == pytest.approx(5 * x, rel=1e-14)


def test_options_change_what_they_name():
    options = GradientFlowGroup(
        activation="tanh",
        init="zeros",
        cure_activation="gelu",
        cure_init="xavier",
        gain=2.0,
        bias=-100.0,
    )
    vanishing = case_of("vanishing", options)
    assert vanishing.faulty.silent == 7  # zeros let nothing through
    assert {layer.activation for layer in vanishing.faulty.layers[:-1]} == {"tanh"}
    assert {layer.activation for layer in vanishing.cured.layers[:-1]} == {"gelu"}
    exploding = case_of("exploding", options)
    drawn = draw_parameters(exploding.cured.network).weights
    for large, weight in zip(exploding.faulty.network.weights, drawn, strict=True):
        assert large == pytest.approx(2 * weight.detach().numpy())
    dead = case_of("dead_relu", options)
    assert (dead.faulty.network.biases[0] == -100).all()
    assert not np.any(dead.faulty.network.biases[1])
