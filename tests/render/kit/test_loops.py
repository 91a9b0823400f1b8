"""Loops of the beats as GIF: what they show, how large they are, and that they never end."""

from __future__ import annotations

import av
import numpy as np
import pytest

from backprop_studio.render.files.film import Film
from backprop_studio.render.kit.loops import RATE, STANDS, loop_format, write_loops
from backprop_studio.render.messages.frame_format import FrameFormat


def frames_of(file):
    with av.open(file) as video:
        return [it.to_ndarray(format="rgb24").astype(int) for it in video.decode(video=0)]


def shown(file):
    """Return what is seen at each tenth of a second, as players read how long a frame stands."""
    with av.open(file) as video:
        hundredths = [it.duration for it in video.demux(video=0) if it.pts is not None]
    pairs = zip(frames_of(file), hundredths, strict=True)
    return [frame for frame, long in pairs for _ in range(round(long * RATE / 100))]


def without_dots(picture):
    """Return the means of squares, in which dots of few colours stand for other colours."""
    return picture.reshape(45, 8, 80, 8, 3).mean(axis=(1, 3))


@pytest.mark.parametrize(
    ("size", "expected"),
    [((1920, 1080), (640, 360)), ((854, 480), (640, 360)), ((270, 480), (270, 480))],
)
def test_a_loop_is_small_enough_for_a_page(size, expected):
    found = loop_format(*size)
    assert (found.width, found.height, found.fps) == (*expected, RATE)


def test_loops_are_parts_of_a_video_whose_last_picture_stands(tmp_path):
    video = tmp_path / "a.mp4"
    film = Film(video, FrameFormat(width=64, height=32, fps=20))
    for grey in range(0, 240, 6):  # 40 frames
        film.write(np.full((32, 64, 4), (grey, grey, grey, 255), np.uint8))
    film.finish()
    write_loops(video, [(tmp_path / "b.gif", 4, 14), (tmp_path / "c.gif", 20, 40)], tmp_path)
    for name, first, last in (("b", 4, 14), ("c", 20, 40)):
        frames = shown(tmp_path / f"{name}.gif")
        moving = (last - first) // 2
        assert len(frames) == moving + STANDS * RATE
        greys = [it.mean() for it in frames]
        expected = [6 * number for number in range(first + 1, last, 2)]
        assert np.abs(np.array(greys[:moving]) - expected).max() < 12
        assert abs(greys[-1] - 6 * (last - 1)) < 5


def test_a_picture_that_stands_is_in_a_loop_once(tmp_path):
    video = tmp_path / "a.mp4"
    film = Film(video, FrameFormat(width=64, height=32, fps=10))
    greys = [0, 50, 50, 50, 100, 150, 150]
    for grey in greys:
        film.write(np.full((32, 64, 4), (grey, grey, grey, 255), np.uint8))
    film.finish()
    write_loops(video, [(tmp_path / "b.gif", 0, len(greys))], tmp_path)
    assert len(frames_of(tmp_path / "b.gif")) == 4
    found = [it.mean() for it in shown(tmp_path / "b.gif")]
    expected = greys + [greys[-1]] * round(STANDS * RATE)
    assert np.abs(np.array(found) - expected).max() < 6


@pytest.mark.slow
def test_each_beat_has_a_loop_that_ends_with_its_still(make):
    files = make("gifs", "stills")
    gifs = [it for it in files if it.endswith(".gif")]
    stills = [it for it in files if it.endswith(".png") and "title" not in it]
    assert [it[:-4] for it in gifs] == [it[:-4] for it in stills]
    assert len(gifs) >= 3
    for gif, still in zip(gifs, stills, strict=True):
        data = files[gif].read_bytes()
        assert b"NETSCAPE2.0\x03\x01\x00\x00\x00" in data  # for ever
        frames = shown(files[gif])
        assert (frames[0] != frames[-1]).any()
        assert len(frames) > STANDS * RATE
        assert all((it == frames[-1]).all() for it in frames[-round(STANDS * RATE) :])
        (picture,) = frames_of(files[still])
        small = av.VideoFrame.from_ndarray(picture.astype(np.uint8), format="rgb24")
        small = small.reformat(width=640, height=360).to_ndarray(format="rgb24")
        assert abs(without_dots(small) - without_dots(frames[-1])).mean() < 3
