"""How long the videos of the queue still take: the one that is drawn, and those that wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from backprop_studio.gui.renders.entries import entry_of
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.queue.paces import Paces, work_of

if TYPE_CHECKING:
    from backprop_studio.gui.model.state import AppState
    from backprop_studio.render.queue.model import Entry

OPEN = frozenset({"waiting", "paused"})


class Forecast(QObject):
    """Guesses from what was drawn on this machine before, and from how fast it is now.

    Nothing is said of a video about which nothing can be known.

    Parameters
    ----------
    state : AppState
        Has the queue and how far it is.
    """

    def __init__(self, state: AppState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._paces = Paces()
        self._lengths: dict[str, float] = {}

    def shown_length(self) -> float | None:
        """Return the seconds of the lesson on the stage, if it is as its parameters want it."""
        preview = self._state.preview
        is_known = preview.beats and preview.is_at_rest
        return preview.beats[-1].end if is_known else None

    def note_length(self, entry_id: str, seconds: float | None) -> None:
        """Remember how long the video of an entry is going to be."""
        if seconds:
            self._lengths[entry_id] = seconds

    def learn(self, entry: Entry, length: float, seconds: float) -> None:
        """Take note of how long it took to draw a video."""
        if job := _video_job(entry):
            self._paces.learn(job, length, seconds)

    def seconds_of(self, entry: Entry) -> float | None:
        """Return how long a video that waits is going to take."""
        work, usual = self._work(entry), self._usual(entry)
        running = entry_of(self._state.queue, self._state.render.entry_id)
        now = self._seconds_of_running()
        if running is None or now is None:
            return usual
        if usual is None:  # nothing was drawn here before
            done = self._work(running)
            return now * work / done if work and done else None
        # The machine may be slower or faster than it was.
        expected = self._usual(running)
        return usual * now / expected if expected else usual

    def seconds_left(self) -> float | None:
        """Return how long all takes that is to be drawn; None if that is not known of each."""
        status = self._state.render
        parts = [self.seconds_of(it) for it in self._state.queue.entries if it.state in OPEN]
        if status.phase.is_active:
            parts.append(status.eta_seconds)
        known = [it for it in parts if it is not None]
        return sum(known) if known and len(known) == len(parts) else None

    def _usual(self, entry: Entry) -> float | None:
        job = _video_job(entry)
        return self._paces.seconds(job, self._lengths.get(entry.id)) if job else None

    def _work(self, entry: Entry) -> float | None:
        job = _video_job(entry)
        return work_of(job, self._lengths.get(entry.id)) if job else None

    def _seconds_of_running(self) -> float | None:
        """Return how long the video takes in all that is being drawn."""
        status = self._state.render
        if not status.phase.is_active or status.eta_seconds is None:
            return None
        return status.elapsed_seconds + status.eta_seconds


def _video_job(entry: Entry) -> VideoJob | None:
    """Return what is to be drawn, if it is one video."""
    job: object = entry.job
    return job if isinstance(job, VideoJob) else None
