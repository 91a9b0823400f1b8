"""Places and sizes from one session to the next."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QMainWindow, QSplitter, QWidget

from backprop_studio.gui.keeping.layout import LayoutMemory
from backprop_studio.gui.model.settings import save_settings, settings_store


@pytest.fixture(autouse=True)
def _fresh(qapp):
    settings_store().remove("layout")
    yield
    settings_store().remove("layout")


def test_a_layout_comes_back_onto_a_screen_that_exists(window):
    window.move(20_000, 20_000)
    assert save_settings(window.layout_memory.values())
    assert window.layout_memory.restore()
    area = window.screen().availableGeometry()
    assert area.intersects(window.geometry())


@pytest.fixture
def small(qtbot):
    """A window that fits the screen of the tests, divided in two."""
    window, splitter = QMainWindow(), QSplitter()
    qtbot.addWidget(window)
    for _side in range(2):
        splitter.addWidget(QWidget())
    window.setCentralWidget(splitter)
    window.show()
    return window, splitter, LayoutMemory(window, {"splitter": splitter})


def test_sizes_columns_and_dialogs_are_remembered(qtbot, small):
    window, splitter, memory = small
    with qtbot.waitSignal(memory.changed):
        window.resize(610, 460)
    splitter.setSizes([150, 450])
    columns = splitter.sizes()
    dialog = QDialog(window)
    memory.remember("test", dialog)
    dialog.show()
    with qtbot.waitSignal(memory.changed):
        dialog.resize(432, 321)
    assert save_settings(memory.values())
    other = QDialog(window)
    memory.remember("test", other)
    assert (other.width(), other.height()) == (432, 321)
    window.resize(500, 400)
    splitter.setSizes([400, 200])
    assert memory.restore()
    assert (window.width(), window.height()) == (610, 460)
    assert splitter.sizes() == columns


def test_full_screen_is_no_layout(qtbot, window, state):
    memory = window.layout_memory
    before = memory.values()
    state.full_screen = True
    qtbot.waitUntil(window.isFullScreen)
    assert memory.values() == before
    assert window.windowState() & Qt.WindowState.WindowFullScreen


def test_another_version_s_layout_is_left_alone(window):
    assert save_settings(window.layout_memory.values() | {"layout/version": 999})
    assert not LayoutMemory(window, {"splitter": window.splitter}).restore()
