"""Preferences kept between sessions: the only place that reads or writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtGui import QGuiApplication

from backprop_studio.core.base.parameters import Theme
from backprop_studio.gui.model.words import LANGUAGES
from backprop_studio.render.messages.formats import VIDEO_ENDINGS
from backprop_studio.render.messages.frame_format import FRAME_SHAPES, QUALITIES

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow, QSplitter

    from backprop_studio.gui.model.state import AppState

__all__ = ["load_preferences", "restore_layout", "save_layout", "save_preferences"]

LAYOUT_VERSION = 1
"""Raised when the panels change so that an old layout would not fit."""

PREFERENCES = {
    "window_language": tuple(LANGUAGES),
    "lesson_language": tuple(LANGUAGES),
    "appearance": ("system", "light", "dark"),
    "quality": tuple(QUALITIES),
    "format": VIDEO_ENDINGS,
    "theme": get_args(Theme),
    "frame_shape": FRAME_SHAPES,
}


def _store() -> QSettings:
    return QSettings("backprop-studio", "backprop-studio")


def load_preferences(state: AppState) -> None:
    """Give the state what the user preferred last time; unknown words are ignored."""
    store = _store()
    for name, allowed in PREFERENCES.items():
        value = store.value(f"preferences/{name}")
        if isinstance(value, str) and value in allowed:
            setattr(state, name, value)


def save_preferences(state: AppState) -> None:
    """Keep what the user prefers."""
    store = _store()
    for name in PREFERENCES:
        store.setValue(f"preferences/{name}", getattr(state, name))


def save_layout(window: QMainWindow, splitter: QSplitter) -> None:
    """Keep where the window is and how it is divided."""
    store = _store()
    store.setValue("layout/version", LAYOUT_VERSION)
    store.setValue("layout/geometry", window.saveGeometry())
    store.setValue("layout/splitter", splitter.saveState())


def restore_layout(window: QMainWindow, splitter: QSplitter) -> bool:
    """Put the window where it was, if that place is on a screen; return whether it was done."""
    store = _store()
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
