"""Where the window and its dialogs were and how it was divided, kept between sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QEvent, QObject, Signal
from PySide6.QtGui import QGuiApplication

from backprop_studio.gui.model.settings import settings_store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

LAYOUT_VERSION = 1
"""Raised when the panels change so that an old layout would not fit."""

_MOVES = {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.WindowStateChange}


class LayoutMemory(QObject):
    """The places and sizes of one window and of its dialogs.

    Parameters
    ----------
    window : QMainWindow
        The window.
    splitters : mapping of str to QSplitter
        What divides it, by the names under which that is kept.

    Signals
    -------
    changed
        Something was moved or got another size.
    """

    changed = Signal()

    def __init__(self, window: QMainWindow, splitters: Mapping[str, QSplitter]) -> None:
        super().__init__(window)
        self._window = window
        self._splitters = splitters
        self._dialogs: dict[str, QWidget] = {}
        self._last: dict[str, Any] = {}
        window.installEventFilter(self)
        for splitter in splitters.values():
            splitter.splitterMoved.connect(self.changed)

    def restore(self) -> bool:
        """Put the window where it was, if that is on a screen; return whether it was done."""
        store = settings_store()
        if store.value("layout/version", 0, int) != LAYOUT_VERSION:
            return False
        states = {name: store.value(f"layout/{name}") for name in self._splitters}
        geometry = store.value("layout/geometry")
        if not all(isinstance(it, QByteArray) for it in (geometry, *states.values())):
            return False
        if not self._window.restoreGeometry(geometry):
            return False
        for name, state in states.items():
            self._splitters[name].restoreState(state)
        _move_onto_screen(self._window)
        return True

    def remember(self, name: str, dialog: QWidget) -> None:
        """Give a dialog the place and size that it had, and keep those that it will have."""
        geometry = settings_store().value(f"layout/{name}")
        if isinstance(geometry, QByteArray) and dialog.restoreGeometry(geometry):
            _move_onto_screen(dialog)
        self._dialogs[name] = dialog
        dialog.installEventFilter(self)

    def values(self) -> dict[str, Any]:
        """Return what is to be kept, by the names of the settings.

        While the stage fills the screen, it is what was there before.
        """
        if not self._window.isFullScreen():
            states = {f"layout/{name}": it.saveState() for name, it in self._splitters.items()}
            geometry = self._window.saveGeometry()
            self._last = {"layout/version": LAYOUT_VERSION, "layout/geometry": geometry, **states}
        dialogs = {f"layout/{name}": it.saveGeometry() for name, it in self._dialogs.items()}
        return {**self._last, **dialogs}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice moves and sizes, and leave the event alone."""
        if event.type() in _MOVES:
            self.changed.emit()
        return super().eventFilter(watched, event)


def _move_onto_screen(window: QWidget) -> None:
    frame = window.frameGeometry()
    areas = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    if any(area.intersected(frame).width() >= frame.width() // 2 for area in areas):
        return
    area = QGuiApplication.primaryScreen().availableGeometry()
    window.resize(window.size().boundedTo(area.size()))
    window.move(area.center() - window.rect().center())
