"""Many jobs over several workers, side by side: all of them, or the first error."""

from __future__ import annotations

import os
import queue
from collections import deque
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from render.client import Limits, WorkerClient, error_of
from render.jobs import Cancelled, Done, Event, Failed, Job, Progress
from render.process import WORKER_COMMAND

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.errors import StudioError

__all__ = ["Runner", "Task", "ThisMachine", "labelled", "run_tasks", "worker_count"]


class Task(NamedTuple):
    """A job and what messages call it."""

    label: str
    job: Job


class Runner(Protocol):
    """Where jobs are run: on this machine, or on a farm."""

    def places(self, wanted: int | None) -> int:
        """Return how many jobs can run at the same time, by default or if so many are wanted."""

    def run(
        self,
        tasks: Sequence[Task],
        on_event: Callable[[Task, Progress | Done], None],
        *,
        workers: int | None = None,
    ) -> list[Done]:
        """Run jobs as :func:`run_tasks` does."""


class _Arrival(NamedTuple):
    worker: int
    event: Event


def worker_count(wanted: int | None, jobs: int) -> int:
    """Return how many workers to use: no more than there are jobs, by default one for each core."""
    return max(1, min(wanted or os.cpu_count() or 1, jobs))


def run_tasks(
    tasks: Sequence[Task],
    on_event: Callable[[Task, Progress | Done], None],
    *,
    workers: int | None = None,
    command: Sequence[str] = WORKER_COMMAND,
    limits: Limits | None = None,
) -> list[Done]:
    """Run jobs on warm workers, each on the next that is free.

    Parameters
    ----------
    tasks : sequence of Task
        Begun in this order.
    on_event : callable
        Receives progress, and each job's end when it is well; on the caller's thread.
    workers : int, optional
        How many processes; by default one for each core.

    Returns
    -------
    list of Done
        In the order of the tasks.

    Raises
    ------
    StudioError
        The first failure, which begins with the task's label. The other jobs are cancelled.
    """
    waiting = deque(tasks)
    ended: dict[str, Done] = {}
    running: dict[int, Task] = {}
    arrivals: queue.SimpleQueue[_Arrival] = queue.SimpleQueue()
    with ExitStack() as stack:

        def start(number: int) -> WorkerClient:
            def receive(event: Event, _attachment: bytes) -> None:
                arrivals.put(_Arrival(number, event))

            return stack.enter_context(WorkerClient(receive, command=command, limits=limits))

        count = worker_count(workers, len(tasks)) if tasks else 0
        clients = [start(number) for number in range(count)]
        for number, client in enumerate(clients):
            running[number] = waiting.popleft()
            client.submit(running[number].job)
        # Leaving the block for any reason closes the clients, which cancels their jobs.
        while running:
            number, event = arrivals.get()
            task = running.get(number)
            if task is None or getattr(event, "job_id", None) != task.job.id:
                continue
            if isinstance(event, Failed | Cancelled):
                raise labelled(error_of(event), task.label)
            if not isinstance(event, Progress | Done):
                continue
            if isinstance(event, Done):
                ended[task.job.id] = event
                del running[number]
                if waiting:
                    running[number] = waiting.popleft()
                    clients[number].submit(running[number].job)
            on_event(task, event)
    return [ended[task.job.id] for task in tasks]


def labelled(error: StudioError, label: str) -> StudioError:
    """Return an error whose message begins with a label, if there is one."""
    if not label:
        return error
    told = type(error)(f"{label}: {error}")
    for note in getattr(error, "__notes__", ()):
        told.add_note(note)
    return told


@dataclass(frozen=True)
class ThisMachine:
    """Runs jobs in processes of this machine.

    Attributes
    ----------
    command : sequence of str
        How to start a worker.
    """

    command: Sequence[str] = WORKER_COMMAND

    def places(self, wanted: int | None) -> int:
        """Return how many jobs can run at the same time: by default one for each core."""
        return wanted or os.cpu_count() or 1

    def run(
        self,
        tasks: Sequence[Task],
        on_event: Callable[[Task, Progress | Done], None],
        *,
        workers: int | None = None,
    ) -> list[Done]:
        """Run jobs; see :func:`run_tasks`."""
        return run_tasks(tasks, on_event, workers=workers, command=self.command)
