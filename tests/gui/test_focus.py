"""The Tab key goes as one reads, the focus can be seen, and every dialog fits a small screen."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QWidget

from backprop_studio.gui.model.values import Video, View
from backprop_studio.gui.toolkit.faults import question, show_details, show_failure
from backprop_studio.gui.toolkit.focus import stops
from backprop_studio.gui.toolkit.theme import theme

SMALL = (960, 540)
"""Points of a screen of 1920 x 1080 at 200 %."""

TITLE_BAR = 36
BACK = Qt.Key.Key_Backtab


@pytest.fixture
def active(window):
    window.activateWindow()
    return window


def walk(window, key=Qt.Key.Key_Tab):
    """Return what the Tab key reaches, from the first stop on."""
    stops(window)[0 if key == Qt.Key.Key_Tab else -1].setFocus()
    found = []
    while (widget := QApplication.focusWidget()) not in found:
        found.append(widget)
        QTest.keyClick(widget, key)
    return found


def place(window, widget):
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def is_read_after(one, two):
    """Whether a place is read after another: below it, or beside it and more to the right."""
    return two.top() >= one.bottom() or (two.left() >= one.right() and two.bottom() > one.top())


def check_order(window):
    panels = (window.catalogue, window.lecture, window.stage, window.parameters, window.render_bar)
    found = walk(window)
    columns = [next(at for at, it in enumerate(panels) if it.isAncestorOf(w)) for w in found]
    assert columns == sorted(columns)
    assert set(columns) == {0, 1, 2, 3, 4}
    for one, two, first, second in zip(found, found[1:], columns, columns[1:], strict=False):
        places = place(window, one), place(window, two)
        assert first != second or is_read_after(*places), (one, two, places)
    every = {
        it
        for it in window.findChildren(QWidget)
        if it.focusPolicy() & Qt.FocusPolicy.TabFocus
        and it.isVisible()
        and it.isEnabled()
        and it.focusProxy() is None
        and it.window() is window
    }
    assert set(found) == every
    backwards = walk(window, Qt.Key.Key_Backtab)
    assert backwards == found[::-1]


def test_the_tab_key_follows_the_reading_order_after_every_rebuild(active, state, tmp_path):
    form = active.parameters.form
    for scene in ("backprop", "descent", "backprop"):
        state.select_scene(scene)
        check_order(active)
    form.more.setChecked(True)
    check_order(active)
    form.rebuild()
    check_order(active)
    state.video = Video(tmp_path / "none.mp4")
    state.view = View.VIDEO
    check_order(active)


def luminance(image):
    """Return how bright each point of a picture is."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    values = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3) / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722) + 0.05


def changed(one, two):
    """Return how many points of a picture are plainly others in another."""
    one, two = luminance(one), luminance(two)
    return np.count_nonzero(np.maximum(one, two) / np.minimum(one, two) >= 3)


def pictures_of(root, widget):
    """Return how a widget looks by itself, and with what shines through it where it can be seen."""
    alone, there = widget.grab(), root.grab(place(root, widget) & root.rect())
    return [it.toImage() for it in (alone, there) if not it.isNull()]


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_the_focus_can_be_seen_on_every_widget(qtbot, active, state, videos, appearance, tmp_path):
    theme().use(appearance)
    active.parameters.form.more.setChecked(True)
    state.video = Video(tmp_path / "none.mp4")
    active.services.renders.start()
    videos.settle()
    active.show_queue()
    dialog = active.queue_dialog
    for view, root in ((View.PREVIEW, active), (View.VIDEO, active), (View.VIDEO, dialog)):
        state.view = view
        root.activateWindow()
        qtbot.waitUntil(root.isActiveWindow)
        seen = []
        stops(root)[0].setFocus()
        while (widget := QApplication.focusWidget()) not in seen:
            seen.append(widget)
            QTest.keyClick(widget, Qt.Key.Key_Tab)
            before = pictures_of(root, widget)
            QTest.keyClick(QApplication.focusWidget(), BACK, Qt.KeyboardModifier.ShiftModifier)
            assert widget.hasFocus()
            points = max(map(changed, before, pictures_of(root, widget)))
            assert points >= min(widget.width(), 48), (widget, widget.accessibleName(), points)
            QTest.keyClick(widget, Qt.Key.Key_Tab)
        assert len(seen) >= 3


def action(text):
    return lambda window: window.menus.actions[text].trigger()


OPENERS = {
    "queue": action("Render que&ue…"),
    "keys": action("&Keyboard shortcuts"),
    "about": action("&About Backprop Studio"),
    "system check": action("&System check"),
    "preferences": action("&Preferences…"),
    "export": lambda window: (window.services.lessons.add(), window.export_lecture()),
    "failure": lambda window: show_failure(window, "It cannot be written. " * 6),
    "details": lambda window: show_details(window, "It broke. " * 6, "a line\n" * 60),
    "question": lambda window: question(window, "Quit? " * 9, "More. " * 9, "Yes", "No")[0].open(),
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_dialog_fits_a_small_screen(active, state, monkeypatch, language):
    monkeypatch.setattr(
        "backprop_studio.gui.help.system_check.examine", lambda _checks, _tell: None
    )
    state.window_language = language
    for name, opener in OPENERS.items():
        least = least_size_of(active, opener)
        assert least.width() <= SMALL[0], name
        assert least.height() <= SMALL[1] - TITLE_BAR, name


def least_size_of(window, opener):
    """Return how small the dialog can be that is opened, and close it."""
    before = {it for it in QApplication.topLevelWidgets() if it.isVisible()}
    opener(window)
    (dialog,) = [
        it
        for it in QApplication.topLevelWidgets()
        if it not in before and isinstance(it, QDialog) and it.isVisible()
    ]
    if isinstance(dialog, QMessageBox) and dialog.detailedText():
        next(it for it in dialog.buttons() if "etail" in it.text() or "细" in it.text()).click()
    least = dialog.minimumSizeHint().expandedTo(dialog.minimumSize())
    dialog.close()
    return least


def test_no_dialog_is_left_out(active):
    """A dialog that the table above does not open would never be measured."""
    kinds = {it for it in _subclasses(QDialog) if it.__module__.startswith("backprop_studio")}
    assert {it.__name__ for it in kinds} == {"ExportDialog", "PreferencesDialog", "QueueDialog"}


def _subclasses(kind):
    for it in kind.__subclasses__():
        yield it
        yield from _subclasses(it)
