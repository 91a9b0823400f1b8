"""Kept videos: equal pictures are found, others are not, damaged ones are drawn again."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

import backprop_studio.render.files.cache
from backprop_studio.core.base.errors import OutputError
from backprop_studio.render.files.cache import LIMIT_BYTES, VideoCache, video_key
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import Card, VideoJob
from backprop_studio.render.messages.results import BeatMark, VideoResult


def job(**more):
    given = {"id": "1", "scene": "backprop", "output": "/a/b.mp4", **more}
    return VideoJob(**given)


def result(path):
    beats = (BeatMark(name="a", caption="甲", start=0, end=1),)
    size = {"width": 64, "height": 48, "fps": 25, "frames": 25, "duration": 1.0}
    return VideoResult(path=str(path), title="T", beats=beats, **size)


@pytest.fixture
def cache(tmp_path):
    return VideoCache(tmp_path / "kept", limit=1000)


@pytest.fixture
def video(tmp_path):
    path = tmp_path / "made.mp4"
    path.write_bytes(b"a film" * 50)
    return path


def test_a_kept_video_is_copied_with_all_that_is_known_of_it(cache, video, tmp_path):
    cache.keep(job(), video, result(video))
    target = tmp_path / "copy.mp4"
    found = cache.fetch(job(id="2", output="/c/other.mp4", overwrite=True), target)
    assert found == result(target)
    assert target.read_bytes() == video.read_bytes()


@pytest.mark.parametrize(
    "other",
    [
        {"params": {"pace": 2}},
        {"language": "zh"},
        {"theme": "light"},
        {"picture": FrameFormat(fps=60)},
        {"card": Card(number=1)},
        {"scene": "tensors"},
        {"output": "/a/b.webm"},
    ],
)
def test_another_picture_is_not_found(cache, video, tmp_path, other):
    cache.keep(job(), video, result(video))
    assert cache.fetch(job(**other), tmp_path / "copy.mp4") is None
    assert not (tmp_path / "copy.mp4").exists()


def test_where_a_data_file_lies_does_not_count(tmp_path):
    keys = set()
    for place in ("one", "other"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "data.csv").write_text("1,2\n")
        keys.add(video_key(job(params={"data": {"file": str(tmp_path / place / "data.csv")}})))
    assert len(keys) == 1
    (tmp_path / "other" / "data.csv").rename(tmp_path / "other" / "flowers.csv")
    # A name may be on the screen.
    keys.add(video_key(job(params={"data": {"file": str(tmp_path / "other" / "flowers.csv")}})))
    assert len(keys) == 2


def test_the_content_of_data_files_counts_and_their_time_does_not(tmp_path):
    data = tmp_path / "data.csv"
    folder = tmp_path / "sets"
    folder.mkdir()
    data.write_text("1,2\n")
    asked = job(params={"data": {"file": str(data), "folder": str(folder)}})
    first = video_key(asked)
    os.utime(data, (1, 1))
    assert video_key(asked) == first
    data.write_text("1,3\n")
    second = video_key(asked)
    (folder / "deeper").mkdir()
    (folder / "deeper" / "more").write_bytes(b"2")
    assert video_key(asked) == second
    (folder / "images").write_bytes(b"1")
    third = video_key(asked)
    data.unlink()
    assert len({first, second, third, video_key(asked)}) == 4


def test_the_code_that_draws_the_scene_counts(monkeypatch):
    keys = iter("ab")
    monkeypatch.setattr(backprop_studio.render.files.cache, "drawing_key", lambda _: next(keys))
    # Scenes that no other test asks for: the code is read once in a process.
    first, second = (video_key(job(scene=scene)) for scene in ("one", "two"))
    monkeypatch.undo()
    assert first == video_key(job(scene="one"))
    assert second not in {first, video_key(job(scene="one", theme="light"))}


@pytest.mark.parametrize("harm", ["video", "note", "no video", "no note"])
def test_a_damaged_entry_is_no_entry(cache, video, tmp_path, harm):
    cache.keep(job(), video, result(video))
    (kept,) = (tmp_path / "kept").glob("*.mp4")
    note = kept.with_suffix(".json")
    if harm == "video":
        kept.write_bytes(b"A film" * 50)
    elif harm == "note":
        note.write_text('{"sha256":')
    else:
        (kept if harm == "no video" else note).unlink()
    assert cache.fetch(job(), tmp_path / "copy.mp4") is None
    assert cache.deliver(job(output=str(tmp_path / "b.mp4"))) is None
    assert not {"copy.mp4", "b.mp4"} & set(os.listdir(tmp_path))
    if harm == "video":
        assert os.listdir(tmp_path / "kept") == []
    cache.keep(job(), video, result(video))
    assert cache.fetch(job(), tmp_path / "copy.mp4") is not None


def test_what_was_used_longest_ago_goes(cache, video, tmp_path):
    jobs = [job(params={"pace": pace}) for pace in (1, 2, 3, 4)]
    for age, each in zip((50, 40, 30), jobs, strict=False):
        cache.keep(each, video, result(video))
        for note in (tmp_path / "kept").glob(f"{video_key(each)}.json"):
            os.utime(note, (1e9 - age, 1e9 - age))
    assert cache.fetch(jobs[0], tmp_path / "used.mp4") is not None
    cache.keep(jobs[3], video, result(video))
    found = [cache.fetch(each, tmp_path / f"{k}.mp4") is not None for k, each in enumerate(jobs)]
    assert found == [True, False, True, True]


def test_a_kept_video_is_delivered_to_where_the_job_wants_it(cache, video, tmp_path):
    target = tmp_path / "out" / "b.MP4"
    asked = job(output=str(target))
    assert cache.deliver(asked) is None  # before anything is asked of the output
    target.parent.mkdir()
    assert cache.keep(asked, video, result(video)) is True
    assert cache.deliver(asked) == result(target)
    assert target.read_bytes() == video.read_bytes()
    assert os.listdir(target.parent) == ["b.MP4"]


def test_a_delivery_replaces_only_what_it_may(cache, video, tmp_path):
    target = tmp_path / "b.mp4"
    target.write_bytes(b"mine")
    asked = job(output=str(target))
    cache.keep(asked, video, result(video))
    with pytest.raises(OutputError, match="appeared"):
        cache.deliver(asked)
    assert target.read_bytes() == b"mine"
    assert cache.deliver(asked.model_copy(update={"overwrite": True})) == result(target)
    assert target.read_bytes() == video.read_bytes()


def test_a_folder_that_takes_no_video_is_an_error_of_the_output(cache, video, tmp_path):
    asked = job(output=str(tmp_path / "nowhere" / "b.mp4"))
    cache.keep(asked, video, result(video))
    with pytest.raises(OutputError, match=r"b\.mp4 could not be written"):
        cache.deliver(asked)


def test_whether_a_video_is_kept_is_told(cache, video, tmp_path, monkeypatch):
    assert cache.keep(job(), tmp_path / "gone.mp4", result(video)) is False
    assert cache.keep(job(), tmp_path, result(video)) is False
    assert cache.keep(job(), video, result(video)) is True
    assert VideoCache(video / "kept").keep(job(), video, result(video)) is False
    assert VideoCache(tmp_path / "small", limit=10).keep(job(), video, result(video)) is False
    assert os.listdir(tmp_path / "small") == []

    def full(*_args):
        raise OSError(errno.ENOSPC, "whatever the system calls it")

    monkeypatch.setattr(os, "replace", full)
    assert VideoCache(tmp_path / "full").keep(job(), video, result(video)) is False
    assert os.listdir(tmp_path / "full") == []


def test_videos_may_take_just_the_limit(video, tmp_path):
    size = video.stat().st_size
    cache = VideoCache(tmp_path / "kept", limit=2 * size)
    for pace in (1, 2):
        assert cache.keep(job(params={"pace": pace}), video, result(video))
    assert len(list((tmp_path / "kept").glob("*.mp4"))) == 2
    assert LIMIT_BYTES == 2 * 2**30


def test_unfinished_files_go_when_they_are_a_day_old(cache, video, tmp_path):
    (tmp_path / "kept").mkdir()
    for hours in (23, 25):
        (tmp_path / "kept" / f".{hours}.mp4.1.tmp").touch()
        then = time.time() - hours * 3600
        os.utime(tmp_path / "kept" / f".{hours}.mp4.1.tmp", (then, then))
    cache.keep(job(), video, result(video))
    assert [it.name for it in (tmp_path / "kept").glob(".*")] == [".23.mp4.1.tmp"]


def test_the_cache_is_in_the_users_cache_folder(video, tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda name: str(tmp_path / name))
    VideoCache().keep(job(), video, result(video))
    assert len(os.listdir(Path(tmp_path, "backprop-studio", "videos"))) == 2


def test_the_order_of_parameters_does_not_count():
    one, other = {"pace": 2, "data": {"a": 1, "b": 2}}, {"data": {"b": 2, "a": 1}, "pace": 2}
    assert video_key(job(params=one)) == video_key(job(params=other))
