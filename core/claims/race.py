"""Who runs in a race, and whether a velocity makes anybody faster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backprop_studio.core.base.arrays import Array

Who: TypeAlias = Literal["both", "first", "second"]
"""Who of two is there."""

Speed: TypeAlias = Literal["gathers", "keeps", "plain"]
"""
"gathers": everybody with a velocity makes a longer step than the first one; "keeps": somebody does
not; "plain": nobody has a velocity.
"""


def who(names: Sequence[str], two: Sequence[str]) -> Who:
    """Return who of two is among some names; one of them has to be.

    Examples
    --------
    >>> who(["adam", "adamw"], ["adam", "adamw"]), who(["adamw"], ["adam", "adamw"])
    ('both', 'second')
    """
    if all(it in names for it in two):
        return "both"
    return "first" if two[0] in names else "second"


def speed(ways: Iterable[Array]) -> Speed:
    """Return whether those with a velocity become faster.

    Parameters
    ----------
    ways : iterable of (K, n) float64
        The points of each of them.

    Examples
    --------
    >>> speed([np.array([[0.0], [1.0], [3.0]])]), speed([np.array([[0.0], [1.0]])]), speed([])
    ('gathers', 'keeps', 'plain')
    """
    moves = [np.sqrt((np.diff(way, axis=0) ** 2).sum(axis=1)) for way in ways]
    if not moves:
        return "plain"
    return "gathers" if all((it[1:] > it[:1]).any() for it in moves) else "keeps"
