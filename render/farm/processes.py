"""Warm render processes that the jobs of one worker of the cluster share."""

from __future__ import annotations

import queue
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from backprop_studio.render.messages.events import Cancelled, Done, Failed, Progress
from backprop_studio.render.workers.client import WorkerClient
from backprop_studio.render.workers.process import WORKER_COMMAND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from backprop_studio.render.messages.events import EndEvent, Event
    from backprop_studio.render.messages.jobs import Job

_GLANCE_SECONDS = 0.5
"""How soon it is noticed that nobody waits for a job any more."""

_WARM_SECONDS = 300.0
"""How long a process waits for its next job; it holds half a gigabyte."""


class RenderProcess:
    """One render process, for one job at a time.

    Parameters
    ----------
    command : sequence of str
        How to start it.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._client = WorkerClient(lambda event, _: self._events.put(event), command=command)

    def run(
        self, job: Job, on_progress: Callable[[Progress], None], is_wanted: Callable[[], bool]
    ) -> EndEvent:
        """Do a job and return its end; one that is not wanted any more is cancelled."""
        self._client.submit(job)
        while True:
            try:
                event = self._events.get(timeout=_GLANCE_SECONDS)
            except queue.Empty:
                event = None
            if isinstance(event, Done | Failed | Cancelled):
                return event
            if not is_wanted():
                self._client.cancel(job.id)
            elif isinstance(event, Progress):
                on_progress(event)

    def close(self) -> None:
        """End the process."""
        self._client.close()


class _Idle(NamedTuple):
    process: RenderProcess
    versions: Mapping[str, str]
    since: float


class RenderProcesses:
    """As many processes as there are jobs at the same time; those that wait stay warm for a while.

    Parameters
    ----------
    command : sequence of str
        How to start one.
    warm_seconds : float
        How long one waits for its next job.
    """

    def __init__(
        self, command: Sequence[str] = WORKER_COMMAND, warm_seconds: float = _WARM_SECONDS
    ) -> None:
        self.command = command
        self._warm_seconds = warm_seconds
        self._idle: list[_Idle] = []
        self._lock = threading.Lock()

    @contextmanager
    def lend(self, versions: Mapping[str, str]) -> Iterator[RenderProcess]:
        """Lend a process for one job.

        Parameters
        ----------
        versions : mapping
            What the job is to be drawn with; a process that was started before an update still
            has the old code, and is ended.
        """
        self._end(lambda it: it.versions != versions)
        with self._lock:
            process = self._idle.pop().process if self._idle else RenderProcess(self.command)
        try:
            yield process
        except BaseException:
            process.close()
            raise
        with self._lock:
            self._idle.append(_Idle(process, versions, time.monotonic()))
        timer = threading.Timer(self._warm_seconds, self._end_waiting)
        timer.daemon = True
        timer.start()

    def close(self) -> None:
        """End the processes that wait."""
        self._end(lambda _: True)

    def _end_waiting(self) -> None:
        """End the processes that have waited long enough."""
        now = time.monotonic()
        self._end(lambda it: now - it.since >= self._warm_seconds)

    def _end(self, is_over: Callable[[_Idle], bool]) -> None:
        with self._lock:
            over = [it for it in self._idle if is_over(it)]
            self._idle = [it for it in self._idle if it not in over]
        for it in over:
            it.process.close()
