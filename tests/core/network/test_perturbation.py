"""Many values of one weight in one pass: the same losses as by passes of their own."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch

from backprop_studio.core.network import passes
from backprop_studio.core.network.perturbation import PerturbedNetwork, Place
from backprop_studio.core.network.spec import NetworkSpec

SIZES = (3, 4, 2)
VALUES = np.array([-2.0, -0.3, 0.0, 0.7, 5.0])


def drawn(loss="mse", output="sigmoid"):
    spec = NetworkSpec(SIZES, ("relu", output), loss, "he", 3)
    rng = np.random.default_rng(0)
    inputs = torch.tensor(rng.normal(size=(5, 3)))
    is_class = loss == "cross_entropy"
    targets = torch.tensor(rng.integers(0, 2, 5) if is_class else rng.random((5, 2)))
    parameters = passes.draw_parameters(spec)
    tensors = (
        tuple(it.detach() for it in kind) for kind in (parameters.weights, parameters.biases)
    )
    parameters = passes.Parameters(*tensors)
    forward = passes.forward_pass(spec, parameters, inputs, targets)
    return spec, parameters, forward, inputs, targets


def copied(parameters):
    kinds = parameters.weights, parameters.biases
    return passes.Parameters(*(tuple(it.detach().clone() for it in kind) for kind in kinds))


def by_itself(spec, parameters, inputs, targets, place, value):
    """The losses and pre-activations of a pass with one number replaced."""
    weights, biases = (
        [it.clone() for it in kind] for kind in (parameters.weights, parameters.biases)
    )
    if place.column is None:
        biases[place.layer][place.row] = value
    else:
        weights[place.layer][place.row, place.column] = value
    other = passes.Parameters(tuple(weights), tuple(biases))
    return passes.forward_pass(spec, other, inputs, targets)


@pytest.mark.parametrize(
    ("loss", "output"),
    [("mse", "sigmoid"), ("cross_entropy", "identity"), ("binary_cross_entropy", "sigmoid")],
)
def test_each_value_is_as_in_a_pass_of_its_own(loss, output):
    spec, parameters, forward, inputs, targets = drawn(loss, output)
    moved = PerturbedNetwork(spec, parameters, forward, inputs, targets)
    for place in (Place(0, 1, 2), Place(0, 3), Place(1, 0, 1), Place(1, 1)):
        losses, same = moved.losses(place, VALUES, {"relu"})
        for value, found, is_same in zip(VALUES, losses, same, strict=True):
            alone = by_itself(spec, parameters, inputs, targets, place, value)
            np.testing.assert_allclose(found, alone.sample_losses, rtol=1e-12)
            assert is_same == torch.equal(alone.zs[0] > 0, forward.zs[0] > 0)
    assert not same.logical_not().any()  # the last layer has no corner
    assert not moved.losses(Place(0, 0), np.array([1e3, -1e3]), {"relu"})[1].all()


def test_what_does_not_move_keeps_every_bit():
    spec, parameters, forward, inputs, targets = drawn()
    inputs[:3, 1] = 0.0
    forward = passes.forward_pass(spec, parameters, inputs, targets)
    moved = PerturbedNetwork(spec, parameters, forward, inputs, targets)
    for row, column in product(range(4), [1]):
        losses, _ = moved.losses(Place(0, row, column), np.linspace(-3, 3, 17), set())
        assert (losses[:, :3] == losses[0, :3]).all()
