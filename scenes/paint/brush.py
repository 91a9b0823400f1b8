"""Strokes that several parts draw with: colours, lines, arrows, round corners and words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cairo
import numpy as np

from backprop_studio.scenes.paint.context import Context, saved
from backprop_studio.scenes.paint.typeset import set_type

if TYPE_CHECKING:
    from backprop_studio.scenes.paint.style import Rgb


def set_colour(ctx: Context, colour: Rgb, alpha: float) -> None:
    """Draw on with a colour; cairo keeps BGRA where Manim keeps RGBA."""
    red, green, blue = colour
    ctx.set_source_rgba(blue, green, red, alpha)


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
    ctx.move_to(*tip)
    ctx.line_to(*(neck + wing))
    ctx.line_to(*(neck - wing))
    ctx.close_path()
    ctx.fill()


def dots(ctx: Context, centre: np.ndarray) -> None:
    """Draw three dots above each other, which stand for units that are left out."""
    for offset in (-0.16, 0.0, 0.16):
        ctx.arc(centre[0], centre[1] + offset, 0.04, 0, 2 * math.pi)
        ctx.fill()


def middle_of(box: tuple[float, float, float, float]) -> tuple[float, float]:
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


def write(
    ctx: Context,
    source: str,
    position: tuple[float, float],
    size: float,
    colour: Rgb,
    opacity: float,
    *,
    language: str,
    anchor: float = 0.5,
    width: float = math.inf,
) -> None:
    """Write Typst markup on a context in Manim units.

    Parameters
    ----------
    position : (float, float)
        Where the text's anchor stands; vertically that is its middle.
    size : float
        Em; less where the text would be wider than ``width``.
    anchor : float
        0 for the text's left end, 0.5 for its middle, 1 for its right end.
    """
    if not source or opacity <= 0:
        return
    ink = set_type(source, colour, language=language)
    size = min(size, width / max(ink.width, 1e-9))
    with saved(ctx):
        ctx.translate(position[0] + ink.width * size * (0.5 - anchor), position[1])
        ctx.scale(size, -size)
        ink.paint(ctx, opacity)
