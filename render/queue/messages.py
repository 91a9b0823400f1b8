"""What reaches the queue's inbox, what it reports, and what it needs of others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from backprop_studio.render.messages.events import Event, Progress

if TYPE_CHECKING:
    from concurrent.futures import Future
    from pathlib import Path

    from backprop_studio.render.messages.jobs import Job, VideoJob
    from backprop_studio.render.messages.results import VideoResult
    from backprop_studio.render.queue.model import QueueState


@dataclass(frozen=True)
class Changed:
    """The queue is another one now, and it lies on the disk.

    If the disk refused what had happened already, the queue is paused and says so.
    """

    state: QueueState


@dataclass(frozen=True)
class Advanced:
    """The entry that is being drawn is so far."""

    entry_id: str
    progress: Progress


@dataclass(frozen=True)
class Requested:
    """Somebody asks something of the queue, and waits for the answer."""

    act: Callable[[], Any]
    answer: Future[Any]


@dataclass(frozen=True)
class Arrived:
    """The worker said something."""

    event: Event


class Client(Protocol):
    """What the queue needs of :class:`render.workers.client.WorkerClient`."""

    def submit(self, job: Job) -> Any:
        """Queue a job; it ends exactly once."""

    def cancel(self, job_id: str) -> Any:
        """Ask for a job to end."""

    def close(self) -> Any:
        """End every job and the worker."""


class Cache(Protocol):
    """What the queue needs of :class:`render.files.cache.VideoCache`."""

    def deliver(self, job: VideoJob) -> VideoResult | None:
        """Put a job's video where the job wants it, if it is there."""

    def keep(self, job: VideoJob, video: Path, result: VideoResult) -> Any:
        """Keep a copy of a finished video."""


ClientFactory: TypeAlias = Callable[[Callable[[Event, bytes], None]], Client]
QueueEvent: TypeAlias = Changed | Advanced
QueueMessage: TypeAlias = Requested | Arrived
