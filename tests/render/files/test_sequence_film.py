"""Pictures that are written side by side: each with its number, and whole."""

from __future__ import annotations

import os

import pytest
from PIL import Image

from backprop_studio.core.base.errors import StudioError
from backprop_studio.render.files.sequence_film import SequenceFilm, verify_sequence
from tests.render.files.films import SMALL, fill, plain

SHOWN = [((10, 0, 0), 1), ((20, 0, 0), 3), ((30, 0, 0), 2)]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "pictures"


@pytest.fixture
def film(folder):
    film = SequenceFilm(folder, SMALL)
    yield film
    film.abort()


@pytest.fixture
def pictures(film, folder):
    fill(film, *SHOWN)
    return folder


def test_each_frame_is_a_picture_as_often_as_it_is_shown(pictures):
    verify_sequence(pictures, SMALL, 6)
    seen = []
    for number in range(6):
        with Image.open(pictures / f"{number}.png") as picture:
            seen.append(picture.getpixel((5, 5)))
    assert seen == [colour for colour, repeat in SHOWN for _ in range(repeat)]


def test_a_folder_that_is_there_is_used_and_one_in_nothing_is_an_error(folder, film):
    film.finish()
    again, pixels = SequenceFilm(folder, SMALL), plain((1, 1, 1))
    again.write(pixels)
    again.finish()
    assert again.spare() is pixels
    assert os.listdir(folder) == ["0.png"]
    with pytest.raises(FileNotFoundError):
        SequenceFilm(folder / "nowhere" / "pictures", SMALL)


@pytest.mark.parametrize("broken", [0, 2, 5])
def test_one_picture_that_cannot_be_written_is_the_films_error(film, folder, broken):
    (folder / f"{broken}.png").mkdir()
    with pytest.raises(IsADirectoryError):
        fill(film, *[((shade, 0, 0), 1) for shade in range(6)])


def test_a_film_that_is_given_up_in_a_long_pause_stops(film, folder):
    film.write(plain((1, 1, 1)), 10**9)
    film.abort()
    assert len(os.listdir(folder)) < 10**6


@pytest.mark.parametrize("number", [0, 5])
def test_the_first_and_the_last_picture_are_read_and_measured(pictures, number):
    for size in ((64, 50), (66, 48), (48, 64)):
        Image.new("RGB", size).save(pictures / f"{number}.png")
        with pytest.raises(StudioError, match="finished pictures are"):
            verify_sequence(pictures, SMALL, 6)
    (pictures / f"{number}.png").write_bytes(b"half")
    with pytest.raises(StudioError, match="cannot be read again"):
        verify_sequence(pictures, SMALL, 6)


def test_another_number_or_name_is_noticed(pictures):
    with pytest.raises(StudioError, match="6 finished pictures instead of 7"):
        verify_sequence(pictures, SMALL, 7)
    (pictures / "5.png").rename(pictures / "6.png")
    with pytest.raises(StudioError, match="6 finished pictures instead of 6"):
        verify_sequence(pictures, SMALL, 6)
