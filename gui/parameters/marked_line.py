"""A line of text in which the place of a fault is underlined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit

from backprop_studio.gui.toolkit.theme import theme

if TYPE_CHECKING:
    from backprop_studio.gui.model.spans import Span

THICKNESS = 2.5
NARROWEST = 7.0
"""So wide is the mark of a place at which something is missing."""


class MarkedLine(QLineEdit):
    """A line of text with a mark below some of its characters.

    The mark is painted and not a selection: the next key of whoever is typing would replace that.
    """

    def __init__(self) -> None:
        super().__init__()
        self.marked: Span | None = None
        self.textChanged.connect(lambda _text: self.mark(None))

    def mark(self, span: Span | None) -> None:
        """Mark these characters, an empty span between two; None takes the mark away."""
        self.marked = span
        if span is not None and not self.hasFocus():
            # A long text is scrolled to the fault, and whoever comes here can go on there.
            self.setCursorPosition(span[1])
            self.setCursorPosition(span[0])
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line, and the mark below its characters."""
        super().paintEvent(event)
        if self.marked is None:
            return
        left, right = (self._x_of(at) for at in self.marked)
        painter = QPainter(self)
        painter.setClipRect(self.contentsRect().adjusted(4, 0, -4, 0))
        bottom = (self.height() + self.fontMetrics().height()) / 2
        width = max(right - left, NARROWEST)
        painter.fillRect(QRectF(left, bottom - 1, width, THICKNESS), theme().colour("wrong"))
        painter.end()

    def _x_of(self, at: int) -> float:
        """Return where a character begins, however far the text is scrolled."""
        width_of = self.fontMetrics().horizontalAdvance
        text, cursor = self.text(), self.cursorPosition()
        return self.cursorRect().center().x() + width_of(text[:at]) - width_of(text[:cursor])


class OneHistory(QObject):
    """Leaves the keys of undo and redo to the window, whose history has every edit of a field."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the field from using the keys on its own text."""
        if isinstance(event, QKeyEvent) and event.type() in {
            QEvent.Type.ShortcutOverride,
            QEvent.Type.KeyPress,
        }:
            keys = QKeySequence.StandardKey
            if event.matches(keys.Undo) or event.matches(keys.Redo):
                event.ignore()
                return True
        return super().eventFilter(watched, event)
