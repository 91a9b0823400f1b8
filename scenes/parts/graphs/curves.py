"""Paths of a computation graph's edges, in em: across a gap, and round the end of a row."""

from __future__ import annotations

import math

import numpy as np

LANE = 0.75
CHANNEL = 1.5
TURN = 1.5
CORNER = 0.7
"""Between edges that turn together, between rows, behind a row's end; and how round turns are."""

SAMPLES = 20


def bent(start: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """Return a curve that leaves and arrives level."""
    t = np.linspace(0, 1, SAMPLES)
    half = (start[0] + stop[0]) / 2
    x = (1 - t) ** 3 * start[0] + 3 * (1 - t) * t * half + t**3 * stop[0]
    rise = t**2 * (3 - 2 * t)
    return np.column_stack([x, start[1] + (stop[1] - start[1]) * rise])


def wrapped(
    start: np.ndarray, stop: np.ndarray, lane: int, lanes: int, ceiling: float, end: float
) -> np.ndarray:
    """Return the path round a row's end to the next row's beginning; lanes do not cross."""
    outer = lanes - 1 - lane
    right = end + TURN + LANE * outer
    level = ceiling + CHANNEL / 2 + LANE * (lanes - 1 - outer)
    left = LANE * (lanes - 1 - lane) + 0.1
    corners = [start, (right, start[1]), (right, level), (left, level), (left, stop[1]), stop]
    return _rounded(np.array(corners))


def _rounded(corners: np.ndarray) -> np.ndarray:
    """Return a path along straight lines whose corners are quarter circles."""
    points = [corners[:1]]
    for before, corner, behind in zip(corners, corners[1:], corners[2:], strict=False):
        back, on = before - corner, behind - corner
        lengths = math.hypot(*back), math.hypot(*on)
        cut = min(CORNER, lengths[0] / 2, lengths[1] / 2)
        if cut < 1e-6:
            continue
        a, b = corner + back / lengths[0] * cut, corner + on / lengths[1] * cut
        t = np.linspace(0, 1, 8)[:, None]
        points.append((1 - t) ** 2 * a + 2 * t * (1 - t) * corner + t**2 * b)
    return np.concatenate([*points, corners[-1:]])
