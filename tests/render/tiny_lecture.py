"""Makes a lecture of the tiny lesson: ``python tiny_lecture.py SCENES LECTURE FOLDER``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from backprop_studio import scenes
from backprop_studio.render.drawing.progress import Watch
from backprop_studio.render.drawing.studio import Studio
from backprop_studio.render.files.cache import VideoCache
from backprop_studio.render.lecture.file import read_lecture
from backprop_studio.render.lecture.making import make_lecture
from backprop_studio.render.messages.events import Done
from backprop_studio.render.messages.jobs import MaterialJob, PlanJob

KIT = ("video", "subtitles", "transcript", "stills", "numbers", "slides", "manifest")


class Here:
    """Draws in this process."""

    def __init__(self, studio):
        self.studio = studio

    def capacity(self, _wanted):
        return 1

    def run(self, tasks, on_event, *, workers=None):
        for task in tasks:
            watch = Watch(task.job.id, lambda _: None, lambda: False)
            match task.job:
                case MaterialJob():
                    result = self.studio.material(task.job, watch)
                case PlanJob():
                    result = self.studio.planned(task.job, watch)
                case _:
                    result = self.studio.video(task.job, watch).model_dump(mode="json")
            on_event(task, Done(job_id=task.job.id, result=result))


if __name__ == "__main__":
    place, lecture, out = map(Path, sys.argv[1:])
    scenes.__spec__.origin = str(place / "__init__.py")
    scenes.__path__.append(str(place))
    os.environ["XDG_CACHE_HOME"] = str(place.parent / "cache")
    here, cache = Here(Studio(place.parent / "media")), VideoCache(place.parent / "videos")
    print("begins", flush=True)
    make_lecture(read_lecture(lecture), out, KIT, lambda *_: None, runner=here, cache=cache)
