"""Optimizer states against torch's own, by name, and the velocity of the lecture."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from backprop_studio.core.network.optimizer_state import lecture_velocity, read_state
from backprop_studio.core.network.optimizers import OPTIMIZERS, OptimizerSpec, build_optimizer
from backprop_studio.core.network.passes import Parameters, draw_parameters
from backprop_studio.core.network.spec import NetworkSpec
from tests.core.rules import TORCH_STATE

COUNTED = ("adagrad", "rmsprop", "adam", "adamw")
KEPT = {
    "sgd": (),
    "momentum": ("velocity",),
    "nesterov": ("velocity",),
    "adagrad": ("square_sum",),
    "rmsprop": ("square_mean",),
    "adam": ("first_moment", "second_moment"),
    "adamw": ("first_moment", "second_moment"),
}


def drive(name, steps, train_biases=True):
    network = NetworkSpec((2, 3, 1), ("tanh", "identity"), "mse", "torch", 4)
    parameters = draw_parameters(network)
    tensors = parameters.all() if train_biases else list(parameters.weights)
    optimizer = build_optimizer(OptimizerSpec(name, 0.1), tensors)
    for step in range(steps):
        for k, tensor in enumerate(tensors):
            tensor.grad = torch.full_like(tensor, 1.0 + k + step)
        optimizer.step()
    return parameters, optimizer, read_state(OptimizerSpec(name, 0.1), optimizer, parameters)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("steps", [0, 1, 3])
def test_vectors_are_torchs_state_by_name(name, steps):
    parameters, optimizer, vectors = drive(name, steps)
    assert vectors.step == (steps if name in COUNTED else None)
    for ours, key in TORCH_STATE.items():
        layers = getattr(vectors, ours)
        assert (layers is not None) == (ours in KEPT[name])
        for k, layer in enumerate(layers or ()):
            for array, tensor in (
                (layer.weight, parameters.weights[k]),
                (layer.bias, parameters.biases[k]),
            ):
                held = optimizer.state[tensor].get(key)
                expected = np.zeros(tensor.shape) if held is None else held.numpy()
                assert array.tobytes() == expected.tobytes()
                assert array.shape == tuple(tensor.shape)
                assert not array.flags.writeable


def test_vectors_stay_what_they_were_when_torch_steps_on():
    parameters, optimizer, vectors = drive("momentum", 1)
    before = vectors.velocity[0].weight.copy()
    optimizer.step()
    assert np.array_equal(vectors.velocity[0].weight, before)
    again = read_state(OptimizerSpec("momentum", 0.1), optimizer, parameters)
    assert not np.array_equal(again.velocity[0].weight, before)


def test_reading_changes_nothing():
    _, optimizer, _ = drive("adam", 0)
    assert not optimizer.state  # asking for a tensor that has none must not make one


def test_biases_that_do_not_move_have_no_vectors():
    _, _, vectors = drive("adam", 2, train_biases=False)
    assert [layer.bias for layer in vectors.first_moment] == [None, None]
    assert vectors.first_moment[0].weight.any()


def test_velocity_by_hand():
    # gamma = 0.9, gradients 1, 2, 3: torch's 1, then 0.9 + 2 = 2.9, then 2.61 + 3 = 5.61.
    # CURRICULUM's v <- gamma v + eta grad with eta = 0.1 is a tenth of each.
    _, _, vectors = drive("momentum", 3)
    assert vectors.velocity[0].weight[0, 0] == pytest.approx(5.61, rel=1e-15)
    lecture = lecture_velocity(OptimizerSpec("momentum", 0.1), vectors)
    assert lecture[0].weight[0, 0] == pytest.approx(0.561, rel=1e-15)
    assert not lecture[0].weight.flags.writeable
    # The bias next to it has the gradients 2, 3, 4: 2, 1.8 + 3 = 4.8, 4.32 + 4 = 8.32.
    assert lecture[0].bias[0] == pytest.approx(0.832, rel=1e-15)


def test_who_keeps_no_velocity_says_so():
    spec = OptimizerSpec("adam", 0.1)
    parameters = Parameters((torch.zeros(1, 1),), (torch.zeros(1),))
    vectors = read_state(spec, build_optimizer(spec, parameters.all()), parameters)
    assert vectors.step == 0
    with pytest.raises(ValueError, match="adam keeps no velocity; momentum and nesterov do"):
        lecture_velocity(spec, vectors)


def test_corrected_moments_by_hand():
    # Gradients 1, 2, 3 and beta1 = 0.9: m = 0.1, 0.29, 0.561, and 1 - 0.9^3 = 0.271.
    # With beta2 = 0.999: v = 0.001, 0.004999, 0.013994001, and 1 - 0.999^3 = 0.002997001.
    _, _, vectors = drive("adam", 3)
    first, second = (
        it[0].weight[0, 0] for it in (vectors.first_moment_hat, vectors.second_moment_hat)
    )
    assert first == pytest.approx(0.561 / 0.271, rel=1e-12)
    assert second == pytest.approx(0.013994001 / 0.002997001, rel=1e-12)
    _, _, before = drive("adam", 0)
    assert not before.first_moment_hat[0].weight.any()
