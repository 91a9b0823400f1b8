"""A runner that draws nothing: its videos say which lesson they are."""

from __future__ import annotations

from pathlib import Path

from backprop_studio.render.messages.events import Done
from backprop_studio.render.messages.jobs import PlanJob
from backprop_studio.render.messages.results import BeatMark, VideoResult
from backprop_studio.render.workers.batch import labelled

BEATS = (BeatMark(name="one", caption="One", start=0, end=1),)


class Machine:
    """Draws lessons; those of some scenes fail, or cannot even be planned."""

    def __init__(self, faults=(), unplanned=()):
        self.faults = dict(faults)
        self.unplanned = dict(unplanned)
        self.drawn = []

    def capacity(self, _wanted):
        return 1

    def run(self, tasks, on_event, *, workers=None):
        for task in tasks:
            if isinstance(task.job, PlanJob):
                if task.job.scene in self.unplanned:
                    raise labelled(self.unplanned[task.job.scene], task.label)
                on_event(task, Done(job_id=task.job.id, result={"frames": 30}))
                continue
            if task.job.scene in self.faults:
                raise labelled(self.faults[task.job.scene], task.label)
            Path(task.job.output).write_text(f"{task.job.scene} {task.job.language}")
            self.drawn.append((task.job.scene, task.job.language))
            size = task.job.picture.model_dump()
            made = {"path": task.job.output, "frames": 30, "duration": 1.0, "beats": BEATS}
            result = VideoResult(**made, **size)
            on_event(task, Done(job_id=task.job.id, result=result.model_dump(mode="json")))
