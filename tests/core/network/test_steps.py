"""One training step against numbers worked out by hand and against a second implementation."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.network.batch import Batch
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.passes import draw_parameters, single_thread
from backprop_studio.core.network.presets import PRESETS
from backprop_studio.core.network.spec import ACTIVATIONS, NetworkSpec
from backprop_studio.core.network.steps import run_step, run_steps
from tests.core import oracle
from tests.core.specs import INITS, LOSSES, QUICK, arrays_of, batch_for, networks


def spec_of(sizes, activations, loss, weights=None, biases=None, **more):
    arrays = (None if group is None else tuple(map(np.array, group)) for group in (weights, biases))
    return NetworkSpec(sizes, activations, loss, more.pop("init", "torch"), 0, *arrays, **more)


def batch_of(inputs, targets):
    return Batch(np.array(inputs, dtype=float), np.array(targets))


def exactly(expected, digits=1e-15):
    return pytest.approx(expected, rel=digits, abs=digits)


# Worked out by hand


def test_one_weight_as_in_the_lecture_notes():
    # CURRICULUM, chain_rule: x = 2, y = 4, w = 1, eta = 0.1, no bias.
    #   y_pred = 2.0   L = (2 - 4)^2 = 4.0   dL/dy_pred = 2 (2 - 4) = -4.0   dL/dw = -4 x 2 = -8.0
    #   w <- 1 + 0.1 x 8 = 1.8, prediction 3.6, L = 0.16
    #   again: dL/dy_pred = -0.8   dL/dw = -0.8 x 2.0 = -1.6
    #   w <- 1.96, prediction 3.92, L = 0.0064
    spec = spec_of((1, 1), ("identity",), "mse", [[[1.0]]], [[0.0]], train_biases=False)
    first, second = run_steps(spec, batch_of([[2.0]], [[4.0]]), 0.1, 2)
    layer = first.layers[0]
    assert (layer.z[0, 0], layer.a[0, 0], first.loss) == (2.0, 2.0, 4.0)
    assert (layer.dL_da[0, 0], layer.dL_dz[0, 0], layer.dL_dW[0, 0]) == (-4.0, -4.0, -8.0)
    assert first.updated[0].weight[0, 0] == exactly(1.8)
    assert first.updated[0].bias[0] == 0.0
    assert first.after.activations[0][0, 0] == exactly(3.6)
    assert first.loss_after == exactly(0.16)
    assert (second.step, second.loss) == (1, first.loss_after)
    assert second.layers[0].dL_da[0, 0] == exactly(-0.8)
    assert second.layers[0].dL_dW[0, 0] == exactly(-1.6, 1e-14)
    assert second.updated[0].weight[0, 0] == exactly(1.96)
    assert second.after.activations[0][0, 0] == exactly(3.92)
    assert second.loss_after == exactly(0.0064, 1e-14)


def test_a_bias_that_is_trained_moves_as_well():
    # dL/db = dL/dz = -4, so b <- 0.4, and 1.8 x 2 + 0.4 = 4.0 is the target exactly.
    spec = spec_of((1, 1), ("identity",), "mse", [[[1.0]]], [[0.0]])
    record = run_step(spec, batch_of([[2.0]], [[4.0]]), 0.1)
    assert record.layers[0].dL_db[0] == -4.0
    assert record.updated[0].bias[0] == exactly(0.4)
    assert record.after.activations[0][0, 0] == exactly(4.0)
    assert record.loss_after == pytest.approx(0.0, abs=1e-30)


@pytest.fixture(scope="module")
def mazur():
    # Matt Mazur, "A Step by Step Backpropagation Example" (2015), typed in here again.
    weights = [[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]]
    biases = [[0.35, 0.35], [0.60, 0.60]]
    spec = spec_of((2, 2, 2), ("sigmoid", "sigmoid"), "half_squared_error", weights, biases)
    return run_step(spec, batch_of([[0.05, 0.10]], [[0.01, 0.99]]), 0.5)


def printed_as(text):
    """What a page that prints these digits may mean, whether it rounds or cuts off."""
    return pytest.approx(float(text), abs=1.01 * 10.0 ** -len(text.partition(".")[2]), rel=0)


def test_mazur_forward(mazur):
    hidden, output = mazur.layers
    assert hidden.z[0, 0] == printed_as("0.3775")
    assert hidden.a[0].tolist() == [printed_as("0.593269992"), printed_as("0.596884378")]
    assert output.z[0, 0] == printed_as("1.105905967")
    assert output.a[0].tolist() == [printed_as("0.75136507"), printed_as("0.772928465")]
    assert mazur.loss == printed_as("0.298371109")


def test_mazur_backward(mazur):
    hidden, output = mazur.layers
    assert output.dL_da[0, 0] == printed_as("0.74136507")
    assert output.da_dz[0, 0] == printed_as("0.186815602")
    assert output.dL_dz[0, 0] == printed_as("0.138498562")
    assert output.dL_dW[0, 0] == printed_as("0.082167041")
    assert hidden.dL_da[0, 0] == printed_as("0.036350306")
    assert hidden.da_dz[0, 0] == printed_as("0.241300709")
    assert hidden.dL_dW[0, 0] == printed_as("0.000438568")


def test_mazur_update(mazur):
    hidden, output = mazur.updated
    assert output.weight.ravel().tolist() == [
        printed_as("0.35891648"), printed_as("0.408666186"),
        printed_as("0.511301270"), printed_as("0.561370121"),
    ]  # fmt: skip
    assert hidden.weight.ravel().tolist() == [
        printed_as("0.149780716"), printed_as("0.19956143"),
        printed_as("0.24975114"), printed_as("0.29950229"),
    ]  # fmt: skip


def test_mazur_biases_move_too_and_the_loss_falls_further(mazur):
    # He leaves the biases alone; with his weights and his biases the loss becomes 0.29102777. We
    # move them: db = dL_dz, worked out with Python's decimal module to 40 digits.
    assert mazur.updated[1].bias.tolist() == [
        exactly(0.5307507191857215), exactly(0.6190491182582781),
    ]  # fmt: skip
    assert mazur.updated[0].bias.tolist() == [
        exactly(0.3456143226552565), exactly(0.3450228726473914),
    ]  # fmt: skip
    assert mazur.loss_after == exactly(0.28047144679143016)
    weights = [layer.weight for layer in mazur.updated]
    spec = spec_of(
        (2, 2, 2), ("sigmoid",) * 2, "half_squared_error", weights, [[0.35] * 2, [0.6] * 2]
    )
    his = run_step(spec, batch_of([[0.05, 0.10]], [[0.01, 0.99]]), 0.5)
    assert his.loss == exactly(0.2910277736935994)


def test_softmax_cross_entropy_in_whole_numbers():
    # One input x, weights 0, ln 2, ln 5: the exponentials are 1^x, 2^x, 5^x.
    #   x = 1: 1, 2, 5, sum 8    p = 1/8, 2/8, 5/8         class 2: L = ln 8/5
    #   x = 2: 1, 4, 25, sum 30  p = 1/30, 4/30, 25/30     class 0: L = ln 30
    # dL/dz = (p - y) / 2, because L is the mean over the two.
    weights = [[[0.0], [math.log(2)], [math.log(5)]]]
    spec = spec_of((1, 3), ("identity",), "cross_entropy", weights, [[0.0, 0.0, 0.0]])
    record = run_step(spec, batch_of([[1.0], [2.0]], [2, 0]), 0.1)
    assert record.before.probabilities[0] == exactly([1 / 8, 2 / 8, 5 / 8])
    assert record.before.probabilities[1] == exactly([1 / 30, 4 / 30, 25 / 30])
    assert record.before.sample_losses == exactly([math.log(8 / 5), math.log(30)])
    assert record.loss == exactly((math.log(8 / 5) + math.log(30)) / 2)
    layer = record.layers[0]
    assert layer.dL_dz[0] == exactly([1 / 16, 2 / 16, -3 / 16])
    assert layer.dL_dz[1] == exactly([-29 / 60, 4 / 60, 25 / 60])
    # dW = dz(1) x 1 + dz(2) x 2, db = dz(1) + dz(2)
    assert layer.dL_dW[:, 0] == exactly([1 / 16 - 58 / 60, 2 / 16 + 8 / 60, -3 / 16 + 50 / 60])
    assert layer.dL_db == exactly([1 / 16 - 29 / 60, 2 / 16 + 4 / 60, -3 / 16 + 25 / 60])
    assert record.before.residuals is None


def test_small_tanh_network_digit_by_digit():
    # x = (1, 2), t = 1, one tanh unit, one identity unit, squared error, eta = 0.1:
    #   z1 = 0.5 x 1 - 0.4 x 2 + 0.1          = -0.2
    #   a1 = tanh(-0.2)                       = -0.19737532022490400
    #   z2 = 0.7 x a1 + 0                     = -0.13816272415743280
    #   L  = (z2 - 1)^2                       =  1.29541438666146847
    #   dL/dz2 = 2 (z2 - 1)                   = -2.27632544831486560
    #   dL/dw2 = dL/dz2 x a1                  =  0.44929046429724476
    #   dL/da1 = dL/dz2 x 0.7                 = -1.59342781382040592
    #   1 - a1^2                              =  0.96104298296611660
    #   dL/dz1 = dL/da1 x (1 - a1^2)          = -1.53135261933514078
    #   dL/dW1 = dL/dz1 x (1, 2)              = -1.53135261933514078, -3.06270523867028157
    #   W1 <- (0.5, -0.4) + 0.1 x (...)       =  0.65313526193351408, -0.09372947613297184
    weights, biases = [[[0.5, -0.4]], [[0.7]]], [[0.1], [0.0]]
    spec = spec_of((2, 1, 1), ("tanh", "identity"), "mse", weights, biases)
    record = run_step(spec, batch_of([[1.0, 2.0]], [[1.0]]), 0.1)
    first, second = record.layers
    assert first.z[0, 0] == exactly(-0.2)
    assert first.a[0, 0] == exactly(-0.19737532022490400)
    assert second.z[0, 0] == exactly(-0.13816272415743280)
    assert record.loss == exactly(1.29541438666146847)
    assert second.dL_dz[0, 0] == exactly(-2.27632544831486560)
    assert second.dL_dW[0, 0] == exactly(0.44929046429724476)
    assert first.dL_da[0, 0] == exactly(-1.59342781382040592)
    assert first.da_dz[0, 0] == exactly(0.96104298296611660)
    assert first.dL_dz[0, 0] == exactly(-1.53135261933514078)
    assert first.dL_dW[0] == exactly([-1.53135261933514078, -3.06270523867028157])
    assert record.updated[0].weight[0] == exactly([0.65313526193351408, -0.09372947613297184])
    assert record.updated[0].bias[0] == exactly(0.1 + 0.153135261933514078)


def test_losses_over_two_samples_and_two_outputs():
    # Outputs are the inputs (W = 1, b = 0). Errors: (1, 2) and (3, -1); squares 1, 4, 9, 1.
    #   mse: mean over all four elements       15 / 4    dL/da = 2 e / 4
    #   half_squared_error: (5/2 + 10/2) / 2 = 3.75      dL/da = e / 2
    # Both give the same L with two outputs, so the third output below tells them apart.
    inputs, targets = [[1.0, 2.0], [3.0, -1.0]], [[0.0, 0.0], [0.0, 0.0]]
    identity = ([np.eye(2)], [np.zeros(2)])
    for loss in ("mse", "half_squared_error"):
        spec = spec_of((2, 2), ("identity",), loss, *identity)
        record = run_step(spec, batch_of(inputs, targets), 0.1)
        assert record.loss == exactly(3.75)
        assert record.before.sample_losses == exactly([2.5, 5.0])
        assert record.layers[0].dL_da == exactly(np.array(inputs) / 2)
    # Three outputs with errors 1, 2, 3, one sample: mse 14 / 3, half squared error 7.
    wide = ([np.eye(3)], [np.zeros(3)])
    for loss, expected in (("mse", 14 / 3), ("half_squared_error", 7.0)):
        spec = spec_of((3, 3), ("identity",), loss, *wide)
        assert run_step(spec, batch_of([[1, 2, 3]], [[0.0] * 3]), 0.1).loss == exactly(expected)


def test_binary_cross_entropy_in_simple_numbers():
    # z = ln 3 gives a = 3/4, z = 0 gives a = 1/2; targets 1 and 0.
    #   L = (-ln 3/4 - ln 1/2) / 2     dL/dz = (a - t) / 2 = -1/8, 1/4
    #   dL/da = (a - t) / (a (1 - a)) / 2 = (-1/4) / (3/16) / 2 = -2/3, and (1/2) / (1/4) / 2 = 1
    spec = spec_of((2, 2), ("sigmoid",), "binary_cross_entropy", [np.eye(2)], [np.zeros(2)])
    record = run_step(spec, batch_of([[math.log(3), 0.0]], [[1.0, 0.0]]), 0.1)
    assert record.layers[0].a[0] == exactly([0.75, 0.5])
    assert record.loss == exactly(-(math.log(0.75) + math.log(0.5)) / 2)
    assert record.layers[0].dL_da[0] == exactly([-2 / 3, 1.0])
    assert record.layers[0].dL_dz[0] == exactly([-1 / 8, 1 / 4])
    assert record.before.residuals[0] == exactly([-0.25, 0.5])


# Activations at chosen points: f(1) and f'(1), f(-1) and f'(-1), from tables.
POINTS = {
    "identity": (1.0, 1.0, -1.0, 1.0),
    "relu": (1.0, 1.0, 0.0, 0.0),
    "leaky_relu": (1.0, 1.0, -0.01, 0.01),
    "sigmoid": (0.7310585786300049, 0.19661193324148185, 0.2689414213699951, 0.19661193324148185),
    "tanh": (0.7615941559557649, 0.41997434161402614, -0.7615941559557649, 0.41997434161402614),
    # z Phi(z) with the exact Phi(1) = 0.8413447460685429; the tanh approximation gives 0.84119.
    "gelu": (0.8413447460685429, 1.0833154705876864, -0.15865525393145707, -0.08331547058768643),
    "softplus": (1.3132616875182228, 0.7310585786300049, 0.31326168751822286, 0.2689414213699951),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_and_its_derivative(name):
    spec = spec_of((2, 2), (name,), "mse", [np.eye(2)], [np.zeros(2)])
    layer = run_step(spec, batch_of([[1.0, -1.0]], [[0.0, 0.0]]), 0.1).layers[0]
    found = (layer.a[0, 0], layer.da_dz[0, 0], layer.a[0, 1], layer.da_dz[0, 1])
    assert found == exactly(POINTS[name], 4e-16)


def test_relu_is_flat_at_its_corner():
    # torch's choice where no derivative exists: 0 for relu, the small slope for leaky_relu.
    for name, slope in (("relu", 0.0), ("leaky_relu", 0.01)):
        spec = spec_of((1, 1), (name,), "mse", [[[1.0]]], [[0.0]])
        layer = run_step(spec, batch_of([[0.0]], [[1.0]]), 0.1).layers[0]
        assert layer.da_dz[0, 0] == slope
        assert layer.dL_dz[0, 0] == -2.0 * slope


# Against the second implementation


def agree(found, expected, floor=1e-3):
    """Equal within 1e-12 of the largest value; floor: what the sums in between are as large as."""
    scale = max(floor, float(np.abs(expected).max(initial=0.0)))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * scale)


@settings(QUICK, max_examples=150)
@given(networks())
def test_step_agrees_with_the_second_implementation(drawn):
    spec, batch = drawn
    record = run_step(spec, batch, 0.05)
    weights, biases = arrays_of(record.layers)
    expected = oracle.forward_backward(
        weights, biases, spec.activations, spec.loss, batch.inputs, batch.targets
    )
    # Where p is within 1e-3 of 0 or 1 its own digits are gone, in both implementations.
    slack = 1.0
    if spec.loss == "binary_cross_entropy":
        slack = 1 / expected.layers[-1].da_dz.min()
    agree(record.loss, expected.loss, slack)
    agree(record.before.sample_losses, expected.sample_losses, slack)
    a_in = batch.inputs
    for layer, other in zip(record.layers, expected.layers, strict=True):
        assert np.array_equal(layer.a_in, a_in)
        a_in = layer.a
        for name in ("z", "a", "da_dz"):
            agree(getattr(layer, name), getattr(other, name), 1.0)
        for name in ("dL_da", "dL_dz", "dL_dW", "dL_db"):
            agree(getattr(layer, name), getattr(other, name), 1e-3 * slack)


@settings(QUICK, max_examples=60)
@given(networks())
def test_update_is_one_plain_gradient_step_and_the_loss_after_is_of_it(drawn):
    spec, batch = drawn
    eta = 0.3
    record = run_step(spec, batch, eta)
    for layer, updated in zip(record.layers, record.updated, strict=True):
        for before, gradient, after in (
            (layer.weight, layer.dL_dW, updated.weight),
            (layer.bias, layer.dL_db, updated.bias),
        ):
            size = np.maximum(np.abs(before), np.abs(eta * gradient))
            assert (np.abs(after - (before - eta * gradient)) <= 1e-15 * size).all()
    weights, biases = arrays_of(record.updated)
    expected = oracle.forward(
        weights, biases, spec.activations, spec.loss, batch.inputs, batch.targets
    )
    slack = 1.0
    if spec.loss == "binary_cross_entropy":
        slack = 1 / max(expected.layers[-1].da_dz.min(), 1e-12)
    agree(record.loss_after, expected.loss, slack)
    for found, other in zip(record.after.activations, expected.layers, strict=True):
        agree(found, other.a, 1.0)


@settings(QUICK, max_examples=40)
@given(networks())
def test_what_a_record_holds_fits_together(drawn):
    """The equations that scenes write down hold between the record's own numbers."""
    spec, batch = drawn
    record = run_step(spec, batch, 0.1)
    assert len(record.layers) == len(record.updated) == len(spec.sizes) - 1
    for layer, n_in, n_out in zip(record.layers, spec.sizes, spec.sizes[1:], strict=False):
        assert layer.weight.shape == layer.dL_dW.shape == (n_out, n_in)
        assert layer.bias.shape == layer.dL_db.shape == (n_out,)
        assert layer.z.shape == layer.a.shape == layer.dL_dz.shape == (batch.size, n_out)
        agree(layer.a_in @ layer.weight.T + layer.bias, layer.z, 1.0)
        agree(layer.dL_da * layer.da_dz, layer.dL_dz)
        agree(layer.dL_dz.T @ layer.a_in, layer.dL_dW)
        agree(layer.dL_dz.sum(axis=0), layer.dL_db)
    for layer, following in zip(record.layers, record.layers[1:], strict=False):
        agree(following.dL_dz @ following.weight, layer.dL_da)
    for answer in (record.before, record.after):
        agree(answer.sample_losses.mean(), answer.loss)
        if spec.loss == "cross_entropy":
            assert answer.residuals is None
            agree(answer.probabilities, oracle.softmax(answer.activations[-1]))
        else:
            assert answer.probabilities is None
            assert np.array_equal(answer.residuals, answer.activations[-1] - batch.targets)


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
    for init, (deviation, kurtosis) in expected.items():
        (weight,), (bias,) = drawn(init, (n_in, n_out))
        moments_fit(weight, deviation, kurtosis)
        assert not bias.any()
    assert np.abs(drawn("xavier", (n_in, n_out))[0][0]).max() <= math.sqrt(6 / (n_in + n_out))


def test_constant_init():
    weights, biases = drawn("constant", (3, 4, 2))
    assert {value for weight in weights for value in weight.ravel()} == {0.5}
    assert not any(bias.any() for bias in biases)


def test_zeros_init_and_a_batch_of_one():
    spec = NetworkSpec((3, 4, 2), ("relu", "identity"), "cross_entropy", "zeros", 0)
    record = run_step(spec, batch_of([[1.0, -2.0, 3.0]], [1]), 0.1)
    assert record.loss == exactly(math.log(2))
    assert not record.layers[0].dL_dW.any()
    assert not record.layers[1].dL_dW.any()  # nothing comes in
    assert record.layers[1].dL_db == exactly([0.5, -0.5])
    assert record.loss_after == exactly(math.log(1 + math.exp(-0.1)))


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


# Determinism

FINGERPRINT = """
import hashlib, json, sys
import torch
if len(sys.argv) > 1:
    torch.set_num_threads(int(sys.argv[1]))
    torch.manual_seed(99)
from tests.core.network.test_steps import fingerprints
print(json.dumps(fingerprints()))
"""


def arrays_in(value):
    """Every array in a record, however deep."""
    if isinstance(value, np.ndarray):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from arrays_in(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from arrays_in(item)


def fingerprint(record):
    digest = hashlib.sha256()
    for array in arrays_in(record):
        digest.update(array.tobytes())
    return digest.hexdigest()


def fingerprints():
    generator = np.random.default_rng(4)
    found = []
    for index, loss in enumerate(LOSSES):
        output = {"cross_entropy": "identity", "binary_cross_entropy": "sigmoid"}.get(loss, "tanh")
        sizes = (70, 40, 30, 5)
        spec = NetworkSpec(sizes, ("gelu", "relu", output), loss, INITS[index], index)
        found.append(fingerprint(run_step(spec, batch_for(spec, 64, generator), 0.1)))
    return found


def test_same_seed_gives_the_same_bits_again():
    before = torch.random.get_rng_state()
    first = fingerprints()
    torch.manual_seed(7)  # what others draw must not matter
    assert fingerprints() == first
    torch.random.set_rng_state(before)
    run_step(NetworkSpec((2, 2), ("relu",), "mse", "he", 1), batch_of([[1, 2]], [[0.0, 1.0]]), 0.1)
    assert torch.equal(torch.random.get_rng_state(), before)  # and we draw nothing of theirs


def test_same_bits_in_another_process_with_other_threads():
    done = subprocess.run(
        [sys.executable, "-c", FINGERPRINT, "2"], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == fingerprints()


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


# Records do not change


def leaves(value):
    if dataclasses.is_dataclass(value):
        assert type(value).__dataclass_params__.frozen
        for field in dataclasses.fields(value):
            yield from leaves(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from leaves(item)
    else:
        yield value


@pytest.mark.parametrize("name", PRESETS)
def test_record_is_frozen_and_holds_no_tensor(name):
    params = NetworkGroup.model_validate({"network": {"preset": name}})
    record = run_step(params.network_spec(), params.batch(), 0.1)
    for leaf in leaves(record):
        assert isinstance(leaf, np.ndarray | float | int | str | None)
        if isinstance(leaf, np.ndarray):
            assert leaf.dtype in (np.float64, np.int64)
            with pytest.raises(ValueError, match="read-only"):
                leaf[...] = 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.step = 1


def test_record_does_not_follow_the_callers_arrays():
    inputs, weight = np.array([[1.0]]), np.array([[2.0]])
    spec = NetworkSpec((1, 1), ("identity",), "mse", "torch", 0, (weight,), None)
    record = run_step(spec, Batch(inputs, np.array([[0.0]])), 0.1)
    inputs[...] = weight[...] = 5.0
    assert record.batch.inputs[0, 0] == 1.0
    assert record.network.weights[0][0, 0] == 2.0
    assert record.layers[0].weight[0, 0] == 2.0
    assert record.layers[0].z[0, 0] == 2.0


# Extreme values


@pytest.mark.parametrize("loss", LOSSES)
def test_rate_of_1000_gives_a_valid_record(loss):
    output = {"cross_entropy": "identity", "binary_cross_entropy": "sigmoid"}.get(loss, "relu")
    spec = NetworkSpec((3, 8, 8, 2), ("relu", "relu", output), loss, "he", 3)
    record = run_step(spec, batch_for(spec, 4, np.random.default_rng(0)), 1000.0)
    assert np.isfinite(record.loss)
    # It may also be a lucky step: with cross-entropy a huge one can separate the classes.
    assert all(np.isfinite(array).all() for array in arrays_in(record))
    assert record.loss_after != record.loss


def test_step_that_overflows_leaves_infinity_in_what_comes_after():
    spec = spec_of((1, 1), ("identity",), "mse", [[[1e100]]], [[0.0]])
    record = run_step(spec, batch_of([[1e50]], [[0.0]]), 1000.0)
    assert np.isfinite(record.loss)
    assert record.loss_after == math.inf


@pytest.mark.parametrize(("value", "weight"), [(1e200, 1.0), (1.0, 1e308), (1e308, 1e308)])
def test_loss_that_overflows_is_the_users_to_mend(value, weight):
    spec = spec_of((1, 1), ("identity",), "mse", [[[weight]]], [[0.0]])
    with pytest.raises(InputError, match="too large") as caught:
        run_step(spec, batch_of([[value]], [[0.0]]), 0.1)
    assert str(caught.value).endswith("weights.")


def test_large_logits_do_not_overflow():
    spec = spec_of((2, 2), ("identity",), "cross_entropy", [np.eye(2)], [np.zeros(2)])
    record = run_step(spec, batch_of([[1000.0, 0.0], [1000.0, 0.0]], [0, 1]), 0.1)
    assert record.before.sample_losses.tolist() == [0.0, 1000.0]
    assert record.layers[0].dL_dz.tolist() == [[0.0, 0.0], [0.5, -0.5]]
