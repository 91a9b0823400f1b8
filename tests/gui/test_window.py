"""The window as a whole: keys, full screen, layout, appearance."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from backprop_studio.gui.model.snapshot import Snapshot
from backprop_studio.gui.model.values import RenderPhase, RenderStatus, View
from backprop_studio.gui.toolkit.theme import DARK, theme


def test_beats_are_chosen_by_mouse_and_keys(qtbot, window, state):
    strip = window.stage.preview.strip
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.chip_rect(0).center().toPoint())
    assert state.beat == "network"
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert state.beat == "forward"
    qtbot.keyClick(strip, Qt.Key.Key_End)
    assert state.beat == "backward"
    assert "Gradients flow back" in strip.accessibleDescription()


def test_full_screen_shows_the_stage_alone_and_escape_leaves(qtbot, window, state):
    state.view = View.VIDEO
    window.menus.actions["&Full screen"].trigger()
    assert state.full_screen
    assert not window.catalogue.isVisible()
    assert not window.render_bar.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert not state.full_screen
    qtbot.keyClick(window, Qt.Key.Key_F5)
    assert state.full_screen
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not state.full_screen
    assert window.catalogue.isVisible()


def test_the_focused_widget_keeps_the_keys_it_acts_on_for_those_who_go_by_tab(window):
    tab = Qt.WidgetAttribute.WA_KeyboardFocusChange
    time = window.stage.video.bar.time_line
    for widget, key, is_kept, is_kept_by_mouse in (
        (window.catalogue.view, Qt.Key.Key_Space, True, False),
        (window.render_bar.quality, Qt.Key.Key_Home, True, False),
        (window.render_bar.render_button, Qt.Key.Key_Space, True, False),
        (window.stage.preview.strip, Qt.Key.Key_Home, True, True),
        (time, Qt.Key.Key_Left, False, False),
        (time, Qt.Key.Key_Space, False, False),
    ):
        QApplication.instance().focusChanged.emit(None, widget)
        for goes_by_tab, expected in ((True, is_kept), (False, is_kept_by_mouse)):
            window.setAttribute(tab, goes_by_tab)
            event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
            event.ignore()
            QApplication.sendEvent(widget, event)
            assert event.isAccepted() is expected


def test_a_new_window_is_calm_and_follows_the_appearance(window, state, qapp):
    assert state.render == RenderStatus(RenderPhase.IDLE)
    assert window.render_bar.status.text() == ""
    state.appearance = "dark"
    assert theme().colours is DARK
    assert qapp.palette().window().color().name() == DARK["panel"]


def test_what_was_set_last_time_is_on_the_stage_and_in_the_form(
    empty_window, state, entries, qtbot
):
    values = {"descent": {"learning_rate": 0.25}, "backprop": {"learning_rate": 0.5}}
    state.restore(Snapshot(scene="descent", values=values))
    empty_window.show()
    empty_window.start(list(entries))
    assert empty_window.windowTitle() == "Gradient descent[*] – Backprop Studio"
    assert state.given_params() == {"learning_rate": 0.25}
    form = empty_window.parameters.form
    qtbot.waitUntil(lambda: "learning_rate" in form.rows)
    row = form.rows["learning_rate"]
    assert row.reset_button.isVisibleTo(row)
    empty_window.close()


def test_a_scene_that_is_gone_gives_way_to_the_first(empty_window, state, entries):
    state.restore(Snapshot(scene="gone", beat="end", values={"gone": {"a": 1}}))
    empty_window.show()
    empty_window.start(list(entries))
    assert (state.scene, state.beat) == ("backprop", None)
