"""Himmelblau's function and gradient descent on it: the data of the map and of the surface."""

from __future__ import annotations

import numpy as np

STARTS = ((0.0, 0.0), (-1.0, 1.0), (-1.0, -2.0), (1.0, -3.0))
MINIMA = ((3, 2), (-2.805, 3.131), (-3.779, -3.283), (3.584, -1.848))
HIGHEST = 890.0
"""Of the function on the square from -5 to 5."""
STEPS, RATE = 40, 0.01


def value(x, y):
    """Himmelblau's function."""
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def descent(start):
    """Return the points of gradient descent, (steps + 1, 2)."""
    points = [np.array(start)]
    for _ in range(STEPS):
        x, y = points[-1]
        first, second = x**2 + y - 11, x + y**2 - 7
        gradient = np.array([4 * x * first + 2 * second, 2 * first + 4 * y * second])
        points.append(points[-1] - RATE * gradient)
    return np.array(points)


def place_on(path, step):
    """Return where a descent stands at a step, which may lie between two."""
    steps = np.arange(len(path))
    return [float(np.interp(step, steps, path[:, k])) for k in (0, 1)]
