"""The queue of frames between the camera and a file, with a thread of its own."""

from __future__ import annotations

import queue
import threading
from abc import ABC, abstractmethod
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from backprop_studio.render.messages.frame_format import FrameFormat

WAITING = 8
"""Frames that may wait for the encoder: 30 MB at 720p, 265 MB at 4K."""

WAITING_BESIDE_OTHERS = 2
"""Of each process, if several draw at the same time: together they would leave no frame in the
processor's cache until it is encoded, and at 4K take 265 MB for each core."""


_LOOK_SECONDS = 0.1


def nobody(_frame: int) -> None:
    """Hear of a frame and do nothing."""


class FrameQueue(ABC):
    """What a lesson is filmed into.

    Parameters
    ----------
    picture : FrameFormat
        Size and frame rate.
    waiting : int
        How many frames may wait to be written.

    Attributes
    ----------
    frames : int
        How many were written.
    encoded : int
        How many of them are through; a long still moment takes its time.
    passes : int
        How often each frame is gone through until the file is there.
    """

    passes = 1

    def __init__(self, picture: FrameFormat, waiting: int = WAITING) -> None:
        self._picture = picture
        self.frames = 0
        self.encoded = 0
        self._error: BaseException | None = None
        self._queue: queue.Queue[tuple[np.ndarray[Any, Any], int] | None] = queue.Queue(waiting)
        self._spare: deque[np.ndarray[Any, Any]] = deque(maxlen=waiting)
        self._thread = threading.Thread(target=self._empty, name="film", daemon=True)

    def write(self, pixels: np.ndarray[Any, Any], repeat: int = 1) -> None:
        """Add a frame, several times if nothing moves.

        Parameters
        ----------
        pixels : array
            Height by width by RGBA; it belongs to the film from now on.
        repeat : int
            How often the frame is shown.

        Raises
        ------
        OSError
            If an earlier frame could not be written.
        """
        if self._error is not None:
            raise self._error
        self._queue.put((pixels, repeat))
        self.frames += repeat

    def spare(self) -> np.ndarray[Any, Any] | None:
        """Return the memory of a frame that is encoded, to draw the next one in, if there is one.

        Fresh memory of a frame's size costs as much as a copy: the system clears every page.
        """
        return self._spare.popleft() if self._spare else None

    def finish(self, on_frame: Callable[[int], None] = nobody) -> None:
        """Write what is still in the queue and close the file.

        Parameters
        ----------
        on_frame : callable
            Told the frames so far of a second pass, and 0 ever again before that; may raise to
            stop.

        Raises
        ------
        OSError
            If the file could not be written.
        """
        self._queue.put(None)
        try:
            while self._thread.is_alive():
                self._thread.join(_LOOK_SECONDS)
                on_frame(0)
            if self._error is None:
                self._complete(on_frame)
        except BaseException as error:
            self._error = error
        if self._error is not None:
            self.abort()
            raise self._error

    def abort(self) -> None:
        """Close the file without finishing it; the caller removes it."""
        self._error = self._error or RuntimeError("the film was given up")
        self._end_queue()
        with suppress(Exception):
            self._abandon()

    def _start(self) -> None:
        """Begin to take frames, once everything is there that they need."""
        self._thread.start()

    def _end_queue(self) -> None:
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()

    def _empty(self) -> None:
        """Encode until told to end; after an error go on emptying, so that nobody waits forever."""
        first = 0
        while (item := self._queue.get()) is not None:
            if self._error is not None:
                continue
            try:
                self._encode(*item, first)
                first += item[1]
                self.encoded = first
            except BaseException as error:
                self._error = error

    def _given_up(self) -> bool:
        """Whether to stop in the middle of a long pause."""
        return self._error is not None

    @abstractmethod
    def _encode(self, pixels: np.ndarray[Any, Any], repeat: int, first: int) -> None:
        """Write a frame, from a number on, on the queue's thread."""

    @abstractmethod
    def _complete(self, on_frame: Callable[[int], None]) -> None:
        """Finish the file."""

    @abstractmethod
    def _abandon(self) -> None:
        """Let go of the file."""
