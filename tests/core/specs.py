"""Random networks with their batches for property tests, and gradients of landscapes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from backprop_studio.core.network.batch import Batch
from backprop_studio.core.network.spec import ACTIVATIONS, NetworkSpec
from backprop_studio.core.surfaces.landscape import differentiate

LOSSES = ("mse", "half_squared_error", "cross_entropy", "binary_cross_entropy")
INITS = ("torch", "zeros", "constant", "normal", "xavier", "he")
SMOOTH = tuple(name for name in ACTIVATIONS if name not in {"relu", "leaky_relu"})

QUICK = settings(
    deadline=None,
    derandomize=True,  # the same examples on every machine
    database=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@st.composite
def networks(draw, names=ACTIVATIONS, explicit=None, most_layers=6, most_units=6):
    """A specification and a batch that fits it: 1 to 6 layers, 1 to 16 samples."""
    count = draw(st.integers(1, most_layers))
    sizes = tuple(draw(st.integers(1, most_units)) for _ in range(count + 1))
    loss = draw(st.sampled_from(LOSSES))
    activations = [draw(st.sampled_from(names)) for _ in range(count)]
    forced = {"cross_entropy": "identity", "binary_cross_entropy": "sigmoid"}
    activations[-1] = forced.get(loss, activations[-1])
    seed = draw(st.integers(0, 2**31 - 1))
    generator = np.random.default_rng(seed)
    weights = biases = None
    if draw(st.booleans()) if explicit is None else explicit:
        pairs = list(pairwise(sizes))
        weights = tuple(generator.normal(0, n_in**-0.5, (n_out, n_in)) for n_in, n_out in pairs)
        biases = tuple(generator.normal(0, 0.5, n_out) for _, n_out in pairs)
    init = draw(st.sampled_from(INITS))
    spec = NetworkSpec(sizes, tuple(activations), loss, init, seed, weights, biases)
    return spec, batch_for(spec, draw(st.integers(1, 16)), generator)


def batch_for(spec, samples, generator):
    inputs = generator.uniform(-2.0, 2.0, (samples, spec.sizes[0]))
    width = spec.sizes[-1]
    if spec.loss == "cross_entropy":
        return Batch(inputs, generator.integers(0, width, samples))
    low = 0.0 if spec.loss == "binary_cross_entropy" else -2.0
    high = 1.0 if spec.loss == "binary_cross_entropy" else 2.0
    return Batch(inputs, generator.uniform(low, high, (samples, width)))


def arrays_of(layers):
    return [layer.weight for layer in layers], [layer.bias for layer in layers]


def value_and_gradient(landscape, point):
    value, slope = differentiate(landscape, torch.tensor(np.asarray(point), requires_grad=True))
    return value, slope.numpy()
