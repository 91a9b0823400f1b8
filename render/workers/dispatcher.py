"""Which job runs, and how each one ends: the client's state, owned by one thread.

Everything that happens (a submitted job, an event of the worker, its death, the close) is a message
in one inbox, and one thread takes them in turn. So there are no locks, and "exactly one end per
job" is a property of a few short methods.
"""

from __future__ import annotations

import logging
import queue
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from backprop_studio.core.base.errors import OutputError, StudioError
from backprop_studio.render.log import JobLog
from backprop_studio.render.messages import events
from backprop_studio.render.messages.events import Cancelled, EndEvent, Event, Failed
from backprop_studio.render.messages.failures import unexpected
from backprop_studio.render.messages.jobs import (
    CatalogueJob,
    Job,
    JobRequest,
    PreviewJob,
    StillJob,
)
from backprop_studio.render.messages.protocol import Cancel, Request, Taken, encode_request
from backprop_studio.render.workers import failures
from backprop_studio.render.workers.closing import CloseRequested, InboxThread
from backprop_studio.render.workers.folders import (
    PrivateFolder,
    discard_staged,
    remove_abandoned_folders,
)
from backprop_studio.render.workers.limits import Limits, memory_of
from backprop_studio.render.workers.process import Arrived, Exited, Unreadable, WorkerProcess

if TYPE_CHECKING:
    from backprop_studio.render.workers.process import Notice

_log = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
"""How often a working process is asked for its memory."""

_ASLEEP_SECONDS = 5.0
"""Who wakes so much later than it meant to was stopped itself, and cannot blame anybody."""

EventHandler: TypeAlias = Callable[[Event, bytes], None]
"""Takes an event and its attachment."""


@dataclass
class _Running:
    job: Job
    last_sign: float
    cancel_asked: bool = False
    kill_at: float | None = None
    comes_again: bool = False


class Dispatcher(InboxThread):
    """Runs jobs one at a time on a worker that it starts, watches and replaces.

    Parameters
    ----------
    on_event : callable
        Receives every event and its attachment, on this thread.
    command : sequence of str
        How to start a worker.
    limits : Limits
        How long things may take.
    """

    def __init__(self, on_event: EventHandler, command: Sequence[str], limits: Limits) -> None:
        super().__init__("render client")
        self._on_event = on_event
        self._command = command
        self._limits = limits
        self._waiting: deque[Job] = deque()
        self._running: _Running | None = None
        self._process: WorkerProcess | None = None
        self._folder: PrivateFolder | None = None
        self._hello_by: float | None = None
        self._job_log = JobLog(_log)

    @property
    def worker_pid(self) -> int | None:
        """Process id of the worker, if one is running."""
        process = self._process
        return process.pid if process else None

    def run(self) -> None:
        """Take messages from the inbox until asked to close."""
        remove_abandoned_folders()
        awake = time.monotonic()
        try:
            while True:
                timeout = self._timeout()
                try:
                    message = self.inbox.get(timeout=timeout)
                except queue.Empty:
                    message = None
                before, awake = awake, time.monotonic()
                if timeout is not None:
                    self._grant_grace_period(awake - before - timeout)
                if isinstance(message, CloseRequested):
                    break
                try:
                    self._handle(message)
                    self._enforce_limits()
                    self._advance()
                except Exception as error:  # a fault of ours must not leave anybody waiting
                    details = "".join(traceback.format_exception(error))
                    self._give_up(unexpected(error), everything=True, details=details)
        finally:
            self._shut_down()

    def _handle(self, message: Notice | Request | None) -> None:
        match message:
            case JobRequest():
                self._accept(message)
            case Cancel():
                self._cancel(message.job_id)
            case Taken():
                self._pass_on(message)
            case Arrived() | Unreadable() | Exited() if message.process is not self._process:
                pass  # late output of a worker that was given up
            case Arrived(_, event, attachment):
                self._arrived(event, attachment)
            case Unreadable(_, reason):
                self._give_up(failures.unreadable(reason))
            case Exited(process):
                self._died(process)

    # Requests

    def _accept(self, job: Job) -> None:
        if isinstance(job, StillJob):
            self._supersede_stills()
        if isinstance(job, StillJob | PreviewJob):
            self._supersede_previews()
            self._put_catalogue_off()
        self._waiting.append(job)

    def _supersede_stills(self) -> None:
        """Give up older stills, which nobody will look at.

        One that is being drawn is only asked to stop: killing a warm worker would cost more time
        than the rest of the picture.
        """
        outdated = [job for job in self._waiting if isinstance(job, StillJob)]
        self._waiting = deque(job for job in self._waiting if not isinstance(job, StillJob))
        for job in outdated:
            self._emit(Cancelled(job_id=job.id))
        if self._running and isinstance(self._running.job, StillJob):
            self._ask_to_cancel(self._running)

    def _supersede_previews(self) -> None:
        """Give up older previews, which could go on for minutes."""
        outdated = [job for job in self._waiting if isinstance(job, PreviewJob)]
        if self._running and isinstance(self._running.job, PreviewJob):
            outdated.append(self._running.job)
        for job in outdated:
            self._cancel(job.id)

    def _put_catalogue_off(self) -> None:
        """Have the scenes read after what somebody looks at; what is read stays so."""
        running = self._running
        if running and isinstance(running.job, CatalogueJob) and not running.cancel_asked:
            running.comes_again = True
            self._ask_to_cancel(running)

    def _pass_on(self, taken: Taken) -> None:
        if self._process and self._running and self._running.job.id == taken.job_id:
            self._process.send(encode_request(taken))

    def _cancel(self, job_id: str) -> None:
        running = self._running
        if running and running.job.id == job_id:
            running.comes_again = False
            self._ask_to_cancel(running)
            if running.kill_at is None:
                running.kill_at = time.monotonic() + self._limits.cancel
            return
        for job in self._waiting:
            if job.id == job_id:
                self._waiting.remove(job)
                self._emit(Cancelled(job_id=job_id))
                return

    def _ask_to_cancel(self, running: _Running) -> None:
        if not running.cancel_asked and self._process:
            running.cancel_asked = True
            self._process.send(encode_request(Cancel(job_id=running.job.id)))

    # What the worker says

    def _arrived(self, event: Event, attachment: bytes) -> None:
        if isinstance(event, events.Hello):
            if event.protocol == events.PROTOCOL_VERSION:
                _log.info("Worker process %d is ready", event.pid)
                self._hello_by = None
                self._emit(event)
            else:
                self._give_up(failures.other_protocol(event.protocol), everything=True)
        elif self._running and event.job_id == self._running.job.id:
            running = self._running
            running.last_sign = time.monotonic()
            if isinstance(event, EndEvent):
                self._running = None
                self._replace_if_heavy()
            if isinstance(event, Cancelled) and running.comes_again:
                self._waiting.append(running.job)
            else:
                self._emit(event, attachment)

    def _died(self, process: WorkerProcess) -> None:
        cause = process.cause_of_death()
        at_start = self._hello_by is not None
        self._give_up(failures.died(cause, at_start=at_start), everything=at_start)

    # Deadlines

    def _timeout(self) -> float | None:
        deadlines = [self._hello_by] if self._hello_by is not None else []
        if self._running:
            deadlines.append(self._running.last_sign + self._limits.stall)
            deadlines.append(time.monotonic() + _LOOK_SECONDS)
            if self._running.kill_at is not None:
                deadlines.append(self._running.kill_at)
        return max(0.0, min(deadlines) - time.monotonic()) if deadlines else None

    def _grant_grace_period(self, late: float) -> None:
        """Put deadlines off by the time in which this process itself stood still."""
        if late < _ASLEEP_SECONDS:
            return
        _log.info("Grace period of %.0f s: this process stood still", late)
        if self._hello_by is not None:
            self._hello_by += late
        if self._running:
            self._running.last_sign += late

    def _enforce_limits(self) -> None:
        now = time.monotonic()
        running = self._running
        if running and running.kill_at is not None and now >= running.kill_at:
            self._give_up()
        elif running and now >= running.last_sign + self._limits.stall:
            self._give_up(failures.silent(self._limits.stall))
        elif running and self._memory() > self._limits.most_memory:
            self._give_up(failures.too_big(self._limits.most_memory))
        elif self._hello_by is not None and now >= self._hello_by:
            self._give_up(failures.no_hello(self._limits.start), everything=True)

    # The worker

    def _memory(self) -> int:
        """Return how many bytes the worker holds; 0 if it is gone or cannot be asked."""
        return memory_of(self.worker_pid)

    def _replace_if_heavy(self) -> None:
        """Start a new worker ahead of the next job if this one has kept too much."""
        if self._memory() > self._limits.idle_memory:
            _log.info("Worker replaced: it holds %.1f GB", self._memory() / 1e9)
            self._stop_worker()
            self._start_worker()

    def _advance(self) -> None:
        """Start the next job if the worker is free, and a worker if there is none."""
        if self._running or not self._waiting:
            return
        if self._process is None:
            self._start_worker()
        if self._process is None or self._hello_by is not None:
            return
        looked_at = (job for job in self._waiting if not isinstance(job, CatalogueJob))
        job = next(looked_at, self._waiting[0])
        try:
            request = encode_request(job)
        except (ValueError, RecursionError):
            self._waiting.remove(job)
            self._emit(Failed.of(job.id, failures.no_json()))
            self._advance()
        else:
            self._waiting.remove(job)
            self._running = _Running(job, last_sign=time.monotonic())
            self._job_log.begun(job)
            self._process.send(request)

    def _start_worker(self) -> None:
        try:
            self._folder = PrivateFolder()
            self._process = WorkerProcess(self._command, self._folder.path, self.inbox.put)
        except OutputError as error:
            self._give_up(error, everything=True)
        except OSError as error:
            self._give_up(failures.not_started(error), everything=True)
        else:
            self._hello_by = time.monotonic() + self._limits.start
            _log.info("Worker process %d started", self._process.pid)

    def _give_up(
        self, error: StudioError | None = None, *, everything: bool = False, details: str = ""
    ) -> None:
        """Stop the worker and end the running job, or with ``everything`` the waiting ones too.

        Without an error the job was cancelled.
        """
        _log.warning("Worker given up: %s", error or "it was cancelled")
        details += self._stop_worker()
        ended = []
        if self._running:
            running, self._running = self._running, None
            discard_staged(running.job)
            ended.append((running.job, running.cancel_asked))
        if everything:
            ended += [(job, False) for job in self._waiting]
            self._waiting.clear()
        for job, cancelled in ended:
            if cancelled or error is None:
                self._emit(Cancelled(job_id=job.id))
            else:
                self._emit(Failed.of(job.id, error, details))

    def _stop_worker(self) -> str:
        """Stop the worker, if any, and return the last that it wrote to stderr."""
        process, self._process = self._process, None
        folder, self._folder = self._folder, None
        self._hello_by = None
        if process:
            process.stop()
        if folder:
            folder.remove()
        return process.stderr_tail if process else ""

    def _shut_down(self) -> None:
        ended: list[JobRequest] = [self._running.job] if self._running else []
        ended += self._waiting
        with suppress(queue.Empty):
            while True:
                message = self.inbox.get_nowait()
                if isinstance(message, JobRequest):
                    ended.append(message)
        self._running = None
        self._waiting.clear()
        self._stop_worker()
        for job in ended:
            discard_staged(job)
            self._emit(Cancelled(job_id=job.id))

    def _emit(self, event: Event, attachment: bytes = b"") -> None:
        if isinstance(event, EndEvent):
            self._job_log.ended(event)
        try:
            self._on_event(event, attachment)
        except Exception:  # a fault of the listener must not end the thread that serves all jobs
            _log.exception("The handler of %s failed", type(event).__name__)
