"""What the Help menu shows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QLabel,
    QMessageBox,
)

from backprop_studio.gui.help import show_about, show_shortcuts
from backprop_studio.gui.toolkit.faults import report_text

if TYPE_CHECKING:
    from PySide6.QtCore import QUrl
    from pytestqt.qtbot import QtBot

    from backprop_studio.gui.window import MainWindow


def test_the_shortcut_list_names_every_key(window: MainWindow, qtbot: QtBot) -> None:

    dialog = show_shortcuts(window, window.menus.actions)
    qtbot.addWidget(dialog)
    shown = {label.text() for label in dialog.findChildren(QLabel)}
    for action in window.menus.actions.values():
        if not action.shortcut().isEmpty():
            assert action.text().replace("&", "") in shown
    dialog.close()


def test_about_names_versions(window: MainWindow, qtbot: QtBot) -> None:

    box = show_about(window)
    assert "Qt " in box.informativeText()
    box.close()


@pytest.mark.parametrize("can_open", [True, False])
def test_the_log_is_opened_or_else_its_folder(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_open: bool
) -> None:
    file = tmp_path / "studio.log"
    file.touch()
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return can_open

    monkeypatch.setattr("backprop_studio.gui.help.log_file", lambda: file)
    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    window.menus.actions["Show &log"].trigger()
    assert opened == ([str(file)] if can_open else [str(file), str(tmp_path)])
    told = [box.text() for box in window.findChildren(QMessageBox)]
    text = f"The log is {file}; the system has no program to open it."
    assert told == ([] if can_open else [text])


def test_a_report_names_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    log = Path.home() / "logs" / "studio.log"
    monkeypatch.setattr("backprop_studio.gui.toolkit.faults.log_file", lambda: log)
    report = report_text("It broke.", "line 3")
    assert report.startswith("It broke.\n\nline 3\n\nPython ")
    assert report.endswith(f"Log: {Path('~', 'logs', 'studio.log')}")
