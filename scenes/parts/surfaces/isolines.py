"""Lines of equal height on a grid, by marching squares.

Source: W. E. Lorensen and H. E. Cline, Marching cubes, SIGGRAPH 1987, in two dimensions.
"""

from __future__ import annotations

from typing import Any

import numpy as np

_BOTTOM, _RIGHT, _TOP, _LEFT = range(4)

_LINES: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((_LEFT, _BOTTOM),),
    2: ((_BOTTOM, _RIGHT),),
    3: ((_LEFT, _RIGHT),),
    4: ((_RIGHT, _TOP),),
    6: ((_BOTTOM, _TOP),),
    7: ((_LEFT, _TOP),),
    8: ((_TOP, _LEFT),),
    9: ((_TOP, _BOTTOM),),
    11: ((_TOP, _RIGHT),),
    12: ((_RIGHT, _LEFT),),
    13: ((_RIGHT, _BOTTOM),),
    14: ((_BOTTOM, _LEFT),),
    # Two opposite corners are high: 5 and 10 keep them apart, 16 and 17 join them.
    5: ((_LEFT, _BOTTOM), (_RIGHT, _TOP)),
    10: ((_BOTTOM, _RIGHT), (_TOP, _LEFT)),
    16: ((_LEFT, _TOP), (_BOTTOM, _RIGHT)),
    17: ((_LEFT, _BOTTOM), (_RIGHT, _TOP)),
}


def isolines(x: Any, y: Any, values: Any, level: float) -> np.ndarray:
    """Return where a surface has a height.

    Parameters
    ----------
    x, y : (nx,) and (ny,) arrays
        Axes of the grid, rising.
    values : (ny, nx) array
        Heights; no line touches a nan.
    level : float
        The height.

    Returns
    -------
    (n, 2, 2) float64
        Line segments, each with its start and end as (x, y).

    Examples
    --------
    >>> isolines([0, 1], [0, 1], [[0, 0], [1, 1]], 0.25).tolist()
    [[[1.0, 0.25], [0.0, 0.25]]]
    """
    x, y, values = (np.asarray(it, dtype=np.float64) for it in (x, y, values))
    corners = np.stack([values[:-1, :-1], values[:-1, 1:], values[1:, 1:], values[1:, :-1]])
    above = corners >= level
    kinds = (above * np.array([1, 2, 4, 8])[:, None, None]).sum(axis=0)
    with np.errstate(invalid="ignore"):
        joined = corners.mean(axis=0) >= level
    kinds[joined & (kinds == 5)] = 16
    kinds[joined & (kinds == 10)] = 17
    kinds[~np.isfinite(corners).all(axis=0)] = 0
    found = [
        np.stack([_crossing(x, y, corners, cells, side, level) for side in pair], axis=1)
        for kind, pairs in _LINES.items()
        if len((cells := np.nonzero(kinds == kind))[0])
        for pair in pairs
    ]
    return np.concatenate(found) if found else np.empty((0, 2, 2))


def _crossing(
    x: np.ndarray,
    y: np.ndarray,
    corners: np.ndarray,
    cells: tuple[np.ndarray, ...],
    side: int,
    level: float,
) -> np.ndarray:
    """Return the points (n, 2) where a side of the cells is at the level."""
    rows, columns = cells
    first, second = corners[side][cells], corners[(side + 1) % 4][cells]
    share = (level - first) / (second - first)
    positions = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float64)
    start, end = positions[side], positions[(side + 1) % 4]
    u, v = (start[k] + (end[k] - start[k]) * share for k in range(2))
    across = x[columns] + u * (x[columns + 1] - x[columns])
    up = y[rows] + v * (y[rows + 1] - y[rows])
    return np.stack([across, up], axis=-1)


def chained(segments: np.ndarray) -> list[np.ndarray]:
    """Join segments (n, 2, 2) that share an end into lines (m, 2); one long line draws faster."""
    ends: dict[tuple[float, float], list[int]] = {}
    # Where a level meets a corner of the grid, segments are points; and -0.0 is no other position.
    ended = [[tuple(end) for end in pair] for pair in (np.round(segments, 9) + 0.0).tolist()]
    keys = [pair for pair in ended if pair[0] != pair[1]]
    for index, pair in enumerate(keys):
        for key in pair:
            ends.setdefault(key, []).append(index)
    used = [False] * len(keys)
    # Open lines first, each from one of its ends; what is left then is closed.
    order = sorted(range(len(keys)), key=lambda it: min(len(ends[key]) for key in keys[it]))
    lines = []
    for first in order:
        if used[first]:
            continue
        start, position = keys[first]
        if len(ends[position]) == 1:
            start, position = position, start
        used[first] = True
        line = [start, position]
        while following := [it for it in ends[position] if not used[it]]:
            used[following[0]] = True
            pair = keys[following[0]]
            position = pair[1] if pair[0] == position else pair[0]
            line.append(position)
        lines.append(np.array(line))
    return lines
