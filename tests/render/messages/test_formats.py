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


@pytest.mark.parametrize(
    ("name", "fps"),
    [*(("a.gif", fps) for fps in (7, 8, 24, 48, 50)), *(("a.webm", fps) for fps in (16, 24, 80))],
)
def test_a_frame_may_be_due_between_two_ticks(video, name, fps):
    result = video(name, FrameFormat(width=32, height=18, fps=fps))
    times = seconds(result.path)
    tick = CODECS[name][2]
    assert all(abs(it - Fraction(k, fps)) <= tick / 2 for k, it in enumerate(times))
    assert len(times) == result.frames


@pytest.mark.parametrize(("name", "most"), [("a.webm", 6.0), ("a.gif", 6.0)])
def test_other_kinds_show_the_same_pictures(video, name, most):
    reference = decoded(video("reference.mp4").path)
    found = decoded(video(name).path)
    for one, other in zip(reference, found, strict=True):
        assert np.abs(one.astype(float) - other).mean() < most


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_mov_over_the_ground_is_the_lesson(video, theme):
    """What is see-through, laid over the theme's ground, gives the picture with its ground."""
    reference = decoded(video("reference.mp4", theme=theme).path)
    found = decoded(video("a.mov", theme=theme).path, "rgba")
    ground = reference[0][2, 2].astype(float)
    for one, other in zip(reference, found, strict=True):
        alpha = other[..., 3:] / 255
        over = other[..., :3] * alpha + ground * (1 - alpha)
        assert np.abs(over - one).mean() < 4
    assert found[0][2, 2, 3] == 0  # the ground
    assert found[20][..., 3].max() > 128  # something painted, in thin lines


def test_colours_that_are_half_seen_through_keep_their_strength(tmp_path):
    """Cairo multiplies colours by their opacity; players expect them as they are."""
    from backprop_studio.render.files.film import Film

    pixels = np.zeros((90, 160, 4), np.uint8)
    pixels[20:60, 20:100] = (100, 40, 10, 128)  # (200, 80, 20) at one half
    film = Film(tmp_path / "a.mov", SMALL)
    film.write(pixels)
    film.finish()
    middle = decoded(tmp_path / "a.mov", "rgba")[0][40, 60].astype(int)
    assert np.abs(middle - (199, 80, 20, 128)).max() <= 4


@pytest.mark.parametrize("width", [854, 1080])
def test_nothing_is_seen_where_nothing_is_painted(tmp_path, width):
    """Widths that are no multiple of 16 came out with grey dashes at the left edge."""
    from backprop_studio.render.files.film import Film

    picture = FrameFormat(width=width, height=480, fps=12)
    film = Film(tmp_path / "a.mov", picture)
    for _ in range(3):
        film.write(np.zeros((480, width, 4), np.uint8))
    film.finish()
    assert max(frame[..., 3].max() for frame in decoded(tmp_path / "a.mov", "rgba")) == 0


def test_a_gif_keeps_few_colours_exactly(tmp_path):
    from backprop_studio.render.files.gif import GifFilm

    colours = [(17, 21, 28), (255, 80, 40), (60, 200, 120)]
    film = GifFilm(tmp_path / "a.gif", SMALL, tmp_path / "scratch")
    for colour in colours:
        pixels = np.zeros((90, 160, 4), np.uint8)
        pixels[:] = (*colour, 255)
        film.write(pixels, 4)
    film.finish()
    found = [tuple(map(int, frame[45, 80])) for frame in decoded(tmp_path / "a.gif")]
    assert found == [colour for colour in colours for _ in range(4)]
    assert os.listdir(tmp_path / "scratch") == []


def test_a_gif_tells_of_both_passes_and_can_be_stopped_in_the_second(video, silent, tmp_path):
    result = video("a.gif")
    drawing = [event for event in silent.events if event.phase == "draw"]
    assert {event.frames for event in drawing} == {result.frames}
    told = [event.frame for event in drawing]
    assert told == sorted(told)
    assert told[-1] == result.frames
    assert told[: result.frames][-1] <= result.frames // 2  # the first pass is half of it
    from backprop_studio.render.files.gif import GifFilm

    film = GifFilm(tmp_path / "b.gif", SMALL, tmp_path / "scratch")
    film.write(np.zeros((90, 160, 4), np.uint8), 5)

    def stop(frame):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        film.finish(stop)
    assert os.listdir(tmp_path / "scratch") == []


def test_a_gif_with_more_frames_than_it_can_show_is_refused(video):
    with pytest.raises(InputError, match=r"at most 50 frames per second, and 60 .*--fps 30"):
        video("a.gif", FrameFormat(width=160, height=90, fps=60))
    check_format(Path("a.gif"), FrameFormat(fps=50))
    check_format(Path("a.webm"), FrameFormat(fps=60))


@pytest.mark.parametrize("name", ["a.avi", "a", "a.png"])
def test_what_is_no_video_is_refused(video, name):
    with pytest.raises(InputError, match=r"ending.*\.mp4, \.webm, \.mov or \.gif"):
        video(name)
    with pytest.raises(InputError, match=r"must end in \.mp4"):
        format_of(Path(name))


def test_only_one_number_makes_a_sequence():
    assert is_sequence(Path("frame-%04d.png"))
    assert is_sequence(Path("%d.PNG"))
    assert not is_sequence(Path("100%.png"))
    assert not is_sequence(Path("%d-%d.png"))
    assert not is_sequence(Path("frame-%04d.mp4"))
