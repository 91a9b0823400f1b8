"""Pictures that are written side by side: each with its number, and whole."""

from __future__ import annotations

import os

import numpy as np
import pytest
from PIL import Image

from backprop_studio.core.base.errors import StudioError
from backprop_studio.render.files.sequence_film import SequenceFilm, verify_sequence
from backprop_studio.render.messages.frame_format import FrameFormat

SMALL = FrameFormat(width=64, height=48, fps=25)


def plain(shade):
    return np.full((SMALL.height, SMALL.width, 4), (shade, 0, 0, 255), np.uint8)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "pictures"


@pytest.fixture
def film(folder):
    film = SequenceFilm(folder, SMALL)
    yield film
    film.abort()


def test_each_frame_is_a_picture_as_often_as_it_is_shown(film, folder):
    shown = [(10, 1), (20, 3), (30, 2), (40, 1), (50, 1)]
    for shade, repeat in shown:
        film.write(plain(shade), repeat)
    film.finish()
    verify_sequence(folder, SMALL, 8)
    shades = []
    for number in range(8):
        with Image.open(folder / f"{number}.png") as picture:
            shades.append(picture.getpixel((5, 5)))
    assert shades == [(shade, 0, 0) for shade, repeat in shown for _ in range(repeat)]


def test_the_memory_of_a_written_frame_can_be_used_again(film):
    pixels = plain(1)
    film.write(pixels)
    film.finish()
    assert film.spare() is pixels


def test_a_folder_that_is_there_is_used_and_one_in_nothing_is_an_error(folder, film):
    film.finish()
    again = SequenceFilm(folder, SMALL)
    again.write(plain(1))
    again.finish()
    assert os.listdir(folder) == ["0.png"]
    with pytest.raises(FileNotFoundError):
        SequenceFilm(folder / "nowhere" / "pictures", SMALL)


@pytest.mark.parametrize("broken", [0, 1, 2, 3, 4, 5])
def test_one_picture_that_cannot_be_written_is_the_films_error(film, folder, broken):
    (folder / f"{broken}.png").mkdir()
    for shade in range(6):
        film.write(plain(shade))
    with pytest.raises(IsADirectoryError):
        film.finish()


def test_a_film_that_is_given_up_in_a_long_pause_stops(film, folder):
    film.write(plain(1), 10**9)
    film.abort()
    assert len(os.listdir(folder)) < 10**6


@pytest.fixture
def pictures(film, folder):
    for shade in range(4):
        film.write(plain(shade))
    film.finish()
    return folder


@pytest.mark.parametrize("number", [0, 3])
def test_the_first_and_the_last_picture_are_read(pictures, number):
    (pictures / f"{number}.png").write_bytes(b"half")
    with pytest.raises(StudioError, match="cannot be read again"):
        verify_sequence(pictures, SMALL, 4)


@pytest.mark.parametrize("number", [0, 3])
@pytest.mark.parametrize("size", [(64, 50), (66, 48), (48, 64)])
def test_the_first_and_the_last_picture_are_measured(pictures, number, size):
    Image.new("RGB", size).save(pictures / f"{number}.png")
    with pytest.raises(StudioError, match="finished pictures are"):
        verify_sequence(pictures, SMALL, 4)


def test_another_name_is_not_a_picture(pictures):
    verify_sequence(pictures, SMALL, 4)
    (pictures / "3.png").rename(pictures / "4.png")
    with pytest.raises(StudioError, match="4 finished pictures instead of 4"):
        verify_sequence(pictures, SMALL, 4)
