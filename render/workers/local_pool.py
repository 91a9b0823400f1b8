"""Jobs side by side in processes of this machine, for once or kept warm for more."""

from __future__ import annotations

import os
import queue
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import psutil

from backprop_studio.render.messages.events import Cancelled, Done, EndEvent, Failed, Progress
from backprop_studio.render.workers.batch import labelled
from backprop_studio.render.workers.client import WorkerClient, error_of
from backprop_studio.render.workers.closing import Closing
from backprop_studio.render.workers.limits import Limits, memory_of
from backprop_studio.render.workers.process import WORKER_COMMAND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.render.messages.events import Event
    from backprop_studio.render.workers.batch import OnEvent, Task

_WORKER_BYTES = 700 * 1024**2
"""What a process that draws 1080p takes, and a little more."""


class _Arrival(NamedTuple):
    worker: int
    event: Progress | EndEvent


Arrivals = queue.SimpleQueue["_Arrival | Exception"]
"""What the workers say during a run, and an error from whoever ends it."""


class WarmWorkers(Closing):
    """Worker processes that run jobs side by side and stay warm for the next ones.

    One run at a time. Processes start when they are needed first.

    Parameters
    ----------
    command : sequence of str
        How to start a worker.
    limits : Limits, optional
        How long things may take.

    Attributes
    ----------
    arrivals : Arrivals
        An error that is put there ends the run; who does that gives each run its own.
    """

    def __init__(
        self, command: Sequence[str] = WORKER_COMMAND, limits: Limits | None = None
    ) -> None:
        self.arrivals = Arrivals()
        self._command = command
        self._limits = limits
        self._clients: list[WorkerClient] = []

    def capacity(self, wanted: int | None) -> int:
        """Return how many jobs can run at the same time.

        By default one for each core, if there is memory for so many.
        """
        if wanted:
            return wanted
        held = sum(memory_of(client.worker_pid) for client in self._clients)
        free = psutil.virtual_memory().available + held
        return max(1, min(os.cpu_count() or 1, free // _WORKER_BYTES))

    def run(
        self, tasks: Sequence[Task], on_event: OnEvent, *, workers: int | None = None
    ) -> list[Done]:
        """Run jobs, each on the next free worker; see :meth:`render.workers.batch.Runner.run`."""
        waiting = deque(tasks)
        ended: dict[str, Done] = {}
        running: dict[int, Task] = {}
        try:
            for number in range(min(self.capacity(workers), len(tasks))):
                self._begin(number, running, waiting)
            while running:
                number, task, event = self._next(running)
                if isinstance(event, Failed | Cancelled):
                    raise labelled(error_of(event), task.label)
                if isinstance(event, Done):
                    ended[task.job.id] = event
                    if waiting:
                        self._begin(number, running, waiting)
                on_event(task, event)
        except BaseException:
            self._give_up(running)
            raise
        return [ended[task.job.id] for task in tasks]

    def rest(self) -> None:
        """End all workers but the first, and give their memory back."""
        while len(self._clients) > 1:
            self._clients.pop().close()

    def close(self) -> None:
        """End the workers; a second call does nothing."""
        while self._clients:
            self._clients.pop().close()

    def _client(self, number: int) -> WorkerClient:
        """Return the client of a worker; the ones before it are there."""
        if number == len(self._clients):

            def receive(event: Event, _attachment: bytes) -> None:
                if isinstance(event, Progress | EndEvent):
                    self.arrivals.put(_Arrival(number, event))

            client = WorkerClient(receive, command=self._command, limits=self._limits)
            self._clients.append(client)
        return self._clients[number]

    def _begin(self, number: int, running: dict[int, Task], waiting: deque[Task]) -> None:
        task = waiting.popleft()
        self._client(number).submit(task.job)
        running[number] = task

    def _next(self, running: dict[int, Task]) -> tuple[int, Task, Progress | EndEvent]:
        """Wait for what happens next to a running job; one that has ended runs no more."""
        while True:
            arrival = self.arrivals.get()
            if isinstance(arrival, Exception):
                raise arrival
            number, event = arrival
            task = running.get(number)
            if task and event.job_id == task.job.id:
                if isinstance(event, EndEvent):
                    del running[number]
                return number, task, event

    def _give_up(self, running: dict[int, Task]) -> None:
        """Cancel what is running and wait until it has ended, so that it writes no more."""
        for number, begun in running.items():
            self._clients[number].cancel(begun.job.id)
        while running:
            with suppress(Exception):  # of whoever is in a hurry to end the run
                self._next(running)


class LocalPool(WarmWorkers):
    """Worker processes of this machine that end with each run."""

    def run(
        self, tasks: Sequence[Task], on_event: OnEvent, *, workers: int | None = None
    ) -> list[Done]:
        """Run jobs; see :meth:`render.workers.batch.Runner.run`."""
        with self:
            return super().run(tasks, on_event, workers=workers)
