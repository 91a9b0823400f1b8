"""Optimizers without torch's compiler; that their numbers are torch's is held by runs and steps."""

from __future__ import annotations

import pytest
import torch

from backprop_studio.core.network.eager_optimizers import eager


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
