"""Training plans: which steps are kept."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.training.record import TrainingPlan, kept_steps, steps_for_epochs


@pytest.mark.parametrize("steps", [1, 59, 60, 3000, 10**6])
@pytest.mark.parametrize("most", [2, 3, 60])
def test_first_and_last_are_always_kept(steps, most):
    kept = kept_steps(steps, most)
    assert len(kept) == min(steps + 1, most)
    assert (kept[0], kept[-1]) == (0, steps)
    assert list(kept) == sorted(set(kept))
    assert np.ptp(np.diff(kept)) <= 1


def test_epochs():
    assert steps_for_epochs(100, 3, 1) == 300
    assert steps_for_epochs(10, 130, 16) == 90  # the ninth batch holds what is left
    assert steps_for_epochs(7, 130, None) == 7


def test_a_plan_keeps_what_is_chosen_and_both_ends():
    assert TrainingPlan(100, keep=(7, 3, 7)).keep == (0, 3, 7, 100)
    assert TrainingPlan(3000).keep == kept_steps(3000)


@pytest.mark.parametrize(
    ("steps", "keep"), [(0, ()), (5, (6,)), (5, (-1,))], ids=["none", "too late", "too early"]
)
def test_plans_that_cannot_be(steps, keep):
    with pytest.raises(ValueError, match="cannot be kept"):
        TrainingPlan(steps, keep=keep)
