"""Videos with sound: each sound at its time, beside pictures that are bit for bit the same."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.base.errors import StudioError
from backprop_studio.render.files.film import Film
from backprop_studio.render.files.joining import join_videos
from backprop_studio.render.files.output import verify_video
from backprop_studio.render.files.sound_writer import verify_sound
from backprop_studio.render.messages.formats import SOUND_ENDINGS
from backprop_studio.render.voice.sound import RATE, read_sound
from tests.render.files.films import SMALL, colours, plain

BEEPS = (0.5, 1.75, 2.9)


def films(folder, ending, counts=(40, 60)):
    """Make silent videos, each of another grey."""
    made = []
    for shade, frames in zip((60, 160), counts, strict=True):
        film = Film(folder / f"{shade}{ending}", SMALL)
        film.write(plain((shade,) * 3, SMALL), frames)
        film.finish()
        made.append((folder / f"{shade}{ending}", frames))
    return made


def beeps(seconds):
    sound = np.zeros(round(seconds * RATE), "f4")
    for start in BEEPS:
        first = round(start * RATE)
        sound[first : first + RATE // 10] = 0.3 * np.sin(np.arange(RATE // 10) * 0.1)
    return sound


@pytest.mark.parametrize("ending", SOUND_ENDINGS)
def test_sound_is_heard_when_it_shall_be_and_the_pictures_stay_as_they_are(tmp_path, ending):
    videos, target = films(tmp_path, ending), tmp_path / f"whole{ending}"
    sound = beeps(4)
    join_videos(videos, target, "Whole", [], [sound[: RATE + 7], sound[RATE + 7 :]])
    verify_video(target, SMALL, 100)
    verify_sound(target, 4)
    wanted = np.concatenate([colours(path) for path, _ in videos])
    assert np.array_equal(colours(target), wanted)
    is_loud = np.abs(read_sound(target, 10)) > 0.05
    for start in BEEPS:
        around = is_loud[round((start - 0.2) * RATE) : round((start + 0.2) * RATE)]
        assert np.flatnonzero(around)[0] / RATE == pytest.approx(0.2, abs=0.01)
    # Joined again, what sound they have is left out or replaced.
    again = tmp_path / f"again{ending}"
    join_videos([(target, 100)], again, "Again", [])
    verify_video(again, SMALL, 100)
    with pytest.raises(StudioError, match="sound cannot be read"):
        verify_sound(again, 4)


def test_sound_of_another_length_is_noticed(tmp_path):
    target = tmp_path / "whole.mp4"
    join_videos(films(tmp_path, ".mp4"), target, "", [], [beeps(3.5)])
    with pytest.raises(StudioError, match=r"lasts 3.5\d seconds instead of 4.00"):
        verify_sound(target, 4)
