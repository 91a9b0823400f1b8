"""Progress of a job, its estimated end, and its cancellation."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from backprop_studio.render.messages.events import Phase, Progress

if TYPE_CHECKING:
    from collections.abc import Callable

_INTERVAL = 0.1
"""Seconds between two progress events: often enough for a smooth bar, and never a flood."""

_ALMOST = 0.99
"""The fraction while drawing stays at or below this; the rest is the check of the finished file."""


_CHECK_SHARE = 0.01
"""Of a job's time, what comes after its last frame; measured with short and long lessons."""


class RenderCancelled(BaseException):
    """The user no longer wants the job.

    Not an :class:`Exception`, so that a scene that catches exceptions cannot swallow it.
    """


class Eta:
    """Guesses how long the rest of some work takes, from how long its beginning took.

    It blends the mean of the whole job with that of late. The mean alone is slow to notice that the
    machine has got other things to do; what was last alone jumps.

    Parameters
    ----------
    clock : callable
        Returns seconds that never go back.
    """

    LEAST_SHARE = 0.05
    LEAST_SECONDS = 0.5
    ENOUGH_SHARE = 0.1
    """Of the work, after which it is said in any case: a short job has no half second to spare."""
    _BUILDING_SHARE = 0.02
    """The beginning does not count: much is made then that is only made once."""
    _MEMORY_SECONDS = 10.0

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = self._last = (clock(), 0.0)
        # Of late: seconds and work, both fading. Each apart, because a still moment brings much
        # work in no time, and a mean of paces would hardly notice it.
        self._seconds = 0.0
        self._work = 0.0

    def remaining(self, done: float, total: float = 1.0) -> float | None:
        """Return the seconds that are left, or None while it is too early to say.

        Parameters
        ----------
        done, total : float
            Work, in any unit; as long as nothing is done the time does not count.
        """
        now = self._clock()
        then, before = self._last
        if done <= self._BUILDING_SHARE * total:
            self._began = self._last = (now, done)
            return None
        if done > before and now > then:
            fading = math.exp((then - now) / self._MEMORY_SECONDS)
            self._seconds = self._seconds * fading + now - then
            self._work = self._work * fading + done - before
            self._last = (now, done)
        if done >= total:
            return 0.0
        began, first = self._began
        is_short = now - began < self.LEAST_SECONDS and done < self.ENOUGH_SHARE * total
        is_early = done < self.LEAST_SHARE * total or is_short
        if is_early or not self._work:
            return None
        return (total - done) * ((now - began) / (done - first) + self._seconds / self._work) / 2


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
        self._eta = Eta(clock)
        self._fraction = 0.0
        self._frame = self._frames = 0

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

    def planned(self, frames: int) -> None:
        """Report how many frames the whole lesson has."""
        self._frames = frames
        self._report("draw", 0.0)

    def drawing(self, frame: int, frames: int, done: float | None = None) -> None:
        """Report that so many of the lesson's frames are drawn.

        Parameters
        ----------
        frame : int
            How many of the job's own there are.
        frames : int
            Of the whole lesson, of which the job may draw a piece.
        done : float, optional
            Share of the job's own work, if it is not that of the frames.
        """
        self.check()
        self._frame, self._frames = max(self._frame, frame), frames
        share = self._frame / frames
        eta = self._eta.remaining((share if done is None else done) * (1 - _CHECK_SHARE))
        if self._is_due():
            self._report("draw", min(_ALMOST, share), eta)

    def checking(self) -> None:
        """Report that all frames are drawn and the file is being checked."""
        self.check()
        share = self._frame / max(1, self._frames)
        self._report("check", min(_ALMOST, share), self._eta.remaining(1 - _CHECK_SHARE))

    def finished(self, frame: int, frames: int) -> None:
        """Report that the file is checked; always the last progress of a job."""
        self._frame, self._frames = frame, frames
        self._report("check", frame / frames if frames else 1.0, 0.0)

    def _is_due(self) -> bool:
        now = self._clock()
        if now < self._due:
            return False
        self._due = now + _INTERVAL
        return True

    def _report(self, phase: Phase, fraction: float, eta: float | None = None) -> None:
        self._fraction = max(self._fraction, fraction)
        self._emit(
            Progress(
                job_id=self._job_id,
                phase=phase,
                fraction=self._fraction,
                frame=self._frame,
                frames=self._frames,
                eta_seconds=eta,
            )
        )
