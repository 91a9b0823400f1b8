"""Keys without Ctrl: the focused field, list or slider keeps its own, the player gets the rest.

Qt asks the focused widget before it takes a key for a shortcut. Most widgets do not answer for the
keys they would act on, so this filter answers for them; the actions stay enabled in their menus.
"""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QWidget,
)

from backprop_studio.gui.stage.beat_strip import BeatStrip
from backprop_studio.gui.stage.player_bar import TimeLine

MOVES = frozenset(
    {
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
    }
)
SPACE = frozenset({Qt.Key.Key_Space})
LETTERS = frozenset({Qt.Key.Key_F, Qt.Key.Key_L})
NO_KEYS: frozenset[Qt.Key] = frozenset()

OWN_KEYS: tuple[tuple[type[QWidget], frozenset[Qt.Key]], ...] = (
    (TimeLine, NO_KEYS),
    (QAbstractSlider, MOVES),
    (BeatStrip, MOVES),
    (QAbstractButton, SPACE),
    (QComboBox, MOVES | SPACE | LETTERS),
    (QAbstractItemView, MOVES | SPACE | LETTERS),
)
"""The first kind that fits says which keys a widget keeps. Text fields answer for themselves."""


class KeyGuard(QObject):
    """Watches the widget that has the focus, and no other."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep a key for the widget that would act on it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() in {
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.KeypadModifier,
            }
            if plain and event.key() in self._keys_of(watched):
                event.accept()
                return True
        return super().eventFilter(watched, event)

    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None and shiboken6.isValid(old):
            old.removeEventFilter(self)
        if new is not None:
            new.installEventFilter(self)

    @staticmethod
    def _keys_of(widget: QObject) -> frozenset[Qt.Key]:
        return next((keys for kind, keys in OWN_KEYS if isinstance(widget, kind)), NO_KEYS)
