from __future__ import annotations

import errno
import shutil
from dataclasses import FrozenInstanceError

import pytest

from backprop_studio.render.messages.events import Cancelled, Done
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.queue.space import (
    ABOUT_SPACE,
    LIMIT_BYTES,
    TOO_LITTLE,
    Space,
    likely_bytes,
)
from tests.render.queue.scripted_queue import Disk, refused_by_disk, said

PATIENCE = 60.0


def job(output="/x/a.mp4", quality="m"):
    return VideoJob(id="a", scene="b", output=output, picture=FrameFormat.of_quality(quality))


@pytest.mark.parametrize(
    ("ending", "bytes_per_pixel"),
    # Measured with videos of the lessons; the most that was found.
    [(".mp4", 0.0050), (".webm", 0.0031), (".gif", 0.0057), (".mov", 0.6011), (".png", 0.55)],
)
@pytest.mark.parametrize("quality", ["l", "m", "h"])
def test_a_minute_of_video_is_less_than_what_is_thought_likely(ending, bytes_per_pixel, quality):
    asked = job(f"/x/a{ending}", quality)
    picture = asked.picture
    minute = picture.width * picture.height * picture.fps * 60 * bytes_per_pixel
    assert minute < likely_bytes(asked) < 12 * minute


def test_a_big_video_needs_more_than_the_limit():
    assert likely_bytes(job("/x/a.mp4", "k")) < LIMIT_BYTES < likely_bytes(job("/x/a.mov", "k"))
    disk = Disk()
    disk.free = 2 * LIMIT_BYTES
    assert Space(usage=disk).shortage(job("/x/a.mp4", "k")) is None
    assert said(Space(usage=disk).shortage(job("/x/a.mov", "k"))) == (
        "Paused: 1.0 GB are free on /x, and a video needs about 41.8 GB; free some space and "
        "resume."
    )


def test_just_enough_is_enough():
    disk = Disk()
    space = Space(limit=10**6, usage=disk)
    disk.free = needed = likely_bytes(job("/x/a.mov"))
    assert space.shortage(job("/x/a.mov")) is None
    disk.free = needed - 1
    assert space.shortage(job("/x/a.mov")).code == TOO_LITTLE
    with pytest.raises(FrozenInstanceError):
        space.limit = 0


def test_the_folder_of_the_output_is_asked():
    asked = []
    Space(usage=lambda folder: asked.append(str(folder)) or Disk()(folder)).shortage(
        job("/x/a.mp4")
    )
    assert asked == ["/x"]


@pytest.mark.parametrize(
    ("free", "words"),
    [(0, "0 MB"), (1_500_000, "2 MB"), (999_499_999, "999 MB"), (10**9, "1.0 GB")],
)
def test_room_is_told_in_megabytes_below_one_gigabyte(free, words):
    disk = Disk()
    disk.free = free
    assert f"and {words} are free now" in said(Space(usage=disk).ran_out(job()))


def test_what_is_said_about_space_is_known_by_its_code(tmp_path):
    disk = Disk()
    disk.free = 0
    gone = job(str(tmp_path / "gone" / "a.mp4"))
    told = [
        Space(usage=disk).shortage(job()),
        Space(usage=disk).ran_out(job()),
        Space().ran_out(gone),
    ]
    assert {it.code for it in told} == ABOUT_SPACE


def test_an_unknown_ending_takes_as_much_as_any():
    assert likely_bytes(job("/x/a.xyz")) == likely_bytes(job("/x/a.MOV"))


def test_low_space_pauses_with_a_sentence_and_the_same_job_runs_after_resume(bench):
    bench.disk.free = 12 * 10**6
    first, _ = bench.add("a.mp4", "b.mp4")
    assert bench.states() == ["paused", "waiting"]
    assert bench.reason() == (
        f"Paused: 12 MB are free on {bench.out}, and a video needs about 500 MB; free some space "
        "and resume."
    )
    assert bench.queue.state.entries[0].message == bench.queue.state.reason
    assert bench.clients == []
    bench.queue.resume().result(PATIENCE)
    bench.settle()
    assert bench.states() == ["paused", "waiting"]
    bench.disk.free = LIMIT_BYTES
    bench.queue.resume().result(PATIENCE)
    bench.settle()
    assert bench.states() == ["running", "waiting"]
    assert bench.queue.state.entries[0].id == first
    assert (bench.queue.state.reason, bench.queue.state.entries[0].message) == (None, None)


def test_who_knows_better_can_go_on_for_one_video(bench):
    bench.disk.free = 0
    bench.add("a.mp4", "b.mp4")
    bench.queue.resume(whatever_space=True).result(PATIENCE)
    bench.settle()
    assert bench.states() == ["running", "waiting"]
    bench.end(Done)
    assert bench.states() == ["done", "paused"]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_runs_full_pauses_and_the_same_job_runs_after_resume(bench, code):
    bench.add("a.mp4", "b.mp4")
    bench.disk.free = 2_500_000_000
    bench.fail(refused_by_disk("/x", code), error="output")
    assert bench.states() == ["paused", "waiting"]
    assert bench.reason() == (
        f"Paused: the disk ran full while {bench.out}/a.mp4 was being made, and 2.5 GB are free "
        "now; free some space and resume."
    )
    bench.queue.resume().result(PATIENCE)
    bench.settle()
    assert bench.states() == ["running", "waiting"]
    assert [it.output[-5:] for it in bench.client.jobs] == ["a.mp4", "a.mp4"]


def test_other_failures_of_the_disk_are_failures(bench):
    bench.add("a.mp4", "b.mp4")
    bench.fail(refused_by_disk("/x", errno.EACCES), error="output")
    assert bench.states() == ["failed", "running"]
    assert not bench.queue.state.is_paused


def test_a_paused_entry_can_be_taken_back(bench):
    bench.disk.free = 0
    first, _ = bench.add("a.mp4", "b.mp4")
    bench.queue.cancel(first).result(PATIENCE)
    bench.disk.free = 10**15
    bench.queue.resume()
    bench.settle()
    assert bench.states() == ["cancelled", "running"]


def test_a_pause_for_space_is_still_explained_after_a_restart(bench):
    bench.disk.free = 0
    bench.add("a.mp4")
    reason = bench.queue.state.reason
    bench.queue.close()
    bench.open()
    assert (bench.states(), bench.queue.state.reason) == (["paused"], reason)


def test_what_is_drawn_goes_on_while_the_next_has_no_room(bench):
    bench.add("a.mp4")
    bench.disk.free = 0
    bench.add("b.mp4")
    assert bench.states() == ["running", "waiting"]
    bench.end(Cancelled)
    assert bench.states()[1] == "waiting"


def test_a_disk_that_does_not_say_is_no_objection(tmp_path):
    space = Space(usage=shutil.disk_usage)
    assert space.shortage(job(str(tmp_path / "gone" / "a.mp4"))) is None
    assert "are free" not in said(space.ran_out(job(str(tmp_path / "gone" / "a.mp4"))))


def test_a_fault_in_the_question_pauses_and_ends_nothing(bench, caplog):
    def fault(_folder):
        raise ZeroDivisionError

    bench.queue.close()
    bench.disk = fault
    bench.open()
    bench.add("a.mp4")
    assert bench.states() == ["waiting"]
    assert bench.reason().startswith("Paused: the next video could not begin")
    assert "ZeroDivisionError" in caplog.text


def test_the_real_disk_is_asked(tmp_path):
    free = shutil.disk_usage(tmp_path).free
    asked = job(str(tmp_path / "a.mp4"))
    assert Space(limit=10 * free).shortage(asked).code == TOO_LITTLE
    assert free < likely_bytes(asked) or Space(limit=0).shortage(asked) is None
