"""A lecture is looked at: faults in its pictures, and which criteria of WCAG it meets."""

from __future__ import annotations

import tempfile
import uuid
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from backprop_studio.render.files.cache import VideoCache
from backprop_studio.render.lecture.accessibility import Criterion, Found, criteria
from backprop_studio.render.lecture.file import voice_of
from backprop_studio.render.lecture.lessons import lessons_of
from backprop_studio.render.lint.finding import Finding
from backprop_studio.render.lint.flashes import Flashes
from backprop_studio.render.messages.contrasts import Contrasts
from backprop_studio.render.messages.events import Done, Progress
from backprop_studio.render.messages.jobs import CheckJob, VideoJob
from backprop_studio.render.messages.results import VideoResult
from backprop_studio.render.messages.voices import SILENT
from backprop_studio.render.workers.batch import Task

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backprop_studio.render.lecture.file import Lecture
    from backprop_studio.render.lecture.lessons import Lesson
    from backprop_studio.render.messages.frame_format import FrameShape
    from backprop_studio.render.messages.jobs import KitItem
    from backprop_studio.render.workers.batch import Runner

_SHORT_SIDE = 90
"""Pixels of the films in which flashes are looked for: a quarter of ten degrees are 300 of them."""

_FINDINGS: TypeAdapter[list[Finding]] = TypeAdapter(list[Finding])


@dataclass(frozen=True)
class LectureReport:
    """What was found.

    Attributes
    ----------
    findings : list of Finding
        Faults in pictures.
    criteria : list of Criterion
    moments : int
        Looked at.
    """

    findings: list[Finding]
    criteria: list[Criterion]
    moments: int


def check_lecture(
    lecture: Lecture,
    kit: Sequence[KitItem],
    runner: Runner,
    on_progress: Callable[[Progress], None],
    *,
    cache: VideoCache | None = None,
    pictures: Path | None = None,
) -> LectureReport:
    """Look at a lecture's lessons, in their own parameters, words, colours and shape.

    Parameters
    ----------
    kit : sequence of str
        The files that shall be made of it.
    runner : Runner
        Where lessons are walked through, and drawn where no video of them is kept.
    on_progress : callable
        Receives how far it is.
    cache : VideoCache, optional
        Where videos are kept.
    pictures : Path, optional
        The folder for pictures of faults.

    Raises
    ------
    StudioError
        If a lesson does not run.
    """
    cache = cache or VideoCache()
    with tempfile.TemporaryDirectory(prefix="backprop-studio-") as place:
        lessons = list(chain(*lessons_of(lecture, Path(place))))
        walks = [Task(_walk(it, pictures), it.label) for it in lessons]
        films = {it.name: _kept(it, cache) for it in lessons}
        small = {it.name: _small(it) for it in lessons if films[it.name] is None}
        draws = [Task(small[it.name], it.label) for it in lessons if it.name in small]
        done = _run([*walks, *draws], runner, on_progress)
        for job in small.values():
            cache.keep(job, Path(job.output), VideoResult.model_validate(done[job.id].result))
        films |= {
            name: VideoResult.model_validate(done[it.id].result) for name, it in small.items()
        }
        results = [(it, film) for it in lessons if (film := films[it.name]) is not None]
        flashes = [_flashes(film) for _, film in results]
    looked = [done[it.job.id].result for it in walks]
    found = Found(
        kit=kit,
        is_spoken=voice_of(lecture) != SILENT,
        has_captions=lecture.header.captions != "off",
        beats=[
            (lesson.job.language, beat)
            for lesson, film in results
            for beat in film.beats[lesson.job.card is not None :]
        ],
        contrasts=Contrasts.of_all(Contrasts.model_validate(it["contrasts"]) for it in looked),
        flashes=max(it.most for it in flashes),
        frames=sum(it.frames for it in flashes),
    )
    return LectureReport(
        findings=[row for it in looked for row in _FINDINGS.validate_python(it["findings"])],
        criteria=criteria(found),
        moments=sum(it["moments"] for it in looked),
    )


def _walk(lesson: Lesson, pictures: Path | None) -> CheckJob:
    job = lesson.job
    return CheckJob(
        id=uuid.uuid4().hex,
        scenes=(job.scene,),
        languages=(job.language,),
        themes=(job.theme,),
        params=job.params,
        scripts={job.language: job.script},
        shape=_shape(job),
        pictures=str(pictures) if pictures else None,
    )


def _shape(job: VideoJob) -> FrameShape:
    share = job.picture.width / job.picture.height
    return "9:16" if share < 1 else "4:3" if share < 1.5 else "16:9"


def _kept(lesson: Lesson, cache: VideoCache) -> VideoResult | None:
    """Return a lesson's film, if it was exported or looked at before."""
    small = _small(lesson)
    return cache.fetch(lesson.job, lesson.video) or cache.fetch(small, Path(small.output))


def _small(lesson: Lesson) -> VideoJob:
    """Return the job that draws a lesson for the flashes in it: all of its frames, silent."""
    picture = lesson.job.picture.of_short_side(_SHORT_SIDE)
    output = lesson.video.with_suffix(".small.mp4")
    given = {"id": uuid.uuid4().hex, "picture": picture, "voice": SILENT, "output": str(output)}
    return lesson.job.model_copy(update=given)


def _run(
    tasks: Sequence[Task], runner: Runner, on_progress: Callable[[Progress], None]
) -> dict[str, Done]:
    told: dict[str, Progress] = {}

    def on_event(task: Task, event: Progress | Done) -> None:
        key = task.job.id
        known = told.get(key) or Progress(job_id=key, phase="check", fraction=0)
        done = known.model_copy(update={"fraction": 1.0, "frame": known.frames})
        told[key] = event if isinstance(event, Progress) else done
        rows = told.values()
        on_progress(
            Progress(
                job_id="check",
                phase="check",
                fraction=sum(it.fraction for it in rows) / len(tasks),
                frame=sum(it.frame for it in rows),
                frames=sum(it.frames for it in rows),
            )
        )

    done = runner.run(tasks, on_event)
    return {task.job.id: it for task, it in zip(tasks, done, strict=True)}


def _flashes(film: VideoResult) -> Flashes:
    """Return the flashes of a film."""
    import av  # only here: a wrong lecture does not wait for the codecs

    flashes = Flashes(film.fps)
    size = {"width": 16 * round(film.width / film.height * _SHORT_SIDE / 16), "height": _SHORT_SIDE}
    with av.open(film.path) as container:
        for frame in container.decode(video=0):
            picture: Any = frame.reformat(format="rgb24", **size).to_ndarray()
            flashes.add(picture)
    return flashes
