"""What softmax makes of logits, and what becomes of it without the shift."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from backprop_studio.core.base.arrays import Array

SAME = 5e-7
"""Probabilities that differ by less are the same on a screen."""

Powers: TypeAlias = Literal["widens", "ratios", "equal", "underflows"]
"""
What the exponential does: each distance becomes larger; some do not, and only ratios tell; all
logits are equal; or some power is 0 in float64.
"""

Pull: TypeAlias = Literal["pulls", "partly", "nothing"]
"""
What a gradient p - t does: descent raises the true logit and lowers each other one; some it leaves;
or all.
"""

Naive: TypeAlias = Literal[
    "holds", "infinite", "sum", "zeros", "true_zero", "few_digits", "gradient"
]
"""
Where softmax without the shift breaks: not at all; at an infinite power; at an infinite sum of
finite ones; at powers that are all 0; at the true class's share, which is 0; at digits that are
lost; or at the gradient alone.
"""


def powers(logits: Array, exponentials: Array) -> Powers:
    """Return what the exponential does to logits.

    Examples
    --------
    >>> z = np.array([3.0, 1.0, 2.0])
    >>> powers(z, np.exp(z)), powers(z - 9, np.exp(z - 9)), powers(0 * z, np.exp(0 * z))
    ('widens', 'ratios', 'equal')
    """
    if (exponentials == 0).any():
        return "underflows"
    before, after = (np.diff(np.sort(it)) for it in (logits, exponentials))
    if not before.any():
        return "equal"
    return "widens" if (after[before > 0] > before[before > 0]).all() else "ratios"


def pull(gradient: Array, target: int) -> Pull:
    """Return what a gradient p - t does to logits.

    Examples
    --------
    >>> pull(np.array([-0.5, 0.5]), 0), pull(np.array([-0.5, 0.5, 0.0]), 0), pull(np.zeros(2), 0)
    ('pulls', 'partly', 'nothing')
    """
    if not gradient.any():
        return "nothing"
    others = np.delete(gradient, target)
    return "pulls" if gradient[target] < 0 and (others > 0).all() else "partly"


def naive(
    shares: Array, expected: Array, exponentials: Array, target: int, *, holds: bool
) -> Naive:
    """Return where softmax without the shift breaks.

    Parameters
    ----------
    shares, expected : (n,) float64
        The probabilities that come out, and those that should.
    exponentials : (n,) float64
        e^z.
    target : int
        The true class.
    holds : bool
        Whether all comes out as with the shift.

    Examples
    --------
    >>> half, none = np.array([0.5, 0.5]), np.array([np.nan, np.nan])
    >>> naive(none, half, np.array([np.inf, 1.0]), 0, holds=False)
    'infinite'
    >>> naive(none, half, np.zeros(2), 0, holds=False)
    'zeros'
    >>> naive(half, half, np.ones(2), 0, holds=False)
    'gradient'
    """
    if holds:
        return "holds"
    if np.isinf(exponentials).any():
        return "infinite"
    with np.errstate(over="ignore"):
        total = exponentials.sum()
    if np.isinf(total):
        return "sum"
    if total == 0:
        return "zeros"
    if shares[target] == 0:
        return "true_zero"
    return "gradient" if np.abs(shares - expected).max() < SAME else "few_digits"
