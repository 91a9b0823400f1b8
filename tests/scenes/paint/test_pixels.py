"""Arrays of colours lie in their box, the first row at the top."""

from __future__ import annotations

import cairo
import numpy as np
import pytest

from backprop_studio.scenes.paint.pixels import draw_pixels, with_alpha


def drawn(colours, side, opacity=1.0):
    """Draw colours on a square of black pixels, y up, and return red, green, blue."""
    surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, side, side)
    ctx = cairo.Context(surface)
    ctx.set_source_rgb(0, 0, 0)
    ctx.paint()
    ctx.translate(0, side)
    ctx.scale(side, -side)
    draw_pixels(ctx, with_alpha(colours), (0.0, 0.0, 1.0, 1.0), opacity)
    surface.flush()
    return np.ndarray((side, side, 4), np.uint8, surface.get_data())[..., :3].astype(int)


def test_rows_run_down_columns_right_and_bytes_are_red_green_blue():
    colours = np.array([[[1, 0, 0], [0, 1, 0]], [[0, 0, 1], [1, 1, 1]]], dtype=float)
    pixels = drawn(colours, 40)
    for row in (0, 1):
        for column in (0, 1):
            found = pixels[10 + 20 * row, 10 + 20 * column]
            assert found.tolist() == (colours[row, column] * 255).tolist()


def test_half_opacity_is_half_as_bright():
    assert drawn(np.ones((2, 2, 3)), 8, 0.5)[4, 4] == pytest.approx(127.5, abs=1)


def test_more_values_than_pixels_are_averaged():
    stripes = np.zeros((64, 64, 3))
    stripes[::2] = 1.0
    assert drawn(stripes, 8)[2:6, 2:6] == pytest.approx(127, abs=12)
