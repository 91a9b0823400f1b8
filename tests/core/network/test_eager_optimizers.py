"""Optimizers without torch's compiler: torch.optim's numbers, and no compiler."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch

from backprop_studio.core.network.eager_optimizers import eager

KINDS = {
    torch.optim.SGD: [{}, {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}],
    torch.optim.Adagrad: [{}, {"lr_decay": 0.1}],
    torch.optim.RMSprop: [{}],
    torch.optim.Adam: [{}, {"amsgrad": True}],
    torch.optim.AdamW: [{}],
}
CASES = [(kind, more) for kind, cases in KINDS.items() for more in cases]


def walk(kind, more, steps=7):
    """Return two tensors after each step down a valley."""
    rng = np.random.default_rng(3)
    pair = [torch.tensor(rng.normal(size=(3, 2)), requires_grad=True) for _ in range(2)]
    optimizer = kind(pair, lr=0.03, weight_decay=0.01, **more)
    path = []
    for _ in range(steps):
        optimizer.zero_grad()
        (pair[0] ** 4 + pair[1].sin()).sum().backward()
        optimizer.step()
        path.append([tensor.detach().numpy().copy() for tensor in pair])
    return np.array(path)


@pytest.mark.parametrize(("kind", "more"), CASES)
def test_steps_are_torchs_to_the_last_bit(kind, more):
    theirs = walk(kind, more)
    assert len(np.unique(theirs)) == theirs.size  # everything moves
    np.testing.assert_array_equal(walk(eager(kind), more), theirs)


@pytest.mark.parametrize("kind", KINDS)
def test_the_class_is_one_of_torchs(kind):
    assert issubclass(eager(kind), kind)
    assert eager(kind).__name__ == kind.__name__
    assert eager(kind) is eager(kind)


def test_no_gradient_is_recorded_by_a_step():
    weight = torch.tensor([2.0], requires_grad=True)
    optimizer = eager(torch.optim.SGD)([weight], lr=0.1)
    (weight**2).sum().backward()
    optimizer.step()
    assert weight.is_leaf
    assert weight.item() == pytest.approx(1.6)
    assert torch.is_grad_enabled()


def test_an_optimizer_without_guards_is_left_alone():
    class Plain(torch.optim.Optimizer):
        def step(self, closure=None):
            return closure

    assert eager(Plain) is Plain


def test_the_compiler_is_not_loaded():
    code = """
import sys, torch
from backprop_studio.core.network.optimizers import OPTIMIZERS, OptimizerSpec, build_optimizer
for name in OPTIMIZERS:
    weight = torch.tensor([1.0], requires_grad=True)
    optimizer = build_optimizer(OptimizerSpec(name, 0.1), [weight])
    for _ in range(2):
        optimizer.zero_grad()
        (weight * weight).sum().backward()
        optimizer.step()
    assert weight.item() != 1.0
sys.exit("torch._dynamo" in sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
