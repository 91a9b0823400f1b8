"""How the window and the command line talk to a worker: plain Python, without Qt."""

from __future__ import annotations

import queue
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import ERRORS_BY_KIND, StudioError, WorkInterruptedError
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.messages.events import Cancelled, Done, EndEvent, Progress
from backprop_studio.render.messages.protocol import Cancel, Taken
from backprop_studio.render.workers.closing import ThreadClient
from backprop_studio.render.workers.dispatcher import Dispatcher
from backprop_studio.render.workers.limits import Limits
from backprop_studio.render.workers.process import COORDINATOR_COMMAND, WORKER_COMMAND

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backprop_studio.render.messages.events import Event, Failed
    from backprop_studio.render.messages.jobs import Job
    from backprop_studio.render.workers.dispatcher import EventHandler


class WorkerClient(ThreadClient):
    """Runs jobs on one warm worker process.

    The process starts with the first job, stays warm, and is replaced when it dies or hangs. Jobs
    run one at a time, in order, except that a newer :class:`StillJob` replaces older stills and
    previews, and a newer :class:`PreviewJob` older previews; these end as :class:`Cancelled`. Every
    submitted job ends exactly once.

    Parameters
    ----------
    on_event : callable
        Receives each event with its attachment (the PNG of a still, the JPEG of a frame, or empty).
        It runs on a thread of the client and must return soon; after :meth:`close` it is not called
        again.
    command : sequence of str, optional
        How to start a worker.
    limits : Limits, optional
        How long things may take.
    """

    def __init__(
        self,
        on_event: EventHandler,
        *,
        command: Sequence[str] = WORKER_COMMAND,
        limits: Limits | None = None,
    ) -> None:
        self._dispatcher = Dispatcher(on_event, command, limits or Limits())
        super().__init__(self._dispatcher)

    @property
    def worker_pid(self) -> int | None:
        """Process id of the worker, if one is running."""
        return self._dispatcher.worker_pid

    def submit(self, job: Job) -> None:
        """Queue a job; returns at once.

        Raises
        ------
        RuntimeError
            If the client is closed.
        """
        self._send(job)

    def cancel(self, job_id: str) -> None:
        """Ask for a job to end; returns at once.

        The job ends within three seconds: a worker that does not give it up is killed. A job that
        has already ended is left alone.
        """
        self._dispatcher.inbox.put(Cancel(job_id=job_id))

    def take(self, job_id: str, frame: int) -> None:
        """Say that a stream of frames has been shown up to this one; returns at once.

        The worker draws as many frames ahead of it as the :class:`PreviewJob` allows.
        """
        self._dispatcher.inbox.put(Taken(job_id=job_id, frame=frame))


def video_client(on_event: EventHandler) -> WorkerClient:
    """Return a client of one worker that draws a video with all cores.

    It leaves the processor to other programs when they want it.
    """
    # Longer than the workers behind it, which can say better what has happened.
    limits = Limits(stall=1.25 * Limits().stall)
    return WorkerClient(on_event, command=COORDINATOR_COMMAND, limits=limits)


def run_job(
    job: Job,
    on_progress: Callable[[Progress], None] | None = None,
    *,
    command: Sequence[str] = WORKER_COMMAND,
    limits: Limits | None = None,
) -> tuple[Done, bytes]:
    """Run one job on a worker of its own and wait for its end.

    An interrupt (Ctrl-C) cancels the job and is raised again when the worker has given it up; a
    second one does not wait for that.

    ``on_progress`` is called on another thread; the rest is as in :class:`WorkerClient`.

    Returns
    -------
    Done, bytes
        The result and its attachment.

    Raises
    ------
    StudioError
        The class that belongs to the failure; :class:`WorkInterruptedError` if it was cancelled.
    """
    ends: queue.SimpleQueue[tuple[EndEvent, bytes]] = queue.SimpleQueue()

    def receive(event: Event, attachment: bytes) -> None:
        if isinstance(event, Progress) and on_progress:
            on_progress(event)
        elif isinstance(event, EndEvent):
            ends.put((event, attachment))

    with WorkerClient(receive, command=command, limits=limits) as client:
        client.submit(job)
        try:
            end, attachment = ends.get()
        except BaseException:
            client.cancel(job.id)
            ends.get()
            raise
    if isinstance(end, Done):
        return end, attachment
    raise error_of(end)


def error_of(end: Failed | Cancelled) -> StudioError:
    """Return the error that an unhappy end stands for."""
    if isinstance(end, Cancelled):
        return cancelled_error()
    error = ERRORS_BY_KIND.get(end.error, StudioError)(end.message)
    if end.details:
        error.add_note(end.details)
    return error


def cancelled_error() -> WorkInterruptedError:
    """Return the error of a job that nobody wants any more."""
    return WorkInterruptedError("work.cancelled", N_("the work was cancelled"))
