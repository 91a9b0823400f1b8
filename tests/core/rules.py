"""The optimizers twice more: torch.optim driven by hand, and the published rules in numpy."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812 (torch's own name for it)

from backprop_studio.core.network.passes import draw_parameters
from tests.core import oracle

# torch.optim driven by hand


TORCH = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.05),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9),
    "nesterov": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.05),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.05),
    "adam": lambda p: torch.optim.Adam(p, lr=0.05),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.05),
}

TORCH_STATE = {
    "velocity": "momentum_buffer",
    "square_sum": "sum",
    "square_mean": "square_avg",
    "first_moment": "exp_avg",
    "second_moment": "exp_avg_sq",
}
"""What we call the vectors of an optimizer, and torch's keys of them."""


def plain_module(spec):
    """The network as anybody writes it, with the weights that core draws."""
    layers, drawn = [], draw_parameters(spec)
    functions = {"tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid, "relu": torch.nn.ReLU}
    for k, name in enumerate(spec.activations):
        linear = torch.nn.Linear(spec.sizes[k], spec.sizes[k + 1], dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(drawn.weights[k])
            linear.bias.copy_(drawn.biases[k])
        layers += [linear, functions.get(name, torch.nn.Identity)()]
    return torch.nn.Sequential(*layers)


# DESIGN's L: each sample's loss, then the mean over samples. torch's own reduction="mean" adds up
# in another order, which may show in the last bit.
PLAIN_LOSSES = {
    "mse": lambda a, y: ((a - y) ** 2).mean(dim=1).mean(),
    "half_squared_error": lambda a, y: (((a - y) ** 2).sum(dim=1) / 2).mean(),
    "cross_entropy": lambda a, y: F.cross_entropy(a, y, reduction="none").mean(),
    "binary_cross_entropy": lambda z, y: (
        F.binary_cross_entropy_with_logits(z, y, reduction="none").mean(dim=1).mean()
    ),
}


def plain_loop(spec, batch, make, batches):
    """The loop of every tutorial; returns losses, weights after each step, and torch's state."""
    module = plain_module(spec)
    # What sees z has the sigmoid in it.
    scores = module[:-1] if spec.loss == "binary_cross_entropy" else module
    optimizer = make(module.parameters())
    x, y = torch.tensor(batch.inputs), torch.tensor(batch.targets)
    losses, weights = [], []
    for rows in batches:
        optimizer.zero_grad()
        loss = PLAIN_LOSSES[spec.loss](scores(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        weights.append([p.detach().numpy().copy() for p in module.parameters()])
    return losses, weights, [optimizer.state[p] for p in module.parameters()]


# The published rules, in numpy


def numpy_run(spec, batch, name, steps):
    """Run a rule ``(w, g, memory, t) -> w`` on gradients that the textbook's formulas give.

    Returns after each step all weights, then all biases.
    """
    # Where the gradient is taken: at w itself but for Nesterov.
    rule, at = RULES[name], look_ahead if name == "nesterov" else lambda w, memory: w
    start = draw_parameters(spec)
    ws = [t.detach().numpy().copy() for t in [*start.weights, *start.biases]]
    memories, count, path = [{} for _ in ws], len(start.weights), []
    for t in range(1, steps + 1):
        points_ = [at(w, memory) for w, memory in zip(ws, memories, strict=True)]
        network = points_[:count], points_[count:], spec.activations, spec.loss
        done = oracle.forward_backward(*network, batch.inputs, batch.targets)
        gradients = [layer.dL_dW for layer in done.layers] + [layer.dL_db for layer in done.layers]
        ws = [rule(w, g, memory, t) for w, g, memory in zip(ws, gradients, memories, strict=True)]
        path.append([at(w, memory) for w, memory in zip(ws, memories, strict=True)])
    return path


ETA, GAMMA, EPS = 0.05, 0.9, 1e-8


def sgd(w, g, memory, t):
    return w - ETA * g


def momentum(w, g, memory, t):
    # CURRICULUM: v <- gamma v + eta grad, w <- w - v (Polyak 1964). Torch keeps u <- gamma u + g
    # and steps by eta u; with a fixed eta v = eta u at every step, so the paths are the same.
    memory["v"] = GAMMA * memory.get("v", 0.0) + ETA * g
    return w - memory["v"]


def nesterov(w, g, memory, t):
    # Sutskever et al., "On the importance of initialization and momentum in deep learning" (2013):
    # v <- mu v - eta grad(w + mu v), w <- w + v. What torch calls the parameters is the point
    # w + mu v from which the rule looks ahead.
    memory["v"] = GAMMA * memory.get("v", 0.0) - ETA * g
    return w + memory["v"]


def look_ahead(w, memory):
    return w + GAMMA * memory.get("v", 0.0)


def adagrad(w, g, memory, t):
    # Duchi, Hazan, Singer, "Adaptive subgradient methods" (2011), its diagonal form.
    memory["G"] = memory.get("G", 0.0) + g**2
    return w - ETA * g / (np.sqrt(memory["G"]) + 1e-10)


def rmsprop(w, g, memory, t):
    # Tieleman, Hinton, lecture 6.5 (2012).
    memory["s"] = 0.99 * memory.get("s", 0.0) + 0.01 * g**2
    return w - ETA * g / (np.sqrt(memory["s"]) + EPS)


def adam(w, g, memory, t):
    # Kingma, Ba, "Adam" (2015), algorithm 1.
    memory["m"] = 0.9 * memory.get("m", 0.0) + (1 - 0.9) * g
    memory["v"] = 0.999 * memory.get("v", 0.0) + (1 - 0.999) * g**2
    memory["m_hat"], memory["v_hat"] = memory["m"] / (1 - 0.9**t), memory["v"] / (1 - 0.999**t)
    return w - ETA * memory["m_hat"] / (np.sqrt(memory["v_hat"]) + EPS)


def adamw(w, g, memory, t):
    # Loshchilov, Hutter, "Decoupled weight decay regularization" (2019), algorithm 2; the decay is
    # scaled by the learning rate, as torch documents it.
    return adam(w, g, memory, t) - ETA * 0.01 * w


RULES = {it.__name__: it for it in (sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw)}
