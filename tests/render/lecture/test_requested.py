"""A lecture as a job asks for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.render.files.cache import VideoCache
from backprop_studio.render.lecture.requested import (
    check_lecture_job,
    make_requested,
    requested_files,
    requested_lecture,
    requested_lessons,
)
from backprop_studio.render.messages.jobs import LectureJob
from tests.render.lecture.machine import Machine

LECTURE = """format = 1
title = "Week 1"
languages = ["zh"]
[[part]]
scene = "tensors"
[[part]]
scene = "derivative"
"""


@pytest.fixture
def job(tmp_path):
    (tmp_path / "week1.toml").write_text(LECTURE)
    given = {"lecture": str(tmp_path / "week1.toml"), "output": str(tmp_path / "out")}
    return LectureJob(id="job", kit=("subtitles",), **given)


@pytest.fixture
def make(tmp_path):
    def make(job, machine, on_progress=lambda _: None):
        return make_requested(job, on_progress, machine, VideoCache(tmp_path / "cache"))

    return make


@pytest.mark.parametrize(
    ("asked", "found"),
    [((), ["zh"]), (("en",), ["en"]), (("en", "zh"), ["en", "zh"]), (("en", "en"), ["en"])],
)
def test_the_languages_are_those_of_the_job_or_of_the_lecture(job, asked, found):
    job = job.model_copy(update={"languages": asked})
    assert list(requested_lecture(job).header.languages) == found
    lessons = requested_lessons(job)
    assert [it.job.language for it in lessons] == [it for it in found for _ in range(2)]
    assert len(requested_files(job)) == len(set(requested_files(job))) == 6 * len(found)


def test_what_is_made_is_said_and_what_was_there_is_kept(job, make, tmp_path):
    machine, told = Machine(), []
    made = make(job, machine, told.append)
    assert (made.folder, made.lessons, made.kept) == (job.output, 2, 0)
    assert {Path(it).name for it in made.files} == set(requested_files(job))
    assert all(os.path.isfile(it) for it in made.files)
    assert {it.job_id for it in told} == {"job"}
    assert {it.phase for it in told} == {"plan", "draw", "write", "check"}
    machine.drawn.clear()
    both = make(job.model_copy(update={"languages": ("en", "zh")}), machine)
    assert machine.drawn == [("tensors", "en"), ("derivative", "en")]
    assert (both.lessons, both.kept) == (4, 2)


def test_who_hears_of_progress_can_give_it_up(job, make, tmp_path):
    machine = Machine()

    def stop(progress):
        if progress.fraction > 0.4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(job, machine, stop)
    assert not (tmp_path / "out").exists()
    assert make(job, machine).kept == 1


def test_what_cannot_be_written_is_refused_before_any_work(job, make, tmp_path):
    check_lecture_job(job)
    make(job, Machine())
    check_lecture_job(job)  # what an earlier run has left may be replaced
    (tmp_path / "out" / "week1.zh.srt").write_text("mine")
    with pytest.raises(InputError) as caught:
        check_lecture_job(job)
    assert caught.value.message.code == "lecture.not_ours"
    check_lecture_job(job.model_copy(update={"overwrite": True}))
