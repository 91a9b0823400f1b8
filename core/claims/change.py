"""Whether one number is above another, as far as both are shown."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backprop_studio.core.base.arrays import Array

DIGITS = 4
"""Significant digits of a number in a list, where no more are written to tell it from others."""

MOST_DIGITS = 6
"""Significant digits that are written at most to tell two numbers apart."""

MOST_DECIMALS = 12
"""Decimals that are written at most."""

Change: TypeAlias = Literal["falls", "rises", "equal", "stationary", "not_finite"]
"""What a step does to a loss; stationary where the step moves nothing."""

Lowest: TypeAlias = Literal["one", "of_inside", "several", "all", "alone", "only", "none"]
"""
Who is lowest of those in the picture: "one"; "of_inside": one, but somebody has left; "several"
that are shown alike, or "all" there are; "alone": all others have left; "only": there is but one;
"none": nobody is in the picture.
"""

Places: TypeAlias = Literal["one", "same", "some", "different"]
"""Whether points are apart: of one point nothing is said."""


def seen(value: float, digits: int = DIGITS) -> float:
    """Return a number as it is shown, with so many significant digits.

    Examples
    --------
    >>> seen(0.00053169), seen(0.00053171), seen(-0.0)
    (0.0005317, 0.0005317, 0.0)
    """
    return float(f"{value:.{digits - 1}e}") + 0.0


def decimals_apart(first: float, second: float, digits: int = MOST_DIGITS) -> int | None:
    """Return the fewest decimals with which two numbers are printed differently.

    Parameters
    ----------
    digits : int
        Significant digits of the larger one that are written at most.

    Returns
    -------
    int or None
        None if they are printed alike, however many of these are written.

    Examples
    --------
    >>> decimals_apart(0.6931, 0.6929), decimals_apart(0.69314718, 0.69314712)
    (4, None)
    """
    largest = max(abs(first), abs(second))
    if first == second or not math.isfinite(largest):
        return None
    power = int(f"{largest:.{digits - 1}e}".partition("e")[2])
    most = min(max(digits - 1 - power, 0), MOST_DECIMALS)
    for decimals in range(most + 1):
        if float(f"{first:.{decimals}f}") != float(f"{second:.{decimals}f}"):
            return decimals
    return None


def change(before: float, after: float, *, moved: bool = True) -> Change:
    """Return what became of a number.

    Parameters
    ----------
    moved : bool
        Whether the step between them moved anything.

    Examples
    --------
    >>> change(4.0, 0.16), change(0.69314718, 0.69314712), change(4.0, float("inf"))
    ('falls', 'equal', 'not_finite')
    >>> change(4.0, 4.0, moved=False)
    'stationary'
    """
    if not math.isfinite(after):
        return "not_finite"
    if not moved:
        return "stationary"
    if decimals_apart(before, after) is None:
        return "equal"
    return "falls" if after < before else "rises"


def lowest(values: Iterable[float], digits: int = DIGITS) -> tuple[int, ...]:
    """Return which numbers are lowest as they are shown; several if they are shown alike.

    Examples
    --------
    >>> lowest([0.5, 0.00053169, 0.00053171]), lowest([])
    ((1, 2), ())
    """
    shown = [seen(value, digits) for value in values]
    return tuple(k for k, value in enumerate(shown) if value == min(shown))


def who_is_lowest(values: Sequence[float], outside: int = 0, digits: int = DIGITS) -> Lowest:
    """Return whether one number is lower than the others.

    Parameters
    ----------
    values : sequence of float
        Of those in the picture.
    outside : int
        How many others have left it.

    Examples
    --------
    >>> who_is_lowest([1.0, 2.0]), who_is_lowest([1.0, 1.0, 2.0]), who_is_lowest([1.0, 1.0])
    ('one', 'several', 'all')
    >>> who_is_lowest([1.0, 2.0], 1), who_is_lowest([1.0], 1), who_is_lowest([1.0])
    ('of_inside', 'alone', 'only')
    """
    if len(values) < 2:
        return "none" if not len(values) else "alone" if outside else "only"
    best = len(lowest(values, digits))
    if best == 1:
        return "of_inside" if outside else "one"
    return "all" if best == len(values) and not outside else "several"


def places(points: Iterable[Sequence[float]], digits: int = DIGITS) -> Places:
    """Return whether points are in different places, as they are shown.

    Examples
    --------
    >>> places([(1.0, 2.0), (1.0, 2.5)]), places([(1.0, 2.0), (1.00001, 2.0)])
    ('different', 'same')
    >>> places([(0.0, 0.0), (0.0, 0.0), (1.0, 0.0)]), places([(0.0, 0.0)])
    ('some', 'one')
    """
    shown = [tuple(seen(part, digits) for part in point) for point in points]
    if len(shown) < 2:
        return "one"
    count = len(set(shown))
    return "same" if count == 1 else "different" if count == len(shown) else "some"


Pair: TypeAlias = Literal[
    "first", "second", "uphill", "equal", "first_left", "second_left", "both_left"
]
"""
Of two in a race, who is lower in the end; "uphill": the second, and the first has gone uphill on
its way; "equal": as far as they are shown; or who has left the picture.
"""


def pair(
    first: Array | Sequence[float],
    second: Array | Sequence[float],
    left: Sequence[bool],
    digits: int = DIGITS,
) -> Pair:
    """Return who of two is lower in the end.

    Parameters
    ----------
    first, second : (K,) float64
        Their losses.
    left : (bool, bool)
        Who is not in the picture in the end.

    Examples
    --------
    >>> pair([4.0, 1.0], [4.0, 2.0], [False, False]), pair([4.0, 5.0], [4.0, 2.0], [False, False])
    ('first', 'uphill')
    """
    if any(left):
        return "both_left" if all(left) else "first_left" if left[0] else "second_left"
    ends = seen(first[-1], digits), seen(second[-1], digits)
    if ends[0] == ends[1]:
        return "equal"
    if ends[0] < ends[1]:
        return "first"
    return "uphill" if any(b > a for a, b in pairwise(first)) else "second"
