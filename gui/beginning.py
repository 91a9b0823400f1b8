"""The order in which a window loads what it is made of: what is looked at first comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer

from backprop_studio.gui.toolkit.first_paint import FirstPaint
from backprop_studio.gui.worker_link import load_client

if TYPE_CHECKING:
    from backprop_studio.gui.window import MainWindow

QUEUE_AFTER_MS = 300


class Beginning(QObject):
    """Holds back what takes long, and has it done piece by piece once the window is painted."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._first_paint = FirstPaint(window.stage)

    def hold(self) -> None:
        """Put off what would keep the window from being seen."""
        window = self._window
        for slow in (window.thumbnails, window.stills, window.parameters):
            slow.hold()
        acts = (load_client, window.stills.release, window.parameters.release, self._prepare)
        for act in acts:
            self._first_paint.then(act)

    def _prepare(self) -> None:
        """Load what somebody may want later, one after the other, once the form is there.

        It is done on threads, and each of them takes as much of Python's time as the window itself.
        """
        form = self._window.parameters.form
        if form.is_building:
            form.built.connect(self._prepare, Qt.ConnectionType.SingleShotConnection)
            return
        self._window.thumbnails.release()
        QTimer.singleShot(QUEUE_AFTER_MS, self._window, self._window.services.renders.open)
