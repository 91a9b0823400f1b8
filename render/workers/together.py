"""Progress of one video whose pieces are drawn at the same time."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from backprop_studio.render.messages.events import Phase, Progress

if TYPE_CHECKING:
    from collections.abc import Callable

_ALMOST = 0.99

_JOIN_SHARE = 0.03
"""Of the time for all pieces, what joining them and looking at the whole takes."""


_LEAST_SHARE = 0.05
"""Of the whole video; before that nothing is said of its end."""


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
        self._first: dict[str, float] = {}

    def heard(self, piece: str, progress: Progress) -> Progress:
        """Take what a piece tells, and return how far all are together."""
        before = self._told.get(piece)
        if before is None or progress.frame >= before.frame:
            self._told[piece] = progress  # a piece that is drawn again is silent until it is as far
        if not progress.frame:
            self._first[piece] = self._clock()
        phases = {it.phase for it in self._told.values()}
        return self._progress("plan" if phases == {"plan"} else "draw", self._eta())

    def joining(self) -> Progress:
        """Return that all pieces are there and are put together."""
        return self._progress("check", (self._clock() - self._began) * _JOIN_SHARE)

    def finished(self) -> Progress:
        """Return that the video is there."""
        return self._progress("check", 0.0).model_copy(update={"fraction": 1.0})

    def _eta(self) -> float | None:
        """Return the seconds until the last piece is there and joined; None if it is too early.

        A piece that says nothing yet, because its worker has to start or does another one, takes as
        long as the others: all have as much to do.
        """
        now = self._clock()
        waits = {
            piece: it.eta_seconds for piece, it in self._told.items() if it.eta_seconds is not None
        }
        if not waits or sum(it.fraction for it in self._told.values()) < _LEAST_SHARE:
            return None
        longest = max(waits.values())
        if silent := self._count - len(waits):
            whole = max(now - self._first.get(it, self._began) + wait for it, wait in waits.items())
            beside = sum(wait > 0 for wait in waits.values())
            longest = max(longest, whole * math.ceil(silent / max(1, beside)))
        return longest + (now - self._began + longest) * _JOIN_SHARE

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
