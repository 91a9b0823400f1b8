"""Strokes of a computation graph: arrows along curves, parts of curves, scissors and plus signs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from backprop_studio.scenes.paint.brush import Context, fill, polygon, rounded, saved, stroke
from backprop_studio.scenes.paint.paths import trace

if TYPE_CHECKING:
    from backprop_studio.scenes.paint.style import Theme


def lengths_of(curve: np.ndarray) -> np.ndarray:
    """Return the length of the path from a curve's beginning to each of its points."""
    steps = np.hypot(*np.diff(curve, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])


def part_of(curve: np.ndarray, first: float, last: float) -> np.ndarray:
    """Return a part of a curve, from one share of its length to another.

    Examples
    --------
    >>> part_of(np.array([(0.0, 0.0), (4.0, 0.0)]), 0.25, 0.5).tolist()
    [[1.0, 0.0], [2.0, 0.0]]
    """
    along = lengths_of(curve)
    start, stop = first * along[-1], max(last, first) * along[-1]
    inside = (along > start) & (along < stop)
    ends = [[np.interp(at, along, curve[:, axis]) for axis in (0, 1)] for at in (start, stop)]
    return np.concatenate([[ends[0]], curve[inside], [ends[1]]])


def arrow_along(ctx: Context, curve: np.ndarray, width: float, head: float) -> None:
    """Draw a curve that ends in an arrow head."""
    total = float(lengths_of(curve)[-1])
    if total < 1e-6:
        return
    head = min(head, total)
    ctx.set_line_width(width)
    trace(ctx, part_of(curve, 0.0, 1.0 - 0.9 * head / total))
    ctx.stroke()
    tip = curve[-1]
    neck = part_of(curve, 1.0 - head / total, 1.0)[0]
    along = (tip - neck) / max(float(np.hypot(*(tip - neck))), 1e-9)
    wing = np.array((-along[1], along[0])) * (0.32 * head + width / 2)
    polygon(ctx, (tip, tip - along * head + wing, tip - along * head - wing))
    ctx.fill()


def triangle(ctx: Context, right: tuple[float, float], size: float) -> None:
    """Draw a small head that points to the left; ``right`` is the middle of its back."""
    x, y = right
    polygon(ctx, ((x - size * 0.85, y), (x, y + size * 0.5), (x, y - size * 0.5)))
    ctx.fill()


def plus_badge(
    ctx: Context,
    x: float,
    span: tuple[float, float],
    radius: float,
    theme: Theme,
    alpha: float,
) -> None:
    """Draw a plus in a capsule from one height to another, where several arrows end."""
    low, high = span
    rounded(ctx, x - radius, low - radius, 2 * radius, high - low + 2 * radius, radius)
    fill(ctx, theme.background, alpha, keep=True)
    stroke(ctx, theme.gradient, alpha, 0.26 * radius)
    y, arm = (low + high) / 2, 0.55 * radius
    for dx, dy in ((arm, 0.0), (0.0, arm)):
        ctx.move_to(x - dx, y - dy)
        ctx.line_to(x + dx, y + dy)
        ctx.stroke()


def scissors(ctx: Context, position: np.ndarray, em: float) -> None:
    """Draw open scissors that come from below, the tips of their blades round a position."""
    with saved(ctx):
        ctx.translate(position[0], position[1] - 0.68 * em)
        ctx.rotate(math.pi / 2)
        ctx.set_line_width(0.11 * em)
        for side in (-1, 1):
            with saved(ctx):
                ctx.rotate(side * 0.36)
                ctx.move_to(0.85 * em, 0)
                ctx.line_to(-0.36 * em, 0)
                ctx.stroke()
                ctx.arc(-0.6 * em, 0, 0.24 * em, 0, 2 * math.pi)
                ctx.stroke()
