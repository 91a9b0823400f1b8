"""The render process: ``python -m render.worker``.

Jobs come in on stdin and events go out on stdout; see :mod:`render.protocol`. The process imports
Manim and torch once and stays warm. It ends when its stdin does, which is what happens when the
window or the command line that started it is gone.
"""

from __future__ import annotations

import faulthandler
import io
import os
import queue
import sys
import tempfile
import threading
import traceback
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pydantic import ValidationError

from core.errors import MissingComponentError, StudioError
from render.imports import uncollected
from render.jobs import (
    Cancelled,
    CatalogueJob,
    CheckJob,
    Done,
    Failed,
    Hello,
    NumbersJob,
    ParamsJob,
    PreviewJob,
    Progress,
    Started,
    StillJob,
    VideoJob,
)
from render.output import is_disk_error
from render.progress import RenderCancelled, Watch
from render.protocol import (
    Cancel,
    MessageDecoder,
    ProtocolError,
    Taken,
    encode_event,
    parse_request,
)
from render.staging import discard_staging
from render.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.drawing import Studio
    from render.jobs import Event, Job
    from render.protocol import Request

__all__ = ["main"]

_CHUNK = 1 << 16
_IDLE_SECONDS = 0.2
"""Without a job until the time is used: the first one comes as soon as the process says hello."""

_NOTHING = object()

_ORPHAN_GRACE_SECONDS = 2.0
"""How long a job may go on after the parent is gone."""


def _claim_pipes() -> tuple[int, BinaryIO]:
    """Keep stdin and stdout for the protocol, out of reach of everything else in the process.

    A ``print``, a progress bar or a library that writes to descriptor 1 now reaches stderr, and a
    scene that asks for input finds none.
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
    return requests, os.fdopen(events, "wb", buffering=0)


class _Inbox:
    """Reads requests on its own thread, so that news of a job are noticed while it is running."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._cancelled: set[str] = set()
        self._orphaned = False
        self._finished = threading.Event()
        self._current: Job | None = None
        self._taken = 0
        self._news = threading.Condition()
        threading.Thread(target=self._read, name="requests", daemon=True).start()

    def jobs(self, spare_time: Iterator[None]) -> Iterator[Job]:
        """Yield jobs until the other end is closed.

        Parameters
        ----------
        spare_time : iterator
            Small pieces of work for as long as no job is there.
        """
        while (job := self._next(spare_time)) is not None:
            self._current, self._taken = job, 0
            yield job
            self._current = None
            self._cancelled.discard(job.id)
        self._finished.set()

    def _next(self, spare_time: Iterator[None]) -> Job | None:
        """Wait for a job, and use the time."""
        patience: float | None = _IDLE_SECONDS
        while True:
            try:
                return self._jobs.get(timeout=patience)
            except queue.Empty:
                patience = 0.0 if next(spare_time, _NOTHING) is not _NOTHING else None

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
        with self._news:
            return self._news.wait_for(
                lambda: self._taken >= frame or self.is_cancelled(job_id), seconds
            )

    def _read(self) -> None:
        decoder = MessageDecoder()
        try:
            while data := os.read(self._descriptor, _CHUNK):
                for message in decoder.feed(data):
                    with self._news:
                        self._receive(parse_request(message.payload))
                        self._news.notify_all()
        except (OSError, ProtocolError, ValidationError) as error:
            print(f"the requests cannot be read: {error}", file=sys.stderr)  # noqa: T201
        with self._news:
            self._orphaned = True
            self._news.notify_all()
        self._jobs.put(None)
        self._end_anyway()

    def _receive(self, request: Request) -> None:
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
        if isinstance(self._current, VideoJob):
            discard_staging(Path(self._current.output), self._current.id)
        os._exit(1)


class _Worker:
    """Answers jobs, each with exactly one end event."""

    def __init__(self, events: BinaryIO, inbox: _Inbox) -> None:
        self._events = events
        self._inbox = inbox
        self._studio: Studio | None = None
        self._missing: StudioError | None = None

    def warm_up(self, media: Path) -> None:
        """Import what every job needs and say hello.

        A component that is missing is told by each job, because a worker that ends at once could
        tell nobody why.
        """
        try:
            with uncollected():
                import torch  # noqa: F401 (a scene needs it, and now nobody is waiting)

                from render.drawing import Studio

            self._studio = Studio(media)
        except ImportError as error:
            traceback.print_exc()
            self._missing = MissingComponentError(
                f"rendering needs a component that is missing: {error}; run backprop-studio doctor"
            )
        self.emit(Hello(pid=os.getpid()))

    def prepare(self) -> Iterator[None]:
        """Import one scene after the other, so that none has to be waited for later."""
        if self._studio is None:
            return
        from render.catalogue import lesson_class, scene_ids

        for scene in scene_ids():
            # A scene that fails is told by its own jobs.
            with suppress(StudioError):
                lesson_class(scene)
            yield

    def emit(self, event: Event, attachment: bytes = b"") -> None:
        """Send an event."""
        self._send(encode_event(event, attachment))

    def _send(self, message: bytes) -> None:
        view = memoryview(message)
        while view:
            view = view[self._events.write(view) :]

    def answer(self, job: Job) -> None:
        """Do a job and send its one end event."""
        self.emit(Started(job_id=job.id))
        try:
            result, attachment = self._do(job)
            done = Done(job_id=job.id, result=result, attachment=len(attachment))
            message = encode_event(done, attachment)
        except RenderCancelled:
            message = encode_event(Cancelled(job_id=job.id))
        except BaseException as error:
            message = encode_event(_failure(job.id, error))
        self._send(message)

    def _do(self, job: Job) -> tuple[dict[str, object], bytes]:
        watch = Watch(job.id, self._report, lambda: self._inbox.is_cancelled(job.id))
        watch.check()
        if self._studio is None:
            raise self._missing or StudioError("the render process is not ready")
        match job:
            case CatalogueJob():
                return {"scenes": self._catalogue(self._studio, watch)}, b""
            case CheckJob():
                return self._studio.check(job, watch), b""
            case NumbersJob():
                return {"answer_sheet": self._studio.numbers(job, watch)}, b""
            case ParamsJob():
                return self._studio.check_params(job), b""
            case PreviewJob():
                wait = partial(self._inbox.wait_until_taken, job.id)
                return self._studio.preview(job, watch, self.emit, wait), b""
            case StillJob():
                return self._studio.still(job, watch)
            case VideoJob():
                return self._studio.video(job, watch).model_dump(mode="json"), b""

    def _report(self, progress: Progress) -> None:
        self.emit(progress)

    @staticmethod
    def _catalogue(studio: Studio, watch: Watch) -> list[dict[str, object]]:
        from render.catalogue import catalogue_entry, scene_ids, store_catalogue

        entries = []
        for scene in scene_ids():
            watch.planning()
            entries.append(catalogue_entry(scene, studio.beats_of))
        store_catalogue(entries)
        return [entry.model_dump(mode="json") for entry in entries]


def _failure(job_id: str, error: BaseException) -> Failed:
    """Return the event that tells of an error: its kind, one sentence, and the rest as details."""
    kind, message = "internal", f"an unexpected error: {type(error).__name__}: {error}"
    if isinstance(error, StudioError):
        kind, message = error.kind, str(error)
    elif is_disk_error(error):
        kind, message = "output", f"the disk failed: {error}"
    elif isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        kind, message = "input", f"wrong value for {where}: {first['msg']}"
    elif isinstance(error, MemoryError):
        message = "memory ran out; choose a lower quality"
    details = "".join(traceback.format_exception(error))
    return Failed(job_id=job_id, error=kind, message=sentence(message), details=details)


def main() -> int:
    """Run until stdin ends.

    Returns
    -------
    int
        Exit code.
    """
    requests, events = _claim_pipes()
    faulthandler.enable()
    inbox = _Inbox(requests)
    worker = _Worker(events, inbox)
    try:
        with tempfile.TemporaryDirectory(prefix="media-", ignore_cleanup_errors=True) as media:
            worker.warm_up(Path(media))
            for job in inbox.jobs(worker.prepare()):
                worker.answer(job)
    except BrokenPipeError:  # the client is gone, and nobody wants to know more
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
