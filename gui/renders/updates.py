"""What the window learns from the render queue."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from backprop_studio.gui.model.values import RenderPhase, RenderStatus
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.renders.entries import entry_of, running_entry, video_of
from backprop_studio.gui.renders.words import entry_title
from backprop_studio.render.messages.results import VideoResult

if TYPE_CHECKING:
    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.renders.forecast import Forecast
    from backprop_studio.gui.renders.link import QueueLink
    from backprop_studio.render.messages.events import Progress
    from backprop_studio.render.queue.model import Entry, QueueState


class RenderUpdates(QObject):
    """Keeps the state up to date: how the queue is, how far a video is, and how it ended.

    Parameters
    ----------
    state : AppState
        Given the queue, the progress and the finished video.
    link : QueueLink
        The queue.
    forecast : Forecast
        Learns how long videos take.
    """

    def __init__(
        self, state: AppState, link: QueueLink, forecast: Forecast, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._state = state
        self._forecast = forecast
        self._began = self._begun_drawing = 0.0
        link.changed.connect(self._on_changed)
        link.advanced.connect(self._on_advanced)

    def _on_changed(self, queue: QueueState) -> None:
        before = running_entry(self._state.queue)
        self._state.queue = queue
        now = running_entry(queue)
        if (before and before.id) == (now and now.id):
            return
        if before is not None:
            self._on_ended(entry_of(queue, before.id) or before)
        if now is not None:
            self._began = time.monotonic()
            name = getattr(now.job, "scene", "") or entry_title(self._state, now)
            # Until its notice ends, what is ready can be played from the bar.
            self._state.render = RenderStatus(
                RenderPhase.RUNNING,
                now.id,
                scene=name,
                step="start",
                video=self._state.render.video,
            )

    def _on_advanced(self, entry_id: str, event: Progress) -> None:
        status = self._state.render
        if entry_id != status.entry_id or not status.phase.is_active:
            return
        if not status.fraction:
            self._begun_drawing = time.monotonic()
        self._update(
            step=event.phase,
            fraction=max(event.fraction, status.fraction),
            frame=event.frame,
            frames=event.frames,
            part=event.part,
            parts=event.parts,
            eta_seconds=event.eta_seconds,
            elapsed_seconds=time.monotonic() - self._began,
        )

    def _on_ended(self, entry: Entry) -> None:
        queue = self._state.queue
        goes_on = queue.next is not None and not queue.is_paused
        title = entry_title(self._state, entry)
        notice = ""
        match entry.state:
            case "done":
                video = video_of(entry, self._state.name_template)
                self._learn(entry)
                frames = getattr(entry.result, "frames", 0)
                self._end(RenderPhase.DONE, fraction=1.0, frame=frames, frames=frames, video=video)
                notice = tr("{title} is ready.").format(title=title)
            case "failed":
                self._end(RenderPhase.FAILED, message=entry.message, details=entry.details)
                notice = tr("{title} failed.").format(title=title)
            case "cancelled":
                self._end(RenderPhase.CANCELLED)
            case _:
                self._state.render = RenderStatus()
        self._state.notice = notice if goes_on else ""

    def _learn(self, entry: Entry) -> None:
        """Learn from a video that was drawn, and not had from an earlier time."""
        status = self._state.render
        if isinstance(entry.result, VideoResult) and status.fraction:
            seconds = time.monotonic() - self._begun_drawing
            self._forecast.learn(entry, entry.result.duration, seconds)

    def _update(self, **changes: object) -> None:
        self._state.render = replace(self._state.render, **changes)  # type: ignore[arg-type]

    def _end(self, phase: RenderPhase, **changes: object) -> None:
        ended: dict[str, object] = {"phase": phase, "eta_seconds": None, "video": None}
        self._update(elapsed_seconds=time.monotonic() - self._began, **ended | changes)
