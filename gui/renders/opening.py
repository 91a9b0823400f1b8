"""Opens the render queue, which lasts on the disk, or one that ends with this window."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from backprop_studio.core.base.errors import StudioError
from backprop_studio.gui.worker_link import ClientFactory, EventHandler, video_client
from backprop_studio.render.messages.jobs import ParamsJob

if TYPE_CHECKING:
    from collections.abc import Callable

    from backprop_studio.core.base.messages import Message
    from backprop_studio.render.messages.events import Event
    from backprop_studio.render.queue.messages import QueueEvent
    from backprop_studio.render.queue.render_queue import RenderQueue
    from backprop_studio.render.workers.client import WorkerClient
    from backprop_studio.render.workers.folders import PrivateFolder

_WARM_UP_SCENE = "backprop"
"""Asked for nothing but its parameters, so that a video need not wait."""


class WarmClient:
    """The worker for videos, which can start before the queue asks for it.

    Parameters
    ----------
    factory : callable
        Makes a client for a handler of its events.
    """

    def __init__(self, factory: ClientFactory = video_client) -> None:
        self._factory = factory
        self._client: WorkerClient | None = None
        self._handler: EventHandler | None = None
        self._is_closed = False
        self._lock = threading.Lock()

    def begin(self, on_event: EventHandler) -> WorkerClient:
        """Return the client, which sends its events here from now on."""
        with self._lock:
            self._handler = on_event
            return self._started()

    def warm_up(self) -> None:
        """Start the worker, unless it was started already."""
        with self._lock:
            if self._client is None and not self._is_closed:
                self._started().submit(ParamsJob(id="warm-up", scene=_WARM_UP_SCENE))

    def close(self) -> None:
        """End the worker; a second call does nothing."""
        with self._lock:
            self._is_closed = True
            client = self._client
        if client is not None:
            client.close()

    def _started(self) -> WorkerClient:
        if self._client is None:
            self._client = self._factory(self._on_event)
        return self._client

    def _on_event(self, event: Event, attachment: bytes) -> None:
        if self._handler is not None:
            self._handler(event, attachment)


@dataclass(frozen=True)
class OpenQueue:
    """A queue that this window has.

    Attributes
    ----------
    queue : RenderQueue
        The queue.
    worker : WarmClient
        What it draws with.
    problem : Message or None
        Why it is not the user's own.
    folder : PrivateFolder or None
        Where one lies that ends with the window.
    """

    queue: RenderQueue
    worker: WarmClient
    problem: Message | None = None
    folder: PrivateFolder | None = None

    def close(self) -> None:
        """Stop, and wait until all is let go; what is being drawn is interrupted."""
        self.queue.close()
        self.worker.close()
        if self.folder is not None:
            self.folder.remove()


QueueOpener: TypeAlias = "Callable[[Callable[[QueueEvent], None]], OpenQueue]"


def open_queue(
    on_event: Callable[[QueueEvent], None],
    *,
    factory: ClientFactory = video_client,
    **options: Any,
) -> OpenQueue:
    """Open the user's queue, or one of our own if that one cannot be had.

    Parameters
    ----------
    on_event : callable
        Receives the queue's events, on a thread of the queue.
    factory : callable
        Makes the client of the worker.
    **options
        For :class:`~render.queue.render_queue.RenderQueue`.

    Raises
    ------
    StudioError
        If there is no directory for a queue at all.
    """
    # Only here: the window is shown before anything of this is loaded.
    from backprop_studio.render.queue.render_queue import RenderQueue
    from backprop_studio.render.workers.folders import PrivateFolder

    worker = WarmClient(factory)
    try:
        return OpenQueue(RenderQueue(on_event, client=worker.begin, **options), worker)
    except StudioError as error:
        problem = error.message
    folder = PrivateFolder()
    try:
        options |= {"folder": folder.path / "queue"}
        queue = RenderQueue(on_event, client=worker.begin, **options)
    except BaseException:
        folder.remove()
        raise
    return OpenQueue(queue, worker, problem, folder)
