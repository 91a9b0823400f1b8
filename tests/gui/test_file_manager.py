"""Files shown in their folder: by the desktop's file manager, or by opening the folder."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, QProcess
from PySide6.QtGui import QDesktopServices

from backprop_studio.gui import file_manager
from backprop_studio.gui.file_manager import show_file


@pytest.fixture
def opened(monkeypatch):
    """What was opened; an empty list at first."""
    opened = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True
    )
    return opened


@pytest.fixture
def no_bus(monkeypatch):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")


@pytest.mark.parametrize("is_there", [True, False])
def test_the_folder_is_opened_where_no_file_can_be_chosen(
    qtbot, tmp_path, opened, no_bus, is_there
):
    file = tmp_path / "a video.mp4"
    if is_there:
        file.touch()
    owner = QObject()
    show_file(file, owner, pytest.fail)
    qtbot.waitUntil(lambda: opened == [str(tmp_path)])


def test_a_desktop_without_anything_to_show_folders_is_told(qtbot, tmp_path, no_bus, monkeypatch):
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    told = []
    owner = QObject()
    show_file(tmp_path / "gone.mp4", owner, lambda: told.append(True))
    qtbot.waitUntil(lambda: told == [True])


@pytest.mark.parametrize(
    ("platform", "command"), [("win32", ["explorer", "/select,"]), ("darwin", ["open", "-R"])]
)
def test_other_systems_have_a_program_for_it(tmp_path, opened, monkeypatch, platform, command):
    file = tmp_path / "a.mp4"
    file.touch()
    started = []
    monkeypatch.setattr(file_manager.sys, "platform", platform)
    monkeypatch.setattr(
        QProcess, "startDetached", lambda name, given: started.append([name, *given]) or (True, 1)
    )
    show_file(file, QObject(), pytest.fail)
    assert started == [[*command, str(file)]]
    assert opened == []
