"""Keys without Ctrl: they act on the stage, except where somebody types or came by the Tab key.

Qt asks the focused widget before it takes a key for a shortcut. Text fields answer for themselves;
for the others this filter does. Whoever goes by the Tab key works a button, a choice or a list with
its own keys; after a click of the mouse the next key is for the stage.
"""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
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
LETTERS = frozenset({Qt.Key.Key_B, Qt.Key.Key_F, Qt.Key.Key_L})
NO_KEYS: frozenset[Qt.Key] = frozenset()

Kinds = tuple[tuple[type[QWidget], frozenset[Qt.Key]], ...]

ALWAYS: Kinds = (
    (TimeLine, NO_KEYS),
    (QAbstractSlider, MOVES),
    (BeatStrip, MOVES),
)
BY_TAB: Kinds = (
    *ALWAYS,
    (QAbstractButton, MOVES | SPACE),
    (QComboBox, MOVES | SPACE | LETTERS),
    (QAbstractItemView, MOVES | SPACE | LETTERS),
)
"""Which keys a widget keeps; the first kind that fits says it."""

PLAIN = frozenset(
    {
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.ShiftModifier,
        Qt.KeyboardModifier.KeypadModifier,
    }
)


class KeyGuard(QObject):
    """Watches the widget that has the focus, and no other."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep a key for the widget that would act on it."""
        if isinstance(event, QKeyEvent) and event.modifiers() in PLAIN:
            is_asked = event.type() == QEvent.Type.ShortcutOverride
            if isinstance(watched, QAbstractSpinBox) and event.key() in SPACE:
                # No number has a blank in it.
                event.setAccepted(not is_asked)
                return True
            if is_asked and event.key() in _keys_of(watched):
                event.accept()
                return True
        return super().eventFilter(watched, event)

    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None and shiboken6.isValid(old):
            old.removeEventFilter(self)
        if new is not None:
            new.installEventFilter(self)


def _keys_of(widget: QObject) -> frozenset[Qt.Key]:
    goes_by_tab = isinstance(widget, QWidget) and widget.window().testAttribute(
        Qt.WidgetAttribute.WA_KeyboardFocusChange
    )
    kinds = BY_TAB if goes_by_tab else ALWAYS
    return next((keys for kind, keys in kinds if isinstance(widget, kind)), NO_KEYS)
