"""Times in a file: of frames in its ticks, and of chapters."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def whole_ticks(ticks: Fraction) -> int:
    """Return the whole number of ticks that FFmpeg makes of a time: a half is rounded up.

    Examples
    --------
    >>> whole_ticks(Fraction(100, 3)), whole_ticks(Fraction(25, 2)), whole_ticks(Fraction(-1, 2))
    (33, 13, 0)
    """
    return math.floor(ticks + Fraction(1, 2))


def chapter_marks(chapters: Iterable[tuple[str, float, float]]) -> list[Any]:
    """Return chapters as FFmpeg takes them.

    Parameters
    ----------
    chapters : iterable of (str, float, float)
        Title, start and end of each, in seconds.
    """
    return [
        {
            "id": number,
            "start": round(start * 1000),
            "end": round(end * 1000),
            "time_base": Fraction(1, 1000),
            "metadata": {"title": title},
        }
        for number, (title, start, end) in enumerate(chapters)
    ]
