"""What becomes of descents, at the places where a verdict is easily wrong."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.claims.descent import SETTLED, crawls, descent, ends


def geometric(factor, steps=20, start=2.0):
    """Return a descent on w^2 that multiplies w by a factor, and how far it would go on."""
    w = start * float(factor) ** np.arange(2 * steps + 1)
    return w[: steps + 1], 2 * w[: steps + 1], float(np.abs(w[steps:] - w[steps]).max())


@pytest.mark.parametrize(
    ("factor", "steps", "verdict"),
    [
        (0.98, 20, "slow"),
        (0.4, 20, "converges"),
        (0.0, 20, "converges"),
        (-0.4, 20, "overshoots"),
        (-0.9, 20, "oscillates"),
        (-1.0, 20, "bounces"),
        (-1.01, 20, "bounces"),
        (1.0, 20, "slow"),
        (0.9, 1, "slow"),
        (-0.9, 1, "wanders"),
    ],
)
def test_on_a_parabola(factor, steps, verdict):
    assert descent(*geometric(factor, steps)) == verdict


def test_a_level_start_is_stationary_and_no_descent_is_judged_before_that():
    still = np.zeros(5)
    assert descent(still + 1.0, still, 0.0) == "stationary"
    assert descent(still, still, 0.0, has_left=True) == "diverges"
    assert descent(still, still, 0.0, breaks=True) == "not_finite"


def test_who_has_crossed_once_does_not_go_to_and_fro():
    w = np.array([1.5, -0.5, -0.1, -0.01, -0.001, -0.001])
    assert descent(w, 2 * w, 0.0) == "crosses"


def test_a_swing_that_only_rounding_leaves_is_none():
    w = np.array([1.0, 0.1, 1e-12, -1e-13, 1e-14])
    assert descent(w, 2 * w, 0.0) == "converges"


@pytest.mark.parametrize(
    ("where", "settled", "inside", "verdict"),
    [
        ([0.0], [False], [True], "one"),
        ([9.0], [False], [False], "outside"),
        ([0.0, 9.0], [True, False], [True, False], "some_outside"),
        ([0.0, 0.0], [True, False], [True, True], "under_way"),
        ([0.0, 0.01], [True, True], [True, True], "same"),
        ([0.0, 0.5], [True, True], [True, True], "different"),
    ],
)
def test_where_several_end(where, settled, inside, verdict):
    places = [np.array([it]) for it in where]
    assert ends(places, settled, inside, size=2.0) == verdict
    if verdict == "different":
        assert ends(places, settled, inside, size=2.0, has_hill=True) == "valleys"


def test_nobody_crawls_who_stands_or_keeps_his_pace():
    assert not crawls(np.zeros((4, 2)))
    assert not crawls(np.arange(8.0)[:, None])
    assert {"converges", "crosses", "overshoots"} == SETTLED
