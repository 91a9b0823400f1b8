"""Breaks of a graph's columns into rows, as a text is broken into lines."""

from __future__ import annotations

import numpy as np

from backprop_studio.scenes.parts.graphs.coordinates import Plan

MOST_LANES = 3
"""Edges that may pass where a row is broken."""


def breaks_of(plan: Plan, rows: int) -> list[int] | None:
    """Return the columns at which rows begin, so that the longest row is as short as it can be.

    Returns
    -------
    list of int or None
        None if there are too few positions at which few enough edges pass.
    """
    if rows == 1:
        return []
    count = len(plan.columns)
    allowed = [k for k in range(1, count, 2) if len(plan.columns[k]) <= MOST_LANES]
    ends = np.cumsum(
        [plan.widths[k] + (plan.gap(k) if k + 1 < count else 0.0) for k in range(count)]
    )

    def width(first: int, last: int) -> float:
        return float(ends[last - 1] - (ends[first - 1] if first else 0.0))

    best: dict[int, tuple[float, list[int]]] = {k: (width(0, k), []) for k in [*allowed, count]}
    for _ in range(rows - 1):
        longer: dict[int, tuple[float, list[int]]] = {}
        for stop in [*allowed, count]:
            choices = [
                (max(best[cut][0], width(cut, stop)), [*best[cut][1], cut])
                for cut in allowed
                if cut < stop and cut in best
            ]
            if choices:
                longer[stop] = min(choices)
        best = longer
    return best[count][1] if count in best else None
