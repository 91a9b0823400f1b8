"""Long work of the window in small pieces, between which it answers mouse and keys."""

from __future__ import annotations

import time
from itertools import chain
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Iterator

SLICE_SECONDS = 0.012


class Slices(QObject):
    """Work that is done a step at a time, when the window has nothing else to do.

    Signals
    -------
    finished
        Nothing is left to do.
    """

    finished = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: Iterator[None] | None = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._on_turn)

    @property
    def is_busy(self) -> bool:
        """Whether something is left to do."""
        return self._steps is not None

    def start(self, steps: Iterator[None]) -> None:
        """Do these steps, and forget what was left of others."""
        self._steps = steps
        self._timer.start()

    def then(self, steps: Iterator[None]) -> None:
        """Do these steps after those that are left."""
        self.start(chain(self._steps or (), steps))

    def finish(self) -> None:
        """Do the rest now."""
        while self.is_busy:
            self._step()

    def _on_turn(self) -> None:
        end = time.monotonic() + SLICE_SECONDS
        self._step()
        while self.is_busy and time.monotonic() < end:
            self._step()

    def _step(self) -> None:
        steps = self._steps
        if steps is not None and next(steps, steps) is steps and self._steps is steps:
            self._steps = None
            self._timer.stop()
            self.finished.emit()
