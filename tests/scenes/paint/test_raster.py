"""Pictures of still things: drawn like the things themselves, kept within bounds."""

from __future__ import annotations

import math

import cairo
import numpy as np
import pytest

from backprop_studio.scenes.paint.raster import RasterCache, cropped, rasterise, stamp

SIZE = 64


def blank():
    surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, SIZE, SIZE)
    ctx = cairo.Context(surface)
    ctx.set_source_rgb(0.2, 0.3, 0.4)
    ctx.paint()
    return surface, ctx


def pixels(surface):
    surface.flush()
    return np.ndarray((SIZE, SIZE, 4), np.uint8, surface.get_data()).astype(int)


class Disc:
    """Draws a disc of radius 1 and counts how often."""

    box = (-1.0, -1.0, 1.0, 1.0)

    def __init__(self):
        self.drawn = 0

    def __call__(self, ctx):
        self.drawn += 1
        ctx.arc(0, 0, 1, 0, 2 * math.pi)
        ctx.set_source_rgb(1, 0.5, 0)
        ctx.fill()


MATRICES = {
    "as it is": cairo.Matrix(10, 0, 0, 10, 32, 32),
    "between pixels": cairo.Matrix(10, 0, 0, -10, 31.37, 30.81),
    "turned": cairo.Matrix(7, 7, -7, 7, 33.3, 29.1),
    "half outside": cairo.Matrix(20, 0, 0, 20, 60, 3.5),
}


@pytest.mark.parametrize("name", MATRICES)
def test_a_stamped_picture_is_the_drawing(name):
    direct, ctx = blank()
    ctx.set_matrix(MATRICES[name])
    Disc()(ctx)
    by_way, ctx = blank()
    raster = rasterise(MATRICES[name], Disc.box, Disc())
    assert raster is not None
    stamp(ctx, raster)
    assert np.abs(pixels(direct) - pixels(by_way)).max() <= 1
    assert pixels(direct).std() > 1


def painted(cache, disc, matrix, **setting):
    """Return what a cache paints of a disc on a page."""
    surface, ctx = blank()
    ctx.set_matrix(matrix)
    key, box = setting.pop("key", "disc"), setting.pop("box", Disc.box)
    cache.paint(ctx, key, box, disc, **setting)
    return pixels(surface)


def at(shift, size=8.0):
    return cairo.Matrix(size, 0, 0, 8, 20.25 + shift, 20.5)


def test_a_picture_is_kept_from_the_second_time_on():
    cache, disc = RasterCache(), Disc()
    results = [painted(cache, disc, MATRICES["between pixels"]) for _ in range(4)]
    assert disc.drawn == 2
    assert all(np.array_equal(results[0], other) for other in results)


def test_whole_pixels_further_it_is_the_same_picture_and_between_pixels_another():
    cache, disc = RasterCache(), Disc()
    found = [painted(cache, disc, at(shift)) for shift in (0, 0, 5)]
    assert disc.drawn == 2
    assert np.array_equal(np.roll(found[0], 5, axis=1), found[2])
    for other in (at(0.25), at(0, 8.1)):
        before = disc.drawn
        painted(cache, disc, other)
        assert disc.drawn == before + 1


def test_opacity_is_no_reason_to_draw_again():
    cache, disc = RasterCache(), Disc()
    found = [
        painted(cache, disc, MATRICES["as it is"], opacity=opacity)[32, 32, 2]
        for opacity in (1.0, 1.0, 0.5, 0.0)
    ]
    assert disc.drawn == 2
    # Half of red 1.0 and 0.2.
    assert found[1:] == pytest.approx([255, (255 + 51) / 2, 51], abs=1)


def test_the_longest_unused_go_when_memory_is_used_up():
    disc, matrix = Disc(), MATRICES["as it is"]
    one = rasterise(matrix, disc.box, disc)
    assert one is not None
    cache = RasterCache(most_bytes=3 * one.size)
    counts = []
    for key in ("a", "a", "b", "b", "c", "c", "d", "d", "d", "a"):
        painted(cache, disc, matrix, key=key)
        counts.append(disc.drawn)
    assert counts[-3:] == [9, 9, 10]


def test_empty_edges_take_no_memory_and_change_nothing():
    cache, discs = RasterCache(most_bytes=20_000), (Disc(), Disc())
    wide = (-3.0, -3.0, 3.0, 3.0)  # 16 kB each, of which the ink needs two
    matrix = MATRICES["between pixels"]
    results = [
        [painted(cache, disc, matrix, key=k, box=wide, opacity=0.5) for k, disc in enumerate(discs)]
        for _ in range(4)
    ]
    assert [disc.drawn for disc in discs] == [2, 2]
    assert all(np.array_equal(results[0], other) for other in results)


def test_a_picture_of_nothing_is_kept_too():
    cache, drawn = RasterCache(), []
    for _ in range(4):
        painted(cache, lambda _: drawn.append(1), MATRICES["as it is"])
    assert len(drawn) == 2


def test_what_is_too_large_for_the_cache_or_for_a_picture_is_drawn_all_the_same():
    cache, disc = RasterCache(most_bytes=10), Disc()
    for _ in range(3):
        assert painted(cache, disc, MATRICES["as it is"])[32, 32, 2] == 255
    huge = cairo.Matrix(1e5, 0, 0, 1e5, 32, 32)
    half = painted(cache, disc, huge, opacity=0.5)[5, 5, 2]
    assert half == pytest.approx((255 + 51) / 2, abs=1)


def test_strips_hold_all_that_was_drawn():
    pixels = np.zeros((150, 40, 4), np.uint8)
    pixels[5:9, 30:33] = 200
    pixels[59:62, 3] = 90
    pixels[149, 39] = 255
    together = np.zeros_like(pixels)
    for strip in cropped(pixels):
        height, width = strip.surface.get_height(), strip.surface.get_width()
        memory = np.ndarray((height, strip.surface.get_stride() // 4, 4), np.uint8,
                            strip.surface.get_data())  # fmt: skip
        together[strip.y : strip.y + height, strip.x : strip.x + width] += memory[:, :width]
        assert width < 40
    assert np.array_equal(together, pixels)
