"""The loop of every training: updates that are counted, and the first number that is not finite."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backprop_studio.core.network.training_loop import Divergence, counted_updates


class Counter:
    """An optimizer that only counts."""

    def __init__(self):
        self.updates = 0

    def step(self):
        self.updates += 1


@pytest.mark.parametrize("steps", [0, 1, 5])
def test_step_k_is_the_state_after_k_updates(steps):
    counter = Counter()
    seen = [(step, counter.updates) for step in counted_updates(counter, steps)]
    assert seen == [(k, k) for k in range(steps + 1)]


def test_whoever_stops_makes_no_further_update():
    counter = Counter()
    for step in counted_updates(counter, 9):
        if step == 3:
            break
    assert counter.updates == 3


@pytest.mark.parametrize("bad", [math.nan, math.inf, np.array([1.0, -np.inf])])
def test_the_first_reason_is_told(bad):
    fine = [1.0, np.ones((2, 3))]
    assert Divergence.first(4, weights=fine, loss=[bad], gradient=[bad]) == Divergence(4, "loss")
    assert Divergence.first(4, weights=fine, gradient=[*fine, bad]) == Divergence(4, "gradient")
