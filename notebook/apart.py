"""Work beside the main thread, which an interrupt ends without tearing it.

Python raises ``KeyboardInterrupt`` in the main thread between any two instructions, also between
the start of a process and the note that it runs. So the main thread only waits; what is interrupted
hears of it where it waits itself, and tidies up in its own time.
"""

from __future__ import annotations

import queue
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from backprop_studio.core.base.errors import WorkInterruptedError
from backprop_studio.core.base.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")


def interrupted() -> WorkInterruptedError:
    """Return the error that ends what was interrupted."""
    return WorkInterruptedError("work.interrupted", N_("interrupted"))


class Stop:
    """Whether a piece of work is to end, and what it says meanwhile.

    Parameters
    ----------
    say : callable
        Takes what the waiting thread is to hear.
    """

    def __init__(self, say: Callable[[Any], None]) -> None:
        self.say = say
        self._lock = threading.Lock()
        self._is_set = False
        self._waiting: list[Callable[[], object]] = []

    def set(self) -> None:
        """Let the work end, and wake it where it waits."""
        with self._lock:
            self._is_set = True
            for wake in self._waiting:
                wake()

    def check(self) -> None:
        """Go on, if nothing is to end.

        Raises
        ------
        WorkInterruptedError
            If it is.
        """
        if self._is_set:
            raise interrupted()

    @contextmanager
    def waking(self, wake: Callable[[], object]) -> Iterator[None]:
        """Say how whoever waits in the block is woken."""
        with self._lock:
            self._waiting.append(wake)
            is_set = self._is_set
        try:
            if is_set:
                raise interrupted()
            yield
        finally:
            with self._lock:
                self._waiting.remove(wake)


def run_apart(work: Callable[[Stop], T], *, on_main: Callable[[Any], object] | None = None) -> T:
    """Run work on a thread of its own and wait for it.

    Parameters
    ----------
    work : callable
        Given what tells it to end.
    on_main : callable, optional
        Called here with everything that the work says by ``stop.say``.

    Raises
    ------
    KeyboardInterrupt
        After the work has ended, if one came meanwhile.

    Examples
    --------
    >>> run_apart(lambda stop: 1 + 1)
    2
    """
    inbox: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
    stop = Stop(lambda value: inbox.put(("said", value)))

    def begin() -> None:
        try:
            inbox.put(("made", work(stop)))
        except BaseException as error:  # it is raised where the work was asked for
            inbox.put(("failed", error))

    def end_of() -> tuple[str, Any]:
        while True:
            kind, value = inbox.get()
            if kind != "said":
                return kind, value
            if on_main is not None:
                on_main(value)

    thread = threading.Thread(target=begin, name="backprop studio", daemon=True)
    try:
        thread.start()
        kind, value = end_of()
    except BaseException:
        on_main = None
        stop.set()
        while thread.is_alive():
            with suppress(KeyboardInterrupt):
                thread.join()
        raise
    if kind == "failed":
        raise value
    made: T = value
    return made
