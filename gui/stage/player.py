"""Playback of a finished video into pictures, or why there is none.

Frames are decoded and converted in a thread and painted by our own widget: the window never waits
for one, there is no black flash between two files, and words can lie over the picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.gui.stage.playback import Playback

if TYPE_CHECKING:
    from pathlib import Path

    from backprop_studio.gui.model.values import LessonSettings


SPEEDS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)


class Player(QObject):
    """A video with time, without buttons.

    Attributes
    ----------
    path : Path or None
        The file that is open.
    fps : float
        Its frames per second.
    position, duration : int
        Present time and length in milliseconds; the length is 0 until it is known.
    speed : float
        How fast the time runs; 1 is real time.
    settings : LessonSettings or None
        What it was made with, if the file says so; not known before it is open.
    is_looping : bool
        Whether it begins again at the end.
    has_sound, is_muted : bool
        Whether there is something to hear, and whether it is not to be heard.
    silence : Message or None
        Why there is nothing to hear though there is sound.

    Signals
    -------
    frame_arrived : QImage
        The picture at the present position.
    position_changed, duration_changed
        The time in :attr:`position` or :attr:`duration` is another one.
    playing_changed
        It began or stopped to run.
    recognised
        The file has said what it was made with.
    sound_changed
        It has sound, or is muted, or the sound cannot be heard.
    failed : Message
        The file cannot be played; one sentence.
    """

    frame_arrived = Signal(QImage)
    position_changed = Signal()
    duration_changed = Signal()
    playing_changed = Signal()
    recognised = Signal()
    sound_changed = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self.fps = 30.0
        self.position = 0
        self.duration = 0
        self.speed = 1.0
        self.is_looping = False
        self.has_sound = self.is_muted = False
        self.silence: Message | None = None
        self.settings: LessonSettings | None = None
        self._playback: Playback | None = None

    @property
    def is_playing(self) -> bool:
        """Whether the time runs."""
        return self._playback is not None and self._playback.is_running

    def open(self, path: Path, fps: float = 30.0, *, plays: bool = False) -> None:
        """Load a file and show its first picture, or play it."""
        self.release()
        self.path, self.fps = path, fps
        playback = Playback(path, is_running=plays, parent=self)
        playback.set_speed(self.speed)
        playback.set_looping(self.is_looping)
        playback.set_muted(self.is_muted)
        playback.opened.connect(self._on_opened)
        playback.recognised.connect(self._on_recognised)
        playback.picture_ready.connect(self._on_picture)
        playback.heard.connect(self._on_heard)
        playback.unheard.connect(self._on_unheard)
        playback.ended.connect(self.playing_changed)
        playback.failed.connect(self._on_failed)
        self._playback = playback
        playback.start()
        self.playing_changed.emit()

    def release(self) -> None:
        """Let go of the file, so that it can be replaced or removed."""
        self.path = self.settings = self.silence = None
        self.has_sound = False
        self.sound_changed.emit()
        self._set_times(0, 0)
        if self._playback is not None:
            playback, self._playback = self._playback, None
            playback.disconnect(self)
            playback.close()
            playback.deleteLater()
            self.playing_changed.emit()

    def toggle(self) -> None:
        """Play, or pause; at the end play from the start."""
        if self._playback is None:
            return
        if not self.is_playing and self._is_at_end():
            self.seek(0)
        self._set_running(not self.is_playing)

    def pause(self) -> None:
        """Stop the time."""
        if self.is_playing:
            self._set_running(False)

    def seek(self, milliseconds: int) -> None:
        """Go to a time."""
        if self._playback is not None:
            last = max(self.duration - self._frame_ms() // 2, 0)
            self.position = min(max(milliseconds, 0), last)
            self._playback.seek(self.position / 1000)
            self.position_changed.emit()

    def seek_start(self, seconds: float) -> None:
        """Go to the first frame of something that starts then.

        Times are rounded to milliseconds; half a frame later is surely not the frame before.
        """
        self.seek(round(seconds * 1000 + 500 / self.fps))

    def step(self, frames: int) -> None:
        """Pause and go some frames on or back."""
        self.pause()
        # A position is where a frame begins, rounded, or within it.
        number = int((self.position + 1) * self.fps / 1000) + frames
        self.seek(round((max(number, 0) + 0.5) * 1000 / self.fps))

    def set_speed(self, speed: float) -> None:
        """Let the time run faster or slower."""
        self.speed = speed
        if self._playback is not None:
            self._playback.set_speed(speed)

    def set_looping(self, is_on: bool) -> None:
        """Begin again at the end, or stop there."""
        self.is_looping = is_on
        if self._playback is not None:
            self._playback.set_looping(is_on)

    def set_muted(self, is_muted: bool) -> None:
        """Let its sound not be heard, or be heard again."""
        self.is_muted = is_muted
        if self._playback is not None:
            self._playback.set_muted(is_muted)
        self.sound_changed.emit()

    def _frame_ms(self) -> int:
        return round(1000 / self.fps)

    def _is_at_end(self) -> bool:
        return self.duration > 0 and self.position >= self.duration - 2 * self._frame_ms()

    def _set_running(self, is_running: bool) -> None:
        if self._playback is not None:
            self._playback.set_running(is_running)
            self.playing_changed.emit()

    def _set_times(self, position: int, duration: int) -> None:
        if duration != self.duration:
            self.duration = duration
            self.duration_changed.emit()
        if position != self.position:
            self.position = position
            self.position_changed.emit()

    def _on_opened(self, fps: float, seconds: float) -> None:
        """Believe the file rather than whoever opened it."""
        self.fps = fps
        self._set_times(self.position, round(seconds * 1000))

    def _on_recognised(self, settings: LessonSettings) -> None:
        self.settings = settings
        self.recognised.emit()

    def _on_heard(self) -> None:
        self.has_sound = True
        self.sound_changed.emit()

    def _on_unheard(self, reason: Message) -> None:
        self.silence = reason
        self.sound_changed.emit()

    def _on_picture(self) -> None:
        picture = self._playback.take() if self._playback is not None else None
        if picture is not None:
            self.frame_arrived.emit(picture.image)
            self._set_times(round(picture.seconds * 1000), self.duration)

    def _on_failed(self, reason: Message) -> None:
        name = self.path.name if self.path else ""
        text = N_("the video {name} cannot be played: {reason}")
        self.failed.emit(Message.of("video.unplayable", text, name=name, reason=reason))
        self.playing_changed.emit()
