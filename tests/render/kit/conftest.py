from __future__ import annotations

import pytest

from backprop_studio.render.files.cache import VideoCache
from backprop_studio.render.lecture.file import read_lecture
from backprop_studio.render.lecture.making import make_lecture
from backprop_studio.render.messages.events import Done
from backprop_studio.render.messages.jobs import MaterialJob, PlanJob

TITLE = 'Week "1": a < b & c; $x$ =;#\\ 二'
"""With what HTML, XML, CSV, Markdown, TOML and Typst take for theirs."""

LECTURE = f"""
format = 1
title = '''{TITLE}'''
quality = "l"
[[part]]
scene = "tiny"
title = '''{TITLE}'''
notes = '''"Say" <b>it</b> & {{{{x}}}}'''
params = {{ times = [0.2], frozen = 0.2 }}
[part.script.en]
first = ['''It is "a" < b & c; $x$ =;#\\ 二.''', "Why?"]
"""


class Here:
    """Draws in this process, and counts what it has drawn."""

    def __init__(self, studio, silent):
        self.studio, self.silent = studio, silent
        self.done = []

    def capacity(self, _wanted):
        return 1

    def run(self, tasks, on_event, *, workers=None):
        for task in tasks:
            watch = self.silent.watch()
            match task.job:
                case MaterialJob():
                    result = self.studio.material(task.job, watch)
                case PlanJob():
                    result = self.studio.planned(task.job, watch)
                case _:
                    result = self.studio.video(task.job, watch).model_dump(mode="json")
            self.done.append(task.job.kind)
            on_event(task, Done(job_id=task.job.id, result=result))


@pytest.fixture
def here(studio, silent):
    return Here(studio, silent)


@pytest.fixture
def make(here, tiny, tmp_path):
    """Make kinds of files of a lecture of the tiny lesson; return them by name."""

    def make(*kit, text=LECTURE, name="week", **more):
        file = tmp_path / f"{name}.toml"
        file.write_text(text, encoding="utf-8")
        out = tmp_path / "out"
        given = {"runner": here, "cache": VideoCache(tmp_path / "cache")} | more
        made = make_lecture(read_lecture(file), out, kit, lambda *_: None, **given)
        return {it.relative_to(out).as_posix(): it for it in made}

    return make
