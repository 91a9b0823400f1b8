"""A video's target: there whole in the end, or as it was."""

from __future__ import annotations

import errno
import os

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError, OutputError, StudioError
from backprop_studio.render.files.output import verify_video
from backprop_studio.render.files.video_target import VideoTarget
from backprop_studio.render.messages.jobs import VideoJob
from tests.render.files.films import SMALL

ENDINGS = [".mp4", ".webm", ".mov", ".gif"]


@pytest.fixture
def out(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    return out


@pytest.fixture
def target(out):
    def target(name, **more):
        job = VideoJob(id="v", scene="any", picture=SMALL, output=str(out / name), **more)
        return VideoTarget(job)

    return target


def fill(staged, scratch, frames):
    with staged.film(scratch, "Title", ()) as film:
        film.write(np.full((SMALL.height, SMALL.width, 4), 255, np.uint8), frames)
        film.finish()


def make(target, scratch, frames=3, planned=3):
    with target.staged() as staged:
        fill(staged, scratch, frames)
        staged.deliver(planned)


@pytest.mark.parametrize("ending", [*ENDINGS, "%d.png"])
def test_a_video_is_there_and_nothing_else(target, out, tmp_path, ending):
    make(target(f"a{ending}"), tmp_path / "scratch")
    if ending == "%d.png":
        assert sorted(os.listdir(out)) == ["a1.png", "a2.png", "a3.png"]
    else:
        assert os.listdir(out) == [f"a{ending}"]
        verify_video(out / f"a{ending}", SMALL, 3)


@pytest.mark.parametrize("name", ["a.mp4", "a.gif", "a%d.png"])
def test_another_number_of_frames_is_not_delivered(target, out, tmp_path, name):
    with pytest.raises(StudioError, match=r"3 .*instead of 4"):
        make(target(name), tmp_path / "scratch", planned=4)
    assert os.listdir(out) == []


@pytest.mark.parametrize(("name", "there"), [("a.mp4", "a.mp4"), ("a%d.png", "a2.png")])
def test_what_is_there_is_kept_unless_it_may_be_replaced(target, out, tmp_path, name, there):
    (out / there).write_bytes(b"mine")
    with pytest.raises(InputError, match="already exists"):
        target(name)
    make(target(name, overwrite=True), tmp_path / "scratch")
    assert (out / there).read_bytes() != b"mine"


def test_nothing_is_there_before_it_is_verified(target, out, tmp_path):
    made = target("a.mp4")
    with made.staged() as staged:
        fill(staged, tmp_path / "scratch", 3)
        assert not made.path.exists()
    assert os.listdir(out) == []


@pytest.mark.parametrize(("name", "there"), [("a.mp4", "a.mp4"), ("a%d.png", "a2.png")])
def test_what_has_appeared_meanwhile_is_kept(target, out, tmp_path, name, there):
    made = target(name)
    (out / there).write_bytes(b"mine")
    with made.staged() as staged:
        fill(staged, tmp_path / "scratch", 3)
        with pytest.raises(OutputError, match="appeared while"):
            staged.deliver(3)
    assert os.listdir(out) == [there]
    assert (out / there).read_bytes() == b"mine"


def test_only_some_kinds_are_seen_through(target):
    seen_through = {it: target(f"a{it}").is_transparent for it in (*ENDINGS, "%d.png")}
    assert [ending for ending, is_seen in seen_through.items() if is_seen] == [".mov"]


@pytest.mark.parametrize("name", ["a.mp4", "a.gif", "a%d.png"])
def test_a_film_that_is_left_by_an_error_is_given_up(target, out, tmp_path, name):
    films = []

    def fail(staged):
        with staged.film(tmp_path / "scratch", "Title", ()) as film:
            films.append(film)
            raise ZeroDivisionError

    with target(name).staged() as staged:
        with pytest.raises(ZeroDivisionError):
            fail(staged)
        with pytest.raises(RuntimeError, match="given up"):
            films[0].write(np.zeros((SMALL.height, SMALL.width, 4), np.uint8))
    assert os.listdir(out) == []


def test_a_disk_that_refuses_is_said_with_the_name_of_the_video(target, out):
    def work():
        with target("a.mp4").staged():
            raise OSError(errno.ENOSPC, "whatever the system calls it")

    with pytest.raises(OutputError, match=r"a\.mp4 could not be written: no space left") as caught:
        work()
    assert caught.value.message.is_disk_full
    assert os.listdir(out) == []
