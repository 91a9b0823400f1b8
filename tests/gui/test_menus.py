"""The menu bar: keys, letters, undo."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu


def test_no_key_is_given_twice_and_mnemonics_of_a_menu_differ(window, state):
    actions = window.menus.actions.values()
    keys = list(filter(None, (action.shortcut().toString() for action in actions)))
    assert len(keys) == len(set(keys)) > 15
    for language in ("en", "zh"):
        state.window_language = language
        for menu in [window.menuBar(), *window.menuBar().findChildren(QMenu)]:
            parts = [action.text().partition("&") for action in menu.actions()]
            letters = [after[0].lower() for _before, mark, after in parts if mark]
            assert len(letters) == len(set(letters)), parts


def test_a_render_by_keys_alone(qtbot, window, videos):
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    videos.settle()
    assert len(videos.videos) == 1


def test_undo_in_the_menu_names_the_field(window, state):
    rate = next(spec for spec in state.form.fields() if spec.path == "learning_rate")
    undo = window.menus.actions["&Undo"]
    assert not undo.isEnabled()
    window.services.history.edit(rate, 0.5)
    assert undo.text() == "&Undo: Learning rate"
    undo.trigger()
    assert state.given_params() == {}
