from __future__ import annotations

import shutil
from dataclasses import FrozenInstanceError

import pytest

from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.queue.space import (
    ABOUT_SPACE,
    LIMIT_BYTES,
    TOO_LITTLE,
    Space,
    likely_bytes,
)
from tests.render.queue.scripted_queue import Disk, said


def job(output="/x/a.mp4", quality="m"):
    return VideoJob(id="a", scene="b", output=output, picture=FrameFormat.of_quality(quality))


def space_of(free, **more):
    disk = Disk()
    disk.free = free
    return Space(usage=disk, **more)


@pytest.mark.parametrize(
    ("ending", "bytes_per_pixel"),
    # Measured with videos of the lessons; the most that was found.
    [(".mp4", 0.0050), (".webm", 0.0031), (".gif", 0.0057), (".mov", 0.6011), (".png", 0.55)],
)
@pytest.mark.parametrize("quality", ["l", "h"])
def test_a_minute_of_video_is_less_than_what_is_thought_likely(ending, bytes_per_pixel, quality):
    asked = job(f"/x/a{ending}", quality)
    picture = asked.picture
    minute = picture.width * picture.height * picture.fps * 60 * bytes_per_pixel
    assert minute < likely_bytes(asked) < 12 * minute


def test_a_big_video_needs_more_than_the_limit():
    assert likely_bytes(job("/x/a.mp4", "k")) < LIMIT_BYTES < likely_bytes(job("/x/a.mov", "k"))
    space = space_of(2 * LIMIT_BYTES)
    assert space.shortage(job("/x/a.mp4", "k")) is None
    assert said(space.shortage(job("/x/a.mov", "k"))) == (
        "Paused: 1.0 GB are free on /x, and a video needs about 41.8 GB; free some space and "
        "resume."
    )


def test_just_enough_is_enough():
    needed = likely_bytes(job("/x/a.mov"))
    assert space_of(needed, limit=10**6).shortage(job("/x/a.mov")) is None
    assert space_of(needed - 1, limit=10**6).shortage(job("/x/a.mov")).code == TOO_LITTLE
    with pytest.raises(FrozenInstanceError):
        space_of(needed).limit = 0


def test_the_folder_of_the_output_is_asked():
    asked = []
    Space(usage=lambda folder: asked.append(str(folder)) or Disk()(folder)).shortage(job())
    assert asked == ["/x"]


@pytest.mark.parametrize(
    ("free", "words"),
    [(0, "0 MB"), (1_500_000, "2 MB"), (999_499_999, "999 MB"), (10**9, "1.0 GB")],
)
def test_room_is_told_in_megabytes_below_one_gigabyte(free, words):
    assert f"and {words} are free now" in said(space_of(free).ran_out(job()))


def test_what_is_said_about_space_is_known_by_its_code(tmp_path):
    gone = job(str(tmp_path / "gone" / "a.mp4"))
    full = space_of(0)
    told = [full.shortage(job()), full.ran_out(job()), Space().ran_out(gone)]
    assert {it.code for it in told} == ABOUT_SPACE
    assert "a video needs about 500 MB" in said(told[0])
    assert Space().shortage(gone) is None  # a disk that does not say is no objection


def test_an_unknown_ending_takes_as_much_as_any():
    assert likely_bytes(job("/x/a.xyz")) == likely_bytes(job("/x/a.MOV"))


def test_the_real_disk_is_asked(tmp_path):
    free = shutil.disk_usage(tmp_path).free
    asked = job(str(tmp_path / "a.mp4"))
    assert Space(limit=10 * free).shortage(asked).code == TOO_LITTLE
    assert free < likely_bytes(asked) or Space(limit=0).shortage(asked) is None


def test_a_lecture_needs_room_for_each_lesson_twice(bench):
    two = bench.lecture("en")
    assert likely_bytes(two) == 4 * likely_bytes(job())
    assert likely_bytes(bench.lecture("en", "zh")) == 2 * likely_bytes(two)
    assert likely_bytes(two.model_copy(update={"lecture": "/gone.toml"})) == 0
