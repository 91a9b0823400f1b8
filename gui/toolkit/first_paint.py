"""Work that waits until a window has painted itself once, so that it is never seen empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


class FirstPaint(QObject):
    """Watches a widget for the first time that it is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._is_over = False
        self._waiting: list[Callable[[], object]] = []
        widget.installEventFilter(self)

    def then(self, act: Callable[[], object]) -> None:
        """Do something after it, at once if it was painted or is not on the screen."""
        if self._is_over or not self._widget.isVisible():
            act()
        else:
            self._waiting.append(act)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Have everything done when the painting is over."""
        if event.type() == QEvent.Type.Paint and not self._is_over:
            self._is_over = True
            watched.removeEventFilter(self)
            for act in self._waiting:
                # One by one: between two of them the window can paint what has come.
                QTimer.singleShot(0, self, act)
        return False
