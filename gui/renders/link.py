"""The bridge between the render queue's thread and Qt: nothing here waits for the queue."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from backprop_studio.core.base.errors import StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.gui.renders.opening import OpenQueue, QueueOpener, open_queue
from backprop_studio.gui.toolkit.crossing import Crossing
from backprop_studio.render.messages.failures import file_reason
from backprop_studio.render.queue.messages import Changed

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from backprop_studio.render.queue.messages import QueueEvent
    from backprop_studio.render.queue.render_queue import RenderQueue

_T = TypeVar("_T")

_NO_QUEUE = Message.of("queue.none", N_("there is no render queue"))


class QueueLink(Crossing):
    """The render queue as an object with signals, all of them in the thread it lives in.

    The queue is opened and closed on threads of their own, because its disk may be slow and its
    worker may need seconds to end.

    Parameters
    ----------
    opener : callable
        Opens the queue for a handler of its events.

    Attributes
    ----------
    found : OpenQueue or None
        The queue, once it is open.
    is_open : bool
        Whether it is known if there is a queue.

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

    def __init__(self, opener: QueueOpener = open_queue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._opener = opener
        self.found: OpenQueue | None = None
        self._problem: Message | None = None
        self.is_open = False
        self._held: list[Callable[[], None]] = []
        self._lock = threading.Lock()
        self._opening: threading.Thread | None = None
        self._closing: threading.Thread | None = None

    @property
    def is_private(self) -> bool:
        """Whether the queue ends with this window."""
        return self.found is not None and self.found.folder is not None

    def wait(self, seconds: float) -> bool:
        """Wait until opening and closing are over; return whether they are."""
        threads = [it for it in (self._opening, self._closing) if it is not None]
        for thread in threads:
            thread.join(seconds)
        return not any(thread.is_alive() for thread in threads)

    def open(self) -> None:
        """Have the queue opened; returns at once."""
        if self._opening is None and not self.is_closed:
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
        elif self.found is None:
            if refused is not None:
                refused(StudioError(self._problem or _NO_QUEUE))
        elif not self.is_closed:
            request(self.found.queue).add_done_callback(
                lambda answer: self.cross(lambda: _pass_on(answer, done, refused))
            )

    def warm_up(self) -> None:
        """Start the worker ahead of the first video."""
        if self.is_open and self.found is not None and not self.is_closed:
            self.found.worker.warm_up()

    def close(self) -> None:
        """Let the queue go, and with it what is being drawn; returns at once.

        The program does not end before that is done; no signal is sent afterwards.
        """
        with self._lock:
            if self.is_closed:
                return
            self.is_closed = True
        if self.found is not None:
            self._closing = threading.Thread(target=self.found.close, name="close-queue")
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
            is_late = self.is_closed
            if not is_late:
                self.found, self._problem = found, problem
        if not is_late:
            self.cross(self._on_opened)
        elif found is not None:
            found.close()

    def _on_opened(self) -> None:
        self.is_open = True
        if self.found is not None:
            self.changed.emit(self.found.queue.state)
        self.opened.emit(self._problem, self.found.queue.messages if self.found else ())
        held, self._held = self._held, []
        for ask in held:
            ask()

    def _on_event(self, event: QueueEvent) -> None:
        """Run on the queue's thread: do nothing but cross over."""
        if isinstance(event, Changed):
            self.cross(lambda: self.changed.emit(event.state))
        else:
            self.cross(lambda: self.advanced.emit(event.entry_id, event.progress))


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
