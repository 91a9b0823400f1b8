"""The bridge between the render queue's thread and Qt: nothing here waits for the queue."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from backprop_studio.core.base.errors import StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.gui.renders.opening import OpenQueue, QueueOpener, open_queue
from backprop_studio.render.messages.failures import file_reason
from backprop_studio.render.queue.messages import Changed

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from backprop_studio.render.queue.messages import QueueEvent
    from backprop_studio.render.queue.render_queue import RenderQueue

log = logging.getLogger(__name__)

_T = TypeVar("_T")

_NO_QUEUE = Message.of("queue.none", N_("there is no render queue"))


class QueueLink(QObject):
    """The render queue as an object with signals, all of them in the thread it lives in.

    The queue is opened and closed on threads of their own, because its disk may be slow and its
    worker may need seconds to end.

    Parameters
    ----------
    opener : callable
        Opens the queue for a handler of its events.

    Signals
    -------
    opened : Message or None, tuple of Message
        The queue is there, or is not: why it is not the user's own, and what was wrong with its
        files.
    changed : QueueState
        The queue is another one now.
    advanced : str, Progress
        The entry with this id is so far.
    """

    opened = Signal(object, object)
    changed = Signal(object)
    advanced = Signal(str, object)
    _crossed = Signal(object)

    def __init__(self, opener: QueueOpener = open_queue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._opener = opener
        self._found: OpenQueue | None = None
        self._problem: Message | None = None
        self._is_open = False
        self._held: list[Callable[[], None]] = []
        self._is_closed = False
        self._lock = threading.Lock()
        self._opening: threading.Thread | None = None
        self._closing: threading.Thread | None = None
        self._crossed.connect(self._on_crossed, Qt.ConnectionType.QueuedConnection)

    @property
    def is_open(self) -> bool:
        """Whether it is known if there is a queue."""
        return self._is_open

    @property
    def is_private(self) -> bool:
        """Whether the queue ends with this window."""
        return self._found is not None and self._found.folder is not None

    @property
    def found(self) -> OpenQueue | None:
        """The queue, once it is open."""
        return self._found

    def wait(self, seconds: float) -> bool:
        """Wait until opening and closing are over; return whether they are."""
        threads = [it for it in (self._opening, self._closing) if it is not None]
        for thread in threads:
            thread.join(seconds)
        return not any(thread.is_alive() for thread in threads)

    def open(self) -> None:
        """Have the queue opened; returns at once."""
        if self._opening is None and not self._is_closed:
            self._opening = threading.Thread(target=self._open, name="open-queue")
            self._opening.start()

    def ask(
        self,
        request: Callable[[RenderQueue], Future[_T]],
        done: Callable[[_T], None] | None = None,
        refused: Callable[[StudioError], None] | None = None,
    ) -> None:
        """Ask something of the queue, opening it first if need be; returns at once.

        Parameters
        ----------
        request : callable
            Asks the queue.
        done, refused : callable, optional
            One of them is called later, in this object's thread.
        """
        if not self.is_open:
            self._held.append(lambda: self.ask(request, done, refused))
            self.open()
        elif self._found is None:
            if refused is not None:
                refused(StudioError(self._problem or _NO_QUEUE))
        elif not self._is_closed:
            request(self._found.queue).add_done_callback(
                lambda answer: self._cross(lambda: _pass_on(answer, done, refused))
            )

    def warm_up(self) -> None:
        """Start the worker ahead of the first video."""
        if self._is_open and self._found is not None and not self._is_closed:
            self._found.worker.warm_up()

    def close(self) -> None:
        """Let the queue go, and with it what is being drawn; returns at once.

        The program does not end before that is done; no signal is sent afterwards.
        """
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
        if self._found is not None:
            self._closing = threading.Thread(target=self._found.close, name="close-queue")
            self._closing.start()

    def _open(self) -> None:
        """Run on a thread of its own."""
        found: OpenQueue | None = None
        problem: Message | None = None
        try:
            found = self._opener(self._on_event)
            problem = found.problem
        except StudioError as error:
            problem = error.message
        except OSError as error:
            problem = file_reason(error)
        with self._lock:
            is_late = self._is_closed
            if not is_late:
                self._found, self._problem = found, problem
        if not is_late:
            self._cross(self._on_opened)
        elif found is not None:
            found.close()

    def _on_opened(self) -> None:
        self._is_open = True
        if self._found is not None:
            self.changed.emit(self._found.queue.state)
        self.opened.emit(self._problem, self._found.queue.messages if self._found else ())
        held, self._held = self._held, []
        for ask in held:
            ask()

    def _on_event(self, event: QueueEvent) -> None:
        """Run on the queue's thread: do nothing but cross over."""
        if isinstance(event, Changed):
            self._cross(lambda: self.changed.emit(event.state))
        else:
            self._cross(lambda: self.advanced.emit(event.entry_id, event.progress))

    def _cross(self, act: Callable[[], Any]) -> None:
        if self._is_closed:
            return
        try:
            self._crossed.emit(act)
        except RuntimeError:
            # The window was destroyed between the check and the call: nobody is left to tell.
            log.debug("an event of the queue after the window closed")

    @Slot(object)
    def _on_crossed(self, act: Callable[[], Any]) -> None:
        if not self._is_closed:
            act()


def _pass_on(
    answer: Future[_T],
    done: Callable[[_T], None] | None,
    refused: Callable[[StudioError], None] | None,
) -> None:
    error = answer.exception()
    if error is None:
        if done is not None:
            done(answer.result())
    elif not isinstance(error, StudioError):
        raise error
    elif refused is not None:
        refused(error)
