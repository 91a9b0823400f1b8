"""Subtitles beside a video that was rendered alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.render.files.output import check_target
from backprop_studio.render.files.staging import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from backprop_studio.render.messages.results import VideoResult

ENDINGS = (".srt", ".vtt")


def check_subtitles(video: Path, *, overwrite: bool) -> None:
    """Check, before any work, that subtitles can be written beside a video.

    Raises
    ------
    InputError
        If one is there that may not be replaced.
    """
    for ending in ENDINGS:
        check_target(video.with_suffix(ending), ENDINGS, overwrite=overwrite)


def write_subtitles(video: Path, result: VideoResult, job_id: str, *, overwrite: bool) -> None:
    """Write what is said in a video beside it.

    Raises
    ------
    OutputError
        If the disk or the permissions do not allow it.
    """
    # Only here: its library is not needed for anything else.
    from backprop_studio.render.lecture.subtitles import subtitles

    marks = [(beat, 0.0) for beat in result.beats]
    for ending in ENDINGS:
        text = subtitles(marks, ending[1:])
        file = video.with_suffix(ending)
        write_atomically(file, text.encode(), job_id=job_id, overwrite=overwrite)
