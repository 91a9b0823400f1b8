"""Frames converted in bands: the same as converted whole, whatever has changed."""

from __future__ import annotations

import av
import numpy as np
import pytest

from backprop_studio.render.files.conversion import Converter, band_height
from backprop_studio.render.files.film import Film
from backprop_studio.render.messages.formats import FORMATS
from backprop_studio.render.messages.frame_format import FrameFormat

MP4 = FORMATS[".mp4"]
HEIGHT, WIDTH = 170, 64
BAND = 34
"""Rows: the picture has five bands, and is put together of up to four of them."""


def noise(seed, height=HEIGHT):
    pixels = np.random.default_rng(seed).integers(0, 256, (height, WIDTH, 4), np.uint8)
    pixels[..., 3] = 255
    return pixels


def whole(pixels):
    frame, _ = Converter(MP4, 1).convert(pixels)
    return frame.to_ndarray()


def test_it_is_the_frame_whatever_rows_have_changed():
    converter = Converter(MP4, 1)
    pixels = noise(100)
    converter.convert(pixels)
    for first in range(HEIGHT):
        for rows in (slice(first, first + 1), slice(first, first + 2 + first % 50)):
            pixels = pixels.copy()
            columns = slice(None, None, 1 + first % 7)
            pixels[rows, columns] = noise(first)[rows, columns]
            frame, _ = converter.convert(pixels)
            assert np.array_equal(frame.to_ndarray(), whole(pixels)), rows


def test_only_bands_that_have_changed_are_converted():
    converter = Converter(MP4, 1)
    pixels = noise(1)
    frame, _ = converter.convert(pixels)
    plane = np.frombuffer(frame.planes[0], np.uint8).reshape(HEIGHT, -1)
    marks = range(0, HEIGHT, BAND)
    plane[marks, 0] = 7  # where nothing is converted it stays
    pixels = pixels.copy()
    pixels[2 * BAND + 17] = 0
    converter.convert(pixels)
    assert [row // BAND for row in marks if plane[row, 0] != 7] == [2]
    plane[marks, 0] = 7
    converter.convert(pixels.copy())
    assert set(plane[marks, 0]) == {7}


def test_a_picture_of_which_most_has_changed_is_converted_whole():
    converter = Converter(MP4, 1)
    pixels = noise(1)
    first, _ = converter.convert(pixels)
    four_bands = pixels.copy()
    four_bands[: 4 * BAND - 10] = 0
    assert converter.convert(four_bands)[0] is first
    assert converter.convert(noise(2))[0] is not first


@pytest.mark.parametrize("ending", [".mp4", ".webm"])
def test_an_encoder_that_looks_ahead_gets_each_frame_as_it_was(tmp_path, ending):
    picture = FrameFormat(width=WIDTH, height=HEIGHT, fps=25)
    path = tmp_path / f"a{ending}"
    film = Film(path, picture)
    for number in range(24):
        pixels = np.full((HEIGHT, WIDTH, 4), (0, 0, 0, 255), np.uint8)
        pixels[number * 7 : number * 7 + 7] = 255
        film.write(pixels)
    film.finish()
    with av.open(path) as container:
        rows = [frame.to_ndarray()[:HEIGHT].mean(1) for frame in container.decode(video=0)]
    assert [int(it.argmax()) // 7 for it in rows] == list(range(24))


def test_pixels_come_back_when_the_next_have_been_compared_with_them():
    converter = Converter(MP4, 1)
    first, second = noise(1), noise(2)
    assert converter.convert(first)[1] is None
    assert converter.convert(second)[1] is first


def test_other_layouts_are_converted_whole_and_give_their_pixels_back():
    converter = Converter(FORMATS[".mov"], 1)
    pixels = noise(1)
    frame, outdated = converter.convert(pixels)
    assert outdated is pixels
    assert converter.convert(noise(2))[0] is not frame


@pytest.mark.parametrize("shape", ["16:9", "4:3", "9:16"])
def test_every_picture_has_bands(shape):
    for quality in "lmhpk":
        height = FrameFormat.of_quality(quality, shape=shape).height
        assert band_height(height) in range(16, 129, 2)
        assert height % band_height(height) == 0


def test_bands_are_as_high_as_they_may_be():
    heights = {HEIGHT: BAND, 256: 128, 260: 52, 544: 68, 16 * 131: 16}
    assert {height: band_height(height) for height in heights} == heights


def test_a_picture_without_even_shares_is_one_band():
    assert band_height(14 * 131) == 14 * 131
    assert band_height(2 * 127) == 2 * 127
    assert whole(noise(3, 254)).shape == (381, WIDTH)
