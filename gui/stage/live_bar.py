"""Play, stop and the time line of the lesson that plays while it is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.model.values import Live
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.stage.live_preview import FPS
from backprop_studio.gui.stage.player_bar import TimeLine, time_code
from backprop_studio.gui.toolkit.layouts import row
from backprop_studio.gui.toolkit.theme import theme
from backprop_studio.gui.toolkit.widgets import IconButton, keep_place, label, name_button, worded

if TYPE_CHECKING:
    from backprop_studio.gui.panel import Services

NARROWEST_LINE = 120
HANDLE_RADIUS = 9


class DrawnLine(TimeLine):
    """A time line that shows what is drawn so far."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn = (0.0, 0.0)
        self.setMinimumWidth(NARROWEST_LINE)

    def show_drawn(self, begin: float, end: float) -> None:
        """Mark these seconds as drawn."""
        if (begin, end) != self.drawn:
            self.drawn = (begin, end)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the slider, the marks, and fill the groove as far as it is drawn."""
        super().paintEvent(event)
        begin, end = (self.x_of(round(seconds * 1000)) for seconds in self.drawn)
        begin = max(begin, self.x_of(self.value()) + HANDLE_RADIUS)
        if end <= begin:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("muted"))
        painter.drawRoundedRect(QRectF(begin, self.height() / 2 - 2, end - begin, 4), 2, 2)
        painter.end()


class LiveBar(QWidget):
    """The time of the lesson while it plays.

    Attributes
    ----------
    play, stop : IconButton
        The page places them where they stay, whatever comes and goes beside them.
    """

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._live = services.live
        self._state = services.state
        self.play = IconButton("play")
        self.stop = IconButton("stop", words=N_("Stop and show the still"))
        self.line = worded(DrawnLine(), name=N_("Time"))
        self.time = label("muted")
        self.status = label("muted")
        keep_place(self.stop)
        row(self.status, (self.line, 1), self.time, on=self, gap=6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.play.clicked.connect(self._live.toggle)
        self.stop.clicked.connect(self._live.stop)
        self.line.wanted.connect(lambda milliseconds: self._live.seek(milliseconds / 1000))
        self._live.moved.connect(self._show_time)
        self._state.listen(self.retranslate, "live", "scene", "catalogue", "refusal")

    def retranslate(self) -> None:
        """Show how the lesson plays, in the window's language."""
        live = self._state.live
        is_running = live.is_on and live is not Live.PAUSED
        self.play.set_icon_name("pause" if is_running else "play")
        keys = tr("Space")
        name_button(self.play, tr("Pause") if is_running else tr("Play the lesson"), keys)
        self.play.enable(live.is_on or self._live.can_start)
        self.stop.setVisible(live.is_on)
        words = {Live.STARTING: tr("Starting…"), Live.CATCHING_UP: tr("Still drawing…")}
        self.status.setText(words.get(live, ""))
        self.status.setVisible(live in words)
        self._show_time()

    def _show_time(self) -> None:
        live = self._live
        is_planned = self._state.live.is_on and live.frames > 0
        for widget in (self.line, self.time):
            widget.setVisible(is_planned)
        if not is_planned:
            return
        duration = round(live.frames / FPS * 1000)
        position = round(live.frame / FPS * 1000)
        self.line.beats = live.beats
        self.line.setRange(0, duration)
        begin, end = live.drawn
        self.line.show_drawn(begin / FPS, end / FPS)
        if not self.line.isSliderDown():
            self.line.setValue(position)
        self.time.setText(f"{time_code(position)} / {time_code(duration)}")
