"""Lines through many corners: traced, thinned to what can be seen, and where they leave a box."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from backprop_studio.core.base.arrays import Array
from backprop_studio.scenes.paint.brush import Context

DENSE = 800
"""A path with more corners is thinned to what the pixels can show."""


def trace(ctx: Context, path: Array) -> None:
    """Trace corners; one that is nan begins anew."""
    ctx.new_path()
    has_begun = False
    for x, y in path.tolist():
        if x != x or y != y:
            has_begun = False
        elif has_begun:
            ctx.line_to(x, y)
        else:
            ctx.move_to(x, y)
            has_begun = True


def thinned(path: Array) -> Array:
    """Keep the lowest and highest of neighbouring corners, and the ends of gaps."""
    if len(path) <= DENSE:
        return path
    size = math.ceil(2 * len(path) / DENSE)
    whole = len(path) // size * size
    heights = path[:whole, 1].reshape(-1, size)
    first = np.arange(0, whole, size)
    filled = np.where(np.isnan(heights), np.inf, heights)
    low = first + filled.argmin(axis=1)
    high = first + np.where(np.isnan(heights), -np.inf, heights).argmax(axis=1)
    gaps = first[np.isnan(heights).any(axis=1)]
    # A group with a gap in it is kept whole: what is missing has to stay missing.
    kept = (gaps[:, None] + np.arange(size)).ravel()
    chosen = np.unique(np.concatenate([low, high, kept, np.arange(whole, len(path)), [0]]))
    return np.asarray(path[chosen])


def dots(ctx: Context, positions: Array, radius: float) -> None:
    """Fill a dot at each of (n, 2) positions that is finite."""
    ctx.new_path()
    for x, y in positions[np.isfinite(positions).all(axis=1)].tolist():
        ctx.new_sub_path()
        ctx.arc(x, y, radius, 0, 2 * math.pi)
    ctx.fill()


def exit_of(path: Array, inner: Sequence[float], margin: float = 1e-6) -> Array | None:
    """Return where a path of (n, 2) corners has left a box, and how, or None if it has not.

    Parameters
    ----------
    inner : sequence of float
        Left, bottom, right and top of the box.
    margin : float
        How far beyond the box still counts as inside.

    Returns
    -------
    (2, 2) array or None
        The position on the edge, and the step that crossed it.
    """
    low, high = np.array(inner[:2]) - margin, np.array(inner[2:]) + margin
    path = path[np.isfinite(path).all(axis=1)]
    inside = np.asarray(((path >= low) & (path <= high)).all(axis=1))
    if not len(path) or inside[-1] or not inside.any():
        return None
    last = int(np.nonzero(inside)[0][-1])
    start, step = path[last], path[last + 1] - path[last]
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(step > 0, (high - start) / step, (low - start) / step)
    share = float(np.nanmin(np.where(step == 0, math.nan, shares)))
    return np.stack([np.clip(start + step * share, low, high), step])
