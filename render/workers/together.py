"""Progress of one video whose pieces are drawn at the same time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from backprop_studio.render.messages.events import Phase, Progress

if TYPE_CHECKING:
    from collections.abc import Callable

_ALMOST = 0.99

_JOIN_SHARE = 0.02
"""Of the time for all pieces, what joining them and looking at the whole takes."""


class Together:
    """What the pieces of a video have told, as the progress of the video.

    Parameters
    ----------
    job_id : str
        Of the video.
    count : int
        How many pieces there are.
    clock : callable
        Returns seconds that never go back.
    """

    def __init__(
        self, job_id: str, count: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._job_id = job_id
        self._count = count
        self._clock = clock
        self._began = clock()
        self._told: dict[str, Progress] = {}

    def heard(self, piece: str, progress: Progress) -> Progress:
        """Take what a piece tells, and return how far all are together."""
        before = self._told.get(piece)
        if before is None or progress.frame >= before.frame:
            self._told[piece] = progress  # a piece that is drawn again is silent until it is as far
        phases = {it.phase for it in self._told.values()}
        return self._progress("plan" if phases == {"plan"} else "draw", self._eta())

    def joining(self) -> Progress:
        """Return that all pieces are there and are put together."""
        return self._progress("check", (self._clock() - self._began) * _JOIN_SHARE)

    def finished(self) -> Progress:
        """Return that the video is there."""
        return self._progress("check", 0.0).model_copy(update={"fraction": 1.0})

    def _eta(self) -> float | None:
        """Return the seconds until the last piece is there and joined, once each has a guess."""
        waits = [it.eta_seconds for it in self._told.values() if it.eta_seconds is not None]
        if len(waits) < self._count:
            return None
        longest = max(waits)
        return longest + (self._clock() - self._began + longest) * _JOIN_SHARE

    def _progress(self, phase: Phase, eta: float | None) -> Progress:
        told = self._told.values()
        return Progress(
            job_id=self._job_id,
            phase=phase,
            fraction=min(_ALMOST, sum(it.fraction for it in told)),
            frame=sum(it.frame for it in told),
            frames=max((it.frames for it in told), default=0),
            eta_seconds=eta,
        )
