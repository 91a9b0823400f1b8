"""How fast this machine draws, learned from what it has drawn: for videos that still wait."""

from __future__ import annotations

import math
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from pydantic import TypeAdapter, ValidationError

from backprop_studio.render.costs import cost_of

if TYPE_CHECKING:
    from backprop_studio.render.messages.jobs import VideoJob

_ANY = ""
"""Stands for all scenes, for one that was never drawn here."""

_NEWEST = 0.5
"""How much the last video counts against all before it: machines get other things to do."""

_PIXELS, _FPS = 1280 * 720, 30
"""Of the pictures that the table was measured with."""

_PACES: TypeAdapter[dict[str, float]] = TypeAdapter(dict[str, float])


def paces_file() -> Path:
    """Return where this machine's paces are kept."""
    return Path(platformdirs.user_cache_dir("backprop-studio"), "paces.json")


class Paces:
    """Seconds on this machine's clock for a second's work of the table, by scenes.

    Parameters
    ----------
    file : Path, optional
        Where they are kept; what cannot be read or written is no fault.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file or paces_file()
        self._paces: dict[str, float] = {}
        with suppress(OSError, ValidationError):
            self._paces = _PACES.validate_json(self._file.read_bytes())

    def seconds(self, job: VideoJob, length: float | None) -> float | None:
        """Return how long a video is likely to take; None if nobody can know.

        Parameters
        ----------
        length : float or None
            Seconds of the video; None for the scene's usual length.
        """
        work = work_of(job, length)
        pace = self._paces.get(job.scene, self._paces.get(_ANY))
        return None if work is None or pace is None else work * pace

    def learn(self, job: VideoJob, length: float, seconds: float) -> None:
        """Take note of how long a video took."""
        work = work_of(job, length)
        if not work or seconds <= 0:
            return
        for key in (job.scene, _ANY):
            before = self._paces.get(key, seconds / work)
            self._paces[key] = before + _NEWEST * (seconds / work - before)
        staged = self._file.with_suffix(f".{os.getpid()}.tmp")
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            staged.write_bytes(_PACES.dump_json(self._paces))
            os.replace(staged, self._file)


def work_of(job: VideoJob, length: float | None) -> float | None:
    """Return a video's work in the table's unit; None for a scene that was never measured.

    Twice the pixels are no twice the work, because most of a frame is not painting.

    Examples
    --------
    >>> from backprop_studio.render.messages.jobs import FrameFormat, VideoJob
    >>> low, high = (
    ...     VideoJob(id="a", scene="backprop", output="/a.mp4", picture=FrameFormat.of_quality(it))
    ...     for it in "lk"
    ... )
    >>> work_of(low, 60) < work_of(low, 120) < work_of(high, 120)
    True
    """
    cost = cost_of(job.scene)
    if cost is None:
        return None
    picture = job.picture
    finer = math.sqrt(picture.width * picture.height / _PIXELS) * picture.fps / _FPS
    return cost.work * finer * (length or cost.seconds) / cost.seconds
