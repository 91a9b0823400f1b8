"""Playback of a finished video into pictures, or why there is none.

Frames come through a video sink and are painted by our own widget: there is no black flash between
two files, words can lie over the picture, and it works on an offscreen platform.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLoggingCategory, QObject, QUrl, Signal
from PySide6.QtGui import QImage

from backprop_studio.gui.model.words import tr

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtMultimedia import QMediaPlayer, QVideoFrame

SPEEDS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)


class Player(QObject):
    """A video with time, without buttons.

    Signals
    -------
    frame_arrived : QImage
        The picture at the present position.
    position_changed, duration_changed
        The time in :attr:`position` or :attr:`duration` is another one, in milliseconds.
    playing_changed
        It began or stopped to run.
    failed : str
        The file cannot be played; one sentence.
    """

    frame_arrived = Signal(QImage)
    position_changed = Signal()
    duration_changed = Signal()
    playing_changed = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self.fps = 30.0
        self._media: QMediaPlayer | None = None
        self._sink: Any = None
        self._missing = ""

    @property
    def missing(self) -> str:
        """Why videos cannot be played on this machine; empty while nothing speaks against it."""
        if not self._missing:
            return ""
        text = tr("Videos cannot be played in the window: {reason}")
        return text.format(reason=self._missing)

    @property
    def position(self) -> int:
        """Present time in milliseconds."""
        return self._media.position() if self._media else 0

    @property
    def duration(self) -> int:
        """Length in milliseconds; 0 until it is known."""
        return self._media.duration() if self._media else 0

    @property
    def is_playing(self) -> bool:
        """Whether the time runs."""
        return self._media is not None and self._media.isPlaying()

    def open(self, path: Path, fps: float = 30.0, *, plays: bool = False) -> None:
        """Load a file and show its first picture, or play it."""
        self.release()
        self.path, self.fps = path, fps
        media = self._started_media()
        if media is None:
            self.failed.emit(self.missing)
            return
        media.setSource(QUrl.fromLocalFile(str(path)))
        if plays:
            media.play()
        else:
            media.pause()

    def release(self) -> None:
        """Let go of the file, so that it can be replaced or removed."""
        self.path = None
        if self._media is not None:
            self._media.stop()
            self._media.setSource(QUrl())

    def toggle(self) -> None:
        """Play, or pause; at the end play from the start."""
        if self._media is None or self.path is None:
            return
        if self._media.isPlaying():
            self._media.pause()
            return
        if self._is_at_end():
            self._media.setPosition(0)
        self._media.play()

    def pause(self) -> None:
        """Stop the time."""
        if self._media is not None and self._media.isPlaying():
            self._media.pause()

    def seek(self, milliseconds: int) -> None:
        """Go to a time."""
        if self._media is not None:
            last = max(self.duration - self._frame_ms() // 2, 0)
            self._media.setPosition(min(max(milliseconds, 0), last))

    def seek_start(self, seconds: float) -> None:
        """Go to the first frame of something that starts then.

        Times are rounded to milliseconds; half a frame later is surely not the frame before.
        """
        self.seek(round(seconds * 1000 + 500 / self.fps))

    def step(self, frames: int) -> None:
        """Pause and go some frames on or back."""
        self.pause()
        number = round(self.position * self.fps / 1000 - 0.5) + frames
        # The middle of the frame: rounding at its edge could give its neighbour.
        self.seek(round((max(number, 0) + 0.5) * 1000 / self.fps))

    def set_speed(self, speed: float) -> None:
        """Let the time run faster or slower."""
        if media := self._started_media():
            media.setPlaybackRate(speed)

    def set_looping(self, is_on: bool) -> None:
        """Begin again at the end, or stop there."""
        if media := self._started_media():
            loops = media.Loops
            media.setLoops(loops.Infinite.value if is_on else loops.Once.value)

    def _frame_ms(self) -> int:
        return round(1000 / self.fps)

    def _is_at_end(self) -> bool:
        return self.duration > 0 and self.position >= self.duration - 2 * self._frame_ms()

    def _started_media(self) -> QMediaPlayer | None:
        """Make the media player with the first file: importing it costs time and can fail."""
        if self._media is not None:
            return self._media
        # Its search for optional sound libraries would fill the terminal; no sound is played.
        QLoggingCategory.setFilterRules("qt.multimedia.*=false")
        try:
            multimedia = importlib.import_module("PySide6.QtMultimedia")
        except ImportError as error:
            self._missing = str(error)
            return None
        media: QMediaPlayer = multimedia.QMediaPlayer(self)
        if not media.isAvailable():
            self._missing = "QtMultimedia has no backend"
            return None
        self._sink = multimedia.QVideoSink(self)
        self._sink.videoFrameChanged.connect(self._on_frame)
        media.setVideoSink(self._sink)
        media.positionChanged.connect(self.position_changed)
        media.durationChanged.connect(self.duration_changed)
        media.playingChanged.connect(self.playing_changed)
        media.metaDataChanged.connect(self._on_facts)
        media.mediaStatusChanged.connect(self._on_status)
        media.errorOccurred.connect(self._on_error)
        self._media = media
        return media

    def _on_frame(self, frame: QVideoFrame) -> None:
        # Between two files and at the end an invalid frame arrives: the last picture stays.
        if frame.isValid() and self.path is not None:
            image = frame.toImage()
            if not image.isNull():
                self.frame_arrived.emit(image)

    def _on_facts(self) -> None:
        """Believe the file rather than whoever opened it."""
        if self._media is not None:
            facts = self._media.metaData()
            rate = facts.value(facts.Key.VideoFrameRate)
            if isinstance(rate, float) and rate > 0:
                self.fps = rate

    def _on_status(self, status: Any) -> None:
        if self._media is not None and status == self._media.MediaStatus.EndOfMedia:
            # Stopped media go back to the start; paused ones stay where the viewer saw them end.
            self._media.pause()
            self.seek(self.duration)

    def _on_error(self, _error: object, message: str) -> None:
        name = self.path.name if self.path else ""
        text = tr("The video {name} cannot be played: {reason}")
        self.failed.emit(text.format(name=name, reason=message))
