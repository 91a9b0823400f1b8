"""One entry at a time: out of the cache or by the worker, and what has become of it."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from backprop_studio.core.base.errors import StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.files.data_paths import named_by_user
from backprop_studio.render.files.target_check import check_video_target
from backprop_studio.render.messages.events import Cancelled, Done, Event, Failed, Progress
from backprop_studio.render.messages.failures import unexpected
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.messages.results import LectureResult, VideoResult

if TYPE_CHECKING:
    from collections.abc import Callable

    from backprop_studio.render.files.cache import VideoCache
    from backprop_studio.render.queue.messages import Client, ClientFactory
    from backprop_studio.render.queue.model import Entry, QueuedJob, State

_log = logging.getLogger(__name__)


@dataclass
class _Attempt:
    entry: Entry
    job: QueuedJob
    stopped_for: Literal["", "cancel", "pause"] = ""


class Drawer:
    """Draws one entry at a time; used by one thread.

    Parameters
    ----------
    client : callable
        Makes the client when the first job is drawn.
    cache : VideoCache
        Asked before a job is drawn.
    inbox : callable
        Receives each event of the client, on one of the client's threads; :meth:`arrived` wants
        them all.
    """

    def __init__(
        self, client: ClientFactory, cache: VideoCache, inbox: Callable[[Event], None]
    ) -> None:
        self._new_client = client
        self._client: Client | None = None
        self._cache = cache
        self._inbox = inbox
        self._attempt: _Attempt | None = None

    @property
    def entry_id(self) -> str | None:
        """The entry that is being drawn."""
        return self._attempt.entry.id if self._attempt else None

    def begin(self, entry: Entry) -> Entry | None:
        """Begin with an entry.

        Returns
        -------
        Entry or None
            As it is now that it has ended; None if the worker is going to say more.
        """
        # An id of its own: no event of an earlier attempt can be taken for one of this one.
        job = entry.job.model_copy(update={"id": uuid.uuid4().hex})
        try:
            # Whoever makes a lecture checks its files and looks for its lessons himself.
            if isinstance(job, VideoJob):
                check_video_target(Path(job.output), job.picture, overwrite=job.overwrite)
                if (kept := self._cache.deliver(job)) is not None:
                    return entry.put("done", result=kept)
            self._attempt = _Attempt(entry, job)
            if self._client is None:
                self._client = self._new_client(lambda event, _: self._inbox(event))
            self._client.submit(job)
        except Exception as error:  # whatever it is, the next entry can still be drawn
            self._attempt = None
            if isinstance(error, StudioError):
                return _failure(entry, error.message)
            _log.exception("An entry of the queue could not begin")
            return _failure(entry, unexpected(error).message)
        return None

    def stop(self, why: Literal["cancel", "pause"]) -> None:
        """Ask the worker to end what it draws; a cancel goes before a pause."""
        attempt = self._attempt
        if attempt is None or self._client is None:
            return
        if not attempt.stopped_for:
            self._client.cancel(attempt.job.id)
        if attempt.stopped_for != "cancel":
            attempt.stopped_for = why

    def arrived(self, event: Event) -> Entry | Progress | None:
        """Return what an event of the client means for the entry that is being drawn.

        It is the entry as it has ended; ``interrupted`` if nobody had asked the worker to end.
        """
        attempt = self._attempt
        if attempt is None or getattr(event, "job_id", None) != attempt.job.id:
            return None
        if isinstance(event, Progress):
            return event
        if not isinstance(event, Done | Failed | Cancelled):
            return None
        self._attempt = None
        return _result(attempt, event)

    def keep(self, entry: Entry) -> None:
        """Keep a video that was drawn for the next time that it is asked for."""
        if not isinstance(entry.job, VideoJob) or not isinstance(entry.result, VideoResult):
            return
        try:
            self._cache.keep(entry.job, Path(entry.job.output), entry.result)
        except Exception:  # the video is there, and that is what counts
            _log.exception("A video could not be kept for later")

    def close(self) -> None:
        """End the worker; the inbox has received the end of every job then."""
        if self._client:
            self._client.close()


def _result(attempt: _Attempt, event: Done | Failed | Cancelled) -> Entry:
    entry = attempt.entry
    match event:
        case Done():
            try:
                kind = VideoResult if isinstance(attempt.job, VideoJob) else LectureResult
                result = kind.model_validate(event.result)
            except ValidationError:
                text = N_("the render process did not say what it has made")
                return entry.put("failed", message=Message.of("worker.no_result", text))
            return entry.put("done", result=result)
        case Failed() if attempt.stopped_for == "cancel":
            return entry.put("cancelled")  # nobody wants to know why
        case Failed(message=message, details=details):
            return _failure(entry, message, details)
        case Cancelled():
            ends: dict[str, State] = {"cancel": "cancelled", "pause": "paused"}
            return entry.put(ends.get(attempt.stopped_for, "interrupted"))


def _failure(entry: Entry, message: Message, details: str = "") -> Entry:
    """Return an entry that has failed for a reason, which names files as the user does."""
    change = named_by_user(entry.names)
    return entry.put("failed", message=message.changed(change), details=change(details))
