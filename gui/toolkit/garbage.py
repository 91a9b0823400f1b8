"""The collection of garbage: in the window's thread only, and between two of its events."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 500


class Garbage(QObject):
    """Collects what Python's own collector would, which it replaces while it is there.

    That one runs in whatever thread happens to make an object. A thread that reads a film would
    hold the window back meanwhile, and objects of Qt would die outside of the window's thread.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        timer = QTimer(self, interval=EVERY_MS)
        timer.timeout.connect(self.collect)
        timer.start()
        self.destroyed.connect(gc.enable)

    def collect(self) -> None:
        """Collect as much as is due by now."""
        counts, most = gc.get_count(), gc.get_threshold()
        due = [generation for generation in range(3) if counts[generation] > most[generation]]
        if due:
            gc.collect(due[-1])

    def settle(self) -> None:
        """Look no more at what is there by now and stays: most of the program."""
        gc.freeze()
