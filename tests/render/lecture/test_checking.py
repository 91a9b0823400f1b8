"""A lecture that is looked at: its own parameters, words and colours, and all of its frames."""

from __future__ import annotations

import pytest

from backprop_studio.render.files.cache import VideoCache
from backprop_studio.render.lecture.checking import check_lecture
from backprop_studio.render.lecture.file import read_lecture
from backprop_studio.render.lint.examine import check
from backprop_studio.render.messages.events import Done
from backprop_studio.render.messages.jobs import KIT, CheckJob

LECTURE = """
format = 1
title = "Week"
quality = "l"
theme = "light"
captions = "off"
frame = "4:3"
[[part]]
scene = "planted"
params = { fault = "FAULT" }
[part.script.en]
first = ["Own words."]
"""


class Here:
    """Draws and looks in this process, and keeps what it was asked."""

    def __init__(self, studio, silent, media):
        self.studio, self.silent, self.media = studio, silent, media
        self.jobs, self.frames = [], 0

    def capacity(self, _wanted):
        return 1

    def run(self, tasks, on_event, *, workers=None):
        done = []
        for task in tasks:
            self.jobs.append(task.job)
            watch = self.silent.watch()
            if isinstance(task.job, CheckJob):
                result = check(task.job, watch, self.media)
            else:
                result = self.studio.video(task.job, watch).model_dump(mode="json")
                self.frames = result["frames"]
            done.append(Done(job_id=task.job.id, result=result))
            on_event(task, done[-1])
        return done


@pytest.fixture
def looked(planted, studio, silent, tmp_path):
    def looked(fault, kit=KIT):
        file = tmp_path / "week.toml"
        file.write_text(LECTURE.replace("FAULT", fault), encoding="utf-8")
        here, told = Here(studio, silent, tmp_path / "media"), []
        cache = VideoCache(tmp_path / "cache")
        report = check_lecture(read_lecture(file), kit, here, told.append, cache=cache)
        assert told[-1].fraction == 1
        return report, here

    return looked


def test_lessons_are_looked_at_as_the_lecture_has_them(looked):
    report, here = looked("contrast_by_opacity")
    walk, film = here.jobs
    assert (walk.themes, walk.languages, walk.shape) == (("light",), ("en",), "4:3")
    assert walk.params == {"fault": "contrast_by_opacity", "captions": False}
    assert walk.scripts == {"en": {"first": ("Own words.",)}}
    assert (film.picture.width, film.picture.height, film.picture.fps) == (120, 90, 15)
    assert [it.kind for it in report.findings] == ["contrast"]
    unmet = [it for it in report.criteria if not it.is_met]
    assert [it.number for it in unmet] == ["1.4.3"]
    assert "half gone" in unmet[0].reason.words()
    flashes = report.criteria[-1]
    assert f"of {here.frames} frames" in flashes.reason.words()


def test_a_film_is_drawn_once(looked):
    report, _ = looked("nothing_hidden", kit=("video",))
    again, here = looked("nothing_hidden", kit=("video",))
    assert [it.kind for it in here.jobs] == ["check"]
    assert again.criteria == report.criteria
    assert [it.number for it in again.criteria if not it.is_met] == ["1.2.1"]
