"""A throttle: at once, then at most every so often, and the latest counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable


class Throttle(QObject):
    """Calls an action at once when it was idle, otherwise once at the end of the interval.

    Parameters
    ----------
    action : callable
        What to do; it reads what it needs when it runs, so only the latest state counts.
    interval_ms : int
        Shortest time between two calls.
    """

    def __init__(
        self, action: Callable[[], None], interval_ms: int, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._action = action
        self._is_pending = False
        self._timer = QTimer(self, singleShot=True, interval=interval_ms)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def is_idle(self) -> bool:
        """Whether the next request acts at once."""
        return not self._timer.isActive()

    def request(self) -> None:
        """Ask for the action."""
        if not self.is_idle:
            self._is_pending = True
            return
        self._timer.start()
        self._action()

    def _on_timeout(self) -> None:
        if self._is_pending:
            self._is_pending = False
            self.request()
