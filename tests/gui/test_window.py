"""The window as a whole: keys, full screen, layout, appearance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QWidget,
)

from backprop_studio.gui.layout_memory import restore_layout, save_layout
from backprop_studio.gui.model.values import RenderPhase, RenderStatus, View
from backprop_studio.gui.toolkit.theme import DARK, theme

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.window import MainWindow


def test_beats_are_chosen_by_mouse_and_keys(
    qtbot: QtBot, window: MainWindow, state: AppState
) -> None:
    strip = window.stage.preview.strip
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.chip_rect(0).center().toPoint())
    assert state.beat == "network"
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert state.beat == "forward"
    qtbot.keyClick(strip, Qt.Key.Key_End)
    assert state.beat == "backward"
    assert "Gradients flow back" in strip.accessibleDescription()


def test_window_and_lesson_have_languages_of_their_own(window: MainWindow, state: AppState) -> None:
    state.window_language = "zh"
    assert state.lesson_language == "en"


def test_full_screen_shows_the_stage_alone_and_escape_leaves(
    qtbot: QtBot, window: MainWindow, state: AppState
) -> None:
    state.view = View.VIDEO
    window.menus.actions["&Full screen"].trigger()
    assert state.full_screen
    assert not window.catalogue.isVisible()
    assert not window.render_bar.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not state.full_screen
    assert window.catalogue.isVisible()


@pytest.mark.parametrize(
    ("name", "key", "is_kept"),
    [
        ("list", Qt.Key.Key_Space, True),
        ("quality", Qt.Key.Key_Home, True),
        ("render", Qt.Key.Key_Space, True),
        ("render", Qt.Key.Key_Left, False),
        ("time", Qt.Key.Key_Left, False),
        ("time", Qt.Key.Key_Space, False),
    ],
)
def test_the_focused_widget_keeps_the_keys_it_acts_on(
    window: MainWindow, name: str, key: Qt.Key, is_kept: bool
) -> None:
    widgets: dict[str, QWidget] = {
        "list": window.catalogue.view,
        "quality": window.render_bar.quality,
        "render": window.render_bar.render_button,
        "time": window.stage.video.bar.time_line,
    }
    QApplication.instance().focusChanged.emit(None, widgets[name])
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(widgets[name], event)
    assert event.isAccepted() is is_kept


def test_a_layout_comes_back_onto_a_screen_that_exists(window: MainWindow) -> None:
    window.move(20_000, 20_000)
    save_layout(window, window.splitter)
    assert restore_layout(window, window.splitter)
    area = window.screen().availableGeometry()
    assert area.intersects(window.geometry())


def test_appearance_is_followed_live(window: MainWindow, state: AppState, qapp: Any) -> None:

    state.appearance = "dark"
    assert theme().colours is DARK
    assert qapp.palette().window().color().name() == DARK["panel"]


def test_idle_state_is_calm(window: MainWindow, state: AppState) -> None:
    assert state.render == RenderStatus(RenderPhase.IDLE)
    assert window.render_bar.status.text() == ""
