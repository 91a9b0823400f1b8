"""The end of notices: what was said of the last act is gone soon, or with the next act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from backprop_studio.gui.panel import Services

NOTICE_MS = 10_000
"""Long enough to read two lines and to press a button beside them."""


class NoticeEnd(QObject):
    """Takes a notice back when it is outdated; one about what still goes on stays.

    Parameters
    ----------
    services : Services
        The things of the window.
    """

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._state = services.state
        self._files = services.files
        self.timer = QTimer(self, singleShot=True, interval=NOTICE_MS)
        self.timer.timeout.connect(self._end)
        self._state.listen(self._on_notice, "notice")
        self._state.listen(self._end, "scene", "params")

    def _on_notice(self) -> None:
        if self._state.notice:
            self.timer.start()
        else:
            self.timer.stop()

    def _end(self) -> None:
        if self._files.is_saving:
            self.timer.start()
        else:
            self._state.notice = ""
