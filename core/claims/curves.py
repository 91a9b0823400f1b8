"""What a curve is like at a point, and what becomes of a numerical gradient's error."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.core.base.arrays import Array

Smooth: TypeAlias = Literal["smooth", "corner"]

Rest: TypeAlias = Literal["smaller", "not_smaller", "no_linear"]
"""What a step adds in proportion to its square, beside what it adds in proportion to itself."""

Tried: TypeAlias = Literal["falls", "mixed"]
"""Whether each smaller step has a smaller error."""

Picked: TypeAlias = Literal["exact", "unseen", "misses"]
"""An error of 0; one too small for the eye; or one that can be seen."""

Errors: TypeAlias = Literal["valley", "exact", "gaps", "plain"]
"""Errors that fall and rise again; that are all 0; some of them; or none of this."""

Order: TypeAlias = Literal["square", "other"]
"""Whether a tenth of the step has a hundredth of the error."""

Digits: TypeAlias = Literal["shared", "own"]
"""Whether two values agree in nearly all of their digits."""

MUCH_SMALLER = 0.1
UNSEEN = 1e-3
SQUARE = (1.7, 2.3)
SHARED = 1e-6


def smooth(is_smooth: bool) -> Smooth:
    """Return what a curve is like at a point.

    Examples
    --------
    >>> smooth(True)
    'smooth'
    """
    return "smooth" if is_smooth else "corner"


def rest(linear: float, square: float) -> Rest:
    """Return how what a step adds compares: in proportion to it, and to its square.

    Examples
    --------
    >>> rest(0.06, 0.0001), rest(0.5, 1.25), rest(0.0, 0.01)
    ('smaller', 'not_smaller', 'no_linear')
    """
    if linear == 0:
        return "no_linear"
    return "smaller" if abs(square) <= MUCH_SMALLER * abs(linear) else "not_smaller"


def tried(errors: Sequence[float]) -> Tried:
    """Return what becomes of the error with smaller and smaller steps.

    Examples
    --------
    >>> tried([1e-2, 1e-4]), tried([1e-2, 1e-2]), tried([1e-2])
    ('falls', 'mixed', 'mixed')
    """
    falls = len(errors) > 1 and all(b < a for a, b in pairwise(errors))
    return "falls" if falls else "mixed"


def picked(error: float, size: float) -> Picked:
    """Return what an error is like beside the size of a slope.

    Examples
    --------
    >>> picked(0.0, 1.0), picked(1e-9, 1.0), picked(0.1, 1.0)
    ('exact', 'unseen', 'misses')
    """
    if error == 0:
        return "exact"
    return "unseen" if error < UNSEEN * size else "misses"


def errors(found: Array, *, has_both_arms: bool) -> Errors:
    """Return what the errors of all steps are like.

    Parameters
    ----------
    found : (K,) float64
        The errors; nan where there is none.
    has_both_arms : bool
        Whether they fall along one line and rise along another.

    Examples
    --------
    >>> import numpy as np
    >>> errors(np.array([1.0, 0.0]), has_both_arms=False), errors(np.zeros(2), has_both_arms=False)
    ('gaps', 'exact')
    """
    if has_both_arms:
        return "valley"
    if not (found > 0).any():
        return "exact"
    return "gaps" if (found == 0).any() else "plain"


def order(slope: float) -> Order:
    """Return what a line through errors in a doubly logarithmic picture says.

    Examples
    --------
    >>> order(1.998), order(1.0)
    ('square', 'other')
    """
    return "square" if SQUARE[0] <= slope <= SQUARE[1] else "other"


def digits(first: float, second: float) -> Digits:
    """Return whether two values agree in nearly all of their digits.

    Examples
    --------
    >>> digits(0.84147098, 0.84147099), digits(1e-9, -1e-9)
    ('shared', 'own')
    """
    largest = max(abs(first), abs(second))
    return "shared" if abs(first - second) <= SHARED * largest else "own"
