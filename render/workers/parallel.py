"""One video drawn by one process or several: each draws a piece, and the pieces are joined.

Pieces are drawn in a private folder, even if there is only one: when the directory of the output
goes away or fills up meanwhile, the work is not lost.
"""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import OutputError, StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.files.cache import VideoCache
from backprop_studio.render.files.output import output_error, verify_video
from backprop_studio.render.files.staging import place, staging
from backprop_studio.render.files.target_check import check_video_target
from backprop_studio.render.messages.chapters import chapters_of
from backprop_studio.render.messages.events import Done, Progress
from backprop_studio.render.messages.formats import JOINED_ENDINGS, is_sequence
from backprop_studio.render.messages.jobs import Share, VideoJob
from backprop_studio.render.messages.results import VideoResult
from backprop_studio.render.messages.voices import SILENT
from backprop_studio.render.workers.batch import Runner, Task
from backprop_studio.render.workers.folders import PrivateFolder, remove_abandoned_folders
from backprop_studio.render.workers.local_pool import LocalPool
from backprop_studio.render.workers.process import WORKER_COMMAND
from backprop_studio.render.workers.together import Together

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


_MOST_PIECES = 256


def render_video(
    job: VideoJob,
    workers: int | None,
    on_progress: Callable[[Progress], None],
    *,
    command: Sequence[str] = WORKER_COMMAND,
    runner: Runner | None = None,
) -> VideoResult:
    """Render a video on so many workers, by default as many as can work at the same time.

    Parameters
    ----------
    command : sequence of str
        How to start a worker on this machine.
    runner : Runner, optional
        Where it is drawn; by default on this machine.

    Raises
    ------
    StudioError
        If the job is wrong, the scene fails or the disk does; nothing was written then.
    """
    target = Path(job.output)
    runner = runner or LocalPool(command)
    check_video_target(target, job.picture, overwrite=job.overwrite)
    if job.voice != SILENT:
        # Only here: a video without a voice needs none of it.
        from backprop_studio.render.workers.spoken_video import render_spoken

        return render_spoken(job, runner, on_progress, partial(render_video, workers=workers))
    if is_sequence(target):
        (whole,) = _draw([job], lambda _, progress: on_progress(progress), runner)
        return whole
    is_joined = target.suffix.lower() in JOINED_ENDINGS
    count = min(runner.capacity(workers), _MOST_PIECES) if is_joined else 1
    together = Together(job.id, count)

    def report(task: Task, progress: Progress) -> None:
        on_progress(together.heard(task.job.id, progress))

    remove_abandoned_folders()
    folder = PrivateFolder()
    try:
        results = _draw(_shared(job, count, folder.path), report, runner)
        on_progress(together.joining())
        try:
            whole = _join(job, results, target)
            on_progress(together.finished())
            return whole
        except OSError as error:
            raise _not_placed(job, results, folder.path, error) from error
    finally:
        folder.remove()


def _shared(job: VideoJob, count: int, folder: Path) -> list[VideoJob]:
    """Return the jobs of all pieces."""
    jobs = []
    for number in range(count):
        share = Share(number=number, count=count) if count > 1 else None
        output = str(folder / f"{number}{Path(job.output).suffix}")
        change = {"id": f"{job.id}-{number}", "share": share, "output": output}
        jobs.append(job.model_copy(update=change))
    return jobs


def _draw(
    jobs: Sequence[VideoJob], on_progress: Callable[[Task, Progress], None], runner: Runner
) -> list[VideoResult]:
    def on_event(task: Task, event: Progress | Done) -> None:
        if isinstance(event, Progress):
            on_progress(task, event)

    done = runner.run([Task(it) for it in jobs], on_event, workers=len(jobs))
    return [VideoResult.model_validate(it.result) for it in done]


def _join(job: VideoJob, results: Sequence[VideoResult], target: Path) -> VideoResult:
    """Put the pieces together where the job wants them."""
    first = results[0]
    with staging(target, job.id) as staged:
        if len(results) == 1:
            shutil.copyfile(first.path, staged)  # its worker has proven it
        else:
            # Only here: it loads the codecs.
            from backprop_studio.render.files.joining import join_videos

            drawn = [(Path(it.path), it.drawn) for it in results if it.drawn]
            chapters = chapters_of(first.title, first.beats)
            join_videos(drawn, staged, first.title, chapters, is_lesson=True)
            verify_video(staged, job.picture, first.frames)
        place(staged, target, overwrite=job.overwrite)
    return first.model_copy(update={"path": str(target), "drawn": None})


def _not_placed(
    job: VideoJob, results: Sequence[VideoResult], folder: Path, error: OSError
) -> StudioError:
    """Keep a video that is all drawn, when only its directory has failed, and return the error.

    It goes where finished videos are kept: asked for again, there or elsewhere, it is a copy.
    """
    failure = output_error(error, Path(job.output))
    spare = folder / f"whole{Path(job.output).suffix}"
    try:
        whole = _join(job, results, spare)
    except (OSError, StudioError):
        return failure
    if not VideoCache().keep(job, spare, whole):
        return failure
    text = N_(
        "{reason}; the finished video is kept: render it again, there or elsewhere, and it is "
        "only copied"
    )
    return OutputError("video.kept", text, reason=failure.message)
