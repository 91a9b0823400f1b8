"""Limits of a network, so that a lesson, its record and its answer sheet stay usable."""

from __future__ import annotations

from itertools import pairwise

MIN_LAYERS, MAX_LAYERS = 2, 8
"""Counting the input."""

MAX_UNITS = 1024
"""Per layer."""

MAX_PARAMETERS = 2_000_000
"""Weights and biases together; an answer sheet writes each of them several times, as text."""


def parameter_count(sizes: tuple[int, ...]) -> int:
    """Return how many weights and biases a network has.

    Parameters
    ----------
    sizes : tuple of int
        Units per layer, the input first.

    Examples
    --------
    >>> parameter_count((784, 128, 64, 10))
    109386
    """
    return sum((n_in + 1) * n_out for n_in, n_out in pairwise(sizes))
