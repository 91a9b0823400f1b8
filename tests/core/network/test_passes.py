"""Initial parameters, corners of activations, and threads."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import torch

from backprop_studio.core.network.passes import draw_parameters, single_thread
from backprop_studio.core.network.spec import NetworkSpec
from backprop_studio.core.network.steps import run_step
from tests.core.network.steps_by_hand import batch_of, spec_of


def test_relu_is_flat_at_its_corner():
    # torch's choice where no derivative exists: 0 for relu, the small slope for leaky_relu.
    for name, slope in (("relu", 0.0), ("leaky_relu", 0.01)):
        spec = spec_of((1, 1), (name,), "mse", [[[1.0]]], [[0.0]])
        layer = run_step(spec, batch_of([[0.0]], [[1.0]]), 0.1).layers[0]
        assert layer.da_dz[0, 0] == slope
        assert layer.dL_dz[0, 0] == -2.0 * slope


# Initial parameters


def drawn(init, sizes, seed=0):
    spec = NetworkSpec(sizes, ("identity",) * (len(sizes) - 1), "mse", init, seed)
    parameters = draw_parameters(spec)
    return (
        [weight.detach().numpy() for weight in parameters.weights],
        [bias.detach().numpy() for bias in parameters.biases],
    )


def test_torch_init_draws_what_linear_layers_draw():
    weights, biases = drawn("torch", (5, 7, 3), seed=11)
    with torch.random.fork_rng():
        torch.manual_seed(11)
        layers = [torch.nn.Linear(n, m, dtype=torch.float64) for n, m in ((5, 7), (7, 3))]
    for weight, bias, layer in zip(weights, biases, layers, strict=True):
        np.testing.assert_allclose(weight, layer.weight.detach().numpy(), rtol=1e-14)
        np.testing.assert_allclose(bias, layer.bias.detach().numpy(), rtol=1e-14)


def moments_fit(values, deviation, kurtosis):
    """Mean 0 and the expected standard deviation, within five standard errors."""
    n = values.size
    assert abs(values.mean()) < 5 * deviation / math.sqrt(n)
    spread = math.sqrt((kurtosis - 1) / n)  # of the variance, relative to it
    assert abs(values.var() / deviation**2 - 1) < 5 * spread


UNIFORM, NORMAL = 9 / 5, 3.0
"""Kurtosis."""


def test_torch_init_is_uniform_within_its_bound():
    (weight,), (bias,) = drawn("torch", (400, 300))
    bound = 1 / 20  # 1 / sqrt(400)
    for values in (weight, bias):
        assert np.abs(values).max() <= bound
        assert np.abs(values).max() > 0.98 * bound
        moments_fit(values, bound / math.sqrt(3), UNIFORM)
    assert (weight[:, 0] != weight[:, 1]).all()


def test_other_inits():
    n_in, n_out = 400, 300
    expected = {
        "normal": (0.1, NORMAL),
        "xavier": (math.sqrt(2 / (n_in + n_out)), UNIFORM),
        "he": (math.sqrt(2 / n_in), NORMAL),
    }
    assert set(drawn("constant", (3, 4))[0][0].ravel()) == {0.5}
    assert not drawn("zeros", (3, 4))[0][0].any()
    for init, (deviation, kurtosis) in expected.items():
        (weight,), (bias,) = drawn(init, (n_in, n_out))
        moments_fit(weight, deviation, kurtosis)
        assert not bias.any()
    assert np.abs(drawn("xavier", (n_in, n_out))[0][0]).max() <= math.sqrt(6 / (n_in + n_out))


def test_explicit_weights_without_biases_have_zero_biases():
    spec = spec_of((2, 1), ("identity",), "mse", [[[1.0, 2.0]]])
    layer = run_step(spec, batch_of([[1.0, 1.0]], [[0.0]]), 0.1).layers[0]
    assert layer.bias.tolist() == [0.0]
    assert layer.z[0, 0] == 3.0


def test_explicit_biases_join_drawn_weights():
    spec = spec_of((2, 1), ("identity",), "mse", None, [[7.0]])
    plain = dataclasses.replace(spec, biases=None)
    batch = batch_of([[1.0, 1.0]], [[0.0]])
    with_bias, without = (run_step(one, batch, 0.1).layers[0] for one in (spec, plain))
    assert with_bias.bias.tolist() == [7.0]
    assert np.array_equal(with_bias.weight, without.weight)


def test_another_seed_gives_other_weights():
    weights = [drawn("torch", (3, 3), seed)[0][0] for seed in (0, 1)]
    assert (weights[0] != weights[1]).all()


def test_single_thread_gives_the_threads_back():
    before = torch.get_num_threads()
    inside = []

    def fail():
        with single_thread():
            inside.append(torch.get_num_threads())
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert inside == [1]
    assert torch.get_num_threads() == before
