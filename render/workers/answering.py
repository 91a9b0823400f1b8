"""What a process that answers jobs is made of: its pipes, what comes in, what goes out."""

from __future__ import annotations

import faulthandler
import io
import logging
import os
import queue
import sys
import threading
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO

from pydantic import ValidationError

from backprop_studio.core.base.errors import WorkInterruptedError
from backprop_studio.render.drawing.progress import RenderCancelled
from backprop_studio.render.log import stack_of, start_worker_log
from backprop_studio.render.messages import protocol
from backprop_studio.render.messages.events import Cancelled, Done, Event, Failed, Started
from backprop_studio.render.messages.protocol import Cancel, Taken, encode_event
from backprop_studio.render.workers.failures import error_in
from backprop_studio.render.workers.folders import discard_staged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backprop_studio.render.messages.jobs import Job

_log = logging.getLogger(__name__)

_CHUNK = 1 << 16
_IDLE_SECONDS = 0.2
"""Without a job until the time is used: the first one comes as soon as the process says hello."""

_ORPHAN_GRACE_SECONDS = 2.0
"""How long a job may go on after the parent is gone."""


def claim_pipes() -> tuple[int, BinaryIO]:
    """Keep stdin and stdout for the protocol, out of reach of everything else in the process.

    A ``print``, a progress bar or a library that writes to descriptor 1 now reaches stderr, and a
    scene that asks for input finds none. What is logged goes to stderr, too.
    """
    sys.stdout.flush()
    requests, events = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Into a file Python would keep lines back, and the last ones of a crash would be lost.
        sys.stdout.reconfigure(line_buffering=True)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    faulthandler.enable()
    start_worker_log()
    return requests, os.fdopen(events, "wb", buffering=0)


class Inbox:
    """Reads requests on its own thread, so that they are noticed while a job is running.

    Parameters
    ----------
    descriptor : int
        What is read from.
    idle_seconds : float
        Without a job until the time is used.
    on_change : callable, optional
        Called on that thread when :meth:`is_cancelled` may say something else.
    """

    def __init__(
        self,
        descriptor: int,
        idle_seconds: float = _IDLE_SECONDS,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._descriptor = descriptor
        self._idle_seconds = idle_seconds
        self._on_change = on_change
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._cancelled: set[str] = set()
        self._orphaned = False
        self._finished = threading.Event()
        self._current: Job | None = None
        self._taken = 0
        self._changed = threading.Condition()
        threading.Thread(target=self._read, name="requests", daemon=True).start()

    def jobs(self, spare_time: Callable[[], Iterator[None]]) -> Iterator[Job]:
        """Yield jobs until the other end is closed.

        Parameters
        ----------
        spare_time : callable
            Asked for small pieces of work whenever there is no job.
        """
        while (job := self._next(spare_time)) is not None:
            self._current, self._taken = job, 0
            yield job
            self._current = None
            self._cancelled.discard(job.id)
        self._finished.set()

    def _next(self, spare_time: Callable[[], Iterator[None]]) -> Job | None:
        """Wait for a job, and use the time."""
        with suppress(queue.Empty):
            return self._jobs.get(timeout=self._idle_seconds)
        for _ in spare_time():
            with suppress(queue.Empty):
                return self._jobs.get_nowait()
        return self._jobs.get()

    def is_cancelled(self, job_id: str) -> bool:
        """Whether the client no longer wants a job, or is gone."""
        return self._orphaned or job_id in self._cancelled

    def wait_until_taken(self, job_id: str, frame: int, seconds: float) -> bool:
        """Wait until the client has got to a frame of the running job, or no longer wants it.

        Returns
        -------
        bool
            False if neither happened in time.
        """
        with self._changed:
            return self._changed.wait_for(
                lambda: self._taken >= frame or self.is_cancelled(job_id), seconds
            )

    def _read(self) -> None:
        decoder = protocol.MessageDecoder()
        try:
            while data := os.read(self._descriptor, _CHUNK):
                for message in decoder.feed(data):
                    with self._changed:
                        self._receive(protocol.parse_request(message.payload))
                        self._changed.notify_all()
                    self._on_change()
        except (OSError, protocol.ProtocolError, ValidationError) as error:
            print(f"the requests cannot be read: {error}", file=sys.stderr)  # noqa: T201
        with self._changed:
            self._orphaned = True
            self._changed.notify_all()
        self._on_change()
        self._jobs.put(None)
        self._end_anyway()

    def _receive(self, request: protocol.Request) -> None:
        match request:
            case Cancel():
                self._cancelled.add(request.job_id)
            case Taken():
                if self._current is not None and request.job_id == self._current.id:
                    self._taken = max(self._taken, request.frame)
            case _:
                self._jobs.put(request)

    def _end_anyway(self) -> None:
        """End the process even if a job hangs: nobody else is left who could."""
        if self._finished.wait(_ORPHAN_GRACE_SECONDS):
            return
        if self._current:
            discard_staged(self._current)
        os._exit(1)


class Answers:
    """Sends events, and for each job exactly one end.

    Parameters
    ----------
    events : binary file
        What they are written to.
    """

    def __init__(self, events: BinaryIO) -> None:
        self._events = events

    def emit(self, event: Event, attachment: bytes = b"") -> None:
        """Send an event."""
        self._send(encode_event(event, attachment))

    def answer(self, job: Job, do: Callable[[Job], tuple[dict[str, Any], bytes]]) -> None:
        """Do a job and send its one end event.

        Parameters
        ----------
        job : Job
        do : callable
            Returns the job's result and its attachment, or raises what it has failed for.
        """
        self.emit(Started(job_id=job.id))
        try:
            result, attachment = do(job)
            done = Done(job_id=job.id, result=result, attachment=len(attachment))
            message = encode_event(done, attachment)
        except (RenderCancelled, WorkInterruptedError):
            message = encode_event(Cancelled(job_id=job.id))
        except BaseException as error:
            _log.info("Job %s failed: %s", job.id, stack_of(error))
            details = "".join(traceback.format_exception(error))
            message = encode_event(Failed.of(job.id, error_in(job, error), details))
        self._send(message)

    def _send(self, message: bytes) -> None:
        view = memoryview(message)
        while view:
            view = view[self._events.write(view) :]
