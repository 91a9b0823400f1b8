"""Writes what the user sets soon after he has set it, without keeping the window waiting."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from backprop_studio.core.base.errors import StudioError
from backprop_studio.gui.model.settings import PREFERENCES, preferences_of
from backprop_studio.gui.model.words import said
from backprop_studio.gui.toolkit.crossing import Crossing
from backprop_studio.render.messages.failures import file_reason

if TYPE_CHECKING:
    from backprop_studio.core.base.messages import Message
    from backprop_studio.gui.keeping.files import KeptFiles
    from backprop_studio.gui.keeping.layout import LayoutMemory
    from backprop_studio.gui.model.state import AppState

PAUSE_MS = 300
"""From a change to its being written; what changes meanwhile is written with it."""

LAST_SECONDS = 5
"""How long the end of the program waits for a slow disk."""

_log = logging.getLogger(__name__)


class Keeper(Crossing):
    """Listens to the state and to the layout, and keeps both.

    Parameters
    ----------
    state : AppState
        What the user sets.
    layout : LayoutMemory
        Where he puts it.
    files : KeptFiles
        Where it is written.

    Signals
    -------
    kept
        All that was set before the last pause is on the disk.
    failed : str
        It cannot be kept: a sentence for the user, once.
    """

    kept = Signal()
    failed = Signal(str)

    def __init__(
        self,
        state: AppState,
        layout: LayoutMemory,
        files: KeptFiles,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._state = state
        self._layout = layout
        self._files = files
        self._pool = ThreadPoolExecutor(1, "keeper")
        self._writing: Future[None] | None = None
        self._has_failed = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._on_pause)
        state.listen(self.touch, "scene", "beat", "params", *PREFERENCES)
        layout.changed.connect(self.touch)

    def touch(self) -> None:
        """Say that there is something new to be kept."""
        if not self._pause.isActive() and not self.is_closed:
            self._pause.start()

    def flush(self) -> None:
        """Have written what there is, without the pause; returns at once."""
        self._pause.stop()
        if not self.is_closed:
            self._begin()

    def wait(self) -> None:
        """Wait until all is written that was begun, or the disk takes too long."""
        if self._writing is not None:
            wait([self._writing], LAST_SECONDS)

    def close(self) -> None:
        """Write what there is; nothing is kept afterwards."""
        self.flush()
        self.wait()
        self.is_closed = True
        self._pool.shutdown(wait=False)
        self._files.close()

    def _on_pause(self) -> None:
        if self._writing is not None and not self._writing.done():
            self.touch()  # the disk is slow; what it gets next is newer
        else:
            self._begin()

    def _begin(self) -> None:
        settings = {**preferences_of(self._state), **self._layout.values()}
        self._writing = self._pool.submit(self._files.write, self._state.snapshot(), settings)
        self._writing.add_done_callback(self._on_written)

    def _on_written(self, writing: Future[None]) -> None:
        """Run on the writing thread."""
        error = writing.exception()
        if error is None:
            self.cross(self.kept.emit)
        elif isinstance(error, StudioError):
            self._fail(error.message)
        elif isinstance(error, OSError):
            self._fail(file_reason(error))
        else:
            _log.error("the session cannot be kept", exc_info=error)

    def _fail(self, message: Message) -> None:
        _log.warning("not kept: %s", message)
        if not self._has_failed:
            self._has_failed = True
            self.cross(lambda: self.failed.emit(said(message)))
