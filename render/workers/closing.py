"""What is closed at the end of its ``with`` block, and threads that are asked to end."""

from __future__ import annotations

import atexit
import queue
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Self


class Closing(ABC):
    """Something that holds on to what must be let go, and is a context manager of itself."""

    @abstractmethod
    def close(self) -> None:
        """Let go; a second call does nothing."""

    def __enter__(self) -> Self:
        """Return this."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close, however the block has ended."""
        self.close()


@dataclass(frozen=True)
class CloseRequested:
    """Nobody needs the thread any more."""


class InboxThread(threading.Thread):
    """A thread that takes messages from its inbox until one asks it to end.

    Attributes
    ----------
    inbox : SimpleQueue
        Takes messages from any thread.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()


class ThreadClient(Closing):
    """The near side of a thread, which ends with the program if it is not closed before.

    Parameters
    ----------
    thread : InboxThread
        Started here.
    """

    def __init__(self, thread: InboxThread) -> None:
        self._thread = thread
        self._closing = threading.Lock()
        self._closed = False
        thread.start()
        atexit.register(self.close)

    def close(self) -> None:
        """End what is under way and wait for it; a second call does nothing."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._thread.inbox.put(CloseRequested())
        atexit.unregister(self.close)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _send(self, message: object) -> None:
        """Send a message to the thread.

        Raises
        ------
        RuntimeError
            If this is closed.
        """
        with self._closing:
            if self._closed:
                raise RuntimeError(f"the {self._thread.name} is closed")
            self._thread.inbox.put(message)
