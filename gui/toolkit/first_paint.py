"""Work that waits until a window has painted itself once, so that it is never seen empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject

from backprop_studio.gui.toolkit.slices import Slices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QWidget


class FirstPaint(QObject):
    """Watches a widget for the first time that it is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._is_over = False
        self._waiting: list[Callable[[], object]] = []
        self._slices = Slices(self)
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
            self._slices.start(self._acts())
        return False

    def _acts(self) -> Iterator[None]:
        for act in self._waiting:
            act()
            yield
