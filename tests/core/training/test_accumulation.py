"""Gradients that are not zeroed, against the sum of all gradients by the second implementation."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.network.batch import Batch
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.passes import draw_parameters
from backprop_studio.core.network.spec import NetworkSpec
from backprop_studio.core.training.accumulation import compare_zero_grad
from tests.core import oracle
from tests.core.specs import batch_for


def test_one_weight_by_hand():
    # x = 2, y = 4, eta = 0.1. L = (2w - 4)^2, dL/dw = 4 (2w - 4).
    #   zeroed:   w = 1, 1.8, 1.96        gradients -8, -1.6, -0.32
    #   not so:   w = 1, 1.8, 2.76        .grad -8, -9.6, -9.6 + 6.08 = -3.52, and w = 3.112
    params = NetworkGroup.model_validate({"network": {"preset": "one_weight"}})
    record = compare_zero_grad(params.network_spec(), params.batch(), 0.1, 3)
    assert record.zeroed.losses == pytest.approx([4, 0.16, 0.0064, 0.000256])
    assert record.zeroed.own == pytest.approx([8, 1.6, 0.32, 0.064])
    assert (record.zeroed.own == record.zeroed.used).all()
    assert record.accumulated.losses == pytest.approx([4, 0.16, 1.52**2, 2.224**2])
    assert record.accumulated.own == pytest.approx([8, 1.6, 6.08, 8.896])
    assert record.accumulated.used == pytest.approx([8, 9.6, 3.52, 5.376])
    assert record.zeroed.weight == pytest.approx([1, 1.8, 1.96, 1.992])
    assert record.zeroed.weight_used == pytest.approx([-8, -1.6, -0.32, -0.064])
    assert record.accumulated.weight == pytest.approx([1, 1.8, 2.76, 3.112])
    assert record.accumulated.weight_own == pytest.approx([-8, -1.6, 6.08, 8.896])
    assert record.accumulated.weight_used == pytest.approx([-8, -9.6, -3.52, 5.376])
    assert record.zeroed.diverged_at is record.accumulated.diverged_at is None


@pytest.mark.parametrize("loss", ["mse", "binary_cross_entropy"])
def test_runs_by_the_second_implementation(loss):
    output = "sigmoid" if loss == "binary_cross_entropy" else "identity"
    spec = NetworkSpec((3, 4, 2), ("tanh", output), loss, "torch", 3)
    batch = batch_for(spec, 7, np.random.default_rng(3))
    record = compare_zero_grad(spec, batch, 0.2, 12)
    for run, zero in ((record.zeroed, True), (record.accumulated, False)):
        start = draw_parameters(spec)
        ws = [t.detach().numpy().copy() for t in start.weights]
        bs = [t.detach().numpy().copy() for t in start.biases]
        held = [0.0] * 4
        for step in range(13):
            done = oracle.forward_backward(
                ws, bs, spec.activations, spec.loss, batch.inputs, batch.targets
            )
            own = [it.dL_dW for it in done.layers] + [it.dL_db for it in done.layers]
            held = [g if zero else h + g for h, g in zip(held, own, strict=True)]
            assert run.losses[step] == pytest.approx(done.loss, rel=1e-11)
            assert run.own[step] == pytest.approx(length(own), rel=1e-10)
            assert run.used[step] == pytest.approx(length(held), rel=1e-10)
            ws = [w - 0.2 * g for w, g in zip(ws, held[:2], strict=True)]
            bs = [b - 0.2 * g for b, g in zip(bs, held[2:], strict=True)]


def length(arrays):
    return np.sqrt(sum((array**2).sum() for array in arrays))


def test_divergence_is_a_fact_of_the_record():
    # y = w x with x = 1, target 0, w = 1: each step of eta = 501 multiplies the error by -1001, so
    # that L = 1001^(2k) leaves float64 where 2 k log10(1001) is above 308, at k = 52.
    start = (np.array([[1.0]]),)
    spec = NetworkSpec((1, 1), ("identity",), "mse", "zeros", 0, start, train_biases=False)
    record = compare_zero_grad(spec, Batch(np.array([[1.0]]), np.array([[0.0]])), 501.0, 2000)
    assert record.zeroed.diverged_at == 52
    assert len(record.zeroed.losses) == len(record.zeroed.own) == len(record.zeroed.used) == 52
    assert np.isfinite(record.zeroed.losses).all()


def test_numbers_too_large_from_the_start_are_wrong_input():
    spec = NetworkSpec((1, 1), ("identity",), "mse", "zeros", 0)
    with pytest.raises(InputError, match="too large to compute with"):
        compare_zero_grad(spec, Batch(np.array([[1.0]]), np.array([[1e200]])), 0.1, 3)
