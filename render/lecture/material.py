"""What there is of lessons besides their videos: pictures of their beats, and answer sheets."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import (
    MissingComponentError,
    OutputError,
    StudioError,
    WorkInterruptedError,
)
from backprop_studio.render.kit.told import material_file
from backprop_studio.render.messages.events import Done
from backprop_studio.render.messages.jobs import MaterialJob, material_job_of
from backprop_studio.render.workers.batch import Task, label_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from backprop_studio.render.files.cache import VideoCache
    from backprop_studio.render.kit.told import Filmed
    from backprop_studio.render.lecture.lessons import Lesson
    from backprop_studio.render.lecture.steps import Nobody, Part
    from backprop_studio.render.messages.events import Progress
    from backprop_studio.render.workers.batch import OnEvent

OF_ALL = (MissingComponentError, OutputError, WorkInterruptedError)
"""Errors that the next lesson would meet as well."""


@dataclass(frozen=True)
class Material:
    """Of lessons, either that of their videos or that for paper.

    Attributes
    ----------
    tasks : dict of str to (Lesson, Task)
        What is not there from before, by the ids of the jobs.
    """

    work: Path
    cache: VideoCache
    is_print: bool
    tasks: dict[str, tuple[Lesson, Task]]

    @classmethod
    def of(
        cls, lessons: Iterable[Lesson], work: Path, cache: VideoCache, *, is_print: bool
    ) -> Material:
        """Return the material of lessons; what was kept is copied."""
        tasks = {}
        for lesson in lessons:
            job_id = lesson.job.id + ("-print" if is_print else "-material")
            job = material_job_of(lesson.job, job_id, is_print=is_print)
            if not cache.fetch_material(job, material_file(work, lesson, is_print=is_print)):
                tasks[job.id] = (lesson, Task(job, lesson.label))
        return cls(work, cache, is_print, tasks)

    @property
    def part(self) -> Part:
        """What a step that makes it is called."""
        return "print" if self.is_print else "material"

    @property
    def missing(self) -> set[str]:
        """The names of the lessons that have none yet."""
        return {lesson.name for lesson, _ in self.tasks.values()}

    def made(
        self,
        films: dict[str, Filmed],
        run: Callable[[Sequence[Task], OnEvent], object],
        listener: Nobody,
        *,
        is_strict: bool,
    ) -> dict[str, Filmed]:
        """Make what is missing, and return the lessons with the faults that some may have.

        Parameters
        ----------
        films : dict of str to Filmed
            All lessons that were drawn.
        run : callable
            Runs tasks.
        listener : Nobody
        is_strict : bool
            Whether the first fault ends the work.
        """
        tasks = {key: it for key, it in self.tasks.items() if it[0].name in films}
        for name in self.missing:
            listener.begun(name, self.part)
        for name in self.missing - films.keys():
            listener.ended(name, self.part)
        faults: dict[str, StudioError] = {}
        ended: set[str] = set()

        def on_event(task: Task, event: Progress | Done) -> None:
            if isinstance(event, Done) and isinstance(task.job, MaterialJob):
                lesson, _ = tasks[task.job.id]
                file = material_file(self.work, lesson, is_print=self.is_print)
                file.write_text(json.dumps(event.result), encoding="utf-8")
                self.cache.keep(task.job, file)
                ended.add(task.job.id)
                listener.ended(lesson.name, self.part)

        while left := [task for _, task in tasks.values() if task.job.id not in ended]:
            try:
                run(left, on_event)
            except StudioError as error:
                failed = [it for it in left if it.label == label_of(error)]
                if is_strict or not failed or isinstance(error, OF_ALL):
                    raise
                for task in failed:
                    ended.add(task.job.id)
                    name = tasks[task.job.id][0].name
                    faults[name] = error
                    listener.ended(name, self.part)
        found = {name: (film, faults.get(name)) for name, film in films.items()}
        if self.is_print:
            return {name: replace(film, print_fault=fault) for name, (film, fault) in found.items()}
        return {name: replace(film, fault=fault) for name, (film, fault) in found.items()}
