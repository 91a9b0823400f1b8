"""Keys and clicks: they act on the stage, in the window and in full screen, and the focus stays."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from backprop_studio.gui.model.values import Live, View
from tests.gui.stage.live_hands import Player

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


BLACK = 0xFF000000


def shades(widget):
    image = widget.grab().toImage()
    return {image.pixel(x, y) for x in range(0, 800, 20) for y in range(0, image.height(), 20)}


@pytest.fixture
def player(window, stills):
    window.activateWindow()
    return Player(window, stills)


@pytest.fixture
def page(window):
    return window.stage.preview


def press(key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget(), key, modifier)


def number_box(window):
    box = window.parameters.form.rows["learning_rate"].editor.field
    box.setFocus()
    return box


@pytest.mark.parametrize("is_full", [False, True])
def test_beats_and_playback_by_keys(window, state, player, is_full):
    state.full_screen = is_full
    for key, modifier, beat in (
        (Key.Key_End, Qt.KeyboardModifier.NoModifier, "backward"),
        (Key.Key_PageUp, Qt.KeyboardModifier.NoModifier, "forward"),
        (Key.Key_Left, Qt.KeyboardModifier.NoModifier, "network"),
        (Key.Key_PageDown, Qt.KeyboardModifier.NoModifier, "forward"),
        (Key.Key_Right, Qt.KeyboardModifier.ControlModifier, "backward"),
        (Key.Key_Home, Qt.KeyboardModifier.NoModifier, "network"),
        (Key.Key_End, Qt.KeyboardModifier.NoModifier, "backward"),
        (Key.Key_Home, Qt.KeyboardModifier.NoModifier, "network"),
    ):
        press(key, modifier)
        assert state.beat == beat
    press(Key.Key_Space)
    player.plan()
    player.draw(0, 90)
    assert state.live is Live.PLAYING
    player.pass_time(0.5)
    press(Key.Key_Right)
    assert (state.live, player.live.frame) == (Live.PAUSED, 16)
    press(Key.Key_PageDown)
    assert (state.live, player.live.frame) == (Live.PLAYING, 30)
    press(Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert player.live.frame == 0
    for key in (Key.Key_F, Key.Key_F11, Key.Key_F5):
        press(key)
        assert state.full_screen is not is_full
        press(key)
        assert state.full_screen is is_full


def test_a_black_screen_pauses_and_every_key_of_a_clicker_brings_the_picture_back(
    qtbot, window, state, player, page
):
    press(Key.Key_B)
    assert not state.is_black  # nobody looks at the window's stage alone
    state.full_screen = True
    qtbot.waitUntil(lambda: page.picture.size() == page.size())
    player.play()
    assert player.job.picture.height == 720
    for black, back in ((Key.Key_B, Key.Key_B), (Key.Key_Period, Key.Key_PageDown)):
        press(black)
        assert state.live is Live.PAUSED
        assert shades(page) == {BLACK}
        press(back)
        assert not state.is_black
        assert shades(page) != {BLACK}
    press(Key.Key_B)
    QTest.mouseClick(page.picture, LEFT)
    assert not state.is_black
    assert state.live is Live.PAUSED
    press(Key.Key_B)
    press(Key.Key_Escape)
    assert not state.full_screen
    assert not state.is_black


@pytest.mark.parametrize("view", [View.PREVIEW, View.VIDEO])
def test_full_screen_is_the_picture_and_what_the_mouse_asks_for(qtbot, window, state, view):
    state.view = view
    page, picture = window.stage.page, window.stage.page.picture
    place = page.layout().indexOf(page.controls)
    state.full_screen = True
    qtbot.waitUntil(lambda: picture.size() == page.size())
    assert not page.controls.isVisible()
    assert picture.cursor().shape() is Qt.CursorShape.BlankCursor
    picture.moved.emit(QPointF(5, 5))  # what lies below the mouse has moved, not the mouse
    assert not page.controls.isVisible()
    picture.moved.emit(QPointF(6, 5))
    assert page.controls.isVisible()
    assert picture.cursor().shape() is Qt.CursorShape.ArrowCursor
    assert picture.size() == page.size()
    page.look.rest()
    assert not page.controls.isVisible()
    state.full_screen = False
    assert page.controls.isVisible()
    assert page.layout().indexOf(page.controls) == place
    assert picture.cursor().shape() is Qt.CursorShape.ArrowCursor


def test_a_click_on_the_picture_plays_and_two_only_change_its_size(window, state, player, page):
    number_box(window)
    QTest.mouseClick(page.picture, LEFT)
    assert state.live is Live.STARTING
    assert QApplication.focusWidget() is page.picture
    player.plan()
    player.draw(0, 90)
    QTest.mouseClick(page.picture, LEFT)
    assert state.live is Live.PAUSED
    for before in (Live.PAUSED, Live.OFF):
        for is_full in (True, False):
            QTest.mouseClick(page.picture, LEFT)
            QTest.mouseDClick(page.picture, LEFT)
            assert state.full_screen is is_full
            assert state.live is before
        player.live.stop()


def test_play_keeps_its_place_and_the_focus_and_a_second_click_pauses(window, state, player, page):
    play, stop = page.live_bar.play, page.live_bar.stop

    def places():
        return [it.mapTo(window, it.rect().center()) for it in (play, stop)]

    before = places()
    play.setFocus()
    for act, live in (
        (play.click, Live.STARTING),
        (play.click, Live.PAUSED),
        (player.plan, Live.PAUSED),
        (lambda: player.draw(0, 5), Live.PAUSED),
        (play.click, Live.PLAYING),
        (lambda: player.pass_time(1), Live.CATCHING_UP),
        (play.click, Live.PAUSED),
    ):
        act()
        assert state.live is live
        assert places() == before
        assert QApplication.focusWidget() is play
    assert player.live.frame == 4
    play.click()
    player.stills.fail(player.job.id, "input", "Too few layers.")
    assert not page.can_play
    assert QApplication.focusWidget() is play
    play.click()
    assert state.live is Live.OFF
    number_box(window)
    assert not play.isEnabled()


def test_nothing_that_goes_away_hands_the_focus_to_its_neighbour(window, state, page):
    home = page.picture
    press(Key.Key_PageUp)
    page.next.setFocus()
    page.next.click()
    page.next.click()
    assert state.beat == "backward"
    assert QApplication.focusWidget() is page.next  # at the last beat, too
    number_box(window)
    state.select_scene("descent")
    assert QApplication.focusWidget() is home
    number_box(window)
    state.full_screen = True
    assert QApplication.focusWidget() is home
    state.full_screen = False
    window.render_bar.render_button.setFocus()
    window.render_bar.render_button.setEnabled(False)
    assert QApplication.focusWidget() is home
    state.view = View.VIDEO
    assert QApplication.focusWidget() is window.stage.video.picture


def test_the_first_key_plays(window, state, player, page):
    assert QApplication.focusWidget() is page.picture
    press(Key.Key_Space)
    assert state.live is Live.STARTING


def test_space_plays_unless_somebody_types_or_came_by_the_tab_key(qtbot, window, state, player):
    box = number_box(window)
    text = box.lineEdit().text()
    press(Key.Key_Space)
    assert state.live is Live.STARTING
    assert box.lineEdit().text() == text
    player.live.stop()

    line = window.parameters.form.rows["data.file"].editor.findChild(QLineEdit)
    line.setFocus()
    for key in (Key.Key_Space, Key.Key_B, Key.Key_F, Key.Key_Period, Key.Key_Left, Key.Key_Home):
        press(key)
    assert line.text() == " bf."
    assert state.live is Live.OFF

    button = window.stage.switch.button("video")
    QTest.mouseClick(button, LEFT)
    assert QApplication.focusWidget() is button
    state.view = View.PREVIEW
    press(Key.Key_Space)
    assert (state.live, state.view) == (Live.STARTING, View.PREVIEW)
    player.live.stop()


def test_the_tab_key_gives_a_choice_its_own_keys(window, state, player):
    language = window.parameters.choices["lesson_language"]
    english = language.button("en")
    english.setFocus()
    press(Key.Key_Right)
    assert state.lesson_language == "en"
    press(Key.Key_Tab)
    press(Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is english
    press(Key.Key_Right)
    assert state.lesson_language == "zh"
    assert state.live is Live.OFF


def test_a_wrong_lesson_swallows_no_blank_into_a_number(window, state, stills):
    box = number_box(window)
    box.lineEdit().setText("0.")
    window.menus.actions["&Play or pause"].setEnabled(False)
    press(Key.Key_Space)
    assert box.lineEdit().text() == "0."
