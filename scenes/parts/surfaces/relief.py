"""Geometry of a surface over a grid: its cells, their depth order and light, and what it hides.

Heights are 0 at the lowest and 1 where the surface is cut; beyond that, and where a height is nan,
there is a hole. Places on the grid are counted in columns u and rows v.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

STRIDE = 0.75
"""A ray is tested so often on its way to the camera, in columns and rows."""

TOGETHER = 8
"""Steps along all rays that are computed at once."""


class Cells(NamedTuple):
    """What is painted of a surface: quads, a triangle being a quad with a corner twice.

    Attributes
    ----------
    vertices : (V, 3) float64
        u, v and height; the grid's own come first, row by row.
    quads : (Q, 4) int
        Vertices of each.
    cells : (Q,) int
        The cell of the grid it lies in, counted row by row.
    heights : (Q,) float64
        Of its middle.
    """

    vertices: np.ndarray
    quads: np.ndarray
    cells: np.ndarray
    heights: np.ndarray


def cells_of(heights: np.ndarray) -> Cells:
    """Return the cells of heights (ny, nx); what is above 1 is cut off exactly there."""
    return _cells(heights.tobytes(), heights.shape)


@lru_cache(maxsize=4)
def _cells(data: bytes, shape: tuple[int, int]) -> Cells:
    heights = np.frombuffer(data).reshape(shape)
    rows, columns = shape
    v, u = np.mgrid[0:rows, 0:columns]
    vertices = np.stack([u, v, heights], axis=-1).reshape(-1, 3).astype(float)
    first = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    corners = first[:, None] + np.array([0, 1, columns + 1, columns])
    known = np.isfinite(vertices[corners, 2]).all(axis=1)
    low = vertices[corners, 2] <= 1
    whole = np.nonzero(known & low.all(axis=1))[0]
    quads, cells = list(corners[whole]), list(whole)
    extra: list[np.ndarray] = []
    for cell in np.nonzero(known & low.any(axis=1) & ~low.all(axis=1))[0]:
        polygon = _cut(vertices[corners[cell]])
        base = len(vertices) + len(extra)
        extra += polygon
        for k in range(1, len(polygon) - 1, 2):
            quads.append(np.array([0, k, k + 1, min(k + 2, len(polygon) - 1)]) + base)
            cells.append(cell)
    if extra:
        vertices = np.concatenate([vertices, np.array(extra)])
    chosen = np.array(quads, dtype=int).reshape(-1, 4)
    return Cells(vertices, chosen, np.array(cells, dtype=int), vertices[chosen, 2].mean(axis=1))


def _cut(polygon: np.ndarray) -> list[np.ndarray]:
    """Return what is at most 1 high of a polygon (4, 3)."""
    kept = []
    for start, end in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        if start[2] <= 1:
            kept.append(start)
        if (start[2] <= 1) != (end[2] <= 1):
            kept.append(start + (end - start) * (1 - start[2]) / (end[2] - start[2]))
    return kept


def slopes(heights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rise of each cell per column and per row, each ((ny - 1) * (nx - 1),)."""
    across = (heights[:-1, 1:] - heights[:-1, :-1] + heights[1:, 1:] - heights[1:, :-1]) / 2
    up = (heights[1:, :-1] - heights[:-1, :-1] + heights[1:, 1:] - heights[:-1, 1:]) / 2
    return across.ravel(), up.ravel()


def back_to_front(
    cells: np.ndarray, shape: tuple[int, int], eye: tuple[float, float]
) -> np.ndarray:
    """Return the order in which to paint quads so that the nearer cover the farther ones.

    A ray from the camera only ever leaves the camera's own column and row, so painting columns and
    rows from far to near is exact for a surface over a grid, however steep it is.

    Parameters
    ----------
    cells : (Q,) int
        The cell of each quad.
    shape : (int, int)
        Rows and columns of the grid's points.
    eye : (float, float)
        u and v of the camera.
    """
    rows, columns = shape[0] - 1, shape[1] - 1
    far_u = np.argsort(np.argsort(-np.abs(np.arange(columns) + 0.5 - eye[0]), kind="stable"))
    far_v = np.argsort(np.argsort(-np.abs(np.arange(rows) + 0.5 - eye[1]), kind="stable"))
    rank = far_v[cells // columns] * columns + far_u[cells % columns]
    return np.argsort(rank, kind="stable")


def bilinear(heights: np.ndarray, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return the heights at positions of the grid, which must lie within it."""
    rows, columns = heights.shape
    column = np.minimum(u.astype(int), columns - 2)
    row = np.minimum(v.astype(int), rows - 2)
    share = u - column
    corner = row * columns + column
    flat = heights.ravel()
    lower = flat[corner] * (1 - share) + flat[corner + 1] * share
    corner += columns
    upper = flat[corner] * (1 - share) + flat[corner + 1] * share
    rise = v - row
    height: np.ndarray = lower * (1 - rise) + upper * rise
    return height


def clearance(heights: np.ndarray, points: np.ndarray, rays: np.ndarray) -> np.ndarray:
    """Return how far above the surface the rays from points to the camera stay.

    Parameters
    ----------
    heights : (ny, nx) array
        The surface.
    points, rays : (n, 3) arrays
        Places (u, v, height), and directions to the camera in the same units.

    Returns
    -------
    (n,) float64
        In heights; below 0 where the surface hides the point. It is 1 where nothing is in the way,
        and -1 where a point has no height.
    """
    rows, columns = heights.shape
    flat = np.maximum(np.abs(rays[:, :2]).max(axis=1), 1e-9)
    step = rays / flat[:, None] * STRIDE
    free = np.where(points[:, 2] <= 1.5, 1.0, -1.0)
    live = np.nonzero(free > 0)[0]
    # A ray is of interest until it is above everything.
    count = np.minimum(
        (1 - points[:, 2]) / np.maximum(step[:, 2], 1e-9), max(rows, columns) / STRIDE
    )
    count[~(free > 0)] = 0
    for first in range(1, math.ceil(float(count.max(initial=0.0))) + 1, TOGETHER):
        live = live[count[live] > first - 1]
        position = points[live, :, None] + step[live, :, None] * np.arange(first, first + TOGETHER)
        u, v = position[:, 0], position[:, 1]
        within = (u >= 0) & (u <= columns - 1) & (v >= 0) & (v <= rows - 1)
        surface = bilinear(heights, np.clip(u, 0, columns - 1), np.clip(v, 0, rows - 1))
        # There is no surface beyond the rim, above the cut or in a hole. But where it would be
        # above the cut, it has crossed the ray on its way there.
        there = within & np.isfinite(surface) & (position[:, 2] <= 1)
        above = np.where(there, position[:, 2] - surface, 1.0)
        free[live] = np.minimum(free[live], above.min(axis=1))
        live = live[within[:, -1]]
    return free
