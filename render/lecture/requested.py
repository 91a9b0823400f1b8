"""A lecture as a job asks for it: checked when it is asked for, made when its turn comes."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from backprop_studio.render.lecture.file import read_lecture
from backprop_studio.render.lecture.folder import check_files
from backprop_studio.render.lecture.lessons import drawn_lessons, lessons_of
from backprop_studio.render.lecture.progress import LectureProgress, Telling
from backprop_studio.render.messages.results import LectureResult, left_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from backprop_studio.core.base.messages import Message
    from backprop_studio.render.files.cache import VideoCache
    from backprop_studio.render.lecture.file import Lecture
    from backprop_studio.render.lecture.lessons import Lesson
    from backprop_studio.render.messages.events import Done, Progress
    from backprop_studio.render.messages.jobs import LectureJob
    from backprop_studio.render.workers.batch import Runner


def requested_lecture(job: LectureJob) -> Lecture:
    """Read the lecture that a job asks for, in the languages that it asks for.

    Raises
    ------
    InputError
        As :func:`render.lecture.file.read_lecture` does.
    """
    lecture = read_lecture(Path(job.lecture))
    languages = tuple(dict.fromkeys(job.languages)) or lecture.header.languages
    header = lecture.header.model_copy(update={"languages": languages})
    return lecture.model_copy(update={"header": header, "voice": job.voice})


def requested_lessons(job: LectureJob) -> list[Lesson]:
    """Return the lessons that a job asks for, in all its languages.

    Raises
    ------
    InputError
        If the lecture cannot be read.
    """
    return list(chain(*lessons_of(requested_lecture(job), Path(job.output))))


def requested_files(job: LectureJob) -> list[str]:
    """Return the names of the files that a job makes.

    Raises
    ------
    InputError
        If the lecture cannot be read.
    """
    # Only here: the window starts without all that a kit is written with.
    from backprop_studio.render.kit.items import names_of_files

    lecture = requested_lecture(job)
    return names_of_files(lecture, chain(*lessons_of(lecture, Path(job.output))), job.kit)


def check_lecture_job(job: LectureJob) -> None:
    """Check, before any work, that a lecture can be read and its files be written.

    Raises
    ------
    InputError
        With one sentence that says what is wrong and what is allowed.
    """
    check_files(Path(job.output), requested_files(job), overwrite=job.overwrite)


def make_requested(
    job: LectureJob,
    on_progress: Callable[[Progress], None],
    runner: Runner,
    cache: VideoCache | None = None,
) -> LectureResult:
    """Make the lecture that a job asks for.

    Parameters
    ----------
    on_progress : callable
        May raise to give it up.
    runner : Runner
        Where lessons are drawn.
    cache : VideoCache, optional
        Where videos are kept; by default the user's own.

    Raises
    ------
    StudioError
        If the lecture is wrong, a scene fails or the disk does; nothing was changed then, and
        lessons that were drawn are kept for the next time.
    """
    # Only here: the window asks for lectures, and makes none.
    from backprop_studio.render.kit.items import left_of_earlier
    from backprop_studio.render.lecture.making import make_lecture

    lecture = requested_lecture(job)
    drawn = drawn_lessons(lecture, Path(job.output), job.kit, job.options)
    progress = LectureProgress(job.id, drawn)
    listener = Telling(progress, on_progress)

    def on_lesson(lesson: Lesson, event: Progress | Done | None) -> None:
        on_progress(progress.told(lesson, event))

    def on_plan(lesson: Lesson, frames: int) -> None:
        on_progress(progress.planned(lesson, frames))

    remarks: list[Message] = []
    files = make_lecture(
        lecture,
        Path(job.output),
        job.kit,
        on_lesson,
        overwrite=job.overwrite,
        cache=cache,
        runner=runner,
        on_plan=on_plan,
        listener=listener,
        options=job.options,
        on_remark=lambda *remark: remarks.append(left_out(*remark)),
    )
    return LectureResult(
        folder=job.output,
        files=tuple(map(str, files)),
        lessons=progress.lessons,
        kept=progress.kept,
        left=tuple(left_of_earlier(lecture, Path(job.output), files)),
        remarks=tuple(remarks),
    )
