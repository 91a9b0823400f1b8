"""The buttons and the time line under a playing video."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSlider, QWidget

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.model.words import said, tr
from backprop_studio.gui.stage.player import SPEEDS, Player
from backprop_studio.gui.toolkit import widgets as ui
from backprop_studio.gui.toolkit.layouts import column, row
from backprop_studio.gui.toolkit.theme import theme

if TYPE_CHECKING:
    from backprop_studio.render.messages.results import BeatMark

NEAR_START_MS = 1000
"""Going back within this time after a beat's start means the beat before it."""


def time_code(milliseconds: int) -> str:
    """Return a time as mm:ss, the way a viewer reads it."""
    seconds = max(milliseconds, 0) // 1000
    return f"{seconds // 60:02d}:{seconds % 60:02d}"


def beat_at(beats: tuple[BeatMark, ...], milliseconds: int) -> int:
    """Return the number of the beat that plays at a time, or -1."""
    started = [number for number, beat in enumerate(beats) if beat.start * 1000 <= milliseconds + 1]
    return started[-1] if started else -1


class TimeLine(QSlider):
    """A slider over the time with a mark for each beat; a click goes there at once.

    Signals
    -------
    wanted : int
        The user wants this time, in milliseconds.
    """

    wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.beats: tuple[BeatMark, ...] = ()
        self.setSingleStep(1000)
        self.setPageStep(5000)
        self.actionTriggered.connect(self._on_action)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the slider and the marks."""
        super().paintEvent(event)
        if not self.beats or self.maximum() <= 0:
            return
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("muted"))
        bottom = self.height() / 2 + 10
        for beat in self.beats:
            x = self.x_of(round(beat.start * 1000))
            painter.drawRect(QRectF(x - 0.75, bottom - 4, 1.5, 4))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the time under the mouse and follow it from there."""
        if event.button() == Qt.MouseButton.LeftButton and self.maximum() > 0:
            self.setSliderDown(True)
            self._follow(event)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse."""
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self.setSliderDown(False)

    def x_of(self, milliseconds: int) -> float:
        """Return where a time is on the line."""
        return 8 + (self.width() - 16) * milliseconds / max(self.maximum(), 1)

    def _follow(self, event: QMouseEvent) -> None:
        share = (event.position().x() - 8) / max(self.width() - 16, 1)
        value = round(min(max(share, 0.0), 1.0) * self.maximum())
        self.setValue(value)
        self.wanted.emit(value)

    def _on_action(self, _action: int) -> None:
        self.wanted.emit(self.sliderPosition())


class PlayerBar(QWidget):
    """Plays, pauses, steps, scrubs by beat and by time."""

    def __init__(self, player: Player) -> None:
        super().__init__()
        self._player = player
        self._beats: tuple[BeatMark, ...] = ()
        self.time_line = ui.worded(TimeLine(), name=N_("Time"))
        self.play = ui.IconButton("play")
        self.previous = ui.IconButton("previous", words=N_("Previous beat"), keys="Ctrl+←")
        self.next = ui.IconButton("next", words=N_("Next beat"), keys="Ctrl+→")
        self.loop = ui.IconButton("loop", words=N_("Repeat"), keys="L")
        self.loop.setCheckable(True)
        self.mute = ui.IconButton("sound")
        self.mute.hide()
        self.full_screen = ui.IconButton("fullscreen", words=N_("Full screen"), keys="F")
        self.time = ui.label("muted")
        self.caption = ui.ElidedLabel()
        self.speed = ui.worded(ui.combo_box(), name=N_("Speed"), tip=N_("Speed"))
        for speed in SPEEDS:
            self.speed.addItem(f"{speed:g} ×", speed)
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        moves = (self.previous, self.play, self.next)
        words = (8, self.time, 12, (self.caption, 1))
        below = row(*moves, *words, self.mute, self.speed, self.loop, self.full_screen, gap=4)
        column(self.time_line, below, on=self, gap=4)
        self._connect()
        self.retranslate()

    def _connect(self) -> None:
        player = self._player
        player.position_changed.connect(self._on_position)
        player.duration_changed.connect(self._on_duration)
        player.playing_changed.connect(self.retranslate)
        self.time_line.wanted.connect(player.seek)
        self.play.clicked.connect(player.toggle)
        self.previous.clicked.connect(self.go_back)
        self.next.clicked.connect(self.go_on)
        self.loop.toggled.connect(player.set_looping)
        player.sound_changed.connect(self._show_sound)
        self.mute.clicked.connect(self.toggle_sound)
        self.speed.activated.connect(lambda at: player.set_speed(SPEEDS[at]))

    def show_beats(self, beats: tuple[BeatMark, ...]) -> None:
        """Mark these beats on the time line."""
        self._beats = beats
        self.time_line.beats = beats
        self.previous.setEnabled(bool(beats))
        self.next.setEnabled(bool(beats))
        self.time_line.update()
        self._on_position()

    def go_back(self) -> None:
        """Go to the start of this beat, or of the one before if it has just begun."""
        number = beat_at(self._beats, self._player.position)
        if number < 0:
            self._player.seek(0)
            return
        began = self._beats[number].start
        if self._player.position - began * 1000 < NEAR_START_MS and number > 0:
            began = self._beats[number - 1].start
        self._player.seek_start(began)

    def go_on(self) -> None:
        """Go to the start of the next beat, or to the end."""
        number = beat_at(self._beats, self._player.position) + 1
        if number < len(self._beats):
            self._player.seek_start(self._beats[number].start)
        else:
            self._player.seek(self._player.duration)

    def change_speed(self, step: int) -> None:
        """Take the next faster speed, or the next slower one."""
        at = min(max(SPEEDS.index(self._player.speed) + step, 0), len(SPEEDS) - 1)
        self.speed.setCurrentIndex(at)
        self._player.set_speed(SPEEDS[at])

    def toggle_sound(self) -> None:
        """Mute the video, or let it be heard."""
        self._player.set_muted(not self._player.is_muted)

    def retranslate(self) -> None:
        """Say what the button for playing does now."""
        is_playing = self._player.is_playing
        self.play.set_icon_name("pause" if is_playing else "play")
        keys = tr("Space")
        ui.name_button(self.play, tr("Pause") if is_playing else tr("Play"), keys)
        self._show_sound()

    def _show_sound(self) -> None:
        player = self._player
        is_heard = not player.is_muted and player.silence is None
        self.mute.setVisible(player.has_sound)
        self.mute.enable(player.silence is None)
        self.mute.set_icon_name("sound" if is_heard else "muted")
        if player.silence is not None:
            ui.name_button(self.mute, said(player.silence), "")
        else:
            ui.name_button(self.mute, tr("Mute") if is_heard else tr("Unmute"), "M")

    def _on_duration(self) -> None:
        self.time_line.setRange(0, self._player.duration)
        self._on_position()

    def _on_position(self) -> None:
        position = self._player.position
        if not self.time_line.isSliderDown():
            self.time_line.setValue(position)
        self.time.setText(f"{time_code(position)} / {time_code(self._player.duration)}")
        number = beat_at(self._beats, position)
        self.caption.setText(self._beats[number].caption if number >= 0 else "")
