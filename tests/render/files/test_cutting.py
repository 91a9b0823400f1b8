"""Clips: the frames of a video between two of its cuts, not encoded again."""

from __future__ import annotations

import itertools

import av
import numpy as np
import pytest

from backprop_studio.core.base.errors import StudioError
from backprop_studio.render.files.cutting import cut_video
from backprop_studio.render.files.film import Film
from backprop_studio.render.files.joining import join_videos
from backprop_studio.render.files.output import verify_video
from backprop_studio.render.voice.sound import RATE, read_sound
from tests.render.files.films import SMALL, colours, packets, plain


def film(path, shades, cuts):
    made = Film(path, SMALL, cuts=cuts)
    for shade in shades:
        made.write(plain((shade,) * 3, SMALL))
    made.finish()
    return path, len(shades)


@pytest.mark.parametrize("ending", [".mp4", ".webm"])
def test_clips_have_the_frames_of_the_video_bit_for_bit(tmp_path, ending):
    # Joined of pieces, as a video that several processes have drawn.
    pieces = [film(tmp_path / f"a{ending}", range(40, 70), (0, 7, 8)),
              film(tmp_path / f"b{ending}", range(90, 150, 2), (3,))]  # fmt: skip
    whole = tmp_path / f"whole{ending}"
    join_videos(pieces, whole, "Whole", [])
    edges = [0, 7, 8, 33, 60]
    clips = [
        (tmp_path / f"c{first}{ending}", first, last, f'"{first}" =;#\\ 二')
        for first, last in itertools.pairwise(edges)
    ]
    cut_video(whole, clips)
    wanted = colours(whole)
    for path, first, last, title in clips:
        verify_video(path, SMALL, last - first)
        assert np.array_equal(colours(path), wanted[first:last])
        with av.open(path) as container:
            assert container.metadata["title"] == title
        assert sum(len(bytes(it)) for it in packets(path)) <= whole.stat().st_size


def test_a_cut_that_nobody_asked_for_is_refused(tmp_path):
    video, frames = film(tmp_path / "a.mp4", range(40, 70), (0, 7))
    with pytest.raises(StudioError, match=r"a\.mp4 cannot be cut at frame 9"):
        cut_video(video, [(tmp_path / "b.mp4", 9, frames, "")])


def test_a_clip_has_its_part_of_the_sound(tmp_path):
    video, frames = film(tmp_path / "a.mp4", range(40, 90), (0, 25))
    time = np.arange(2 * RATE) / RATE
    sound = np.sin(2 * np.pi * np.where(time < 1, 300, 900) * time).astype(np.float32) / 2
    clips = [(tmp_path / "b.mp4", 0, 25, ""), (tmp_path / "c.mp4", 25, frames, "")]
    cut_video(video, clips, sound)
    for (path, *_), tone in zip(clips, (300, 900), strict=True):
        found = read_sound(path, 2)
        assert found.size / RATE == pytest.approx(1, abs=0.03)
        strength = np.abs(np.fft.rfft(found[:RATE]))
        assert strength.argmax() * RATE / min(found.size, RATE) == pytest.approx(tone, rel=0.02)
