"""The cairo context that parts draw on, and strokes of several parts: lines, arrows, corners."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import cairo
import numpy as np

from backprop_studio.scenes.paint.style import Rgb

Context: TypeAlias = "cairo.Context[Any]"

Box = tuple[float, float, float, float]
"""Left, bottom, right and top."""


@contextlib.contextmanager
def saved(ctx: Context) -> Iterator[None]:
    """Restore the context's state afterwards."""
    ctx.save()
    try:
        yield
    finally:
        ctx.restore()


def set_colour(ctx: Context, colour: Rgb, alpha: float) -> None:
    """Draw on with a colour; cairo keeps BGRA where Manim keeps RGBA."""
    red, green, blue = colour
    ctx.set_source_rgba(blue, green, red, alpha)


def fill(ctx: Context, colour: Rgb, alpha: float, *, keep: bool = False) -> None:
    """Fill the path with a colour, and keep it if it is to be stroked as well."""
    set_colour(ctx, colour, alpha)
    if keep:
        ctx.fill_preserve()
    else:
        ctx.fill()


def stroke(ctx: Context, colour: Rgb, alpha: float, width: float) -> None:
    """Stroke the path with a colour and a width."""
    set_colour(ctx, colour, alpha)
    ctx.set_line_width(width)
    ctx.stroke()


def mix(first: Rgb, second: Rgb, share: float) -> Rgb:
    """Return the colour that far from the first to the second."""
    red, green, blue = (a + (b - a) * share for a, b in zip(first, second, strict=True))
    return red, green, blue


def line(ctx: Context, start: np.ndarray, end: np.ndarray) -> None:
    """Draw a straight line."""
    ctx.move_to(*start)
    ctx.line_to(*end)
    ctx.stroke()


def arrow(ctx: Context, start: np.ndarray, tip: np.ndarray, width: float) -> None:
    """Draw a straight arrow whose head is in proportion to its width."""
    length = float(np.hypot(*(tip - start)))
    if length < 1e-6:
        return
    along = (tip - start) / length
    across = np.array((-along[1], along[0]))
    neck = tip - along * min(0.12 + 1.6 * width, length)
    with saved(ctx):
        ctx.set_line_width(width)
        # A round end would stick out beside a narrow head.
        ctx.set_line_cap(cairo.LINE_CAP_BUTT)
        line(ctx, start, neck + along * 0.01)
    wing = across * (0.05 + 0.9 * width)
    polygon(ctx, (tip, neck + wing, neck - wing))
    ctx.fill()


def disc(ctx: Context, centre: Any, radius: float) -> None:
    """Trace a circle."""
    ctx.new_path()
    ctx.arc(centre[0], centre[1], radius, 0, 2 * math.pi)


def polygon(ctx: Context, corners: Iterable[Any]) -> None:
    """Trace a closed line through corners."""
    ctx.new_path()
    for x, y in corners:
        ctx.line_to(x, y)
    ctx.close_path()


def rectangle(ctx: Context, box: Box, grow: float = 0.0) -> None:
    """Trace a box, grown on every side."""
    left, bottom, right, top = box
    ctx.rectangle(left - grow, bottom - grow, right - left + 2 * grow, top - bottom + 2 * grow)


def middle_of(box: Box) -> tuple[float, float]:
    """Return the middle of a box of left, bottom, right and top."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def rounded(
    ctx: Context,
    x: float,
    y: float,
    width: float,
    height: float,
    corner: float,
    *,
    grow: float = 0.0,
) -> None:
    """Trace a rectangle with round corners, its lower left one at (x, y), grown on every side."""
    x, y, width, height = x - grow, y - grow, width + 2 * grow, height + 2 * grow
    corner += grow
    corner = min(corner, width / 2, height / 2)
    ctx.new_path()
    for centre_x, centre_y, start in (
        (x + width - corner, y + corner, -0.5),
        (x + width - corner, y + height - corner, 0.0),
        (x + corner, y + height - corner, 0.5),
        (x + corner, y + corner, 1.0),
    ):
        ctx.arc(centre_x, centre_y, corner, start * math.pi, (start + 0.5) * math.pi)
    ctx.close_path()
