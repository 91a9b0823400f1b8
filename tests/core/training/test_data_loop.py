"""One weight over data: the curriculum's numbers, and the recursion in numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.training.data_loop import data_loop
from backprop_studio.core.training.one_weight_params import DataLoopGroup
from tests.core.specs import QUICK

NUMBERS = st.floats(-3, 3).map(lambda x: round(x, 3))


def recursion(xs, ys, w, eta, epochs):
    """Return w at the beginning and after each update, and the losses and gradients before."""
    weights, losses, gradients = [w], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys, strict=True):
            residual = weights[-1] * x - y
            losses.append(residual**2)
            gradients.append(2 * residual * x)
            weights.append(weights[-1] - eta * gradients[-1])
    return np.array(weights), np.array(losses), np.array(gradients)


def test_loop_finds_the_slope_two():
    record = data_loop(DataLoopGroup())
    weights, losses, gradients = recursion([1, 2, 3], [2, 4, 6], 1.0, 0.01, 100)
    assert record.w.shape == (301,)
    assert record.w == pytest.approx(weights, rel=1e-12)
    assert record.losses == pytest.approx(losses, rel=1e-12, abs=1e-24)
    assert record.gradients == pytest.approx(gradients, rel=1e-12, abs=1e-12)
    assert record.epoch_w.tolist() == record.w[::3].tolist()
    assert len(record.epoch_w) == 101
    by_epoch = [np.mean((w * np.array([1, 2, 3]) - [2, 4, 6]) ** 2) for w in weights[::3]]
    assert record.epoch_losses == pytest.approx(by_epoch, rel=1e-12, abs=1e-24)
    assert (record.test_x, record.before) == (4, 4)
    # Each epoch takes the distance to 2 times 0.98 * 0.92 * 0.82.
    assert record.epoch_w[1] == pytest.approx(2 - 0.98 * 0.92 * 0.82, rel=1e-14)
    assert record.w[-1] == pytest.approx(2, abs=1e-12)
    assert record.after == pytest.approx(8, abs=1e-11)
    assert record.divergence is None


@settings(QUICK, max_examples=30)
@given(
    st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=5),
    NUMBERS,
    st.floats(0.001, 0.1),
    st.integers(1, 10),
)
def test_any_loop_by_hand(pairs, w, eta, epochs):
    xs, ys = zip(*pairs, strict=True)
    record = data_loop(DataLoopGroup(xs=xs, ys=ys, w=w, learning_rate=eta, epochs=epochs))
    weights, losses, _ = recursion(xs, ys, w, eta, epochs)
    size = np.abs(weights).max() + max(map(abs, ys)) + 1
    assert record.w == pytest.approx(weights, rel=1e-12, abs=1e-12 * size)
    assert record.losses == pytest.approx(losses, rel=1e-12, abs=1e-11 * size**2)


def test_loop_that_diverges_says_where():
    record = data_loop(DataLoopGroup(learning_rate=10, epochs=1000))
    assert record.divergence is not None
    made = record.divergence.step - 1
    assert len(record.losses) == len(record.gradients) == len(record.w) - 1 == made
    assert len(record.epoch_w) == made // 3 + 1
    assert np.isfinite(record.w).all()
    assert np.isfinite(record.losses).all()
    assert record.divergence.reason == "loss"


def test_a_loss_too_large_from_the_start_is_wrong_input():
    with pytest.raises(InputError, match=r"too large to compute with from w = 10²⁰⁰ on"):
        data_loop(DataLoopGroup(w=1e200))
