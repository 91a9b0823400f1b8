"""The pictures of a stream as they came; the oldest go when there are too many."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from typing import NamedTuple

MOST_BYTES = 96 * 2**20
"""About a minute in which something moves, or many minutes of a usual lesson."""


class _Shot(NamedTuple):
    number: int
    data: bytes


class FrameBuffer:
    """Frames in a row, each kept as it was sent.

    Attributes
    ----------
    first, end : int
        The frames that are there: from ``first`` up to but without ``end``.
    """

    def __init__(self, first: int = 0, most_bytes: int | None = None) -> None:
        self.first = self.end = first
        self._most_bytes = MOST_BYTES if most_bytes is None else most_bytes
        self._bytes = 0
        self._shots: deque[_Shot] = deque()

    def append(self, number: int, repeat: int, data: bytes, shown: int) -> None:
        """Add a picture.

        Parameters
        ----------
        number, repeat : int
            The frame with which it begins, and for how many it stands.
        data : bytes
            The picture.
        shown : int
            The frame on the stage; what comes after it is never given up.
        """
        self._shots.append(_Shot(number, data))
        self._bytes += len(data)
        self.end = number + repeat
        while self._bytes > self._most_bytes and self._may_drop(shown):
            self._bytes -= len(self._shots.popleft().data)
            self.first = self._shots[0].number

    def has(self, frame: int) -> bool:
        """Whether a frame is there."""
        return self.first <= frame < self.end

    def begin_of(self, frame: int) -> int:
        """Return the first frame that looks like this one."""
        return self._shots[self._place(frame)].number

    def data_of(self, frame: int) -> bytes:
        """Return the picture of a frame that is there."""
        return self._shots[self._place(frame)].data

    def _may_drop(self, shown: int) -> bool:
        return len(self._shots) > 1 and self._shots[1].number <= shown

    def _place(self, frame: int) -> int:
        return bisect_right(self._shots, frame, key=lambda shot: shot.number) - 1
