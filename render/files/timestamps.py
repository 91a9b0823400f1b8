"""Timestamps of frames in the ticks of a file."""

from __future__ import annotations

import math
from fractions import Fraction


def whole_ticks(ticks: Fraction) -> int:
    """Return the whole number of ticks that FFmpeg makes of a time: a half is rounded up.

    Examples
    --------
    >>> whole_ticks(Fraction(100, 3)), whole_ticks(Fraction(25, 2)), whole_ticks(Fraction(-1, 2))
    (33, 13, 0)
    """
    return math.floor(ticks + Fraction(1, 2))
