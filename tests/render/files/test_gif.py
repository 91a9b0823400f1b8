"""GIF files: every frame at its time in its own colours, and no scratch file left."""

from __future__ import annotations

import os

import numpy as np
import pytest

from backprop_studio.render.files.gif import GifFilm
from backprop_studio.render.files.output import verify_video
from tests.render.files.films import BLUE, GREEN, RED, SMALL, colours, fill, plain


@pytest.fixture
def scratch(tmp_path):
    return tmp_path / "deep" / "scratch"


@pytest.fixture
def film(tmp_path, scratch):
    film = GifFilm(tmp_path / "a.gif", SMALL, scratch)
    yield film
    film.abort()


def test_each_frame_has_its_colour_and_its_time_and_it_plays_without_end(film, tmp_path, scratch):
    other = GifFilm(tmp_path / "b.gif", SMALL, scratch)
    shown = [(RED, 1), (GREEN, 3), (BLUE, 2)]
    fill(other, *shown, (RED, 1))
    for colour, repeat in shown:
        film.write(plain(colour), repeat)
    last, told = plain(RED), []
    film.write(last)
    film.finish(told.append)
    verify_video(tmp_path / "a.gif", SMALL, 7)
    wanted = [RED, GREEN, GREEN, GREEN, BLUE, BLUE, RED]
    assert np.abs(colours(tmp_path / "a.gif") - wanted).max() < 2
    assert [number for number in told if number] == [1, 2, 3, 4, 5, 6, 7]
    assert film.passes == 2
    assert any(film.spare() is last for _ in range(4))
    assert b"NETSCAPE2.0\x03\x01\x00\x00" in (tmp_path / "a.gif").read_bytes()
    assert (tmp_path / "b.gif").read_bytes() == (tmp_path / "a.gif").read_bytes()
    assert os.listdir(scratch) == []


def test_the_colours_are_those_of_all_frames(film, tmp_path):
    shades = [(8 * number, 255 - 8 * number, 128) for number in range(30)]
    fill(film, *[(shade, 1) for shade in shades])
    assert np.abs(colours(tmp_path / "a.gif") - shades).max() < 3


@pytest.mark.parametrize("repeat", [2, 10**9])
def test_a_film_that_is_given_up_leaves_nothing_in_the_scratch_folder(film, scratch, repeat):
    film.write(plain(RED), repeat)
    film.abort()
    assert os.listdir(scratch) == []


def test_a_second_pass_that_is_stopped_leaves_nothing_in_the_scratch_folder(film, scratch):
    def stop(number):
        raise InterruptedError(number)

    film.write(plain(RED), 5)
    with pytest.raises(InterruptedError):
        film.finish(stop)
    assert os.listdir(scratch) == []
