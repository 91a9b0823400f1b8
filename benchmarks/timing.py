"""Two ways of doing the same, timed in turns: machines get slower and faster while one looks."""

from __future__ import annotations

import gc
import statistics
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Comparison", "compare", "seconds"]


class Comparison(NamedTuple):
    """Medians of paired measurements.

    Attributes
    ----------
    first, second : float
        Seconds that each way takes.
    ratio : float
        Median over pairs of first / second; not the ratio of the medians.
    """

    first: float
    second: float
    ratio: float


def seconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes, with the garbage collector out of the way."""
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start
    finally:
        gc.enable()


def compare(first: Callable[[], object], second: Callable[[], object], pairs: int) -> Comparison:
    """Time two ways in turns, after one round of each that does not count."""
    first(), second()
    times = [(seconds(first), seconds(second)) for _ in range(pairs)]
    return Comparison(
        statistics.median(one for one, _ in times),
        statistics.median(other for _, other in times),
        statistics.median(one / other for one, other in times),
    )
