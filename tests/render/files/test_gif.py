"""GIF files: every frame at its time in its own colours, and no scratch file left."""

from __future__ import annotations

import os

import av
import numpy as np
import pytest

from backprop_studio.render.files.gif import GifFilm
from backprop_studio.render.files.output import verify_video
from backprop_studio.render.messages.frame_format import FrameFormat

SMALL = FrameFormat(width=64, height=48, fps=25)
RED, GREEN, BLUE = (224, 32, 16), (16, 200, 40), (24, 40, 208)


def plain(colour):
    return np.full((SMALL.height, SMALL.width, 4), (*colour, 255), np.uint8)


@pytest.fixture
def film(tmp_path):
    film = GifFilm(tmp_path / "a.gif", SMALL, tmp_path / "deep" / "scratch")
    yield film
    film.abort()


def test_each_frame_has_its_colour_and_its_time(film, tmp_path):
    for colour, repeat in ((RED, 1), (GREEN, 3), (BLUE, 2), (RED, 1)):
        film.write(plain(colour), repeat)
    told = []
    film.finish(told.append)
    verify_video(tmp_path / "a.gif", SMALL, 7)
    with av.open(tmp_path / "a.gif") as container:
        seen = [it.to_ndarray(format="rgb24").mean((0, 1)) for it in container.decode(video=0)]
    wanted = [RED, GREEN, GREEN, GREEN, BLUE, BLUE, RED]
    assert np.abs(np.array(seen) - wanted).max() < 2
    assert told == [1, 2, 3, 4, 5, 6, 7]
    assert film.passes == 2


def test_the_colours_are_those_of_all_frames(film, tmp_path):
    shades = [(8 * number, 255 - 8 * number, 128) for number in range(30)]
    for shade in shades:
        film.write(plain(shade))
    film.finish()
    with av.open(tmp_path / "a.gif") as container:
        seen = [it.to_ndarray(format="rgb24").mean((0, 1)) for it in container.decode(video=0)]
    assert np.abs(np.array(seen) - shades).max() < 3


def test_it_plays_without_end(film, tmp_path):
    for shade in (RED, BLUE):
        film.write(plain(shade))
    film.finish()
    assert b"NETSCAPE2.0\x03\x01\x00\x00" in (tmp_path / "a.gif").read_bytes()


def test_a_second_film_uses_the_same_scratch_folder(film, tmp_path):
    other = GifFilm(tmp_path / "b.gif", SMALL, tmp_path / "deep" / "scratch")
    for each in (film, other):
        each.write(plain(RED), 2)
        each.finish()
    assert (tmp_path / "b.gif").read_bytes() == (tmp_path / "a.gif").read_bytes()


def test_pixels_that_were_encoded_come_back(film):
    pixels = plain(RED)
    film.write(pixels)
    film.finish()
    assert film.spare() is pixels


def test_the_lossless_video_is_removed(film, tmp_path):
    film.write(plain(RED), 2)
    film.finish()
    assert os.listdir(tmp_path / "deep" / "scratch") == []


@pytest.mark.parametrize("repeat", [2, 10**9])
def test_a_film_that_is_given_up_leaves_nothing_in_the_scratch_folder(film, tmp_path, repeat):
    film.write(plain(RED), repeat)
    film.abort()
    assert os.listdir(tmp_path / "deep" / "scratch") == []


def test_a_second_pass_that_is_stopped_leaves_nothing_in_the_scratch_folder(film, tmp_path):
    def stop(number):
        raise InterruptedError(number)

    film.write(plain(RED), 5)
    with pytest.raises(InterruptedError, match="1"):
        film.finish(stop)
    assert os.listdir(tmp_path / "deep" / "scratch") == []
