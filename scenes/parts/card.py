"""A quiet card that other parts stand on."""

from __future__ import annotations

import math
from typing import Any

import cairo

from scenes.parts.painted import Painted
from scenes.parts.style import Theme

__all__ = ["Card", "rounded"]

CORNER = 0.16


class Card(Painted):
    """A rounded rectangle in the surface colour."""

    def __init__(self, box: tuple[float, float], theme: Theme) -> None:
        super().__init__(*box)
        self.theme = theme

    def paint(self, ctx: cairo.Context[Any], opacity: float) -> None:
        """Draw the card."""
        red, green, blue = self.theme.surface
        width, height = self.box
        rounded(ctx, -width / 2, -height / 2, width, height, CORNER)
        ctx.set_source_rgba(blue, green, red, opacity)
        ctx.fill()


def rounded(
    ctx: cairo.Context[Any], x: float, y: float, width: float, height: float, corner: float
) -> None:
    """Trace a rectangle with round corners; (x, y) is its lower left corner."""
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
