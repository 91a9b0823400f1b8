"""Where the window was and how it was divided, kept between sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QGuiApplication

from backprop_studio.gui.model.settings import settings_store

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow, QSplitter

LAYOUT_VERSION = 1
"""Raised when the panels change so that an old layout would not fit."""


def save_layout(window: QMainWindow, splitter: QSplitter) -> None:
    """Keep where the window is and how it is divided."""
    store = settings_store()
    store.setValue("layout/version", LAYOUT_VERSION)
    store.setValue("layout/geometry", window.saveGeometry())
    store.setValue("layout/splitter", splitter.saveState())


def restore_layout(window: QMainWindow, splitter: QSplitter) -> bool:
    """Put the window where it was, if that is on a screen; return whether it was done."""
    store = settings_store()
    geometry, sizes = store.value("layout/geometry"), store.value("layout/splitter")
    if store.value("layout/version", 0, int) != LAYOUT_VERSION:
        return False
    if not isinstance(geometry, QByteArray) or not isinstance(sizes, QByteArray):
        return False
    if not window.restoreGeometry(geometry):
        return False
    splitter.restoreState(sizes)
    _move_onto_screen(window)
    return True


def _move_onto_screen(window: QMainWindow) -> None:
    frame = window.frameGeometry()
    areas = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    if any(area.intersected(frame).width() >= frame.width() // 2 for area in areas):
        return
    area = QGuiApplication.primaryScreen().availableGeometry()
    window.resize(window.size().boundedTo(area.size()))
    window.move(area.center() - window.rect().center())
