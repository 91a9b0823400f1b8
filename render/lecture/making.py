"""From a lecture to its files: what is drawn, what is joined, what is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from backprop_studio.core.base.errors import (
    MissingComponentError,
    OutputError,
    SceneError,
    StudioError,
    WorkInterruptedError,
)
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.files.cache import VideoCache
from backprop_studio.render.files.output import writing
from backprop_studio.render.kit.items import ITEMS, names_of_files
from backprop_studio.render.kit.kept import EarlierFiles, made_from
from backprop_studio.render.kit.manifest import write_manifest
from backprop_studio.render.kit.told import Filmed, lesson_told, material_file, whole_told
from backprop_studio.render.lecture.file import in_language
from backprop_studio.render.lecture.folder import (
    WORK,
    LectureFolder,
    check_files,
    files_named,
    remove_named,
)
from backprop_studio.render.lecture.lessons import (
    Lesson,
    drawn_lessons,
    lessons_of,
    name_of_whole,
    transparent_name,
)
from backprop_studio.render.messages.events import Done
from backprop_studio.render.messages.jobs import (
    USUAL,
    KitOptions,
    MaterialJob,
    material_job_of,
    plan_job_of,
)
from backprop_studio.render.messages.results import VideoResult
from backprop_studio.render.messages.voices import SILENT
from backprop_studio.render.workers.batch import Task, label_of, labelling
from backprop_studio.render.workers.local_pool import LocalPool
from backprop_studio.render.workers.parallel import render_video

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from backprop_studio.render.kit.item import Item
    from backprop_studio.render.kit.told import Told
    from backprop_studio.render.lecture.file import Lecture
    from backprop_studio.render.messages.events import Progress
    from backprop_studio.render.messages.jobs import KitItem
    from backprop_studio.render.workers.batch import OnEvent, Runner

OnLesson: TypeAlias = Callable[[Lesson, "Progress | Done | None"], None]
"""Receives what is told of a lesson: how far it is, that it is drawn, or None if it was before."""

_OF_ALL = (MissingComponentError, OutputError, WorkInterruptedError)
"""Errors that the next lesson would meet as well."""

_PLAN, _MATERIAL, _PRINTED = "-plan", "-material", "-print"
"""End the ids of the jobs that plan a lesson, and that make what its kit needs, and for paper."""


@dataclass(frozen=True)
class Failure:
    """What could not be made, while the rest was.

    Attributes
    ----------
    name : str
        Of the lesson, or of the whole lecture in a language.
    item : str or None
        The kind of file; None is all of a lesson.
    error : StudioError
    """

    name: str
    item: KitItem | None
    error: StudioError


OnFailure: TypeAlias = "Callable[[Failure], None]"
OnRemark: TypeAlias = "Callable[[str, KitItem, Message], None]"
"""Receives why a file is left out: of what, which kind, and the reason."""


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
        Receives how many frames each lesson has that is going to be drawn, before the first is.
    on_remark : callable, optional
        See :data:`OnRemark`.
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
    with LectureFolder(folder) as target:
        lessons = lessons_of(lecture, target.staging)
        every = list(chain(*lessons))
        check_files(folder, names_of_files(lecture, every, kit), overwrite=overwrite)
        draw = partial(_draw, runner or LocalPool(), workers)
        with writing(folder):
            work = target.staging / WORK
            work.mkdir(exist_ok=True)
            drawn = drawn_lessons(lecture, target.staging, kit, options)
            films = _film(drawn, work, cache, draw, on_lesson, on_plan, on_failure)
            films = _with_transparent(films)
            if not films:
                text = N_("every lesson failed; nothing was changed")
                raise SceneError("lecture.all_failed", text)
            run = partial((runner or LocalPool()).run, workers=workers)
            for is_print in (False, True):
                if any(_needs(ITEMS[item], is_print=is_print) for item in kit):
                    films = _with_material(
                        films, cache, run, is_strict=on_failure is None, is_print=is_print
                    )
            files: dict[str, tuple[str, str]] = {}
            keys: dict[str, dict[str, str]] = {}
            earlier = EarlierFiles(folder)
            for rows in lessons:
                made = [films[row.name] for row in rows if row.name in films]
                for found in _told(lecture, made, is_whole=len(made) == len(rows)):
                    told = replace(found, options=options)
                    key = made_from(told)
                    for item in kit:
                        names, is_whole = earlier.copied(told, item, key, target.staging), True
                        if names is None:
                            names, is_whole = _write(
                                told, item, target.staging, on_failure, on_remark
                            )
                        files |= dict.fromkeys(names, (told.name, item))
                        if key and is_whole:  # what was left out is said again the next time
                            keys.setdefault(told.name, {})[item] = key
                for film in made:
                    if "video" not in kit or not film.lesson.is_published:
                        film.video.unlink()
            if "manifest" in kit:
                write_manifest(lecture, films.values(), files, target.staging, options, keys)
            return target.publish(overwrite=overwrite)


def _film(
    lessons: Sequence[Lesson],
    work: Path,
    cache: VideoCache,
    draw: Callable[[Sequence[Lesson], OnEvent], None],
    on_lesson: OnLesson,
    on_plan: Callable[[Lesson, int], None],
    on_failure: OnFailure | None,
) -> dict[str, Filmed]:
    """Return all lessons filmed; those whose video is kept are only copied."""
    films: dict[str, Filmed] = {}
    for lesson in lessons:
        result = cache.fetch(lesson.job, lesson.video)
        if result is not None:
            films[lesson.name] = Filmed(lesson, result, work)
            on_lesson(lesson, None)
    wanted = {it.job.id: it for it in lessons if it.name not in films}

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
            if on_failure is None or not failed or isinstance(error, _OF_ALL):
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


def _with_material(
    films: dict[str, Filmed],
    cache: VideoCache,
    run: Callable[[Sequence[Task], OnEvent], object],
    *,
    is_strict: bool,
    is_print: bool,
) -> dict[str, Filmed]:
    """Return lessons with what else is made of them, or with that for paper.

    What was kept is only copied.
    """
    tasks = {}
    for film in films.values():
        job_id = film.lesson.job.id + (_PRINTED if is_print else _MATERIAL)
        job = material_job_of(film.lesson.job, job_id, is_print=is_print)
        if not cache.fetch_material(job, material_file(film.work, film.lesson, is_print=is_print)):
            tasks[job.id] = (film, Task(job, film.lesson.label))
    faults: dict[str, StudioError] = {}
    ended: set[str] = set()

    def on_event(task: Task, event: Progress | Done) -> None:
        if isinstance(event, Done) and isinstance(task.job, MaterialJob):
            film, _ = tasks[task.job.id]
            file = material_file(film.work, film.lesson, is_print=is_print)
            file.write_text(json.dumps(event.result), encoding="utf-8")
            cache.keep(task.job, file)
            ended.add(task.job.id)

    while left := [task for film, task in tasks.values() if task.job.id not in ended]:
        try:
            run(left, on_event)
        except StudioError as error:
            failed = [it for it in left if it.label == label_of(error)]
            if is_strict or not failed or isinstance(error, _OF_ALL):
                raise
            for task in failed:
                ended.add(task.job.id)
                faults[tasks[task.job.id][0].lesson.name] = error
    found = {name: (film, faults.get(name)) for name, film in films.items()}
    if is_print:
        return {name: replace(film, print_fault=fault) for name, (film, fault) in found.items()}
    return {name: replace(film, fault=fault) for name, (film, fault) in found.items()}


def _needs(item: Item, *, is_print: bool) -> bool:
    return item.needs_print if is_print else item.needs_material


def _draw(
    runner: Runner, workers: int | None, lessons: Sequence[Lesson], on_event: OnEvent
) -> None:
    """Draw lessons side by side, or if they are fewer than the workers, each in pieces."""
    # All plans first: a fault in the last lesson is found before the first is drawn.
    plans = [Task(plan_job_of(it.job, it.job.id + _PLAN), it.label) for it in lessons]
    videos = [Task(it.job, it.label) for it in lessons]
    is_spoken = any(it.job.voice != SILENT for it in lessons)
    if len(lessons) >= runner.capacity(workers) and not is_spoken:
        runner.run([*plans, *videos], on_event, workers=workers)
        return
    if len(lessons) > 1:
        runner.run(plans, on_event, workers=workers)
    for task, lesson in zip(videos, lessons, strict=True):
        with labelling(lesson.label):
            result = render_video(lesson.job, workers, partial(on_event, task), runner=runner)
        values = result.model_dump(mode="json")
        on_event(task, Done(job_id=lesson.job.id, result=values))


def _told(lecture: Lecture, films: Sequence[Filmed], *, is_whole: bool) -> Iterator[Told]:
    """Yield what there are files of in a language: the whole, if it is there, and each lesson."""
    if is_whole:
        language = films[0].lesson.job.language
        title = in_language(lecture.header.title, language)
        yield whole_told(lecture, name_of_whole(lecture, language), title, films)
    yield from (lesson_told(lecture, film) for film in films if film.lesson.is_published)


def _write(
    told: Told, item: KitItem, folder: Path, on_failure: OnFailure | None, on_remark: OnRemark
) -> tuple[list[str], bool]:
    """Write what is told as one kind of file; return the files' names, and whether none lacks."""
    names = ITEMS[item].names(told.name, is_whole=told.is_whole)
    if not names:
        return [], True
    is_whole = False
    text = N_("{name}, {item}")
    try:
        with labelling(Message.of("kit.item", text, name=told.name, item=item)):
            remark = ITEMS[item].write(told, folder)
    except StudioError as error:
        if on_failure is None or isinstance(error, _OF_ALL):
            raise
        remove_named(folder, names)
        on_failure(Failure(told.name, item, error))
    else:
        is_whole = remark is None
        if remark is not None:
            on_remark(told.name, item, remark)
    return files_named(folder, names), is_whole
