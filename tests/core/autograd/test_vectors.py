"""Gradients of vectors: the curriculum's numbers, and formulas by hand for others."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_studio.core.autograd.params import JacobianGroup
from backprop_studio.core.autograd.vectors import accumulation, detaching, vector_jacobian
from backprop_studio.core.base.errors import InputError
from tests.core.specs import QUICK

VECTORS = st.lists(st.floats(-5, 5).map(lambda x: round(x, 3)), min_size=1, max_size=6)


# autograd


def test_gradients_accumulate_until_they_are_zeroed():
    record = accumulation()
    assert (record.y, record.sum_y) == (28, 6)
    assert record.grad_cleared.tolist() == [0, 0, 0, 0]
    assert record.grad_added.tolist() == [1, 5, 9, 13]
    assert record.grad_zeroed.tolist() == [1, 1, 1, 1]
    leaf = record.sum_graph.tensor("x")
    assert leaf.grad_before.tolist() == [0, 4, 8, 12]
    assert leaf.gradient.tolist() == [1, 1, 1, 1]
    assert leaf.grad_after.tolist() == [1, 5, 9, 13]


def test_cube_at_one():
    record = accumulation()
    assert (record.power_x, record.power_y, record.power_grad) == (1, 1, 3)
    node = record.power_graph.node("n0")
    assert node.name == "PowBackward0"
    saved = {it.name: it for it in node.saved}
    assert saved["exponent"].value == 3
    assert saved["self"].tensor == "x"
    assert accumulation(power_x=-2).power_grad == 12


@settings(QUICK, max_examples=20)
@given(VECTORS)
def test_accumulation_by_hand(x):
    record, at = accumulation(x), np.array(x)
    assert record.y == pytest.approx(2 * (at**2).sum(), rel=1e-14)
    assert record.grad == pytest.approx(4 * at, rel=1e-15)
    assert record.grad_added == pytest.approx(4 * at + 1, rel=1e-14, abs=1e-15)


# vector_jacobian


def test_vector_needs_a_gradient():
    record = vector_jacobian(JacobianGroup())
    assert record.y.tolist() == [1, 4]
    assert record.product.tolist() == [0.2, 0.04]
    assert record.jacobian.tolist() == [[2, 0], [0, 4]]
    assert record.one_hot.tolist() == [[1, 0], [0, 1]]
    assert record.derivative.text == "2*x"
    assert record.graph.tensor("x").gradient.tolist() == [0.2, 0.04]
    assert record.graph.tensor("y").gradient.tolist() == [0.1, 0.01]


def test_error_is_in_torchs_own_words():
    x = torch.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError) as caught:
        (x**2).backward()
    assert vector_jacobian(JacobianGroup()).error == str(caught.value)
    assert vector_jacobian(JacobianGroup(x=[3], v=[1])).error == ""


@settings(QUICK, max_examples=20)
@given(VECTORS, st.randoms(use_true_random=False))
def test_jacobian_by_hand(x, chance):
    v = [chance.uniform(-1, 1) for _ in x]
    record = vector_jacobian(JacobianGroup(formula="sin(x)*x", x=x, v=v))
    at = np.array(x)
    diagonal = np.cos(at) * at + np.sin(at)
    assert record.jacobian == pytest.approx(np.diag(diagonal), rel=1e-12, abs=1e-14)
    assert record.product == pytest.approx(np.array(v) @ np.diag(diagonal), rel=1e-12, abs=1e-14)
    h = 1e-6
    for i, value in enumerate(x):
        ends = [(value + side * h) * math.sin(value + side * h) for side in (1, -1)]
        assert (ends[0] - ends[1]) / (2 * h) == pytest.approx(record.jacobian[i, i], abs=1e-8)


# detach


@settings(QUICK, max_examples=20)
@given(VECTORS)
def test_detach_by_hand(x):
    record, at = detaching(x), np.array(x)
    assert record.grad == pytest.approx(at**2, rel=1e-15)
    assert record.grad_y == pytest.approx(2 * at, rel=1e-15)
    assert record.grad_whole == pytest.approx(3 * at**2, rel=1e-14)


# What is refused


@pytest.mark.parametrize("lesson", [accumulation, detaching])
def test_numbers_that_leave_float64_are_refused(lesson):
    with pytest.raises(InputError, match="x: the values or gradients are not finite"):
        lesson([1e200, 1.0])
    with pytest.raises(InputError, match="power_x"):
        accumulation(power_x=1e200)


def test_jacobian_that_cannot_be_shown():
    with pytest.raises(InputError, match="has no x in it"):
        vector_jacobian(JacobianGroup(formula="5"))
    with pytest.raises(InputError, match=r"log\(x\) at x: the values or gradients are not finite"):
        vector_jacobian(JacobianGroup(formula="log(x)", x=[0, 1]))
