"""The same mathematics a second time, in numpy, from the textbook's formulas: no torch, no core.

Where a function has a corner the side of the derivative is torch's documented choice: relu and
leaky_relu take z > 0 for the right side, softplus is the identity above 20.
"""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np

LEAK = 0.01
SOFTPLUS_LINEAR_ABOVE = 20.0


def sigmoid(z):
    grown = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + grown), grown / (1 + grown))


def normal_share(z):
    """The share of a standard normal distribution below z."""
    return 0.5 * np.vectorize(math.erfc)(-z / math.sqrt(2))


def normal_density(z):
    return np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)


def softplus(z):
    return np.where(z > SOFTPLUS_LINEAR_ABOVE, z, np.logaddexp(0.0, z))


FUNCTIONS = {
    "identity": lambda z: z,
    "relu": lambda z: np.where(z > 0, z, 0.0),
    "leaky_relu": lambda z: np.where(z > 0, z, LEAK * z),
    "sigmoid": sigmoid,
    "tanh": lambda z: np.sinh(z) / np.cosh(z),
    "gelu": lambda z: z * normal_share(z),
    "softplus": softplus,
}

DERIVATIVES = {
    "identity": lambda z: np.ones_like(z),
    "relu": lambda z: np.where(z > 0, 1.0, 0.0),
    "leaky_relu": lambda z: np.where(z > 0, 1.0, LEAK),
    "sigmoid": lambda z: sigmoid(z) * sigmoid(-z),
    "tanh": lambda z: 1 / np.cosh(z) ** 2,
    "gelu": lambda z: normal_share(z) + z * normal_density(z),
    "softplus": lambda z: np.where(z > SOFTPLUS_LINEAR_ABOVE, 1.0, sigmoid(z)),
}


def softmax(z):
    grown = np.exp(z - z.max(axis=1, keepdims=True))
    return grown / grown.sum(axis=1, keepdims=True)


def one_hot(indices, width):
    return np.array([[float(k == index) for k in range(width)] for index in indices])


def sample_losses(loss, a, z, targets):
    """Each sample's loss; DESIGN section 3 says that their mean is L."""
    if loss == "mse":
        return ((a - targets) ** 2).sum(axis=1) / a.shape[1]
    if loss == "half_squared_error":
        return ((a - targets) ** 2 / 2).sum(axis=1)
    if loss == "cross_entropy":
        return -(one_hot(targets, a.shape[1]) * np.log(softmax(a))).sum(axis=1)
    assert loss == "binary_cross_entropy"
    # -ln a and -ln (1 - a) of the sigmoid a of z, where no digit of a is lost.
    costs = targets * np.logaddexp(0, -z) + (1 - targets) * np.logaddexp(0, z)
    return costs.sum(axis=1) / a.shape[1]


def loss_gradient(loss, a, z, targets):
    """dL/da of the last layer, L being the mean over samples."""
    count, width = a.shape
    if loss == "mse":
        return 2 * (a - targets) / (count * width)
    if loss == "half_squared_error":
        return (a - targets) / count
    if loss == "cross_entropy":
        return (softmax(a) - one_hot(targets, width)) / count
    assert loss == "binary_cross_entropy"
    return ((1 - targets) / sigmoid(-z) - targets / sigmoid(z)) / (count * width)


def forward(weights, biases, activations, loss, inputs, targets):
    layers, a = [], inputs
    for weight, bias, name in zip(weights, biases, activations, strict=True):
        z = np.einsum("oi,ni->no", weight, a) + bias
        a = FUNCTIONS[name](z)
        layers.append(SimpleNamespace(z=z, a=a, da_dz=DERIVATIVES[name](z)))
    losses = sample_losses(loss, a, z, targets)
    loss = float(losses.sum() / len(losses))
    return SimpleNamespace(layers=layers, sample_losses=losses, loss=loss)


def forward_backward(weights, biases, activations, loss, inputs, targets):
    done = forward(weights, biases, activations, loss, inputs, targets)
    gradient = loss_gradient(loss, done.layers[-1].a, done.layers[-1].z, targets)
    for k in reversed(range(len(weights))):
        layer = done.layers[k]
        a_in = done.layers[k - 1].a if k else inputs
        layer.dL_da = gradient
        layer.dL_dz = gradient * layer.da_dz
        layer.dL_dW = np.einsum("no,ni->oi", layer.dL_dz, a_in)
        layer.dL_db = layer.dL_dz.sum(axis=0)
        gradient = np.einsum("no,oi->ni", layer.dL_dz, weights[k])
    return done
