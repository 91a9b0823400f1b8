"""Raster cache: static drawings are drawn once, kept as pictures, and stamped again.

A text costs a third of a millisecond whenever it is filled, and most texts, nodes and lines are
where they were in the frame before. Each is drawn into a picture of its own; asked for again at
the same position, the picture is stamped, pixel for pixel.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

import cairo
import numpy as np

from backprop_studio.scenes.paint.brush import Context

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, or any two opposite corners."""

WORTH_TRIMMING = 0.8
"""A picture with ink on more of its box stays as it is."""

Draw = Callable[[Context], None]

MARGIN = 2
"""Pixels around a picture for what smooth edges spill over."""

MOST_PIXELS = 16_000_000
"""Of one picture; what is larger is drawn directly."""


class Raster(NamedTuple):
    """A drawn picture and the device pixel of its upper left corner."""

    surface: cairo.ImageSurface
    x: int
    y: int

    @property
    def size(self) -> int:
        """Bytes."""
        return self.surface.get_stride() * self.surface.get_height()


def rasterise(matrix: cairo.Matrix, box: Box, draw: Draw) -> Raster | None:
    """Draw into a picture as large as a box is on the device.

    Parameters
    ----------
    matrix : cairo.Matrix
        From the drawing's units to device pixels.
    box : (float, float, float, float)
        What the drawing stays inside, in its own units.
    draw : callable
        Draws on the context it is given.

    Returns
    -------
    Raster or None
        None if the box is larger than a picture may be, or no box at all.
    """
    left, top, right, bottom = _device_box(matrix, box)
    if not all(map(math.isfinite, (left, top, right, bottom))):
        return None
    x, y = math.floor(left) - MARGIN, math.floor(top) - MARGIN
    width, height = math.ceil(right) + MARGIN - x, math.ceil(bottom) + MARGIN - y
    if width * height > MOST_PIXELS:
        return None
    surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, width, height)
    ctx = cairo.Context(surface)
    ctx.set_matrix(matrix * cairo.Matrix(x0=-x, y0=-y))
    draw(ctx)
    surface.flush()
    return Raster(surface, x, y)


def stamp(ctx: Context, raster: Raster, opacity: float = 1.0) -> None:
    """Paint a picture where it was drawn for."""
    ctx.save()
    ctx.identity_matrix()
    ctx.set_source_surface(raster.surface, raster.x, raster.y)
    # Whole pixels onto whole pixels: nothing is to be blended between neighbours.
    ctx.get_source().set_filter(cairo.FILTER_NEAREST)
    if opacity < 1:
        ctx.paint_with_alpha(opacity)
    else:
        ctx.paint()
    ctx.restore()


class RasterCache:
    """Pictures by what they show and how they lie on the pixels; the longest unused go first.

    Parameters
    ----------
    most_bytes : int
        How much all pictures together may take.
    """

    def __init__(self, most_bytes: int = 96_000_000) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[Hashable, Raster | None] = OrderedDict()

    def paint(
        self,
        ctx: Context,
        key: Hashable,
        box: Box,
        draw: Draw,
        opacity: float = 1.0,
    ) -> None:
        """Draw by way of a picture, which is kept from the second time on.

        Going through a picture the first time as well makes a frame the same to the last bit
        whatever was drawn before it.

        Parameters
        ----------
        ctx : cairo.Context
            In the drawing's units.
        key : hashable
            Everything that makes the drawing, but for position and opacity.
        box : (float, float, float, float)
            What the drawing stays inside.
        draw : callable
            Draws at full opacity on the context it is given.
        opacity : float
            Of the whole.
        """
        matrix = ctx.get_matrix()
        columns, rows = math.floor(matrix.x0), math.floor(matrix.y0)
        # Where between the pixels it lies changes its edges; which pixels they are does not.
        x, y = matrix.x0 - columns, matrix.y0 - rows
        position = (key, matrix.xx, matrix.xy, matrix.yx, matrix.yy, x, y)
        raster = self._kept.get(position)
        if raster is None:
            own = cairo.Matrix(matrix.xx, matrix.yx, matrix.xy, matrix.yy, x, y)
            raster = rasterise(own, box, draw)
            if raster is None:
                _draw_directly(ctx, draw, opacity)
                return
            self._keep(position, _trimmed(raster) if position in self._kept else None)
        else:
            self._kept.move_to_end(position)
        stamp(ctx, Raster(raster.surface, raster.x + columns, raster.y + rows), opacity)

    def _keep(self, position: Hashable, raster: Raster | None) -> None:
        if position in self._kept:
            self._bytes -= _cost(self._kept[position])
        self._kept[position] = raster
        self._kept.move_to_end(position)
        self._bytes += _cost(raster)
        while self._bytes > self._most_bytes and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= _cost(dropped)


RASTERS = RasterCache()
"""Shared by all parts of a process, so that together they stay below its bound."""


def repaint(ctx: Context, key: Hashable, box: Box, draw: Draw) -> None:
    """Draw something that is likely to be drawn again just so, by its picture if there is one.

    Parameters
    ----------
    ctx : cairo.Context
        In the drawing's units.
    key : hashable
        Everything that makes the drawing, opacity included, but for its position.
    box : (float, float, float, float)
        What the drawing stays inside.
    draw : callable
        Draws on the context it is given.
    """
    RASTERS.paint(ctx, key, box, draw)


_ENTRY = 500
"""Bytes that remembering a position takes, picture or not; bounds how many are remembered."""


def _draw_directly(ctx: Context, draw: Draw, opacity: float) -> None:
    """Draw what is too large for a picture of its own."""
    ctx.push_group()
    draw(ctx)
    ctx.pop_group_to_source()
    ctx.paint_with_alpha(opacity)


def _cost(raster: Raster | None) -> int:
    return _ENTRY + (raster.size if raster is not None else 0)


def _device_box(matrix: cairo.Matrix, box: Box) -> Box:
    corners = [matrix.transform_point(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _trimmed(raster: Raster) -> Raster:
    """Return a picture without the empty edges of its box, which cost as much as ink does."""
    surface = raster.surface
    height, width = surface.get_height(), surface.get_width()
    pixels = np.ndarray((height, surface.get_stride() // 4), np.uint32, surface.get_data())
    rows = np.flatnonzero(pixels.max(axis=1))
    if not len(rows):
        return raster
    columns = np.flatnonzero(pixels.max(axis=0))
    left, top = int(columns[0]), int(rows[0])
    size = int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top
    if size[0] * size[1] > WORTH_TRIMMING * width * height:
        return raster
    part = cairo.ImageSurface(cairo.FORMAT_ARGB32, *size)
    ctx = cairo.Context(part)
    ctx.set_source_surface(surface, -left, -top)
    ctx.set_operator(cairo.OPERATOR_SOURCE)
    ctx.paint()
    part.flush()
    return Raster(part, raster.x + left, raster.y + top)


STRIP = 60
"""Rows of pixels that are cropped together: texts far apart leave little between them."""


def cropped(pixels: np.ndarray[Any, Any]) -> list[Raster]:
    """Cut a picture of the whole frame into strips, each as wide as what is drawn in it.

    Parameters
    ----------
    pixels : (height, width, 4) uint8 array
        Contiguous, premultiplied, transparent where nothing was drawn.
    """
    strips = []
    # Premultiplied, a pixel is 0 as a whole or not at all.
    words = pixels.view(np.uint32)[..., 0]
    inked = words.max(axis=1)
    for top in range(0, len(pixels), STRIP):
        rows = np.flatnonzero(inked[top : top + STRIP])
        if not len(rows):
            continue
        first, last = top + int(rows[0]), top + int(rows[-1]) + 1
        columns = np.flatnonzero(words[first:last].max(axis=0))
        left, right = int(columns[0]), int(columns[-1]) + 1
        surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, right - left, last - first)
        stride = surface.get_stride() // 4
        memory = np.ndarray((last - first, stride, 4), np.uint8, surface.get_data())
        memory[:, : right - left] = pixels[first:last, left:right]
        surface.mark_dirty()
        strips.append(Raster(surface, left, first))
    return strips
