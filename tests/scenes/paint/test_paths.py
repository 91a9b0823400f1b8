"""Lines through many corners keep what can be seen, and tell where they leave a box."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backprop_studio.scenes.paint.paths import exit_of, thinned

BOX = (0.0, 0.0, 4.0, 2.0)


def test_thinning_keeps_extremes_ends_and_gaps():
    ys = np.sin(np.arange(9001.0))
    ys[[100, 5000]] = 7, -7
    ys[3000:3050] = math.nan
    thin = thinned(np.stack([np.arange(9001.0), ys], axis=-1))
    assert len(thin) < 1200
    assert {7.0, -7.0} <= set(thin[:, 1])
    assert (thin[0, 0], thin[-1, 0]) == (0, 9000)
    inside = thin[(thin[:, 0] >= 3000) & (thin[:, 0] < 3050)]
    assert len(inside)
    assert np.isnan(inside[:, 1]).all()


def test_a_path_that_leaves_crosses_the_edge_on_its_way():
    place, step = exit_of(np.array([[1.0, 1.0], [2.0, 1.5], [3.0, 2.5]]), BOX)
    assert place == pytest.approx([2.5, 2.0])
    assert step == pytest.approx([1.0, 1.0])


@pytest.mark.parametrize(
    "corners",
    [
        [[1.0, 1.0], [2.0, 1.5]],  # inside
        [[5.0, 1.0], [6.0, 1.0]],  # never there
        [[1.0, 1.0], [9.0, 1.0], [3.0, 1.0]],  # back again
        [[1.0, 1.0], [math.nan, 1.0]],  # what is not finite goes nowhere
    ],
)
def test_a_path_whose_end_is_in_sight_or_never_was_has_not_left(corners):
    assert exit_of(np.array(corners), BOX) is None
