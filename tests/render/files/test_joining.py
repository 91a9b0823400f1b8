"""Joined videos: every frame, in order, not encoded again."""

from __future__ import annotations

import av
import numpy as np
import pytest

from backprop_studio.core.base.errors import StudioError
from backprop_studio.render.files.film import Film
from backprop_studio.render.files.film_settings import FilmSettings, read_settings, settings_in
from backprop_studio.render.files.joining import join_videos
from backprop_studio.render.files.output import verify_video
from backprop_studio.render.messages.chapters import Chapter
from backprop_studio.render.messages.formats import JOINED_ENDINGS
from tests.render.files.films import SMALL, colours, fill, packets, plain


@pytest.fixture
def film(tmp_path):
    def film(name, shades, **other):
        picture = SMALL.model_copy(update=other)
        film = Film(tmp_path / name, picture)
        for shade in shades:
            film.write(plain((shade,) * 3, picture))
        film.finish()
        return tmp_path / name, len(shades)

    return film


@pytest.mark.parametrize("ending", JOINED_ENDINGS)
def test_all_frames_are_there_and_bit_for_bit_the_same(film, tmp_path, ending):
    # A short video before a long one, which needs more frames ahead, leaves no hole.
    shades = {"a": [90], "b": range(10, 40), "c": range(200, 205)}
    videos = [film(f"{name}{ending}", its) for name, its in shades.items()]
    target = tmp_path / f"whole{ending}"
    chapters = [Chapter("One", 0, 0.04, True), Chapter("二 = ;#", 0.04, 1.44, True)]
    join_videos(videos, target, "Whole", chapters)
    verify_video(target, SMALL, 36)
    wanted = np.concatenate([colours(path) for path, _ in videos])
    assert np.array_equal(colours(target), wanted)
    with av.open(target) as container:
        assert container.metadata["title"] == "Whole"
        found = container.chapters()
        context = container.streams.video[0].codec_context
        assert (context.colorspace, context.color_primaries, context.color_trc) == (1, 1, 1)
        assert float(container.duration / 1e6) == pytest.approx(36 / 25, abs=1 / 25)
    assert [it["metadata"]["title"] for it in found] == ["One", "二 = ;#"]
    marks = [[float(it[end] * it["time_base"]) for end in ("start", "end")] for it in found]
    assert np.ravel(marks) == pytest.approx([0, 0.04, 0.04, 1.44])
    written = packets(target)
    steps = np.diff([float(it.dts * it.time_base) for it in written])
    assert steps == pytest.approx([0.04] * 35, abs=1e-3)
    assert all(it.dts <= it.pts for it in written)


@pytest.mark.parametrize("ending", JOINED_ENDINGS)
def test_the_whole_of_one_lesson_says_what_its_pieces_say(tmp_path, ending):
    settings = FilmSettings(scene="a", params={"x": "反"}, language="zh", theme="light")
    videos = [(tmp_path / f"{name}{ending}", 3) for name in "ab"]
    for path, frames in videos:
        fill(Film(path, SMALL, tags=settings.tags()), ((9, 9, 9), frames))
    whole, lecture = tmp_path / f"whole{ending}", tmp_path / f"lecture{ending}"
    join_videos(videos, whole, "One", [], is_lesson=True)
    join_videos(videos, lecture, "Many", [])
    assert read_settings(whole) == settings
    with av.open(lecture) as container:
        assert settings_in(container.metadata) is None


@pytest.mark.parametrize("fps", [16, 24, 80])
def test_webm_frames_may_be_due_between_two_milliseconds(film, tmp_path, fps):
    videos = [film("a.webm", range(7), fps=fps), film("b.webm", range(30, 61), fps=fps)]
    target = tmp_path / "whole.webm"
    join_videos(videos, target, "", [])
    verify_video(target, SMALL.model_copy(update={"fps": fps}), 38)
    # Only a rate that is written gives it.
    assert {it.duration for it in packets(target)} == {1000 // fps}


@pytest.mark.parametrize("other", [{"height": 64}, {"fps": 30}])
def test_videos_of_another_make_are_refused(film, tmp_path, other):
    videos = [film("a.mp4", [1]), film("b.mp4", [2], **other)]
    with pytest.raises(StudioError, match=r"b\.mp4 was made otherwise"):
        join_videos(videos, tmp_path / "whole.mp4", "", [])
