"""What lies below the points of a contour map: bands or a heat map, and lines of equal height."""

from __future__ import annotations

from typing import Any

import cairo
import numpy as np

from backprop_studio.scenes.paint.brush import Context, saved, set_colour
from backprop_studio.scenes.paint.palette import colour_map, line_colour
from backprop_studio.scenes.paint.pixels import lay_picture, picture_of, with_alpha
from backprop_studio.scenes.paint.style import Theme, Unchanging
from backprop_studio.scenes.parts.surfaces.isolines import chained, isolines
from backprop_studio.scenes.parts.surfaces.relief import bilinear
from backprop_studio.scenes.parts.surfaces.trajectories import trace

LINE_WIDTH, LINE_ALPHA = 0.014, 0.55
PIXELS = 1024
"""Of the longer side of the picture of bands, which is made once."""


class MapGround(Unchanging):
    """Fill and lines of a contour map, prepared once and shared by copies of the map.

    Parameters
    ----------
    heights : (ny, nx) array
        On the scale of the map, 0 to 1.
    levels : int
        Lines.
    fill : {"bands", "heat", "none"}
        What is between them.
    """

    def __init__(
        self,
        heights: np.ndarray,
        levels: int,
        fill: str,
        theme: Theme,
    ) -> None:
        self.levels, self.fill, self.theme = levels, fill, theme
        self.heights = heights
        shares = np.arange(1, levels + 1) / (levels + 1)
        y, x = (np.linspace(0, 1, count) for count in heights.shape)
        self.lines = [(it, chained(isolines(x, y, heights, it))) for it in shares.tolist()]
        self._image: cairo.ImageSurface | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Show what decides the picture to Manim's cache key; the numbers have a fingerprint."""
        return {"levels": self.levels, "fill": self.fill}

    def banded(self, shares: np.ndarray) -> np.ndarray:
        """Return heights as the fill shows them: a band has the height of its middle."""
        if self.fill == "heat":
            return shares
        count = self.levels + 1
        band: np.ndarray = (np.clip(np.floor(shares * count), 0, count - 1) + 0.5) / count
        return band

    def shares_of_bar(self) -> np.ndarray:
        """Return the heights that the bar shows from below to above."""
        count = 128 if self.fill == "heat" else self.levels + 1
        return self.banded((np.arange(count) + 0.5) / count)

    def paint(self, ctx: Context, plot: tuple[float, float, float, float]) -> None:
        """Draw fill and lines into a rectangle: left, bottom, width, height."""
        left, bottom, width, height = plot
        with saved(ctx):
            ctx.rectangle(left, bottom, width, height)
            ctx.clip()
            set_colour(ctx, self.theme.surface, 1.0)
            ctx.paint()
            if self.fill != "none":
                if self._image is None:
                    self._image = self._picture(width / height)
                box = (left, bottom, left + width, bottom + height)
                lay_picture(ctx, self._image, box, cairo.FILTER_BILINEAR)
        with saved(ctx):
            ctx.rectangle(left, bottom, width, height)
            ctx.clip()
            ctx.set_line_width(LINE_WIDTH)
            ctx.set_line_join(cairo.LINE_JOIN_ROUND)
            for share, lines in self.lines:
                trace(ctx, [(it * (width, height) + (left, bottom)).tolist() for it in lines])
                if self.fill == "none":
                    set_colour(ctx, line_colour(self.theme, share), 1.0)
                else:
                    set_colour(ctx, self.theme.background, LINE_ALPHA)
                ctx.stroke()

    def _picture(self, shape: float) -> cairo.ImageSurface:
        """Return bands or heat as a picture, empty where there is no height."""
        rows, columns = self.heights.shape
        width = round(PIXELS * min(1.0, shape))
        height = round(PIXELS * min(1.0, 1 / shape))
        u = (np.arange(width) + 0.5) / width * (columns - 1)
        v = (np.arange(height) + 0.5) / height * (rows - 1)
        shares = bilinear(self.heights, *np.broadcast_arrays(u[None, :], v[:, None]))
        pixels = with_alpha(colour_map(self.theme).colours(self.banded(shares)))
        pixels[~np.isfinite(shares)] = 0
        return picture_of(pixels[::-1])
