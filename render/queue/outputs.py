"""Where jobs write to: whether they may, and whether two would write to the same file."""

from __future__ import annotations

import os
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.files.target_check import check_video_target
from backprop_studio.render.lecture.requested import check_lecture_job, requested_files
from backprop_studio.render.messages.formats import NUMBER, is_sequence
from backprop_studio.render.messages.jobs import LectureJob

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backprop_studio.render.queue.model import Entry, QueuedJob


def output_key(output: str) -> tuple[object, str]:
    """Return what is equal for two outputs that are one file.

    A folder is what the disk says it is, so links, ``..`` and the case of letters do not deceive.
    Names that differ in nothing but case, or in how an accent is stored, count as one everywhere:
    on most disks outside of Linux they are one, and a disk cannot be asked without writing to it.
    The name itself is not followed if it is a link, because the link is what would be replaced.
    """
    path = Path(output)
    name = NUMBER.sub("%d", path.name) if is_sequence(path) else path.name
    name = unicodedata.normalize("NFC", name).casefold()
    try:
        found = os.stat(path.parent)
    except (OSError, ValueError):
        return os.path.normcase(path.parent), name
    return (found.st_dev, found.st_ino), name


def check_job(job: QueuedJob) -> None:
    """Check, before any work, that a job's files can be written.

    Raises
    ------
    InputError
        With one sentence that says what is wrong and what is allowed.
    """
    if isinstance(job, LectureJob):
        check_lecture_job(job)
    else:
        check_video_target(Path(job.output), job.picture, overwrite=job.overwrite)


def outputs_of(job: QueuedJob) -> list[str]:
    """Return what a job writes to: a file, or a folder that it has for itself, and files in it."""
    if not isinstance(job, LectureJob):
        return [job.output]
    with suppress(InputError):  # that says the job itself when its turn comes
        return [job.output, *(os.path.join(job.output, it) for it in requested_files(job))]
    return [job.output]


def check_unclaimed(job: QueuedJob, entries: Iterable[Entry]) -> None:
    """Check that no entry that is still to be drawn writes to what a job writes to.

    Raises
    ------
    InputError
        If one does.
    """
    wanted = {output_key(it): it for it in outputs_of(job)}
    for entry in entries:
        taken = map(output_key, outputs_of(entry.job)) if entry.is_active else ()
        if key := next((it for it in taken if it in wanted), None):
            text = N_(
                "another video of the queue is going to {file} already; choose another name, "
                "or remove that one first"
            )
            raise InputError("queue.output_taken", text, file=wanted[key])
