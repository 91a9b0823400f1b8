"""Every kind of file, through the same door: the right codec, all frames, each at its time."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.render.drawing.studio import Studio
from backprop_studio.render.files.film import Film
from backprop_studio.render.messages.formats import check_format, format_of, is_sequence
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import VideoJob

SMALL = FrameFormat(width=160, height=90, fps=12)


@pytest.fixture
def video(tmp_path, silent, tiny):
    studio = Studio(tmp_path / "media")
    folder = tmp_path / "out"
    folder.mkdir()

    def video(name, picture=SMALL, **more):
        output = str(folder / name)
        job = VideoJob(id="v", scene="tiny", picture=picture, output=output, **more)
        return studio.video(job, silent.watch())

    return video


def decoded(path, layout="rgb24"):
    with av.open(path) as container:
        return [frame.to_ndarray(format=layout) for frame in container.decode(video=0)]


def seconds(path):
    with av.open(path) as container:
        stream = container.streams.video[0]
        packets = [it for it in container.demux(stream) if it.pts is not None]
        return sorted(it.pts * stream.time_base for it in packets)


CODECS = {
    "a.mp4": ("h264", "avc1", None),
    "a.webm": ("vp9", None, Fraction(1, 1000)),
    "a.mov": ("prores", "ap4h", None),  # Apple's name for ProRes 4444
    "a.gif": ("gif", None, Fraction(1, 100)),
}


@pytest.mark.parametrize("name", CODECS)
def test_every_kind_has_its_codec_and_every_frame_at_its_time(video, name):
    result = video(name)
    codec, tag, tick = CODECS[name]
    with av.open(result.path) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == codec
        assert tag is None or stream.codec_tag == tag
    times = seconds(result.path)
    assert len(times) == len(decoded(result.path)) == result.frames
    for number, found in enumerate(times):
        assert abs(found - Fraction(number, 12)) <= (tick or 0) / 2
    assert os.listdir(Path(result.path).parent) == [name]


@pytest.mark.parametrize("fps", [7, 48])
def test_a_frame_may_be_due_between_two_ticks(video, fps):
    result = video("a.gif", FrameFormat(width=32, height=18, fps=fps), params={"pace": 4.0})
    times = seconds(result.path)
    assert all(abs(it - Fraction(k, fps)) <= Fraction(1, 200) for k, it in enumerate(times))
    assert len(times) == result.frames


def test_other_kinds_show_the_same_pictures(video):
    reference, *others = (decoded(video(name).path) for name in ("a.mp4", "a.webm", "a.gif"))
    for found in others:
        for one, other in zip(reference, found, strict=True):
            assert np.abs(one.astype(float) - other).mean() < 6


def test_a_mov_over_the_ground_is_the_lesson(video):
    """What is see-through, laid over the theme's ground, gives the picture with its ground."""
    theme = "light"
    reference = decoded(video("reference.mp4", theme=theme).path)
    found = decoded(video("a.mov", theme=theme).path, "rgba")
    ground = reference[0][2, 2].astype(float)
    for one, other in zip(reference, found, strict=True):
        alpha = other[..., 3:] / 255
        over = other[..., :3] * alpha + ground * (1 - alpha)
        assert np.abs(over - one).mean() < 4
    assert found[0][2, 2, 3] == 0  # the ground
    assert found[20][..., 3].max() > 128  # something painted, in thin lines


def test_nothing_is_seen_where_nothing_is_painted(tmp_path):
    """Widths that are no multiple of 16 came out with grey dashes at the left edge."""
    width = 854
    picture = FrameFormat(width=width, height=480, fps=12)
    film = Film(tmp_path / "a.mov", picture)
    for _ in range(3):
        film.write(np.zeros((480, width, 4), np.uint8))
    film.finish()
    assert max(frame[..., 3].max() for frame in decoded(tmp_path / "a.mov", "rgba")) == 0


def test_a_gif_tells_of_both_passes(video, silent):
    result = video("a.gif")
    drawing = [event for event in silent.events if event.phase == "draw"]
    assert {event.frames for event in drawing} == {result.frames}
    told = [event.frame for event in drawing]
    assert told == sorted(told)
    assert told[-1] == result.frames
    assert any(abs(it - result.frames / 2) <= 1 for it in told)  # the first pass is half of it


def test_a_gif_with_more_frames_than_it_can_show_is_refused():
    with pytest.raises(InputError, match=r"at most 50 frames per second, and 60 .*--fps 30"):
        check_format(Path("a.gif"), FrameFormat(fps=60))
    check_format(Path("a.gif"), FrameFormat(fps=50))
    check_format(Path("a.webm"), FrameFormat(fps=60))


@pytest.mark.parametrize("name", ["a.avi", "a", "a.png"])
def test_what_is_no_video_is_refused(name):
    with pytest.raises(InputError, match=r"must end in \.mp4, \.webm, \.mov or \.gif"):
        format_of(Path(name))


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("frame-%04d.png", True),
        ("%d.PNG", True),
        ("100%.png", False),
        ("%d-%d.png", False),
        ("frame-%04d.mp4", False),
    ],
)
def test_only_one_number_makes_a_sequence(name, is_one):
    assert is_sequence(Path(name)) == is_one
