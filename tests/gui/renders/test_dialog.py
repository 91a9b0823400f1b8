"""The list of the queue: what it says of each video, and what can be done to it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QModelIndex, QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QMessageBox, QStyleOptionViewItem

from backprop_studio.gui.catalogue.thumbnails import Thumbnail
from backprop_studio.gui.model.values import View
from backprop_studio.gui.toolkit.dialogs import fit
from backprop_studio.gui.toolkit.lists import ROW_ROLE
from backprop_studio.render.costs import cost_of
from backprop_studio.render.messages.events import Cancelled
from tests.gui.test_texts import nameless, texts_of

KEY = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(autouse=True)
def _own_folder(renders):
    """Leave the user's folder alone."""


@pytest.fixture
def dialog(window):
    window.menus.actions["Render que&ue…"].trigger()
    dialog = window.queue_dialog
    return dialog


@pytest.fixture
def ids(window, videos, state):
    """Three videos, of which the first is being drawn."""
    for scene in ("backprop", "descent", "backprop"):
        state.select_scene(scene)
        window.services.renders.start()
        videos.settle()
    return [entry.id for entry in videos.entries]


def rows(dialog):
    return [dialog.model.index(row, 0).data(ROW_ROLE) for row in range(dialog.model.rowCount())]


def order(videos, ids):
    return [ids.index(entry.id) for entry in videos.entries]


def height_of(dialog, row):
    option = QStyleOptionViewItem()
    dialog.view.initViewItemOption(option)
    size = dialog.view.itemDelegate().sizeHint(option, dialog.model.index(row, 0))
    return size.height()


def press(qtbot, dialog, videos, key, *more):
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.keyClick(dialog.view, key, *more)
    videos.settle()


def click(button, videos):
    assert button.isEnabled()
    button.click()
    videos.settle()


def test_an_empty_queue_says_what_it_is_for(dialog):
    assert dialog.empty.isVisible()
    assert not dialog.view.isVisible()
    assert not dialog.banner.isVisible()
    assert not dialog.remove.isVisible()
    for button in (dialog.play, dialog.retry, dialog.copy, dialog.up, dialog.down, dialog.remove):
        assert not button.isEnabled()


def test_rows_say_what_each_video_is_and_how_it_stands(ids, dialog, videos):
    videos.draw(0.42, frame=42, frames=100, eta_seconds=72)
    first, second, third = rows(dialog)
    assert first.title == "Backpropagation: one training step"
    assert first.lines[0].startswith("English · 720p · MP4 · backprop-")
    assert first.lines[1].startswith("Drawing · frame 42 of 100")
    assert first.words == "42 % · about 1 min 10 s left"
    assert first.fraction == pytest.approx(0.42)
    assert (second.title, second.words, second.fraction) == ("Gradient descent", "Waiting", None)
    assert dialog.summary.text() == "1 being drawn · 2 waiting"
    spoken = dialog.model.index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == f"{third.title}: Waiting"


def test_how_long_those_take_that_wait_is_said_once_it_is_known(ids, dialog, videos, window):
    assert len(rows(dialog)[1].lines) == 1
    assert dialog.summary.text() == "1 being drawn · 2 waiting"
    forecast, length = window.services.renders.forecast, cost_of("backprop").seconds
    for entry in videos.entries:
        forecast.note_length(entry.id, length)
    forecast.learn(videos.entries[2], length, seconds=50.0)
    videos.draw(0.5, frame=50, frames=100)
    assert rows(dialog)[2].lines[1] == "takes about 50 s"
    # Nobody knows anything about the second one's scene, and not how long the first one takes.
    assert len(rows(dialog)[1].lines) == 1
    assert dialog.summary.text() == "1 being drawn · 2 waiting"
    dialog.choose(1)
    click(dialog.remove, videos)
    videos.draw(0.5, frame=50, frames=100, eta_seconds=100.0)
    window.state.render = replace(window.state.render, elapsed_seconds=0.0)
    # The one that is drawn takes twice as long as usual, and so will the one that waits.
    assert rows(dialog)[1].lines[1] == "takes about 1 min 40 s"
    assert dialog.summary.text() == "1 being drawn · 1 waiting · about 3 min 20 s left in all"


def test_a_finished_video_says_how_big_it_is_and_where(ids, dialog, videos, renders):
    file = Path(videos.finish().output)
    file.write_bytes(b"v" * 4_212_345)
    dialog.model.renew()
    assert rows(dialog)[0].lines[1] == f"4.2 MB · {renders}"
    file.unlink()
    dialog.model.renew()
    assert rows(dialog)[0].lines[1] == f"No longer in {renders}"


def test_a_row_has_a_menu_of_what_can_be_done(ids, dialog, videos):
    videos.finish()
    offered = []
    for row in range(3):
        dialog.choose(row)
        menu = dialog.menu()
        offered.append([act.text() for act in menu.actions() if act.text()])
    assert offered == [
        ["Play", "Use these settings", "Show in folder", "Remove"],
        ["Use these settings", "Cancel"],
        ["Use these settings", "Remove"],
    ]
    remove = next(act for act in menu.actions() if act.text() == "Remove")
    remove.trigger()
    videos.settle()
    assert order(videos, ids) == [0, 1]


def test_rows_show_their_scenes(ids, dialog, window):
    picture = QImage(64, 36, QImage.Format.Format_RGB32)
    thumbnails = {"backprop": Thumbnail(picture), "descent": Thumbnail(None)}
    window.thumbnails.of = thumbnails.get
    window.thumbnails.changed.emit()
    assert [row.picture is not None for row in rows(dialog)] == [True, False, True]


@pytest.mark.parametrize(("width", "height"), [(960, 540), (1920, 1080)])
def test_the_list_fits_its_screen(dialog, monkeypatch, width, height):
    screen = SimpleNamespace(availableGeometry=lambda: QRect(0, 0, width, height))
    monkeypatch.setattr(type(dialog.parentWidget()), "screen", lambda _self: screen)
    fit(dialog, 860, 600)
    assert dialog.width() <= width
    assert dialog.height() <= height - 40  # of which the title takes some
    assert dialog.minimumSizeHint().height() <= 480
    assert (dialog.height() == 600) is (height == 1080)


def test_a_failure_is_said_in_the_row_and_can_be_copied_and_tried_again(ids, dialog, videos, qapp):
    plain = height_of(dialog, 0)
    videos.fail("The worker process died. " * 8, details="signal 9")
    row = rows(dialog)[0]
    assert (row.words, row.tint, row.icon) == ("Failed", "wrong", "warning")
    assert row.message.startswith("The worker process died.")
    assert height_of(dialog, 0) > plain
    dialog.choose(0)
    assert not dialog.play.isEnabled()
    dialog.copy.click()
    assert "signal 9" in qapp.clipboard().text()
    assert "Qt" in qapp.clipboard().text()
    dialog.retry.setFocus()
    click(dialog.retry, videos)
    assert rows(dialog)[0].words == "Waiting"
    assert dialog.chosen.id == ids[0]
    assert dialog.focusWidget() is dialog.view


def test_videos_change_places_by_buttons_and_keys(qtbot, ids, dialog, videos):
    dialog.choose(1)
    assert not dialog.up.isEnabled()  # before it is only what is being drawn
    click(dialog.down, videos)
    assert order(videos, ids) == [0, 2, 1]
    assert dialog.chosen.id == ids[1]
    assert not dialog.down.isEnabled()
    press(qtbot, dialog, videos, KEY.Key_Up, ALT)
    assert order(videos, ids) == [0, 1, 2]
    press(qtbot, dialog, videos, KEY.Key_Down, ALT)
    assert order(videos, ids) == [0, 2, 1]


def test_what_is_still_to_come_changes_places_by_dragging(ids, dialog, videos, qtmodeltester):
    model = dialog.model
    qtmodeltester.check(model)
    flag = Qt.ItemFlag
    flags = [model.flags(model.index(row, 0)) for row in range(3)]
    assert [bool(it & flag.ItemIsDragEnabled) for it in flags] == [False, True, True]
    assert not any(it & flag.ItemIsDropEnabled for it in flags)
    assert model.flags(QModelIndex()) & flag.ItemIsDropEnabled
    wanted = [0, 1, 2]
    for row, before in ((1, 3), (2, 0), (0, 2)):
        # What the view does when a row is dropped.
        assert model.moveRows(QModelIndex(), row, 1, QModelIndex(), before)
        videos.settle()
        wanted.insert(before - (before > row), wanted.pop(row))
        assert order(videos, ids) == wanted


def test_what_waits_is_removed_and_what_runs_is_cancelled(qtbot, ids, dialog, videos):
    dialog.choose(1)
    assert dialog.remove.text() == "Remove"
    press(qtbot, dialog, videos, KEY.Key_Delete)
    assert order(videos, ids) == [0, 2]
    assert dialog.chosen.id == ids[2]
    dialog.choose(0)
    assert dialog.remove.text() == "Cancel"
    click(dialog.remove, videos)
    assert rows(dialog)[0].words == "Cancelling…"
    videos.end(Cancelled)
    assert videos.states() == ["cancelled", "running"]


@pytest.mark.parametrize("key", [KEY.Key_Return, KEY.Key_Space])
def test_a_finished_video_is_played_by_a_key_if_it_is_there(
    qtbot, ids, dialog, videos, window, key
):
    state = window.state
    file = Path(videos.finish().output)
    file.rename(file.with_suffix(".gone"))
    dialog.choose(0)
    dialog.play.click()
    (box,) = window.findChildren(QMessageBox)
    assert "is no longer there" in box.text()
    box.close()
    assert state.view is View.PREVIEW
    assert dialog.isVisible()
    file.with_suffix(".gone").rename(file)
    press(qtbot, dialog, videos, key)
    assert state.view is View.VIDEO
    assert state.video.path == file
    assert len(state.video.beats) == 1
    assert not dialog.isVisible()  # it may lie over the stage


def test_pause_finishes_what_is_drawn_and_resume_goes_on(ids, dialog, videos):
    dialog.pause.setFocus()
    click(dialog.pause, videos)
    assert dialog.banner.isVisible()
    assert "will still be finished" in dialog.banner.text.text()
    assert not dialog.pause.isVisible()
    assert dialog.focusWidget() is dialog.view
    videos.finish()
    assert videos.states() == ["done", "waiting", "waiting"]
    assert "before you resume it" in dialog.banner.text.text()
    assert not dialog.banner.resume_anyway.isVisible()
    click(dialog.banner.resume, videos)
    assert videos.states() == ["done", "running", "waiting"]
    assert not dialog.banner.isVisible()


def test_what_is_finished_leaves_the_list(ids, dialog, videos):
    assert not dialog.clear_finished.isEnabled()
    videos.finish()
    videos.fail("It broke.")
    click(dialog.clear_finished, videos)
    assert videos.states() == ["failed", "running"]


def test_clearing_what_is_still_to_come_asks(ids, dialog, videos):
    click(dialog.pause, videos)
    for answer, left in (("Keep them", 3), ("Forget them", 1)):
        dialog.banner.clear.click()
        box = dialog.findChildren(QMessageBox)[-1]
        assert "(2)" in box.text()
        button = next(it for it in box.buttons() if it.text().replace("&", "") == answer)
        click(button, videos)
        assert len(videos.entries) == left


def test_the_list_opens_at_what_is_being_drawn_and_names_its_widgets(ids, window, videos):
    videos.finish()
    window.render_bar.queue.click()
    dialog = window.queue_dialog
    assert dialog.chosen.id == ids[1]
    assert nameless(dialog) == []


def test_the_list_follows_the_language_and_back(ids, dialog, window, state):
    def words():
        shown = {text for row in rows(dialog) for text in (row.words, row.title)}
        return shown | {text for _where, text in texts_of(window)}

    dialog.choose(1)
    before = words()
    state.window_language = "zh"
    chinese = words()
    summary = "1 being drawn · 2 waiting"
    english = {"Render queue", "Remove", "Try again", "Waiting", "Clear finished", summary}
    assert english <= before
    assert not english & chinese
    state.window_language = "en"
    assert words() == before


def test_every_state_is_drawn_within_its_row(ids, dialog, videos, state):
    videos.draw(0.5, frame=5, frames=10, eta_seconds=5)
    videos.fail("It broke. " * 40)
    assert videos.states() == ["failed", "running", "waiting"]
    option = QStyleOptionViewItem()
    dialog.view.initViewItemOption(option)
    delegate = dialog.view.itemDelegate()
    for row, appearance in enumerate(("dark", "light", "dark")):
        state.appearance = appearance
        height = height_of(dialog, row)
        picture = QImage(dialog.view.width(), height + 40, QImage.Format.Format_RGB32)
        picture.fill(Qt.GlobalColor.magenta)
        empty = picture.copy()
        painter = QPainter(picture)
        option.rect = picture.rect().adjusted(0, 0, 0, -40)
        delegate.paint(painter, option, dialog.model.index(row, 0))
        painter.end()
        below, inside = picture.rect().adjusted(0, height, 0, 0), option.rect
        assert picture.copy(below) == empty.copy(below)
        assert picture.copy(inside) != empty.copy(inside)
