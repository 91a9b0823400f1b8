"""What the Help menu shows."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QMessageBox, QPlainTextEdit

from backprop_studio.gui.help.about import show_about
from backprop_studio.gui.help.shortcuts import show_shortcuts
from backprop_studio.gui.help.system_check import show_system_check
from backprop_studio.gui.toolkit.faults import report_text


def test_the_help_menu_names_every_key_and_the_versions(window, qtbot):
    dialog = show_shortcuts(window, window.menus.actions)
    shown = {label.text() for label in dialog.findChildren(QLabel)}
    for action in window.menus.actions.values():
        if not action.shortcut().isEmpty():
            assert action.text().replace("&", "") in shown
    dialog.close()
    box = show_about(window)
    assert "Qt " in box.informativeText()
    box.close()


def test_the_system_check_is_shown_when_it_is_done(window, qtbot, monkeypatch):
    finding = SimpleNamespace(line=lambda translate: translate("Queue") + ": fine")
    monkeypatch.setattr("backprop_studio.render.doctor.examine", lambda: [finding])
    dialog = show_system_check(window)
    (text,) = dialog.findChildren(QPlainTextEdit)
    qtbot.waitUntil(lambda: text.toPlainText() == "Queue: fine")
    dialog.close()


def test_the_log_is_opened_or_else_its_folder(window, tmp_path, monkeypatch):
    file = tmp_path / "studio.log"
    file.touch()
    opened = []
    answers = [True, False, False]

    def open_url(url):
        opened.append(url.toLocalFile())
        return answers.pop(0)

    def told():
        return [box.text() for box in window.findChildren(QMessageBox)]

    monkeypatch.setattr("backprop_studio.gui.help.about.log_file", lambda: file)
    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    window.menus.actions["Show &log"].trigger()
    assert (opened, told()) == ([str(file)], [])
    window.menus.actions["Show &log"].trigger()
    assert opened[1:] == [str(file), str(tmp_path)]
    assert told() == [f"The log is {file}; the system has no program to open it."]


def test_a_report_names_the_log(monkeypatch):
    log = Path.home() / "logs" / "studio.log"
    monkeypatch.setattr("backprop_studio.gui.toolkit.faults.log_file", lambda: log)
    report = report_text("It broke.", "line 3")
    assert report.startswith("It broke.\n\nline 3\n\nPython ")
    assert report.endswith(f"Log: {Path('~', 'logs', 'studio.log')}")
