"""What reaches the queue's inbox, what it reports, and what it needs of others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from backprop_studio.render.messages.events import Event, Progress

if TYPE_CHECKING:
    from concurrent.futures import Future

    from backprop_studio.render.messages.jobs import Job
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


class Client(Protocol):
    """What the queue needs of :class:`render.workers.client.WorkerClient`."""

    def submit(self, job: Job) -> Any:
        """Queue a job; it ends exactly once."""

    def cancel(self, job_id: str) -> Any:
        """Ask for a job to end."""

    def close(self) -> Any:
        """End every job and the worker."""


ClientFactory: TypeAlias = Callable[[Callable[[Event, bytes], None]], Client]
QueueEvent: TypeAlias = Changed | Advanced
QueueMessage: TypeAlias = Requested | Event
"""A request, or what the worker said."""
