"""The one warm worker of a Python process, for what is asked in a notebook."""

from __future__ import annotations

import queue
import threading
import uuid
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError
from backprop_studio.notebook.apart import run_apart
from backprop_studio.render.messages.events import Done, EndEvent
from backprop_studio.render.workers.client import WorkerClient, error_of

if TYPE_CHECKING:
    from backprop_studio.notebook.apart import Stop
    from backprop_studio.render.messages.events import Event
    from backprop_studio.render.messages.jobs import Job


class _Kernel:
    """A worker that starts with the first job and ends with the process.

    Jobs run one after the other, also those of several threads.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._ends: queue.SimpleQueue[tuple[EndEvent, bytes] | None] = queue.SimpleQueue()
        self._client: WorkerClient | None = None

    def run(self, job: Job, stop: Stop) -> tuple[Done, bytes]:
        """Run a job and wait for its end; it is cancelled if it is to stop."""
        with self._turn, stop.waking(lambda: self._ends.put(None)):
            if self._client is None:
                self._client = WorkerClient(self._receive)
            try:
                self._client.submit(job)
                end, attachment = self._end_of(job, stop)
            except BaseException:
                # Only what has not begun is lost with the worker; the next job starts another.
                client, self._client = self._client, None
                client.cancel(job.id)
                client.close()
                raise
        if isinstance(end, Done):
            return end, attachment
        error = error_of(end)
        # Where in the worker a wrong value was noticed is no news for whoever gave it.
        raise InputError(error.message) if isinstance(error, InputError) else error

    def _end_of(self, job: Job, stop: Stop) -> tuple[EndEvent, bytes]:
        """Return how a job ended; what one has left that was interrupted is passed over."""
        while True:
            arrived = self._ends.get()
            stop.check()
            if arrived is not None and arrived[0].job_id == job.id:
                return arrived

    def _receive(self, event: Event, attachment: bytes) -> None:
        if isinstance(event, EndEvent):
            self._ends.put((event, attachment))


_KERNEL = _Kernel()


def run(job: Job, stop: Stop | None = None) -> tuple[Done, bytes]:
    """Run a job on the process's worker and wait for its end.

    Parameters
    ----------
    stop : Stop, optional
        Of the work that it belongs to; by default it is one of its own.

    Raises
    ------
    StudioError
        The class that belongs to the failure.
    """
    if stop is not None:
        return _KERNEL.run(job, stop)
    return run_apart(lambda own: _KERNEL.run(job, own))


def new_id() -> str:
    """Return an id that no other job has."""
    return uuid.uuid4().hex
