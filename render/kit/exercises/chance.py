"""Numbers of few digits, drawn by chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random


def drawn_whole(chance: Random, low: int, high: int) -> float:
    """Return a whole number other than 0."""
    return float(chance.choice([it for it in range(low, high + 1) if it]))


def drawn_tenths(chance: Random, reach: int) -> float:
    """Return a number other than 0 of one decimal, at most so many tenths."""
    return drawn_whole(chance, -reach, reach) / 10
