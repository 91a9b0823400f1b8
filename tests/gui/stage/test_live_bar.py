"""Playback by hand: the time line, the beats, the space bar."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from backprop_studio.gui.model.values import Live
from tests.gui.stage.live_hands import FPS


def test_a_click_goes_where_it_is_drawn_and_beyond_begins_anew_with_that_beat(player, page, stills):
    player.play(drawn=60)
    first, count = player.job.id, len(stills.stills)
    page.live_bar.line.wanted.emit(200)
    assert player.live.frame == 6
    page.strip.chosen.emit(1)
    assert player.live.frame == FPS
    assert page.current_beat() == 1
    assert len(stills.previews) == 1
    assert len(stills.stills) == count
    page.live_bar.line.wanted.emit(2500)
    assert stills.client.cancelled == [first]
    assert player.job.beat == "backward"
    assert player.state.live is Live.STARTING
    assert player.colour == "green"  # on the stage until the first frame is there
    player.plan(first=60)
    player.draw(60, 61)
    assert player.colour == "blue"


def test_the_space_bar_plays_and_pauses_what_the_stage_shows(qtbot, window, player, page):
    page.strip.setFocus()
    QTest.keyClick(page.strip, Qt.Key.Key_Space)
    assert player.state.live is Live.STARTING
    player.plan()
    player.draw(0, 90)
    QTest.keyClick(page.strip, Qt.Key.Key_Space)
    assert player.state.live is Live.PAUSED


def test_the_time_and_what_is_drawn_are_shown(player, page):
    bar = page.live_bar
    assert not bar.line.isVisible()
    assert not bar.stop.isVisible()
    player.play(drawn=60)
    player.pass_time(1.1)
    assert bar.time.text() == "00:01 / 00:03"
    assert bar.line.maximum() == 3000
    assert bar.line.drawn == (0.0, 2.0)
    assert bar.line.value() == 1100
    line = bar.line.grab().toImage()
    height = line.height() // 2
    shades = [line.pixelColor(round(bar.line.x_of(ms)), height).name() for ms in (1800, 2800)]
    assert shades[0] != shades[1]
