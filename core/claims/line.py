"""What becomes of a line that is fitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from backprop_studio.core.base.arrays import Array

Few: TypeAlias = Literal["fits", "much_smaller", "wrong"]
"""After few steps: the line fits; the loss alone is much smaller; or neither."""

Fit: TypeAlias = Literal["fits", "not_yet"]

Way: TypeAlias = Literal["quick_then_slow", "plain"]
"""Whether a point goes quickly down into a long valley, and then slowly along its floor."""

Slower: TypeAlias = Literal["diverges", "fits", "not_yet"]
"""What a smaller rate does with the same number of steps."""

More: TypeAlias = Literal["right", "not_yet", "as_right", "as_far", "elsewhere"]
"""
What a smaller rate does with as many more steps, where the larger one diverges: "right" or
"not_yet"; else: right as the larger one; "as_far" as that without being right; or neither.
"""

Both: TypeAlias = Literal["needs_more", "enough"]
"""Whether a smaller rate needs more steps than the larger one to be right."""

MUCH = 0.5
"""Of the first loss: one below it is called much smaller."""

LONG = 4.0
"""Times as steep across as along: a valley so long has a floor."""

AS_FAR = 0.1
"""Of the way that was gone: two ends no farther from each other are as far."""


def few(first: float, loss: float, *, fits: bool) -> Few:
    """Return what few steps have done.

    Examples
    --------
    >>> few(4.0, 0.5, fits=False), few(4.0, 3.0, fits=False)
    ('much_smaller', 'wrong')
    """
    if fits:
        return "fits"
    return "much_smaller" if loss <= MUCH * first else "wrong"


def fit(is_right: bool) -> Fit:
    """Return whether a line fits.

    Examples
    --------
    >>> fit(False)
    'not_yet'
    """
    return "fits" if is_right else "not_yet"


def way(losses: Array, at: npt.NDArray[np.int64], curvatures: Array) -> Way:
    """Return how a point goes down.

    Parameters
    ----------
    losses, at : (K,)
        The loss at some steps, ascending from 0.
    curvatures : (2,) float64
        Of the valley, ascending.

    Examples
    --------
    >>> way(np.array([4.0, 0.4, 0.3, 0.2]), np.array([0, 10, 50, 100]), np.array([0.1, 2.0]))
    'quick_then_slow'
    >>> way(np.array([4.0, 2.0]), np.array([0, 1]), np.array([2.0, 2.0]))
    'plain'
    """
    early = np.flatnonzero(at <= at[-1] / 10)[-1]
    is_quick = losses[early] <= MUCH * losses[0] and losses[-1] < losses[early]
    is_long = curvatures[-1] >= LONG * curvatures[0]
    return "quick_then_slow" if early and is_quick and is_long else "plain"


def slower(*, is_divergent: bool, is_right: bool) -> Slower:
    """Return what a smaller rate does.

    Examples
    --------
    >>> slower(is_divergent=False, is_right=True)
    'fits'
    """
    return "diverges" if is_divergent else fit(is_right)


def more(end: Array, first_end: Array | None, start: Array, *, is_right: bool) -> More:
    """Return what as many more steps do.

    Parameters
    ----------
    end, start : (2,) float64
        (w, b) with the smaller rate in the end, and where both begin.
    first_end : (2,) float64 or None
        Where the larger rate ends; None if it diverges.
    is_right : bool
        Whether the line fits.

    Examples
    --------
    >>> here, near, far = np.array([1.0, 1.0]), np.array([1.0, 1.01]), np.array([0.0, 0.0])
    >>> more(here, near, far, is_right=False), more(here, None, far, is_right=True)
    ('as_far', 'right')
    """
    if first_end is None:
        return "right" if is_right else "not_yet"
    apart = float(np.abs(end - first_end).max())
    is_near = apart <= AS_FAR * float(np.abs(first_end - start).max())
    if not is_near:
        return "elsewhere"
    return "as_right" if is_right else "as_far"


def both(*, is_right_at_once: bool) -> Both:
    """Return whether a smaller rate needs more steps.

    Examples
    --------
    >>> both(is_right_at_once=False)
    'needs_more'
    """
    return "enough" if is_right_at_once else "needs_more"
