"""Arrays of pixels as pictures, laid into a box."""

from __future__ import annotations

import math

import cairo
import numpy as np

from backprop_studio.scenes.paint.brush import Context, saved

Box = tuple[float, float, float, float]
"""Left, bottom, right and top."""


def with_alpha(colours: np.ndarray) -> np.ndarray:
    """Return colours (..., 3) from 0 to 1 as opaque pixels (..., 4) of bytes."""
    pixels = np.full((*colours.shape[:-1], 4), 255, np.uint8)
    pixels[..., :3] = np.rint(colours * 255)
    return pixels


def picture_of(pixels: np.ndarray) -> cairo.ImageSurface:
    """Return (height, width, 4) bytes, premultiplied, as a picture; its first row is the top."""
    height, width = pixels.shape[:2]
    # Manim reads cairo's four bytes as red, green, blue, alpha, which is how they are given.
    data = bytearray(np.ascontiguousarray(pixels).tobytes())
    return cairo.ImageSurface.create_for_data(data, cairo.FORMAT_ARGB32, width, height)


def lay_picture(
    ctx: Context,
    picture: cairo.ImageSurface,
    box: Box,
    quality: cairo.Filter,
    opacity: float = 1.0,
    *,
    extend: cairo.Extend = cairo.EXTEND_NONE,
) -> None:
    """Paint a picture into a box; ``extend`` says what its outermost pixels are mixed with."""
    left, bottom, right, top = box
    with saved(ctx):
        ctx.rectangle(left, bottom, right - left, top - bottom)
        ctx.clip()
        ctx.translate(left, top)
        ctx.scale((right - left) / picture.get_width(), -(top - bottom) / picture.get_height())
        ctx.set_source_surface(picture)
        ctx.get_source().set_filter(quality)
        ctx.get_source().set_extend(extend)
        ctx.paint_with_alpha(opacity)


def draw_pixels(ctx: Context, pixels: np.ndarray, box: Box, opacity: float = 1.0) -> None:
    """Draw each of (rows, columns, 4) values as a square of a box."""
    tall = (box[3] - box[1]) * math.hypot(*ctx.user_to_device_distance(0, 1))
    # More values than the screen has pixels are averaged: picking some would hide the others.
    quality = cairo.FILTER_GOOD if len(pixels) > tall else cairo.FILTER_NEAREST
    lay_picture(ctx, picture_of(pixels), box, quality, opacity, extend=cairo.EXTEND_PAD)
