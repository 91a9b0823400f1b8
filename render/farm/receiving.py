"""How a video that was made elsewhere gets to where its job wants it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.files.output import verify_video, writing
from backprop_studio.render.files.staging import place, staging
from backprop_studio.render.files.target_check import check_video_target
from backprop_studio.render.messages.formats import is_sequence
from backprop_studio.render.messages.jobs import VideoJob

if TYPE_CHECKING:
    from backprop_studio.render.messages.jobs import Job
    from backprop_studio.render.messages.results import VideoResult


def check_output(job: Job) -> None:
    """Check, before any work, that a job's video, if it is of one, can be put where it is wanted.

    Raises
    ------
    InputError
        With one sentence that says what is wrong and what is allowed.
    """
    if not isinstance(job, VideoJob):
        return
    target = Path(job.output)
    if is_sequence(target):
        text = N_(
            "numbered pictures are not made on a farm; choose a video format, or leave out "
            "--scheduler to draw them here"
        )
        raise InputError("farm.no_sequence", text)
    check_video_target(target, job.picture, overwrite=job.overwrite)


def write_video(job: VideoJob, result: VideoResult, video: bytes | None) -> VideoResult:
    """Write a job's video where the job wants it, after proving it, and return where it is.

    Parameters
    ----------
    video : bytes or None
        None is the piece of a video that has not so many.

    Raises
    ------
    StudioError
        If it is not what was planned, or the disk fails.
    """
    target = Path(job.output)
    if video is not None:
        with writing(target), staging(target, job.id) as staged:
            staged.write_bytes(video)
            frames = result.frames if result.drawn is None else result.drawn
            verify_video(staged, job.picture, frames)
            place(staged, target, overwrite=job.overwrite)
    return result.model_copy(update={"path": str(target)})
