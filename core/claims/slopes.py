"""What a slope, or a gradient, says of the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from backprop_studio.core.base.arrays import Array

Sign: TypeAlias = Literal["positive", "negative", "zero"]

Next: TypeAlias = Literal[
    "leaves",
    "level",
    "lost",
    "shrinks",
    "grows",
    "shorter",
    "longer",
    "alike",
    "back_shorter",
    "back_longer",
    "back_alike",
]
"""
What a step is like. The first one: it "leaves" the picture, or the weight "shrinks" or "grows".
Each: "level": on a slope of 0; "lost": too small to move the weight. The others: "shorter" or
"longer" than the one before, as the slope is less or more steep, or "alike"; "back" if the slope
has changed its sign.
"""

OtherStart: TypeAlias = Literal["level", "same_side", "grows", "shrinks"]
"""
Another start beside the first: on a slope of 0; with a slope of the same sign; or from the other
side, so that the weight grows or shrinks where that of the first does not.
"""

Update: TypeAlias = Literal["against", "partly", "stationary", "by_rule"]
"""
What an update does to weights: all step against their gradients; those that have one do; none
moves; or the optimizer makes something else of the gradients.
"""

Level: TypeAlias = Literal["slope", "level"]
"""Whether there is a slope anywhere, or all of it is 0."""

Move: TypeAlias = Literal["moves", "stays", "breaks"]
"""What a first step does: it moves a point, or not, or there is no finite number after it."""

Summed: TypeAlias = Literal["cancels", "adds", "stays"]
"""
What becomes of a sum of gradients: "cancels": some part changes its sign on the way; "adds": all
keep theirs; "stays": all are 0.
"""


ALIKE = 1e-3
"""Two steps whose lengths differ by no larger share look the same."""


def sign(slope: float) -> Sign:
    """Return the sign of a slope.

    Examples
    --------
    >>> sign(-8.0), sign(0.0)
    ('negative', 'zero')
    """
    return "zero" if slope == 0 else "positive" if slope > 0 else "negative"


def next_step(slopes: Array, moves: Array, step: int, *, leaves: bool = False) -> Next:
    """Return what a step down a curve is like.

    Parameters
    ----------
    slopes : (K,) float64
        Before each step.
    moves : (K - 1,) or (K,) float64
        What each adds to the weight.
    step : int
        Counted from 1.
    leaves : bool
        Whether it leads out of the picture.

    Examples
    --------
    >>> slopes = np.array([4.0, -2.0, -1.0, -1.5, -1.5, 0.0])
    >>> [next_step(slopes, -0.1 * slopes, k) for k in range(1, 7)]
    ['shrinks', 'back_shorter', 'shorter', 'longer', 'alike', 'level']
    """
    slope = float(slopes[step - 1])
    if slope == 0:
        return "level"
    if moves[step - 1] == 0:
        return "lost"
    if step == 1:
        return "leaves" if leaves else "shrinks" if slope > 0 else "grows"
    before = float(slopes[step - 2])
    size, was = abs(slope), abs(before)
    is_alike = abs(size - was) <= ALIKE * max(size, was)
    if slope * before < 0:
        return "back_alike" if is_alike else "back_shorter" if size < was else "back_longer"
    return "alike" if is_alike else "shorter" if size < was else "longer"


def other_start(slope: float, first: float) -> OtherStart:
    """Return what a start is like beside the first one.

    Parameters
    ----------
    slope, first : float
        Slopes at the start, and at the first of all starts.

    Examples
    --------
    >>> other_start(-2.0, 3.0), other_start(1.0, 3.0), other_start(2.0, 0.0)
    ('grows', 'same_side', 'same_side')
    """
    if slope == 0:
        return "level"
    if slope * np.sign(first) >= 0:
        return "same_side"
    return "shrinks" if slope > 0 else "grows"


def update(moves: Sequence[npt.ArrayLike], gradients: Sequence[npt.ArrayLike]) -> Update:
    """Return what an update did to weights.

    Parameters
    ----------
    moves, gradients : sequences of arrays
        What was added to the weights, and their gradients.

    Examples
    --------
    >>> update([[-0.2, 0.1]], [[2.0, -1.0]]), update([[-0.2, 0.0]], [[2.0, 0.0]])
    ('against', 'partly')
    >>> update([[0.0]], [[0.0]]), update([[-0.1]], [[-2.0]])
    ('stationary', 'by_rule')
    """
    moved = np.concatenate([np.ravel(it) for it in moves])
    slopes = np.concatenate([np.ravel(it) for it in gradients])
    if not moved.any():
        return "stationary"
    if (np.sign(moved) != -np.sign(slopes)).any():
        return "by_rule"
    return "against" if slopes.all() else "partly"


def level(gradient: npt.ArrayLike) -> Level:
    """Return whether a gradient is 0 altogether.

    Examples
    --------
    >>> level([0.0, -1.0]), level([0.0, 0.0])
    ('slope', 'level')
    """
    return "slope" if np.any(gradient) else "level"


def move(points: Array | Sequence[npt.ArrayLike]) -> Move:
    """Return what the first step of a descent does.

    Parameters
    ----------
    points : sequence of points
        As far as there are numbers.

    Examples
    --------
    >>> move([[1.0, 0.0], [0.8, 0.0]]), move([[0.0], [0.0]]), move([[1.0]])
    ('moves', 'stays', 'breaks')
    """
    if len(points) < 2:
        return "breaks"
    return "stays" if np.array_equal(points[0], points[1]) else "moves"


def summed(gradients: Array) -> Summed:
    """Return what becomes of a sum of gradients.

    Parameters
    ----------
    gradients : (K, n) float64
        In their order.

    Examples
    --------
    >>> summed(np.array([[1.0, 2.0], [-0.5, 1.0]])), summed(np.array([[1.0], [0.5], [0.0]]))
    ('cancels', 'adds')
    """
    if not gradients.any():
        return "stays"
    has_both = (gradients > 0).any(axis=0) & (gradients < 0).any(axis=0)
    return "cancels" if has_both.any() else "adds"
