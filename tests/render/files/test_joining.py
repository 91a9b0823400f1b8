"""Joined videos: every frame, in order, not encoded again."""

from __future__ import annotations

import itertools

import av
import numpy as np
import pytest

from backprop_studio.core.base.errors import StudioError
from backprop_studio.render.files.film import Film
from backprop_studio.render.files.joining import join_videos
from backprop_studio.render.files.output import verify_video
from backprop_studio.render.messages.chapters import Chapter
from backprop_studio.render.messages.formats import JOINED_ENDINGS
from backprop_studio.render.messages.frame_format import FrameFormat

SMALL = FrameFormat(width=64, height=48, fps=25)


@pytest.fixture
def film(tmp_path):
    def film(name, shades, picture=SMALL):
        path = tmp_path / name
        film = Film(path, picture)
        for shade in shades:
            film.write(np.full((picture.height, picture.width, 4), shade, np.uint8))
        film.finish()
        return path, len(shades)

    return film


def shades_of(path):
    with av.open(path) as container:
        return [
            float(frame.to_ndarray(format="gray").mean()) for frame in container.decode(video=0)
        ]


@pytest.mark.parametrize("ending", JOINED_ENDINGS)
def test_all_frames_are_there_and_bit_for_bit_the_same(film, tmp_path, ending):
    shades = {"a": range(10, 71), "b": range(200, 210), "c": [90]}
    videos = [film(f"{name}{ending}", its) for name, its in shades.items()]
    target = tmp_path / f"whole{ending}"
    chapters = [Chapter("One", 0, 61 / 25, True), Chapter("二 = ;#", 61 / 25, 71 / 25, True)]
    join_videos(videos, target, "Whole", chapters)
    verify_video(target, SMALL, 72)
    assert shades_of(target) == [shade for path, _ in videos for shade in shades_of(path)]
    with av.open(target) as container:
        assert container.metadata["title"] == "Whole"
        found = container.chapters()
        context = container.streams.video[0].codec_context
        assert (context.colorspace, context.color_primaries, context.color_trc) == (1, 1, 1)
        assert float(container.duration / 1e6) == pytest.approx(72 / 25, abs=1 / 25)
    assert [it["metadata"]["title"] for it in found] == ["One", "二 = ;#"]
    starts = [float(it["start"] * it["time_base"]) for it in found]
    assert starts == pytest.approx([0, 2.44])


@pytest.mark.parametrize("fps", [16, 24, 30, 60, 80, 120])
def test_webm_frames_may_be_due_between_two_milliseconds(film, tmp_path, fps):
    picture = FrameFormat(width=64, height=48, fps=fps)
    videos = [film("a.webm", range(7), picture), film("b.webm", range(30, 61), picture)]
    target = tmp_path / "whole.webm"
    join_videos(videos, target, "", [])
    verify_video(target, picture, 38)
    with av.open(target) as container:
        packets = [it for it in container.demux(video=0) if it.pts is not None]
    assert {it.duration for it in packets} == {1000 // fps}  # only a rate that is written gives it


def test_videos_of_another_make_are_refused(film, tmp_path):
    other = FrameFormat(width=64, height=64, fps=25)
    videos = [film("a.mp4", [1]), film("b.mp4", [2], other)]
    with pytest.raises(StudioError, match=r"b\.mp4 was made otherwise"):
        join_videos(videos, tmp_path / "whole.mp4", "", [])


@pytest.mark.parametrize("ending", JOINED_ENDINGS)
def test_chapters_end_where_the_next_begins_and_no_frame_is_late(film, tmp_path, ending):
    videos = [film(f"{name}{ending}", range(5)) for name in "ab"]
    chapters = [Chapter("One", 0, 0.2, True), Chapter("Two", 0.2, 0.4, True)]
    target = tmp_path / f"whole{ending}"
    join_videos(videos, target, "", chapters)
    with av.open(target) as container:
        marks = [
            [float(it[end] * it["time_base"]) for end in ("start", "end")]
            for it in container.chapters()
        ]
        packets = [it for it in container.demux(video=0) if it.dts is not None]
        tick = 1 / container.streams.video[0].average_rate
        steps = {
            round(float((b.dts - a.dts) * a.time_base / tick))
            for a, b in itertools.pairwise(packets)
        }
    assert np.ravel(marks) == pytest.approx([0, 0.2, 0.2, 0.4])
    assert steps == {1}
    assert all(it.dts <= it.pts for it in packets)


def test_a_short_video_before_a_long_one_leaves_no_hole(film, tmp_path):
    videos = [film("a.mp4", [1]), film("b.mp4", range(30)), film("c.mp4", [2, 3])]
    target = tmp_path / "whole.mp4"
    join_videos(videos, target, "", [])
    verify_video(target, SMALL, 33)
    with av.open(target) as container:
        stamps = [it.dts for it in container.demux(video=0) if it.dts is not None]
    assert len(set(np.diff(stamps))) == 1


def test_videos_of_another_rate_are_refused(film, tmp_path):
    other = FrameFormat(width=64, height=48, fps=30)
    videos = [film("a.mp4", [1]), film("b.mp4", [2], other)]
    with pytest.raises(StudioError, match=r"b\.mp4 was made otherwise"):
        join_videos(videos, tmp_path / "whole.mp4", "", [])
