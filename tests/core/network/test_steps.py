"""One training step against numbers worked out by hand and against a second implementation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings

from backprop_studio.core.base.parameters import validate_params
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.steps import run_step, run_steps
from tests.core import oracle
from tests.core.network.steps_by_hand import batch_of, exactly, mazurs_step, printed, spec_of
from tests.core.specs import QUICK, arrays_of, networks

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


@pytest.fixture(scope="module")
def mazur():
    return mazurs_step()


def test_mazur_forward(mazur):
    hidden, output = mazur.layers
    assert hidden.z[0, 0] == printed("0.3775")
    assert hidden.a[0].tolist() == printed("0.593269992", "0.596884378")
    assert output.z[0, 0] == printed("1.105905967")
    assert output.a[0].tolist() == printed("0.75136507", "0.772928465")
    assert mazur.loss == printed("0.298371109")


def test_mazur_backward(mazur):
    hidden, output = mazur.layers
    assert output.dL_da[0, 0] == printed("0.74136507")
    assert output.da_dz[0, 0] == printed("0.186815602")
    assert output.dL_dz[0, 0] == printed("0.138498562")
    assert output.dL_dW[0, 0] == printed("0.082167041")
    assert hidden.dL_da[0, 0] == printed("0.036350306")
    assert hidden.da_dz[0, 0] == printed("0.241300709")
    assert hidden.dL_dW[0, 0] == printed("0.000438568")


def test_mazur_update(mazur):
    hidden, output = mazur.updated
    last = printed("0.35891648", "0.408666186", "0.511301270", "0.561370121")
    assert output.weight.ravel().tolist() == last
    first = printed("0.149780716", "0.19956143", "0.24975114", "0.29950229")
    assert hidden.weight.ravel().tolist() == first


def test_mazur_biases_move_too_and_the_loss_falls_further(mazur):
    # He leaves the biases alone; with his weights and his biases the loss becomes 0.29102777. We
    # move them: db = dL_dz, worked out with Python's decimal module to 40 digits.
    assert mazur.updated[1].bias == exactly([0.5307507191857215, 0.6190491182582781])
    assert mazur.updated[0].bias == exactly([0.3456143226552565, 0.3450228726473914])
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


# Against the second implementation


def agree(found, expected, floor=1e-3):
    """Equal within 1e-12 of the largest value; floor: what the sums in between are as large as."""
    scale = max(floor, float(np.abs(expected).max(initial=0.0)))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * scale)


@settings(QUICK, max_examples=40)
@given(networks())
def test_step_agrees_with_the_second_implementation(drawn):
    spec, batch = drawn
    record = run_step(spec, batch, 0.05)
    weights, biases = arrays_of(record.layers)
    expected = oracle.forward_backward(
        weights, biases, spec.activations, spec.loss, batch.inputs, batch.targets
    )
    agree(record.loss, expected.loss, 1.0)
    agree(record.before.sample_losses, expected.sample_losses, 1.0)
    a_in = batch.inputs
    for layer, other in zip(record.layers, expected.layers, strict=True):
        assert np.array_equal(layer.a_in, a_in)
        a_in = layer.a
        for name in ("z", "a", "da_dz"):
            agree(getattr(layer, name), getattr(other, name), 1.0)
        for name in ("dL_da", "dL_dz", "dL_dW", "dL_db"):
            agree(getattr(layer, name), getattr(other, name), 1e-3)


@settings(QUICK, max_examples=15)
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
    agree(record.loss_after, expected.loss, 1.0)
    for found, other in zip(record.after.activations, expected.layers, strict=True):
        agree(found, other.a, 1.0)


@settings(QUICK, max_examples=15)
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


@pytest.mark.parametrize(
    ("network", "rate", "outcome"),
    [
        ({"preset": "xor"}, 0.1, "falls"),
        ({"preset": "xor"}, 1e4, "rises"),
        # All gradients are zero: the two classes pull equally.
        ({"preset": "xor", "init": "zeros"}, 0.1, "stationary"),
        ({"preset": "one_weight"}, 1e200, "not_finite"),
    ],
)
def test_the_outcome_of_a_step(network, rate, outcome):
    params = validate_params(NetworkGroup, {"network": network})
    assert run_step(params.network_spec(), params.batch(), rate).outcome == outcome
