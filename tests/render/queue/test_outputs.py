from __future__ import annotations

import os

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.render.messages.events import Cancelled, Done
from backprop_studio.render.queue.outputs import output_key

PATIENCE = 60.0


def refused(bench, name, **more):
    error = bench.queue.add(bench.job(name, **more)).exception(PATIENCE)
    bench.settle()
    return isinstance(error, InputError) and "is going to" in str(error)


def test_an_output_belongs_to_one_video_at_a_time(bench):
    bench.add("a.mp4", "b.mp4")
    assert refused(bench, "a.mp4", overwrite=True)
    assert refused(bench, "b.mp4")
    assert not refused(bench, "c.mp4")
    bench.end(Done)
    assert not refused(bench, "a.mp4")


def test_a_paused_video_keeps_its_output(bench):
    bench.add("a.mp4")
    bench.queue.pause(at_once=True)
    bench.settle()
    bench.end(Cancelled)
    assert bench.states() == ["paused"]
    assert refused(bench, "a.mp4")


def test_a_retry_is_refused_when_another_has_its_output_by_now(bench):
    first, _ = bench.add("a.mp4", "b.mp4")
    bench.fail("No.")
    bench.add("a.mp4")
    assert "is going to" in str(bench.queue.retry(first).exception(PATIENCE))


@pytest.mark.parametrize("other", ["A.MP4", "../out/a.mp4", "../link/a.mp4", "./a.mp4"])
def test_one_place_has_many_names(bench, other):
    (bench.out.parent / "link").symlink_to(bench.out, target_is_directory=True)
    bench.add("a.mp4")
    assert refused(bench, other)


def test_an_accent_is_stored_in_two_ways(bench):
    bench.add("caf\u00e9.mp4")
    assert refused(bench, "cafe\u0301.mp4")


def test_another_folder_or_ending_is_another_place(bench, tmp_path):
    (tmp_path / "other").mkdir()
    bench.add("a.mp4")
    assert not refused(bench, "a.webm")
    assert not refused(bench, "../other/a.mp4")


def test_numbered_pictures_are_one_place_however_many_digits_they_have(bench):
    bench.add("a%04d.png")
    assert refused(bench, "a%d.png")
    assert not refused(bench, "b%d.png")


def test_a_link_is_a_place_of_its_own_because_it_is_what_is_replaced(bench):
    (bench.out / "b.mp4").touch()
    (bench.out / "a.mp4").symlink_to("b.mp4")
    keys = {output_key(str(bench.out / name)) for name in ("a.mp4", "b.mp4")}
    assert len(keys) == 2


def test_a_folder_that_is_gone_is_still_compared(tmp_path):
    assert output_key(str(tmp_path / "x" / "a.mp4")) == output_key(str(tmp_path / "x" / "A.mp4"))
    assert output_key(str(tmp_path / "x" / "a.mp4")) != output_key(str(tmp_path / "y" / "a.mp4"))
    assert output_key(f"{tmp_path}{os.sep}x{os.sep}a.mp4")[0] == str(tmp_path / "x")
