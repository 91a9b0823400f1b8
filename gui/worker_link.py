"""The bridge between a worker's reader thread and Qt: events arrive in the window's own thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, Signal

from backprop_studio.gui.toolkit.crossing import Crossing
from backprop_studio.render.messages.events import EndEvent, Event

if TYPE_CHECKING:
    from backprop_studio.render.messages.jobs import Job
    from backprop_studio.render.workers.client import WorkerClient

EventHandler = Callable[[Event, bytes], None]


ClientFactory: TypeAlias = "Callable[[EventHandler], WorkerClient]"


def load_client() -> None:
    """Import what a client is made of: the window does so in a turn of its own."""
    import backprop_studio.render.workers.client  # noqa: F401


def worker_client(on_event: EventHandler) -> WorkerClient:
    """Return the real client; imported here so that a window opens before it is needed."""
    from backprop_studio.render.workers.client import WorkerClient

    return WorkerClient(on_event)


def background_client(on_event: EventHandler) -> WorkerClient:
    """Return the real client of a worker that leaves the processor to everybody else."""
    from backprop_studio.render.workers.client import WorkerClient
    from backprop_studio.render.workers.process import BACKGROUND_COMMAND

    return WorkerClient(on_event, command=BACKGROUND_COMMAND)


def video_client(on_event: EventHandler) -> WorkerClient:
    """Return the real client for whole videos, which are drawn with all cores."""
    from backprop_studio.render.workers.client import video_client

    return video_client(on_event)


def end_of(job: Job | None, event: Event) -> EndEvent | None:
    """Return an event if it says how a job ended."""
    if job is None or not isinstance(event, EndEvent) or event.job_id != job.id:
        return None
    return event


class WorkerLink(Crossing):
    """One worker as an object with signals.

    Signals
    -------
    event_arrived : Event, bytes
        An event and what was attached to it, in the thread this object lives in.
    """

    event_arrived = Signal(object, object)

    def __init__(
        self, factory: ClientFactory = worker_client, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._factory = factory
        self._client: WorkerClient | None = None
        self._held: list[Job] | None = None

    def in_background(self) -> WorkerLink:
        """Return the link to another worker, for what nobody waits for."""
        return WorkerLink(background_client, self)

    def hold(self) -> None:
        """Keep jobs back: loading and starting what does them takes a moment."""
        self._held = []

    def release(self) -> None:
        """Hand on the jobs that were kept back."""
        held, self._held = self._held or [], None
        for job in held:
            self.submit(job)

    def submit(self, job: Job) -> None:
        """Hand a job to the worker, starting it first if need be."""
        if self.is_closed:
            return
        if self._held is not None:
            self._held.append(job)
            return
        if self._client is None:
            self._client = self._factory(self._on_event)
        self._client.submit(job)

    def cancel(self, job_id: str) -> None:
        """Ask for a job to end; its end event follows."""
        if self._client is not None:
            self._client.cancel(job_id)

    def take(self, job_id: str, frame: int) -> None:
        """Say how far a stream of frames has been shown; the worker draws so much further."""
        if self._client is not None:
            self._client.take(job_id, frame)

    def close(self) -> None:
        """End the worker; returns at once, and no event arrives afterwards.

        The program does not end before that is done.
        """
        self.is_closed = True
        if self._client is not None:
            threading.Thread(target=self._client.close, name="close-worker").start()
            self._client = None

    def _on_event(self, event: Event, attachment: bytes) -> None:
        """Run on the client's reader thread: do nothing but cross over."""
        self.cross(lambda: self.event_arrived.emit(event, attachment))
