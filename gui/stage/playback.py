"""A film that runs in a thread of its own, at its own speed, whatever the window does meanwhile."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from backprop_studio.core.base.errors import InputError, StudioError
from backprop_studio.core.base.messages import Message, os_reason

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QImage

    from backprop_studio.gui.stage.film import Film, Frame
    from backprop_studio.gui.stage.soundtrack import Soundtrack

_LONGEST_BLIND = 0.25
"""Seconds without a picture, where decoding is slower than the film runs."""


def load_decoder() -> None:
    """Load what decodes films, in a thread of its own: the first film need not wait for it."""

    def load() -> None:
        import backprop_studio.gui.stage.film  # noqa: F401

    threading.Thread(target=load, name="load-decoder", daemon=True).start()


class Picture(NamedTuple):
    """A frame as the window shows it, and when it begins, in seconds."""

    seconds: float
    image: QImage


class Playback(QObject):
    """Decodes and converts a film; at most one picture waits to be shown, the newest.

    Parameters
    ----------
    path : Path
        The file.
    is_running : bool
        Whether it begins to play at once, or shows its first frame.

    Signals
    -------
    opened : float, float
        Frames per second, and length in seconds.
    recognised : LessonSettings
        What it was made with, if the file says so.
    picture_ready
        There is something to :meth:`take`.
    heard
        It has sound.
    unheard : Message
        Why its sound is not to be heard.
    ended
        The last frame was shown, and it does not begin again.
    failed : Message
        Why the file cannot be read.
    """

    opened = Signal(float, float)
    recognised = Signal(object)
    picture_ready = Signal()
    heard = Signal()
    unheard = Signal(object)
    ended = Signal()
    failed = Signal(object)

    def __init__(self, path: Path, *, is_running: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._changed = threading.Condition()
        self._is_running = is_running
        self._is_closed = False
        self._is_looping = False
        self._speed = 1.0
        self._target: float | None = 0.0
        self._waiting: Picture | None = None
        self._last_shown = 0.0
        self._began: tuple[float, float] | None = None
        self._left_out: Frame | None = None
        self._sound: Soundtrack | None = None
        self._is_muted = False
        # One of Python's: a window that is torn down without a word must not be held by a film.
        self._thread = threading.Thread(target=self._run, name="playback", daemon=True)

    def start(self) -> None:
        """Open the file."""
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether time runs."""
        return self._is_running

    def set_running(self, is_running: bool) -> None:
        """Go on, or stand still."""
        with self._changed:
            self._is_running = is_running
            self._stop_clock()
            self._changed.notify()

    def seek(self, seconds: float) -> None:
        """Go to the frame of a time; what waits to be shown is out of date."""
        with self._changed:
            self._target = seconds
            self._waiting = None
            self._changed.notify()

    def set_speed(self, speed: float) -> None:
        """Run faster or slower; 1 is real time."""
        with self._changed:
            self._speed = speed
            self._stop_clock()
            self._changed.notify()

    def set_looping(self, is_looping: bool) -> None:
        """Begin again at the end, or stop there."""
        with self._changed:
            self._is_looping = is_looping

    def set_muted(self, is_muted: bool) -> None:
        """Let its sound not be heard, or be heard again."""
        with self._changed:
            self._is_muted = is_muted
            if self._sound is not None:
                self._sound.set_muted(is_muted)

    def take(self) -> Picture | None:
        """Return the newest picture that was not taken yet."""
        with self._changed:
            picture, self._waiting = self._waiting, None
        return picture

    def close(self) -> None:
        """Stop, and let go of the file."""
        with self._changed:
            self._is_closed = True
            self._waiting = None
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        # Loads the decoder, if nobody has: here, where nobody waits for it.
        from backprop_studio.gui.stage.film import Film

        try:
            with closing(Film(self._path)) as film:
                self.opened.emit(film.fps, film.duration)
                if film.settings is not None:
                    self.recognised.emit(film.settings)
                if film.has_sound:
                    self._open_sound()
                while self._is_to_go_on():
                    self._go_on(film)
        except (InputError, OSError, ValueError) as error:
            with self._changed:
                self._is_running = False
            self.failed.emit(_reason(error))
        finally:
            if self._sound is not None:
                self._sound.close()

    def _open_sound(self) -> None:
        # Brings numpy, which a window without a spoken film does not need.
        from backprop_studio.gui.stage.soundtrack import Soundtrack

        def fail(error: StudioError) -> None:
            self.unheard.emit(error.message)

        sound = Soundtrack(self._path, fail)
        with self._changed:
            self._sound = sound
            sound.set_muted(self._is_muted)
        sound.start()
        self.heard.emit()

    def _stop_clock(self) -> None:
        """Let the next frame be when the time begins to run; what is heard stops at once."""
        self._began = None
        if self._sound is not None:
            self._sound.rest()

    def _is_to_go_on(self) -> bool:
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_closed or self._is_running or self._target is not None
            )
            return not self._is_closed

    def _go_on(self, film: Film) -> None:
        with self._changed:
            target, self._target = self._target, None
        if target is not None:
            self._stop_clock()
            frame = film.at(target, lambda: self._is_closed or self._target is not None)
        else:
            frame = film.following() or self._first_again(film)
        if frame is None:
            return
        if target is None and not self._is_time_for(frame, film.fps):
            film.put_back(frame)
            return
        if self._is_late(frame, film.fps):
            self._left_out = frame
        else:
            self._show(frame)

    def _first_again(self, film: Film) -> Frame | None:
        """Return the first frame if the film begins again; else it stands still."""
        self._stop_clock()
        if self._is_looping and (first := film.at(0.0)) is not None:
            return first
        if self._left_out is not None:  # a film ends on its last picture, however late that is
            self._show(self._left_out)
        with self._changed:
            self._is_running = False
        self.ended.emit()
        return None

    def _is_time_for(self, frame: Frame, fps: float) -> bool:
        """Wait until a frame is due; return whether nothing else was asked for meanwhile."""
        with self._changed:
            if self._began is None:
                # The frame before it has just been shown, or is shown since it stands still.
                self._began = time.monotonic() + 1 / (self._speed * fps), frame.seconds
                if self._sound is not None:
                    self._sound.run(*self._began, self._speed)
            began, speed = self._began, self._speed
            due = began[0] + (frame.seconds - began[1]) / speed
            is_other = self._changed.wait_for(
                lambda: (
                    self._is_closed
                    or not self._is_running
                    or self._target is not None
                    or self._began is not began
                ),
                max(due - time.monotonic(), 0),
            )
        return not is_other

    def _is_late(self, frame: Frame, fps: float) -> bool:
        """Whether the next frame is due already, so that this one need not be converted."""
        with self._changed:
            began, speed = self._began, self._speed
        if began is None:
            return False
        now = time.monotonic()
        due = began[0] + (frame.seconds - began[1]) / speed
        return now > due + 1 / (fps * speed) and now < self._last_shown + _LONGEST_BLIND

    def _show(self, frame: Frame) -> None:
        self._left_out = None
        picture = Picture(frame.seconds, frame.image())
        self._last_shown = time.monotonic()
        with self._changed:
            if self._target is not None or self._is_closed:
                return
            is_first = self._waiting is None
            self._waiting = picture
        if is_first:
            self.picture_ready.emit()


def _reason(error: InputError | OSError | ValueError) -> Message:
    if isinstance(error, InputError):
        return error.message
    if isinstance(error, OSError):
        return os_reason(error)
    return Message.plain(str(error))
