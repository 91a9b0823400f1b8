"""Whether the disk has room for a video: asked before it is drawn, and said when it had none."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.lecture.requested import requested_lessons
from backprop_studio.render.messages.jobs import LectureJob

if TYPE_CHECKING:
    from collections.abc import Callable

    from backprop_studio.render.queue.model import QueuedJob

TOO_LITTLE = "queue.too_little_space"
RAN_FULL = "queue.ran_full"
RAN_FULL_SOMEWHERE = "queue.ran_full_somewhere"
ABOUT_SPACE = frozenset({TOO_LITTLE, RAN_FULL, RAN_FULL_SOMEWHERE})
"""Codes of all that is said about a disk."""

LIMIT_BYTES = 500 * 10**6
"""What must be free even for a small video."""

_SECONDS = 120
"""How long a video is taken to be, because nobody knows before it is planned.

Lessons take 8 to 60 seconds with their own parameters. Parameters can make one longer than this, so
it is no bound; what then runs into a full disk pauses the queue as well.
"""

_BYTES_PER_PIXEL = {".mp4": 0.006, ".webm": 0.006, ".gif": 0.03, ".mov": 0.7, ".png": 0.5}
"""Of one frame. Measured at 480p to 1080p were 0.001 to 0.005 (mp4), 0.003 (webm), 0.006 (gif),
0.60 (mov) and 0.02 to 0.55 (png)."""


def likely_bytes(job: QueuedJob) -> int:
    """Return how much a job may write, on the safe side for videos of two minutes.

    A lecture has each of its lessons twice, once in the whole video.

    Examples
    --------
    >>> from backprop_studio.render.messages.jobs import FrameFormat, VideoJob
    >>> frame_format = FrameFormat.of_quality("h")
    >>> job = VideoJob(id="a", scene="backprop", output="/a.mp4", picture=frame_format)
    >>> likely_bytes(job) // 10**6
    89
    """
    if isinstance(job, LectureJob):
        with suppress(InputError):  # that says the job itself when its turn comes
            return 2 * sum(likely_bytes(lesson.job) for lesson in requested_lessons(job))
        return 0
    picture = job.picture
    each = _BYTES_PER_PIXEL.get(Path(job.output).suffix.lower(), max(_BYTES_PER_PIXEL.values()))
    return round(picture.width * picture.height * picture.fps * _SECONDS * each)


@dataclass(frozen=True)
class Space:
    """What must be free before a video is begun.

    Attributes
    ----------
    limit : int
        Bytes, even if the video is likely to need fewer.
    usage : callable
        Returns what is ``free`` on the disk of a folder.
    """

    limit: int = LIMIT_BYTES
    usage: Callable[[Path], Any] = shutil.disk_usage

    def shortage(self, job: QueuedJob) -> Message | None:
        """Return why a job cannot begin, if it cannot."""
        folder = Path(job.output).parent
        needed = max(self.limit, likely_bytes(job))
        free = self._free(folder)
        if free is None or free >= needed:
            return None
        text = N_(
            "paused: {free} are free on {folder}, and a video needs about {needed}; free some "
            "space and resume"
        )
        sizes = {"free": _megabytes(free), "needed": _megabytes(needed)}
        return Message.of(TOO_LITTLE, text, folder=folder, **sizes)

    def ran_out(self, job: QueuedJob) -> Message:
        """Return what there is to say about a job that ran into a full disk."""
        free = self._free(Path(job.output).parent)
        if free is None:
            text = N_(
                "paused: the disk ran full while {file} was being made; free some space and resume"
            )
            return Message.of(RAN_FULL_SOMEWHERE, text, file=job.output)
        text = N_(
            "paused: the disk ran full while {file} was being made, and {free} are free now; "
            "free some space and resume"
        )
        return Message.of(RAN_FULL, text, file=job.output, free=_megabytes(free))

    def _free(self, folder: Path) -> int | None:
        """Return the free bytes, or None if the disk does not say: then there is no objection."""
        try:
            return int(self.usage(folder).free)
        except OSError:
            return None


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.0f} MB" if count < 1e9 else f"{count / 1e9:.1f} GB"
