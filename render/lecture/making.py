"""From a lecture to its files: what is drawn, what is joined, what is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
from backprop_studio.render.files.cache import VideoCache
from backprop_studio.render.files.output import verify_video, writing
from backprop_studio.render.lecture.file import in_language
from backprop_studio.render.lecture.folder import LectureFolder, check_files
from backprop_studio.render.lecture.lessons import Lesson, lessons_of, name_of_whole, names_of_files
from backprop_studio.render.lecture.subtitles import chapter_lines, subtitles
from backprop_studio.render.lecture.transcript import transcript
from backprop_studio.render.messages.chapters import chapters_of, later
from backprop_studio.render.messages.events import Done
from backprop_studio.render.messages.jobs import plan_job_of
from backprop_studio.render.messages.results import VideoResult
from backprop_studio.render.messages.voices import SILENT
from backprop_studio.render.workers.batch import Task, label_of, labelling
from backprop_studio.render.workers.local_pool import LocalPool
from backprop_studio.render.workers.parallel import render_video

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from backprop_studio.render.lecture.file import Lecture
    from backprop_studio.render.messages.chapters import Chapter
    from backprop_studio.render.messages.events import Progress
    from backprop_studio.render.messages.jobs import KitItem
    from backprop_studio.render.messages.results import BeatMark
    from backprop_studio.render.voice.sound import Samples
    from backprop_studio.render.workers.batch import OnEvent, Runner

OnLesson: TypeAlias = Callable[[Lesson, "Progress | Done | None"], None]
"""Receives what is told of a lesson: how far it is, that it is drawn, or None if it was before."""

_OF_ALL = (MissingComponentError, OutputError, WorkInterruptedError)
"""Errors that the next lesson would meet as well."""

_PLAN = "-plan"
"""Ends the id of a job that plans a lesson."""


@dataclass(frozen=True)
class _Filmed:
    """A lesson and its video."""

    lesson: Lesson
    result: VideoResult

    @property
    def title(self) -> str:
        card = self.lesson.job.card
        return card.title if card and card.title else self.result.title

    @property
    def of_transcript(self) -> tuple[str, Sequence[BeatMark]]:
        return self.title, self.result.beats


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
    on_failure: Callable[[Lesson, StudioError], None] | None = None,
    on_plan: Callable[[Lesson, int], None] = lambda *_: None,
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
        Receives each lesson that fails; the others are then made all the same, but not the whole
        of a language that lacks one. Otherwise the first failure ends the work.
    on_plan : callable, optional
        Receives how many frames each lesson has that is going to be drawn, before the first is.

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
            films = _film(every, cache, draw, on_lesson, on_plan, on_failure)
            if not films:
                text = N_("every lesson failed; nothing was changed")
                raise SceneError("lecture.all_failed", text)
            for rows in lessons:
                made = [films[row.name] for row in rows if row.name in films]
                if len(made) == len(rows):
                    _write_whole(lecture, made, kit, target.staging)
                _write_lessons(made, kit, target.staging)
            return target.publish(overwrite=overwrite)


def _film(
    lessons: Sequence[Lesson],
    cache: VideoCache,
    draw: Callable[[Sequence[Lesson], OnEvent], None],
    on_lesson: OnLesson,
    on_plan: Callable[[Lesson, int], None],
    on_failure: Callable[[Lesson, StudioError], None] | None,
) -> dict[str, _Filmed]:
    """Return all lessons filmed; those whose video is kept are only copied."""
    films: dict[str, _Filmed] = {}
    for lesson in lessons:
        result = cache.fetch(lesson.job, lesson.video)
        if result is not None:
            films[lesson.name] = _Filmed(lesson, result)
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
            films[lesson.name] = _Filmed(lesson, result)
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
                on_failure(lesson, error)
            # What was under way beside it has been given up, and is drawn again.
            left = [it for it in left if it not in failed and it.name not in films]
        else:
            left = []
    return films


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


def _write_lessons(films: Sequence[_Filmed], kit: Sequence[KitItem], folder: Path) -> None:
    """Write what each lesson has of its own, and leave what is wanted."""
    for film in films:
        lesson = film.lesson
        if "subtitles" in kit and lesson.is_published:
            _write_subtitles(folder, lesson.name, [(it, 0.0) for it in film.result.beats])
        if "transcript" in kit and lesson.is_published:
            text = transcript(film.title, [film.of_transcript], lesson.job.language)
            _text(folder / f"{lesson.name}.md", text)
        if "video" not in kit or not lesson.is_published:
            lesson.video.unlink()


def _write_whole(
    lecture: Lecture, films: Sequence[_Filmed], kit: Sequence[KitItem], folder: Path
) -> None:
    """Write what is made of all of a language's lessons."""
    films = [film for film in films if film.lesson.is_in_whole]
    whole = name_of_whole(lecture, films[0].lesson.job.language)
    title = in_language(lecture.header.title, films[0].lesson.job.language)
    chapters: list[Chapter] = []
    marks: list[tuple[BeatMark, float]] = []
    begin = 0.0
    for film in films:
        chapters += later(chapters_of(film.title, film.result.beats), begin)
        marks += [(beat, begin) for beat in film.result.beats]
        begin += film.result.frames / film.result.fps
    if "subtitles" in kit:
        _write_subtitles(folder, whole, marks)
    if "transcript" in kit:
        told = [film.of_transcript for film in films]
        _text(folder / f"{whole}.md", transcript(title, told, films[0].lesson.job.language))
    if "chapters" in kit:
        _text(folder / f"{whole}.chapters.txt", chapter_lines(chapters))
    if "video" in kit:
        # Only here: it loads the codecs, which a wrong lecture does not need.
        from backprop_studio.render.files.joining import join_videos

        target = folder / f"{whole}.mp4"
        videos = [(it.lesson.video, it.result.frames) for it in films]
        is_spoken = films[0].lesson.job.voice != SILENT
        join_videos(videos, target, title, chapters, _sound(films) if is_spoken else None)
        verify_video(target, films[0].lesson.job.picture, sum(frames for _, frames in videos))
        if is_spoken:
            from backprop_studio.render.files.sound_writer import verify_sound

            verify_sound(target, begin)


def _sound(films: Sequence[_Filmed]) -> Iterator[Samples]:
    """Yield the sound of each lesson, exactly as long as its pictures.

    Its videos' packets cannot be joined: each begins with what its encoder needed to start.
    """
    from backprop_studio.render.voice.sound import lasting, read_sound

    for film in films:
        seconds = film.result.frames / film.result.fps
        yield lasting(read_sound(film.lesson.video, seconds + 1), seconds)


def _write_subtitles(folder: Path, name: str, marks: Sequence[tuple[BeatMark, float]]) -> None:
    for kind in ("srt", "vtt"):
        _text(folder / f"{name}.{kind}", subtitles(marks, kind))


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
