"""Which entry is drawn next, and what lies on the disk: the queue, owned by one thread.

Everything that happens (a request of the user, an event of the worker, the close) is a message in
one inbox, and one thread takes them in turn. So there are no locks, and what lies on the disk is
always what the last message has made of the queue.
"""

from __future__ import annotations

import logging
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError, OutputError, WorkInterruptedError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, listed
from backprop_studio.render.messages.events import Progress
from backprop_studio.render.queue import operations
from backprop_studio.render.queue.drawer import Drawer
from backprop_studio.render.queue.messages import Advanced, Changed, Requested
from backprop_studio.render.queue.model import Entry
from backprop_studio.render.queue.outputs import check_job
from backprop_studio.render.workers.closing import CloseRequested, InboxThread

if TYPE_CHECKING:
    from collections.abc import Callable

    from backprop_studio.render.files.cache import VideoCache
    from backprop_studio.render.queue.messages import ClientFactory, QueueEvent, QueueMessage
    from backprop_studio.render.queue.model import QueuedJob, QueueState
    from backprop_studio.render.queue.space import Space
    from backprop_studio.render.queue.store import QueueStore

FAULT = Message.of(
    "queue.fault", N_("paused: the next video could not begin because of a fault in this program")
)
"""Why a queue is paused that could not even find out what is next."""

_log = logging.getLogger(__name__)


class QueueOwner(InboxThread):
    """Draws one entry after the other and keeps the queue on the disk.

    The methods without an underscore are for this thread only: they come as :class:`Requested`.

    Parameters
    ----------
    store : QueueStore
        Closed when the thread ends.
    on_event : callable
        Receives every change, on this thread.
    client : callable
        Makes the client when the first job is drawn.
    cache : VideoCache
        Asked before a job is drawn, and given what was drawn.
    space : Space
        Asked before a job begins.
    """

    def __init__(
        self,
        store: QueueStore,
        on_event: Callable[[QueueEvent], None],
        client: ClientFactory,
        cache: VideoCache,
        space: Space,
    ) -> None:
        super().__init__("render queue")
        self.state = store.state
        self._store = store
        self._on_event = on_event
        self._drawer = Drawer(client, cache, self.inbox.put)
        self._space = space
        self._asks_for_space = True

    def run(self) -> None:
        """Take messages from the inbox until asked to close."""
        try:
            while not isinstance(message := self.inbox.get(), CloseRequested):
                self._handle(message)
                try:
                    self._advance()
                except Exception:  # a fault must not end the thread that answers every request
                    _log.exception("The next entry of the queue could not begin")
                    self._record(operations.paused(self.state, FAULT))
        finally:
            self._shut_down()

    def _handle(self, message: QueueMessage) -> None:
        if isinstance(message, Requested):
            if message.answer.set_running_or_notify_cancel():
                try:
                    message.answer.set_result(message.act())
                except Exception as error:  # for the one who asked
                    message.answer.set_exception(error)
            return
        found = self._drawer.arrived(message)
        if isinstance(found, Progress) and self._drawer.entry_id:
            self._emit(Advanced(self._drawer.entry_id, found))
        elif isinstance(found, Entry):
            self._ended(found)
            self._drawer.keep(found)

    # Requests

    def add(self, job: QueuedJob) -> Entry:
        """Put a job at the end, with copies of the files that it names."""
        job = _as_restored(job)
        check_job(job)
        entry_id = uuid.uuid4().hex
        job, names = self._store.inputs.take(entry_id, job)
        entry = Entry(id=entry_id, job=job, names=names)
        try:
            self._change(operations.added(self.state, entry))
        except BaseException:
            self._store.inputs.drop(entry_id)
            raise
        return entry

    def change(self, operation: Callable[..., QueueState], *arguments: object) -> None:
        """Carry out an operation; the copies of entries that are forgotten go with them."""
        before = {entry.id for entry in self.state.entries}
        self._change(operation(self.state, *arguments))
        for entry_id in before - {entry.id for entry in self.state.entries}:
            self._store.inputs.drop(entry_id)

    def pause(self, *, at_once: bool) -> None:
        """Begin nothing new, and with ``at_once`` stop what is being drawn."""
        self._change(operations.paused(self.state))
        if at_once:
            self._drawer.stop("pause")

    def resume(self, *, whatever_space: bool) -> None:
        """Go on; with ``whatever_space`` the next job begins without a look at the disk."""
        self._change(operations.resumed(self.state))
        self._asks_for_space = not whatever_space

    def cancel(self, entry_id: str) -> None:
        """Take an entry back, or ask the worker to stop."""
        if entry_id == self._drawer.entry_id:
            self._drawer.stop("cancel")
        else:
            self._change(operations.cancelled(self.state, entry_id))

    # The queue

    def _change(self, state: QueueState) -> None:
        """Make a change that the disk may refuse: then nothing has changed."""
        self._store.save(state)
        self.state = state
        self._emit(Changed(state))

    def _record(self, state: QueueState) -> None:
        """Make a change that has happened already; if the disk refuses it, the queue pauses."""
        try:
            self._store.save(state)
        except OutputError as error:
            state = operations.paused(state, _paused_by(error))
        self.state = state
        self._emit(Changed(state))

    def _advance(self) -> None:
        """Begin with the next entry, if there is one and nothing is in its way."""
        while (
            self._drawer.entry_id is None
            and not self.state.is_paused
            and (entry := self.state.next) is not None
        ):
            shortage = self._space.shortage(entry.job) if self._asks_for_space else None
            if shortage:
                self._wait_for_space(entry, shortage)
            else:
                self._begin(entry)

    def _begin(self, entry: Entry) -> None:
        try:
            # On the disk before anything is drawn: after a kill nobody takes it for untouched.
            running = entry.put("running", message=self._changed_inputs(entry))
            self._change(operations.replaced(self.state, running))
        except OutputError as error:
            self._record(operations.paused(self.state, _paused_by(error)))
            return
        self._asks_for_space = True
        if (end := self._drawer.begin(entry)) is not None:
            self._ended(end)

    def _ended(self, entry: Entry) -> None:
        if entry.message is not None and entry.message.is_disk_full:
            self._wait_for_space(entry, self._space.ran_out(entry.job))
        elif entry.state == "interrupted":  # the program is about to end
            self._record(operations.interrupted(self.state, entry.id))
        else:
            if entry.state == "paused" and not self.state.is_paused:
                # Somebody has resumed before the worker had given it up.
                entry = entry.put("waiting")
            elif entry.result is not None:
                entry = entry.model_copy(update={"message": self._changed_inputs(entry)})
            self._record(operations.replaced(self.state, entry))

    def _changed_inputs(self, entry: Entry) -> Message | None:
        """Say which of the user's files have changed since they were copied, if any have."""
        changed = self._store.inputs.changed(entry.names)
        if not changed:
            return None
        text = N_(
            "changed since this video was queued: {files}. The video shows what was in it then"
        )
        return Message.of("queue.changed_inputs", text, files=listed(changed))

    def _wait_for_space(self, entry: Entry, reason: Message) -> None:
        stopped = operations.replaced(self.state, entry.put("paused", message=reason))
        self._record(operations.paused(stopped, reason))

    # The end

    def _shut_down(self) -> None:
        self._drawer.close()
        while not self.inbox.empty():  # nobody else takes from it
            message = self.inbox.get()
            if not isinstance(message, Requested):
                self._handle(message)
            elif message.answer.set_running_or_notify_cancel():
                closed = WorkInterruptedError("queue.closed", N_("the queue is closed"))
                message.answer.set_exception(closed)
        self._store.close()

    def _emit(self, event: QueueEvent) -> None:
        try:
            self._on_event(event)
        except Exception:  # a fault of the listener must not end the thread that serves all entries
            _log.exception("The handler of %s failed", type(event).__name__)


def _as_restored(job: QueuedJob) -> QueuedJob:
    """Return a job as it will be after the program has been started again."""
    if not Path(job.output).is_absolute():
        text = N_("the output {file} must be an absolute path to be queued")
        raise InputError("queue.relative_output", text, file=job.output)
    try:
        return type(job).model_validate_json(job.model_dump_json())
    except ValueError as error:
        text = N_(
            "this video cannot be queued: one of its values cannot be kept in a file; choose "
            "another value"
        )
        raise InputError("queue.no_json", text) from error


def _paused_by(error: OutputError) -> Message:
    return Message.of("queue.paused_by", N_("paused: {reason}"), reason=error.message)
