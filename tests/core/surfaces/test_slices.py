"""Slices of a network's loss: against the same mathematics in numpy, point by point."""

from __future__ import annotations

from itertools import cycle

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.datasets.synthetic import line, two_moons
from backprop_studio.core.network.batch import Batch
from backprop_studio.core.network.optimizers import OPTIMIZERS, OptimizerSpec
from backprop_studio.core.network.passes import draw_parameters, forward_pass
from backprop_studio.core.network.spec import ACTIVATIONS, NetworkSpec
from backprop_studio.core.surfaces import batched
from backprop_studio.core.surfaces.descent import descend
from backprop_studio.core.surfaces.grid import sample_grid
from backprop_studio.core.surfaces.parameter_index import ParameterIndex
from backprop_studio.core.surfaces.slices import direction_slice, parameter_slice
from tests.core import oracle
from tests.core.specs import LOSSES, QUICK, batch_for, networks

AXES = (np.linspace(-1.5, 2.0, 7), np.linspace(-1.0, 1.2, 5))


def by_hand(spec, weights, biases, batch):
    network = weights, biases, spec.activations, spec.loss
    return oracle.forward(*network, batch.inputs, batch.targets).loss


def compare(spec, found, wanted):
    assert found == pytest.approx(wanted, **tolerance(spec))


def parameters_of(spec):
    drawn = draw_parameters(spec)
    return tuple(
        [np.array(it.detach().numpy()) for it in kind] for kind in (drawn.weights, drawn.biases)
    )


def put(arrays, index, value):
    weights, biases = arrays
    if index.column is None:
        biases[index.layer][index.row] = value
    else:
        weights[index.layer][index.row, index.column] = value


@st.composite
def choices(draw, spec):
    layer = draw(st.integers(0, len(spec.activations) - 1))
    row = draw(st.integers(0, spec.sizes[layer + 1] - 1))
    column = draw(st.none() | st.integers(0, spec.sizes[layer] - 1))
    return ParameterIndex(layer, row, column)


def tolerance(spec):
    # Logarithms are taken of products close to 1, so a small loss is less exact.
    return {"rel": 1e-12, "abs": 1e-14 if spec.loss == "binary_cross_entropy" else 1e-15}


@settings(QUICK, max_examples=25)
@given(st.data(), networks(most_layers=4, most_units=4), st.sampled_from([2**18, 40]))
def test_two_parameters_by_hand(data, made, block):
    spec, batch = made
    first, second = data.draw(choices(spec)), data.draw(choices(spec))
    if first == second:
        return
    surface = parameter_slice(spec, batch, first, second)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batched, "BLOCK", block)
        found = surface.grid(*AXES)
    arrays = parameters_of(spec)
    for j, y in enumerate(AXES[1]):
        for i, x in enumerate(AXES[0]):
            put(arrays, first, x)
            put(arrays, second, y)
            compare(spec, found[j, i], by_hand(spec, *arrays, batch))


@settings(QUICK, max_examples=25)
@given(networks(most_layers=4, most_units=4), st.integers(0, 1000), st.sampled_from([2**18, 40]))
def test_two_directions_by_hand(made, seed, block):
    spec, batch = made
    arrays = parameters_of(spec)
    if not all(np.abs(it).max() > 0 for it in arrays[0]):
        return
    surface = direction_slice(spec, batch, seed=seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batched, "BLOCK", block)
        found = surface.grid(*AXES)
    for j, y in enumerate(AXES[1]):
        for i, x in enumerate(AXES[0]):
            weights = [
                centre + x * one + y * other
                for centre, one, other in zip(
                    arrays[0], surface.first.weights, surface.second.weights, strict=True
                )
            ]
            compare(spec, found[j, i], by_hand(spec, weights, arrays[1], batch))


@pytest.mark.parametrize(("name", "loss"), list(zip(ACTIVATIONS, cycle(LOSSES))))
def test_grid_is_the_plain_loop_over_forward_passes(name, loss):
    """All activations and all losses, on enough samples for torch's long arrays."""
    last = {"cross_entropy": "identity", "binary_cross_entropy": "sigmoid"}.get(loss, name)
    spec = NetworkSpec((3, 5, 4, 2), (name, name, last), loss, "torch", 4)
    batch = batch_for(spec, 37, np.random.default_rng(1))
    inputs, targets = torch.tensor(batch.inputs), torch.tensor(batch.targets)
    pairs = [(0, 2), (0, 0), (2, 2), (1, 0)]
    surfaces = [
        parameter_slice(spec, batch, ParameterIndex(a, 0, 1), ParameterIndex(b, 1, 0))
        for a, b in pairs
    ]
    for surface in (*surfaces, direction_slice(spec, batch, seed=2)):
        found = surface.grid(*AXES)
        for j, y in enumerate(AXES[1][:2]):
            for i, x in enumerate(AXES[0][:3]):
                given_parameters = surface.parameters(torch.tensor([x, y]))
                plain = forward_pass(spec, given_parameters, inputs, targets).loss.item()
                assert found[j, i] == pytest.approx(plain, rel=1e-12)


@pytest.mark.parametrize("hard", [True, False])
@pytest.mark.parametrize("samples", [1, 4, 13])
def test_binary_cross_entropy_of_several_outputs(samples, hard):
    spec = NetworkSpec((2, 3, 3), ("tanh", "sigmoid"), "binary_cross_entropy", "torch", 1)
    generator = np.random.default_rng(0)
    targets = generator.uniform(0, 1, (samples, 3))
    batch = Batch(generator.normal(size=(samples, 2)), targets.round() if hard else targets)
    surface = parameter_slice(spec, batch, ParameterIndex(0, 1, 1), ParameterIndex(1, 2))
    arrays = parameters_of(spec)
    found = surface.grid(*AXES)
    put(arrays, ParameterIndex(0, 1, 1), AXES[0][3])
    put(arrays, ParameterIndex(1, 2), AXES[1][1])
    assert found[1, 3] == pytest.approx(by_hand(spec, *arrays, batch), rel=1e-12)


def test_binary_cross_entropy_of_saturated_outputs_goes_on_as_a_line():
    """At z = +-1000 a wrong answer costs 1000, where a share rounded to 0 would cost no more."""
    spec = NetworkSpec((1, 1), ("sigmoid",), "binary_cross_entropy", "zeros", 0)
    batch = Batch(np.array([[1.0], [1.0]]), np.array([[0.0], [1.0]]))
    surface = parameter_slice(spec, batch, ParameterIndex(0, 0, 0), ParameterIndex(0, 0))
    losses = surface.grid(np.array([-1000.0, 0.0, 1000.0]), np.array([0.0]))
    assert losses[0] == pytest.approx([500.0, np.log(2), 500.0], rel=1e-12)


def test_the_middle_is_the_network_itself_to_the_last_bit():
    spec = NetworkSpec((2, 8, 8, 1), ("tanh", "relu", "sigmoid"), "mse", "xavier", 7)
    batch = batch_for(spec, 20, np.random.default_rng(0))
    drawn = draw_parameters(spec)
    for surface in (
        parameter_slice(spec, batch, ParameterIndex(1, 2, 3), ParameterIndex(0, 1)),
        direction_slice(spec, batch),
    ):
        here = surface.parameters(torch.tensor(surface.origin))
        for ours, theirs in zip(here.all(), drawn.all(), strict=True):
            assert ours.detach().numpy().tobytes() == theirs.detach().numpy().tobytes()
        for (low, high), at in zip(surface.ranges, surface.origin, strict=True):
            assert (low + high) / 2 == pytest.approx(at)


# Directions


def test_directions_are_filter_normalised():
    """Li et al. (2018), section 4: each filter of the direction as long as the network's."""
    spec = NetworkSpec((4, 6, 3), ("relu", "identity"), "cross_entropy", "he", 3)
    surface = direction_slice(spec, batch_for(spec, 5, np.random.default_rng(0)), seed=9)
    for direction in (surface.first, surface.second):
        for ours, weight in zip(direction.weights, parameters_of(spec)[0], strict=True):
            assert np.sqrt((ours**2).sum(axis=1)) == pytest.approx(
                np.sqrt((weight**2).sum(axis=1)), rel=1e-14
            )
        assert all((bias == 0).all() for bias in direction.biases)
    flat = [
        np.concatenate([it.ravel() for it in direction.weights])
        for direction in (surface.first, surface.second)
    ]
    cosine = sum(flat[0] * flat[1]) / np.sqrt(sum(flat[0] ** 2) * sum(flat[1] ** 2))
    assert surface.cosine == pytest.approx(cosine, rel=1e-12)
    assert 0 < abs(cosine) < 0.9
    again, other = (direction_slice(spec, surface.batch, seed=seed).first for seed in (9, 2))
    assert again.weights[0].tobytes() == surface.first.weights[0].tobytes()
    assert (other.weights[0] != surface.first.weights[0]).all()


def test_names_count_from_one():
    assert ParameterIndex(0, 0, 0).name == "w1_11"
    assert ParameterIndex(2, 1, 10).name == "w3_2,11"
    assert ParameterIndex(0, 11).name == "b1_12"
    assert ParameterIndex(0, 11).typst == "b_(1,12)"


SMALL = NetworkSpec((2, 3, 1), ("tanh", "identity"), "mse", "torch", 0)
W = ParameterIndex(0, 0, 0)


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (W, "Both axes are w1_11; choose two different parameters."),
        (
            ParameterIndex(2, 0, 0),
            "The network has no parameter w3_11: allowed are layers 1 to 2.",
        ),
        (
            ParameterIndex(0, 3, 0),
            "The network has no parameter w1_41: layer 1 has units 1 to 3.",
        ),
        (
            ParameterIndex(1, 0, 3),
            "The network has no parameter w2_14: layer 2 takes inputs 1 to 3.",
        ),
        (ParameterIndex(1, -1), "The network has no parameter b2_0: layer 2 has units 1 to 1."),
    ],
)
def test_parameters_that_are_not_there(second, message):
    with pytest.raises(InputError) as caught:
        parameter_slice(SMALL, Batch(np.zeros((1, 2)), np.zeros((1, 1))), W, second)
    assert str(caught.value) == message


def test_zeros_have_no_directions():
    spec = NetworkSpec((2, 3, 1), ("tanh", "identity"), "mse", "zeros", 0)
    with pytest.raises(InputError, match="All weights are zero"):
        direction_slice(spec, Batch(np.zeros((1, 2)), np.zeros((1, 1))))


def test_what_is_not_finite_is_a_gap():
    spec = NetworkSpec((1, 1), ("identity",), "mse", "zeros", 0)
    batch = Batch(np.array([[1e200]]), np.array([[0.0]]))
    surface = parameter_slice(spec, batch, W, ParameterIndex(0, 0))
    grid = sample_grid(surface, 5, 3)
    assert np.isnan(grid.values).tolist() == [[True, True, False, True, True]] * 3


# linear_regression: y = 3x + 0.8 on the (w, b) surface

ETA, STEPS = 0.1, 300


def test_line_descends_its_own_contour_map():
    points = line(points=50, noise=0.0)
    batch = Batch(points.inputs, points.targets)
    start = np.array([-0.5, 0.25])
    spec = NetworkSpec((1, 1), ("identity",), "mse", "torch", 0, (start[:1, None],), (start[1:],))
    surface = parameter_slice(spec, batch, W, ParameterIndex(0, 0))
    path = descend(surface, OptimizerSpec("sgd", ETA), [start], STEPS).paths[0]

    # Where the closed form ends: the error shrinks by I - 2 eta A^T A / N with every step.
    x = batch.inputs[:, 0]
    design = np.column_stack([x, np.ones(50)])
    values, vectors = np.linalg.eigh(2 * design.T @ design / 50)
    away = vectors.T @ (start - [3.0, 0.8])
    k = np.arange(STEPS + 1)[:, None]
    closed = np.array([3.0, 0.8]) + ((1 - ETA * values) ** k * away) @ vectors.T
    assert path.points == pytest.approx(closed, rel=1e-12, abs=1e-12)
    assert np.abs(path.points[10] - [3.0, 0.8]).max() > 1  # few steps are not enough
    assert path.points[-1] == pytest.approx([3.0, 0.8], abs=0.05)


# Descents on slices


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_descents_on_a_slice_move_two_weights_of_a_network(name):
    """The network trained by torch with all but two weights held."""
    moons = two_moons(40)
    batch = Batch(moons.inputs, moons.targets[:, None].astype(np.float64))
    spec = NetworkSpec((2, 4, 1), ("tanh", "sigmoid"), "binary_cross_entropy", "torch", 0)
    pair = (ParameterIndex(0, 1, 0), ParameterIndex(1, 0, 2))
    surface = parameter_slice(spec, batch, *pair)
    for path in descend(surface, OptimizerSpec(name, 0.05), [surface.origin], 6).paths:
        arrays = parameters_of(spec)
        for point, value, gradient in zip(path.points, path.values, path.gradients, strict=True):
            for index, at in zip(pair, point, strict=True):
                put(arrays, index, at)
            done = oracle.forward_backward(
                *arrays, spec.activations, spec.loss, batch.inputs, batch.targets
            )
            assert value == pytest.approx(done.loss, rel=1e-12)
            slopes = [done.layers[0].dL_dW[1, 0], done.layers[1].dL_dW[0, 2]]
            assert gradient == pytest.approx(slopes, rel=1e-11, abs=1e-14)
