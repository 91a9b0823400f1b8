"""The way of a call from another thread into Qt's."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)


class Crossing(QObject):
    """An object that other threads have things done for in its own, until it is closed."""

    _crossed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_closed = False
        self._crossed.connect(self._on_crossed, Qt.ConnectionType.QueuedConnection)

    def cross(self, act: Callable[[], Any]) -> None:
        """Have something done in this object's thread; called on any other."""
        if self.is_closed:
            return
        try:
            self._crossed.emit(act)
        except RuntimeError:
            # The window was destroyed between the check and the call: nobody is left to tell.
            log.debug("a call after the window closed")

    @Slot(object)
    def _on_crossed(self, act: Callable[[], Any]) -> None:
        if not self.is_closed:
            act()
