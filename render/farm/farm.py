"""A Dask cluster as one more runner of jobs."""

from __future__ import annotations

import queue
import time
import uuid
from collections import deque
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import MissingComponentError, StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.farm.connection import connect
from backprop_studio.render.farm.payload import TaskResult, pack
from backprop_studio.render.farm.receiving import check_output, write_video
from backprop_studio.render.farm.versions import versions
from backprop_studio.render.messages.events import Cancelled, Done, Failed, Progress, parse_event
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.messages.results import VideoResult
from backprop_studio.render.workers.batch import Task, labelling
from backprop_studio.render.workers.client import error_of
from backprop_studio.render.workers.closing import Closing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from distributed import Future

_LOOK_SECONDS = 2.0
"""How often it is looked whether the farm is still there, while nothing arrives."""

_ALONE_SECONDS = 60.0
"""How long a farm may be without any worker; one that died is usually started again."""

_SIZE_WARNING = "distributed.admin.large-graph-warning-threshold"


@dataclass
class _Sent:
    """A job that is on the farm, and how far it has been reported."""

    task: Task
    future: Future[TaskResult]
    fraction: float = 0.0


class Farm(Closing):
    """Runs jobs on a running Dask cluster; a job whose worker is lost is run again on another.

    Parameters
    ----------
    address : str
        Of the scheduler, as ``tcp://computer:8786``.
    alone_seconds : float
        How long to wait for a worker when there is none any more.

    Raises
    ------
    StudioError
        If the farm cannot be used; the message says what to do.
    """

    def __init__(self, address: str, alone_seconds: float = _ALONE_SECONDS) -> None:
        self._address = address
        self._alone_seconds = alone_seconds
        self._versions = versions()
        # How far a job is, or the key of one that Dask is done with, well or not.
        self._arrivals: queue.SimpleQueue[Progress | str] = queue.SimpleQueue()
        self._client = connect(address, self._versions)
        from backprop_studio.render.farm.remote_job import TOPIC

        self._client.subscribe_topic(TOPIC, self._on_progress)

    def close(self) -> None:
        """Leave the farm, which gives up the jobs that are still there."""
        with suppress(Exception):  # the scheduler may be gone
            self._client.close(timeout=_LOOK_SECONDS)

    def capacity(self, wanted: int | None) -> int:
        """Return how many jobs can run at the same time: by default one for each thread."""
        return wanted or max(1, sum(self._threads().values()))

    def run(
        self,
        tasks: Sequence[Task],
        on_event: Callable[[Task, Progress | Done], None],
        *,
        workers: int | None = None,
    ) -> list[Done]:
        """Run jobs; see :meth:`render.workers.batch.Runner.run`.

        The files that a job's parameters name go with it, and its video comes to where the job
        wants it.

        Parameters
        ----------
        workers : int, optional
            How many jobs at the same time.
        """
        for task in tasks:
            with labelling(task.label):
                check_output(task.job)
        waiting = deque(tasks)
        sent: dict[str, _Sent] = {}
        ended: dict[str, Done] = {}
        try:
            self._fill(sent, waiting, workers)
            while sent:
                arrival = self._next()
                if isinstance(arrival, Progress):
                    _report(arrival, sent.values(), on_event)
                elif arrival in sent:
                    row = sent.pop(arrival)
                    with labelling(row.task.label):
                        done = self._receive(row)
                    ended[row.task.job.id] = done
                    self._fill(sent, waiting, workers)
                    on_event(row.task, done)
        finally:
            if futures := [row.future for row in sent.values()]:
                with suppress(Exception):  # the scheduler may be gone
                    self._client.cancel(futures, force=True)
        return [ended[task.job.id] for task in tasks]

    def _fill(self, sent: dict[str, _Sent], waiting: deque[Task], workers: int | None) -> None:
        """Send as many of the waiting jobs as there is room for.

        Unless told otherwise these are some more than run, so that no worker waits for its next
        job; not all, because the scheduler has the files of each in its memory.
        """
        room = (workers or 2 * self.capacity(None)) if waiting else 0
        while waiting and len(sent) < room:
            key = f"backprop-studio-{uuid.uuid4().hex}"  # one that the cluster has never seen
            sent[key] = self._send(waiting.popleft(), key)

    def _send(self, task: Task, key: str) -> _Sent:
        # Only here and below: the package may be missing, which connecting finds out first.
        import dask

        from backprop_studio.render.farm.remote_job import perform

        with labelling(task.label):
            request = pack(task.job, self._versions)
        with dask.config.set({_SIZE_WARNING: "1 TB"}):  # the limit is ours, and it was held
            future = self._client.submit(perform, request, key=key, pure=False)
        future.add_done_callback(lambda _: self._arrivals.put(key))
        return _Sent(task, future)

    def _on_progress(self, logged: tuple[float, str]) -> None:
        """Take an event of a worker, which may be of another client's job."""
        event = parse_event(logged[1])
        if isinstance(event, Progress):
            self._arrivals.put(event)

    def _next(self) -> Progress | str:
        """Wait for the next thing to happen, as long as there is a farm."""
        alone_since: float | None = None
        while True:
            try:
                return self._arrivals.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                now = time.monotonic()
                alone_since = None if self._threads() else alone_since or now
                if alone_since is not None and now - alone_since >= self._alone_seconds:
                    text = N_(
                        "the farm at {address} has lost all its workers; start one with: dask "
                        "worker {address}"
                    )
                    error = MissingComponentError("farm.deserted", text, address=self._address)
                    raise error from None

    def _threads(self) -> dict[str, int]:
        """Return the workers, each with how many jobs it does at the same time."""
        try:
            found: dict[str, int] = self._client.nthreads()
        except Exception as error:  # whatever it is: a running scheduler answers
            raise self._lost() from error
        return found

    def _lost(self) -> MissingComponentError:
        text = N_("the connection to the farm at {address} was lost")
        return MissingComponentError("farm.lost", text, address=self._address)

    def _receive(self, row: _Sent) -> Done:
        """Return a job's end when all of it is here."""
        received = self._task_result(row.future)
        end = parse_event(received.end)
        if isinstance(end, Failed | Cancelled):
            raise error_of(end)
        if not isinstance(end, Done):
            raise StudioError("farm.no_end", N_("the farm sent something that ends no job"))
        job = row.task.job
        if not isinstance(job, VideoJob):
            return end
        result = write_video(job, VideoResult.model_validate(end.result), received.video)
        return end.model_copy(update={"result": result.model_dump(mode="json")})

    def _task_result(self, future: Future[TaskResult]) -> TaskResult:
        from distributed import KilledWorker

        try:
            result: TaskResult = future.result()
        except KilledWorker as error:
            text = N_(
                "{count} workers of the farm died while they drew it, the last one at "
                "{address}; what they lacked, probably memory, is in their logs"
            )
            count, address = error.allowed_failures + 1, error.last_worker.address
            raise StudioError("farm.workers_died", text, count=count, address=address) from error
        except CancelledError as error:
            raise self._lost() from error
        except Exception as error:
            text = N_("the farm at {address} failed: {reason}")
            fields = {"address": self._address, "reason": repr(error)}
            raise StudioError("farm.failed", text, **fields) from error
        return result


def _report(
    progress: Progress, rows: Iterable[_Sent], on_event: Callable[[Task, Progress | Done], None]
) -> None:
    """Report how far a job is; one that is run again is silent until it is as far as it was."""
    for row in rows:
        if row.task.job.id == progress.job_id and progress.fraction >= row.fraction:
            row.fraction = progress.fraction
            on_event(row.task, progress)
