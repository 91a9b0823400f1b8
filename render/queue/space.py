"""Whether the disk has room for a video: asked before it is drawn, and told when it had none."""

from __future__ import annotations

import errno
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from backprop_studio.render.messages.jobs import VideoJob

__all__ = ["LIMIT_BYTES", "Space", "is_full", "likely_bytes"]

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

_FULL = (
    os.strerror(errno.ENOSPC).lower(),
    os.strerror(errno.EDQUOT).lower(),
    "there is not enough space on the disk",  # as Windows says it
)


class _Usage(Protocol):
    @property
    def free(self) -> int: ...


def likely_bytes(job: VideoJob) -> int:
    """Return how big a video may become, on the safe side for two minutes of it.

    Examples
    --------
    >>> from backprop_studio.render.messages.jobs import FrameFormat, VideoJob
    >>> frame_format = FrameFormat.of_quality("h")
    >>> job = VideoJob(id="a", scene="backprop", output="/a.mp4", picture=frame_format)
    >>> likely_bytes(job) // 10**6
    89
    """
    picture = job.picture
    each = _BYTES_PER_PIXEL.get(Path(job.output).suffix.lower(), max(_BYTES_PER_PIXEL.values()))
    return round(picture.width * picture.height * picture.fps * _SECONDS * each)


def is_full(message: str) -> bool:
    """Whether an error's sentence says that a disk is full."""
    return any(words in message.lower() for words in _FULL)


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
    usage: Callable[[Path], _Usage] = shutil.disk_usage

    def shortage(self, job: VideoJob) -> str:
        """Return why a job cannot begin, in one sentence; empty if it can."""
        folder = Path(job.output).parent
        needed = max(self.limit, likely_bytes(job))
        free = self._free(folder)
        if free is None or free >= needed:
            return ""
        return (
            f"Paused: {_megabytes(free)} are free on {folder}, and a video needs about "
            f"{_megabytes(needed)}; free some space and resume."
        )

    def ran_out(self, job: VideoJob) -> str:
        """Return the sentence about a job that ran into a full disk."""
        free = self._free(Path(job.output).parent)
        now = f", and {_megabytes(free)} are free now" if free is not None else ""
        return (
            f"Paused: the disk ran full while {job.output} was being made{now}; free some space "
            "and resume."
        )

    def _free(self, folder: Path) -> int | None:
        """Return the free bytes, or None if the disk does not say: then there is no objection."""
        try:
            return self.usage(folder).free
        except OSError:
            return None


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.0f} MB" if count < 1e9 else f"{count / 1e9:.1f} GB"
