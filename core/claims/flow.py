"""What becomes of a gradient on its way back through the layers, and of gradients in a training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.core.base.arrays import Array

Flow: TypeAlias = Literal[
    "silent", "partly_silent", "vanishes", "shrinks", "keeps", "grows", "explodes"
]
"""
From the last layer to the first: "silent": no layer has a gradient; "partly_silent": some have
none; "vanishes", "explodes": each layer back makes it smaller, or larger; "shrinks", "grows": the
first layer's is much smaller, or larger, but not at each step; "keeps": neither.
"""

Spread: TypeAlias = Literal["shrink", "grow", "mixed", "same", "breaks"]
"""What became of the largest gradient of each layer in a training."""

Dead: TypeAlias = Literal["dead", "some_dead", "alive"]
"""Whether all units of a layer, some units of the network, or none has a slope of 0 everywhere."""

KEPT = 2.0
"""Times: a gradient that changes no more than this on its whole way keeps its size."""


def flow(lengths: Array) -> Flow:
    """Return what becomes of a gradient on its way back.

    Parameters
    ----------
    lengths : (layers,) float64
        Of dL/dW, from the first layer to the last.

    Examples
    --------
    >>> flow(np.array([0.01, 0.1, 1.0])), flow(np.array([0.01, 2.0, 1.0]))
    ('vanishes', 'shrinks')
    >>> flow(np.array([1.0, 1.4, 1.0])), flow(np.array([0.0, 0.0, 1.0])), flow(np.zeros(3))
    ('keeps', 'partly_silent', 'silent')
    """
    if not lengths.any():
        return "silent"
    if not lengths.all():
        return "partly_silent"
    if lengths[0] * KEPT < lengths[-1]:
        return "vanishes" if (np.diff(lengths) > 0).all() else "shrinks"
    if lengths[0] > KEPT * lengths[-1]:
        return "explodes" if (np.diff(lengths) < 0).all() else "grows"
    return "keeps"


def spread(early: Array, late: Array, *, breaks: bool = False) -> Spread:
    """Return what became of the largest gradients of the layers between two moments.

    Parameters
    ----------
    early, late : (layers,) float64
        Their sizes.
    breaks : bool
        Whether the numbers left float64 after that.

    Examples
    --------
    >>> spread(np.array([1.0, 2.0]), np.array([0.5, 1.0])), spread(np.ones(2), np.ones(2))
    ('shrink', 'same')
    >>> spread(np.array([1.0, 2.0]), np.array([0.5, 3.0]))
    'mixed'
    """
    if (late > early).all():
        return "breaks" if breaks else "grow"
    if (late < early).all():
        return "shrink"
    return "same" if (late == early).all() else "mixed"


def dead(counts: Sequence[int], units: Sequence[int]) -> Dead:
    """Return whether units are dead.

    Parameters
    ----------
    counts, units : sequence of int
        Per layer: units whose slope is 0 for every sample, and all of them.

    Examples
    --------
    >>> dead([8, 8, 0], [8, 8, 1]), dead([0, 1, 0], [8, 8, 1]), dead([0, 0], [8, 1])
    ('dead', 'some_dead', 'alive')
    """
    if any(count == size for count, size in zip(counts, units, strict=True)):
        return "dead"
    return "some_dead" if any(counts) else "alive"
