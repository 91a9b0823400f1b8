"""A quiet card that other parts stand on."""

from __future__ import annotations

from typing import Any

import cairo

from backprop_studio.scenes.paint.brush import rounded, set_colour
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.style import Theme

CORNER = 0.16


class Card(Painted):
    """A rounded rectangle in the surface colour."""

    def __init__(self, box: tuple[float, float], theme: Theme) -> None:
        super().__init__(*box)
        self.theme = theme

    def paint(self, ctx: cairo.Context[Any], opacity: float) -> None:
        """Draw the card."""
        width, height = self.box
        rounded(ctx, -width / 2, -height / 2, width, height, CORNER)
        set_colour(ctx, self.theme.surface, opacity)
        ctx.fill()
