"""Lines on a surface over a grid: paths of points, and grid lines."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

from backprop_studio.scenes.paint.style import Unchanging

SAMPLE = 0.4
"""A path is bent onto the surface at least so often, in columns and rows."""

NEAR = 0.05
"""Corners of a path that are closer than this, in columns and rows, are one."""

MOST_SAMPLES = 400
"""Of one step: a step that leaves for far away is only of interest near the grid."""


class DrapedPath(Unchanging):
    """Path of a series on the grid, bent onto the surface; shared by all copies of a part."""

    def __init__(self, positions: np.ndarray) -> None:
        self.corners = positions
        self.steps, self.places = _draped(positions)

    def __getstate__(self) -> dict[str, Any]:
        """Show nothing to Manim's cache key: the part's fingerprint says it."""
        return {}

    def until(self, progress: float) -> np.ndarray:
        """Return the positions (m, 2) up to a progress, which need not be a whole step."""
        progress = min(max(progress, 0.0), len(self.corners) - 1)
        count = int(np.searchsorted(self.steps, progress, side="right"))
        whole = min(int(progress), len(self.corners) - 2)
        if whole < 0:
            return self.places[:count]
        start, end = self.corners[whole], self.corners[whole + 1]
        return np.concatenate([self.places[:count], [start + (end - start) * (progress - whole)]])


def _draped(path: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return positions along a path (n, 2) close enough to lie on the surface.

    Returns
    -------
    steps : (m,) float64
        How many of the path's own corners each is behind the start.
    positions : (m, 2) float64
        u and v.
    """
    steps, positions = [0.0], [path[0]]
    for k, end in enumerate(path[1:]):
        start = path[k]
        length = float(np.abs(end - start).max())
        if float(np.abs(end - positions[-1]).max()) < NEAR and k + 2 < len(path):
            continue
        count = min(max(1, math.ceil(length / SAMPLE)), MOST_SAMPLES)
        shares = np.arange(1, count + 1) / count
        steps += (k + shares).tolist()
        positions += list(start + (end - start) * shares[:, None])
    return np.array(steps), np.array(positions)


@lru_cache(maxsize=8)
def grid_lines(rows: int, columns: int, step: int) -> list[np.ndarray]:
    """Return the positions (n, 2) along every so manieth row and column; the rim is seen anyway."""
    down, along = (_thinned(count) for count in (rows, columns))
    across = [
        np.column_stack([along, np.full(len(along), it)]) for it in range(step, rows - 1, step)
    ]
    return across + [
        np.column_stack([np.full(len(down), it), down]) for it in range(step, columns - 1, step)
    ]


def _thinned(count: int) -> np.ndarray:
    return np.array(sorted({*range(0, count, 2), count - 1}), dtype=float)


def visible_runs(seen: np.ndarray, free: np.ndarray) -> list[list[list[float]]]:
    """Return the parts of a line that are in front; it ends where its clearance passes zero."""
    runs: list[list[list[float]]] = []
    run: list[list[float]] = []
    positions, margins = seen.tolist(), free.tolist()
    for k, (position, margin) in enumerate(zip(positions, margins, strict=True)):
        before = margins[k - 1] if k else margin
        if k and (margin > 0) != (before > 0) and margin > -1 and before > -1:
            share = before / (before - margin)
            old = positions[k - 1]
            run.append([a + (b - a) * share for a, b in zip(old, position, strict=True)])
        if margin > 0:
            run.append(position)
        elif run:
            runs.append(run)
            run = []
    return [*runs, run] if run else runs
