"""The beats of a lesson as a row of chips: one is on, a click or an arrow key takes another."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from backprop_studio.gui.model.words import tr
from backprop_studio.gui.toolkit.theme import theme

GAP = 4.0
HEIGHT = 26
NARROWEST_NUMBER = 18


class BeatStrip(QWidget):
    """Shows the beats and which one is selected.

    Signals
    -------
    chosen : int
        The user chose the beat with this number, from 0.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._captions: tuple[str, ...] = ()
        self._current = -1
        self._hovered = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def show_beats(self, captions: tuple[str, ...], current: int) -> None:
        """Show these beats, ``current`` being on (-1 for none)."""
        self._captions, self._current = captions, current
        self.setEnabled(bool(captions))
        self.retranslate()
        self.update()

    def retranslate(self) -> None:
        """Renew the words for screen readers."""
        self.setAccessibleName(tr("Beats of the lesson"))
        if 0 <= self._current < len(self._captions):
            text = tr("Beat {number} of {count}: {caption}").format(
                number=self._current + 1,
                count=len(self._captions),
                caption=self._captions[self._current],
            )
            self.setAccessibleDescription(text)

    def chip_rect(self, number: int) -> QRectF:
        """Return where a chip is."""
        count = max(len(self._captions), 1)
        width = (self.width() - GAP * (count - 1)) / count
        return QRectF(number * (width + GAP), 1, width, HEIGHT - 2)

    def sizeHint(self) -> QSize:
        """Return the height of the chips."""
        return QSize(200, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the chips."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme()
        for number in range(len(self._captions)):
            rect = self.chip_rect(number)
            is_current = number == self._current
            fill = "hover" if number == self._hovered else "line"
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.colour("accent" if is_current else fill))
            painter.drawRoundedRect(rect, 5, 5)
            if rect.width() >= NARROWEST_NUMBER:
                painter.setPen(colours.colour("on_accent" if is_current else "muted"))
                painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), str(number + 1))
            if is_current and self.hasFocus():
                # The chip is as bright as the ring: a gap lies between them.
                painter.setBrush(Qt.BrushStyle.NoBrush)
                for edge, colour in ((3.0, "window"), (1.0, "text")):
                    painter.setPen(QPen(colours.colour(colour), 2))
                    painter.drawRoundedRect(rect.adjusted(edge, edge, -edge, -edge), 5, 5)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the chip under the mouse."""
        number = self._number_at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and number >= 0:
            self.chosen.emit(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up the chip under the mouse."""
        self._hover(self._number_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        """Let the light go."""
        self._hover(-1)

    def event(self, event: QEvent) -> bool:
        """Show a chip's caption as its tool tip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            number = self._number_at(event.pos().x())
            text = "" if number < 0 else f"{number + 1}. {self._captions[number]}"
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go along the beats with the arrow keys."""
        last = len(self._captions) - 1
        targets = {
            Qt.Key.Key_Left: self._current - 1,
            Qt.Key.Key_Right: self._current + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if event.key() in targets and last >= 0:
            target = min(max(targets[Qt.Key(event.key())], 0), last)
            if target != self._current:
                self.chosen.emit(target)
            return
        super().keyPressEvent(event)

    def _number_at(self, x: float) -> int:
        count = len(self._captions)
        if not count or not 0 <= x < self.width():
            return -1
        return min(int(x / (self.width() + GAP) * count), count - 1)

    def _hover(self, number: int) -> None:
        if number != self._hovered:
            self._hovered = number
            self.update()
