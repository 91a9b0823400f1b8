"""How the window and the command line use the queue: plain Python, without Qt."""

from __future__ import annotations

from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from backprop_studio.render.files.cache import VideoCache
from backprop_studio.render.queue import operations
from backprop_studio.render.queue.messages import QueueEvent, Requested
from backprop_studio.render.queue.owner import QueueOwner
from backprop_studio.render.queue.space import Space
from backprop_studio.render.queue.store import QueueStore, queue_folder
from backprop_studio.render.workers.client import video_client
from backprop_studio.render.workers.closing import ThreadClient

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from backprop_studio.render.queue.messages import ClientFactory
    from backprop_studio.render.queue.model import Entry, QueuedJob, QueueState

_T = TypeVar("_T")


class RenderQueue(ThreadClient):
    """Videos and lectures that are drawn one after the other, and outlive the program.

    Each change is on the disk before it is reported. After a kill or a power loss the queue is as
    it was before or after the change that was being made; what was being drawn is interrupted, and
    nothing begins before :meth:`resume`. A queue in which nothing is open is not paused.

    Every request is answered later, by a future whose error is an ``InputError`` if it makes no
    sense, an ``OutputError`` if the disk refuses it; then nothing has changed. A copy of big files,
    a video out of the cache and one into it keep other requests waiting for as long.

    Parameters
    ----------
    on_event : callable
        Receives :class:`Changed` and :class:`Advanced`. It runs on a thread of the queue and must
        return soon, without waiting for an answer; after :meth:`close` it is not called again.
    folder : Path, optional
        Where the queue lies; by default the user's own.
    client : callable, optional
        Makes a client for a handler of its events.
    cache : VideoCache, optional
        Finished videos.
    space : Space, optional
        What must be free before a video is begun.

    Attributes
    ----------
    messages : tuple of Message
        What was wrong with the queue's files when they were read.

    Raises
    ------
    InputError
        If another program has this queue, or a newer one has written it.
    OutputError
        If the folder cannot be used.
    """

    def __init__(
        self,
        on_event: Callable[[QueueEvent], None],
        *,
        folder: Path | None = None,
        client: ClientFactory = video_client,
        cache: VideoCache | None = None,
        space: Space | None = None,
    ) -> None:
        store = QueueStore(folder or queue_folder())
        self.messages = store.messages
        self._owner = QueueOwner(store, on_event, client, cache or VideoCache(), space or Space())
        super().__init__(self._owner)

    @property
    def state(self) -> QueueState:
        """The queue as it is now; it never changes, another one takes its place."""
        return self._owner.state

    def add(self, job: QueuedJob) -> Future[Entry]:
        """Put a job at the end of the queue; it begins when its turn comes.

        Files that its parameters name are copied, and a lecture with all that it names, so that
        later changes do not matter. Refused are outputs that cannot be written, and one that
        another job that waits goes to.
        """
        return self._ask(self._owner.add, job)

    def move(self, entry_id: str, position: int) -> Future[None]:
        """Put an entry at another position, counted from 0; beyond the end is the end."""
        return self._ask(self._owner.change, operations.moved, entry_id, position)

    def pause(self, *, at_once: bool = False) -> Future[None]:
        """Begin nothing new.

        What is being drawn is finished, because half a video is worth nothing; with ``at_once`` it
        is stopped, and drawn from its beginning after :meth:`resume`; of a lecture, the lessons
        that were finished are kept.
        """
        return self._ask(self._owner.pause, at_once=at_once)

    def resume(self, *, whatever_space: bool = False) -> Future[None]:
        """Go on, also after a pause for want of space, which is looked at again.

        With ``whatever_space`` the next video begins without that: how much it needs is a guess.
        """
        return self._ask(self._owner.resume, whatever_space=whatever_space)

    def retry(self, entry_id: str) -> Future[None]:
        """Let an entry wait again that has failed, was cancelled or was interrupted."""
        return self._ask(self._owner.change, operations.retried, entry_id)

    def cancel(self, entry_id: str) -> Future[None]:
        """Take back an entry that waits, or ask for the running one to end.

        The answer is that it was asked; the entry is cancelled within three seconds, or done if it
        was faster.
        """
        return self._ask(self._owner.cancel, entry_id)

    def remove(self, entry_id: str) -> Future[None]:
        """Forget an entry that is not being drawn, and its copies; its video stays."""
        return self._ask(self._owner.change, operations.removed, entry_id)

    def clear_finished(self) -> Future[None]:
        """Forget what is done or cancelled; what could be tried again stays."""
        return self._ask(self._owner.change, operations.cleared)

    def relocate(self, paths: Mapping[str, str]) -> Future[None]:
        """Follow files that have been moved, from their old paths to the new ones."""
        return self._ask(self._owner.change, operations.relocated, paths)

    def _ask(self, act: Callable[..., _T], *arguments: object, **options: bool) -> Future[_T]:
        answer: Future[Any] = Future()
        self._send(Requested(partial(act, *arguments, **options), answer))
        return answer
