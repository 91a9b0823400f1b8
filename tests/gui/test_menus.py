"""The menu bar: keys, letters, undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QMenu,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.window import MainWindow


def test_no_key_is_given_twice(window: MainWindow) -> None:
    keys = [
        action.shortcut().toString()
        for action in window.menus.actions.values()
        if not action.shortcut().isEmpty()
    ]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_mnemonics_of_a_menu_differ(window: MainWindow, state: AppState, language: str) -> None:
    state.window_language = language
    for menu in [window.menuBar(), *window.menuBar().findChildren(QMenu)]:
        letters = [
            action.text().split("&", 1)[1][0].lower()
            for action in menu.actions()
            if "&" in action.text()
        ]
        assert len(letters) == len(set(letters)), [action.text() for action in menu.actions()]


def test_a_render_by_keys_alone(qtbot: QtBot, window: MainWindow, videos: Any) -> None:
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    videos.settle()
    assert len(videos.videos) == 1


def test_undo_in_the_menu_names_the_field(window: MainWindow, state: AppState) -> None:
    rate = next(spec for spec in state.form.fields() if spec.path == "learning_rate")
    undo = window.menus.actions["&Undo"]
    assert not undo.isEnabled()
    window.services.history.edit(rate, 0.5)
    assert undo.text() == "&Undo: Learning rate"
    undo.trigger()
    assert state.given_params() == {}
