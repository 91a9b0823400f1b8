"""From a lecture to its files: what is drawn, what is joined, what is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from backprop_studio.core.base.errors import (
    SceneError,
    StudioError,
)
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.files.cache import VideoCache
from backprop_studio.render.files.output import writing
from backprop_studio.render.kit.items import names_of_files
from backprop_studio.render.kit.manifest import write_manifest
from backprop_studio.render.kit.told import Filmed
from backprop_studio.render.lecture.folder import (
    WORK,
    LectureFolder,
    check_files,
)
from backprop_studio.render.lecture.kit_files import Failure, KitFiles, needed_for
from backprop_studio.render.lecture.lessons import (
    Lesson,
    drawn_lessons,
    lessons_of,
    transparent_name,
)
from backprop_studio.render.lecture.material import OF_ALL, Material
from backprop_studio.render.lecture.steps import NOBODY, Nobody
from backprop_studio.render.messages.events import Done
from backprop_studio.render.messages.jobs import (
    USUAL,
    KitOptions,
    plan_job_of,
)
from backprop_studio.render.messages.results import VideoResult
from backprop_studio.render.messages.voices import SILENT
from backprop_studio.render.workers.batch import Task, label_of, labelling
from backprop_studio.render.workers.local_pool import LocalPool
from backprop_studio.render.workers.parallel import render_video

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from backprop_studio.render.lecture.file import Lecture
    from backprop_studio.render.lecture.kit_files import OnFailure, OnRemark
    from backprop_studio.render.messages.events import Progress
    from backprop_studio.render.messages.jobs import KitItem
    from backprop_studio.render.workers.batch import OnEvent, Runner

OnLesson: TypeAlias = Callable[[Lesson, "Progress | Done | None"], None]
"""Receives what is told of a lesson: how far it is, that it is drawn, or None if it was before."""

_PLAN = "-plan"
"""Ends the ids of the jobs that plan a lesson."""


def make_lecture(
    lecture: Lecture,
    folder: Path,
    kit: Sequence[KitItem],
    on_lesson: OnLesson,
    *,
    workers: int | None = None,
    overwrite: bool = False,
    cache: VideoCache | None = None,
    runner: Runner | None = None,
    on_failure: OnFailure | None = None,
    on_plan: Callable[[Lesson, int], None] = lambda *_: None,
    on_remark: OnRemark = lambda *_: None,
    listener: Nobody = NOBODY,
    options: KitOptions = USUAL,
) -> list[Path]:
    """Make a lecture's files; all of them appear at the end, or none.

    Parameters
    ----------
    lecture : Lecture
    folder : Path
        Where they go; made if its parent is there.
    kit : sequence of str
        Which files, of :data:`KIT`.
    on_lesson : callable
        Receives each lesson's progress and end; None where its video was kept from before.
    workers : int, optional
        How many lessons are drawn at the same time; by default as many as can be.
    overwrite : bool
        Replace files that are not from an earlier run.
    cache : VideoCache, optional
        Where videos are kept; by default the user's own.
    runner : Runner, optional
        Where lessons are drawn; by default on this machine.
    on_failure : callable, optional
        Receives each lesson and each kind of file that fails; the others are then made all the
        same, but not the whole of a language that lacks a lesson. Otherwise the first failure
        ends the work.
    on_plan : callable, optional
        Receives how many frames each lesson has, before the first is drawn.
    on_remark : callable, optional
        See :data:`OnRemark`.
    listener : Nobody
        Hears of all that is made besides the videos.
    options : KitOptions
        How they are made.

    Returns
    -------
    list of Path
        The files, in order.

    Raises
    ------
    StudioError
        If the lecture is wrong, a scene fails or the disk does; nothing was changed then.
    """
    cache = cache or VideoCache()
    runner = runner or LocalPool()
    handout = options.handout or lecture.header.handout
    options = options.model_copy(update={"handout": handout})
    with LectureFolder(folder) as target:
        lessons = lessons_of(lecture, target.staging)
        every = list(chain(*lessons))
        check_files(folder, names_of_files(lecture, every, kit), overwrite=overwrite)
        draw = partial(_draw, runner, workers)
        with writing(folder):
            work = target.staging / WORK
            work.mkdir(exist_ok=True)
            drawn = drawn_lessons(lecture, target.staging, kit, options)
            films = _kept_films(drawn, work, cache, on_lesson, on_plan)
            materials = {
                it: Material.of(every, work, cache, is_print=it == "print")
                for it in needed_for(kit)
            }
            kit_files = KitFiles(lecture, lessons, kit, options, target.staging, folder)
            steps = kit_files.steps(films, materials)
            left = [it for it in drawn if it.name not in films]
            listener.planned_kit(steps, _pieces(runner, workers, left))
            films |= _film(left, work, cache, draw, on_lesson, on_plan, on_failure)
            films = _with_transparent(films)
            if not films:
                text = N_("every lesson failed; nothing was changed")
                raise SceneError("lecture.all_failed", text)
            run = partial(runner.run, workers=workers)
            for material in materials.values():
                films = material.made(films, run, listener, is_strict=on_failure is None)
            files, keys = kit_files.write(films, listener, on_failure, on_remark)
            if "manifest" in kit:
                write_manifest(lecture, films.values(), files, target.staging, options, keys)
            return target.publish(overwrite=overwrite)


def _kept_films(
    lessons: Sequence[Lesson],
    work: Path,
    cache: VideoCache,
    on_lesson: OnLesson,
    on_plan: Callable[[Lesson, int], None],
) -> dict[str, Filmed]:
    """Return the lessons whose video is kept; it is copied."""
    films: dict[str, Filmed] = {}
    for lesson in lessons:
        result = cache.fetch(lesson.job, lesson.video)
        if result is not None:
            films[lesson.name] = Filmed(lesson, result, work)
            on_plan(lesson, result.frames)
            on_lesson(lesson, None)
    return films


def _film(
    lessons: Sequence[Lesson],
    work: Path,
    cache: VideoCache,
    draw: Callable[[Sequence[Lesson], OnEvent], None],
    on_lesson: OnLesson,
    on_plan: Callable[[Lesson, int], None],
    on_failure: OnFailure | None,
) -> dict[str, Filmed]:
    """Return lessons filmed."""
    films: dict[str, Filmed] = {}
    wanted = {it.job.id: it for it in lessons}

    def on_event(task: Task, event: Progress | Done) -> None:
        lesson = wanted.get(task.job.id)
        if lesson is None:  # it is planned
            if isinstance(event, Done):
                on_plan(wanted[task.job.id.removesuffix(_PLAN)], event.result["frames"])
            return
        if isinstance(event, Done):
            result = VideoResult.model_validate(event.result)
            cache.keep(lesson.job, lesson.video, result)
            films[lesson.name] = Filmed(lesson, result, work)
        on_lesson(lesson, event)

    left = list(wanted.values())
    while left:
        try:
            draw(left, on_event)
        except StudioError as error:
            failed = [it for it in left if it.label == label_of(error)]
            if on_failure is None or not failed or isinstance(error, OF_ALL):
                raise
            for lesson in failed:
                on_failure(Failure(lesson.name, None, error))
            # What was under way beside it has been given up, and is drawn again.
            left = [it for it in left if it not in failed and it.name not in films]
        else:
            left = []
    return films


def _with_transparent(films: dict[str, Filmed]) -> dict[str, Filmed]:
    """Return the lessons, each with its transparent film if there is one."""
    transparent = {it: films.get(transparent_name(it)) for it in films}
    drawn_again = {transparent_name(it) for it in films}
    return {
        name: replace(film, transparent=transparent[name])
        for name, film in films.items()
        if name not in drawn_again
    }


def _pieces(runner: Runner, workers: int | None, lessons: Sequence[Lesson]) -> int:
    """Return how many processes draw a lesson: several, if there are fewer lessons."""
    capacity = runner.capacity(workers)
    is_spoken = any(it.job.voice != SILENT for it in lessons)
    return 1 if len(lessons) >= capacity and not is_spoken else capacity


def _draw(
    runner: Runner, workers: int | None, lessons: Sequence[Lesson], on_event: OnEvent
) -> None:
    """Draw lessons side by side, or if they are fewer than the workers, each in pieces."""
    # All plans first: a fault in the last lesson is found before the first is drawn.
    plans = [Task(plan_job_of(it.job, it.job.id + _PLAN), it.label) for it in lessons]
    videos = [Task(it.job, it.label) for it in lessons]
    if _pieces(runner, workers, lessons) == 1:
        runner.run([*plans, *videos], on_event, workers=workers)
        return
    if len(lessons) > 1:
        runner.run(plans, on_event, workers=workers)
    for task, lesson in zip(videos, lessons, strict=True):
        with labelling(lesson.label):
            result = render_video(lesson.job, workers, partial(on_event, task), runner=runner)
        values = result.model_dump(mode="json")
        on_event(task, Done(job_id=lesson.job.id, result=values))
