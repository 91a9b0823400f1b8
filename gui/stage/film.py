"""A video file, whose frames are had one after the other or at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import av
from av.video.reformatter import Interpolation
from PySide6.QtGui import QImage

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.model.video_settings import settings_of_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_CAREFUL = Interpolation.BILINEAR | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
"""The quick conversion is two levels too dark."""

_NEAR = 2.0
"""Seconds that are sooner decoded than sought."""

_SAME = 1e-6


class Frame(NamedTuple):
    """A decoded frame and when it begins, in seconds from the start of the film."""

    seconds: float
    picture: av.VideoFrame

    def image(self) -> QImage:
        """Return it as a picture of its own, which no decoder writes into any more."""
        has_alpha = any(part.is_alpha for part in self.picture.format.components)
        picture = self.picture.reformat(format="bgra", interpolation=_CAREFUL)
        kind = QImage.Format.Format_ARGB32 if has_alpha else QImage.Format.Format_RGB32
        (plane,) = picture.planes
        pixels = memoryview(plane)
        return QImage(pixels, picture.width, picture.height, plane.line_size, kind).copy()


class Film:
    """An open video file.

    Parameters
    ----------
    path : Path
        The file.

    Attributes
    ----------
    fps : float
        Frames per second.
    duration : float
        Length in seconds.
    settings : LessonSettings or None
        What it was made with, if it says so.
    has_sound : bool
        Whether there is something to hear in it.

    Raises
    ------
    OSError, ValueError
        If it cannot be read.
    InputError
        If there is no picture in it.
    """

    def __init__(self, path: Path) -> None:
        nothing = InputError("video.no_picture", N_("there are no pictures in it"))
        try:
            # What others have written into a file need be no text.
            self._container = av.open(str(path), metadata_errors="replace")
        except EOFError as error:  # a GIF that was cut off
            raise nothing from error
        if not self._container.streams.video:
            self.close()
            raise nothing
        self._stream = self._container.streams.video[0]
        self.has_sound = bool(self._container.streams.audio)
        self._stream.thread_type = "AUTO"
        self.fps = float(self._stream.average_rate or self._stream.guessed_rate or 30)
        self._base = float(self._stream.time_base or 1)
        self._origin = self._stream.start_time or 0
        own = self._stream.duration
        whole = self._container.duration
        self.duration = own * self._base if own else (whole or 0) / av.time_base
        self._decoded: Iterator[Any] = self._container.decode(self._stream)
        self._ahead: Frame | None = None
        self._shown = -1.0
        size = self._stream.width, self._stream.height
        self.settings = settings_of_file(self._container.metadata, path, size)

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    def following(self) -> Frame | None:
        """Return the next frame; none at the end."""
        frame = self._next()
        if frame is not None:
            self._shown = frame.seconds
        return frame

    def put_back(self, frame: Frame) -> None:
        """Let a frame that was not shown be the next again."""
        self._ahead = frame

    def at(self, seconds: float, is_stale: Callable[[], bool] = lambda: False) -> Frame | None:
        """Return the frame that is seen at a time: the last one that has begun by then.

        Parameters
        ----------
        seconds : float
            From the start of the film.
        is_stale : callable
            Whether meanwhile another time is asked for: then whatever has been reached is returned.
        """
        if not self._shown <= seconds < self._shown + _NEAR or self._ahead is None:
            self._seek(seconds)
        found = None
        while (frame := self._next()) is not None:
            if found is not None and frame.seconds > seconds + _SAME:
                self.put_back(frame)
                break
            found = frame
            if is_stale():
                break
        if found is not None:
            self._shown = found.seconds
        return found

    def _seek(self, seconds: float) -> None:
        self._ahead = None
        offset = max(int(seconds / self._base), 0) + self._origin
        self._container.seek(offset, stream=self._stream)
        self._decoded = self._container.decode(self._stream)

    def _next(self) -> Frame | None:
        if self._ahead is not None:
            frame, self._ahead = self._ahead, None
            return frame
        picture = next(self._decoded, None)
        if picture is None:
            return None
        stamp = self._origin if picture.pts is None else picture.pts
        return Frame((stamp - self._origin) * self._base, picture)
