"""Progress of a job, its estimated end, and its cancellation."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

from backprop_studio.render.messages.events import Phase, Progress

if TYPE_CHECKING:
    from collections.abc import Callable

_INTERVAL = 0.1
"""Seconds between two progress events: often enough for a smooth bar, and never a flood."""

_ALMOST = 0.99
"""The fraction while drawing stays at or below this; the rest is the check of the finished file."""


class RenderCancelled(BaseException):
    """The user no longer wants the job.

    Not an :class:`Exception`, so that a scene that catches exceptions cannot swallow it.
    """


class Eta:
    """Guesses how long the remaining frames will take.

    It blends the mean of the whole job with the latest frames. The mean alone is slow to notice
    that an easy beginning is over; the latest frames alone jump at each pause of the lesson.

    Parameters
    ----------
    clock : callable
        Returns seconds that never go back.
    """

    WARM_UP_FRAMES = 12
    WARM_UP_SECONDS = 1.0
    _MEMORY_SECONDS = 10.0

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._last = (self._began, 0)
        # Of late: seconds and frames, both fading. Each apart, because a still moment brings many
        # frames in no time, and a mean of paces would hardly notice it.
        self._seconds = 0.0
        self._frames = 0.0

    def remaining(self, frame: int, frames: int) -> float | None:
        """Return the seconds that are left, or None while it is too early to say."""
        now = self._clock()
        elapsed = now - self._began
        then, done = self._last
        if frame > done and now > then:
            fading = math.exp((then - now) / self._MEMORY_SECONDS)
            self._seconds = self._seconds * fading + now - then
            self._frames = self._frames * fading + frame - done
            self._last = (now, frame)
        if frame >= frames:
            return 0.0
        if frame < self.WARM_UP_FRAMES or elapsed < self.WARM_UP_SECONDS or not self._frames:
            return None
        return (frames - frame) * (elapsed / frame + self._seconds / self._frames) / 2


class Watch:
    """What a running job reports to, and asks whether to go on.

    Parameters
    ----------
    job_id : str
        The job.
    emit : callable
        Sends an event.
    cancelled : callable
        Whether the user has asked to stop.
    clock : callable
        Returns seconds that never go back.
    """

    def __init__(
        self,
        job_id: str,
        emit: Callable[[Progress], None],
        cancelled: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._job_id = job_id
        self._emit = emit
        self._cancelled = cancelled
        self._clock = clock
        self._due = clock()
        self._eta: Eta | None = None
        self._fraction = 0.0

    def check(self) -> None:
        """Go on unless the job was cancelled.

        Raises
        ------
        RenderCancelled
            If it was.
        """
        if self._cancelled():
            raise RenderCancelled

    def planning(self) -> None:
        """Report that the lesson is being walked through without drawing."""
        self.check()
        if self._is_due():
            self._report("plan", self._fraction)

    def drawing(self, frame: int, frames: int) -> None:
        """Report that so many of the planned frames are drawn."""
        self.check()
        if self._eta is None:
            self._eta = Eta(self._clock)
        if self._is_due():
            eta = self._eta.remaining(frame, frames)
            done = min(_ALMOST, frame / frames)
            self._report("draw", done, frame=frame, frames=frames, eta_seconds=eta)

    def checking(self, frames: int) -> None:
        """Report that the file is being checked."""
        self.check()
        self._report("check", _ALMOST, frame=frames, frames=frames, eta_seconds=0.0)

    def finished(self, frames: int) -> None:
        """Report that the file is checked; always the last progress of a job."""
        self._report("check", 1.0, frame=frames, frames=frames, eta_seconds=0.0)

    def _is_due(self) -> bool:
        now = self._clock()
        if now < self._due:
            return False
        self._due = now + _INTERVAL
        return True

    def _report(self, phase: Phase, fraction: float, **counts: Any) -> None:
        self._fraction = max(self._fraction, fraction)
        event = Progress(job_id=self._job_id, phase=phase, fraction=self._fraction, **counts)
        self._emit(event)
