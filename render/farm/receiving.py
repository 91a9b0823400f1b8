"""How a video that was made elsewhere gets to where its job wants it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.files.output import output_error, verify_video
from backprop_studio.render.files.staging import place, staging
from backprop_studio.render.files.target_check import check_video_target
from backprop_studio.render.messages.formats import is_sequence

if TYPE_CHECKING:
    from backprop_studio.render.messages.jobs import VideoJob
    from backprop_studio.render.messages.results import VideoResult


def check_output(job: VideoJob) -> None:
    """Check, before any work, that a job's video can be put where the job wants it.

    Raises
    ------
    InputError
        With one sentence that says what is wrong and what is allowed.
    """
    target = Path(job.output)
    if is_sequence(target):
        raise InputError(
            "farm.no_sequence",
            N_(
                "numbered pictures are not made on a farm; choose a video format, or leave out "
                "--scheduler to draw them here"
            ),
        )
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
    try:
        if video is not None:
            with staging(target, job.id) as staged:
                staged.write_bytes(video)
                frames = result.frames if result.drawn is None else result.drawn
                verify_video(staged, job.picture, frames)
                place(staged, target, overwrite=job.overwrite)
    except OSError as error:
        raise output_error(error, target) from error
    return result.model_copy(update={"path": str(target)})
