"""What the Help menu shows."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from pathlib import Path

import av
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QMessageBox, QPushButton

from backprop_studio.core.base.messages import Message
from backprop_studio.gui.help.about import show_about
from backprop_studio.gui.help.shortcuts import ARROWS, plain, show_shortcuts
from backprop_studio.gui.help.system_check import show_system_check
from backprop_studio.gui.toolkit.faults import report_text
from backprop_studio.render.doctor import Check
from tests.gui.conftest import PATIENCE


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_list_of_keys_names_every_one_without_the_letters_of_menus(window, state, language):
    state.window_language = language
    window.show_queue()
    dialog = show_shortcuts(window, window.menuBar())
    shown = [label.text() for label in dialog.findChildren(QLabel)]
    keys = {key for text in shown for key in text.split(", ")}
    for action in window.menus.actions.values():
        if action.shortcuts():
            assert plain(action.text()) in shown
            assert {printed(it) for it in action.shortcuts()} <= keys
    for owner in (window, window.queue_dialog):
        assert {printed(it.key()) for it in owner.findChildren(QShortcut)} <= keys
    assert not [text for text in shown if "&" in text or re.search(r"\(\w\)", text)]


def printed(sequence):
    """Return keys as the list has them."""
    text = sequence.toString(QKeySequence.SequenceFormat.NativeText)
    for name, arrow in ARROWS.items():
        native = QKeySequence(name).toString(QKeySequence.SequenceFormat.NativeText)
        text = re.sub(rf"(^|\+){native}$", rf"\1{arrow}", text)
    return text


def test_dialogs_to_be_read_fit_a_small_screen(window, monkeypatch):
    monkeypatch.setattr(type(window.screen()), "availableSize", lambda _screen: QSize(960, 540))
    for show in (
        lambda: show_shortcuts(window, window.menuBar()),
        lambda: show_about(window),
        lambda: show_system_check(window),
    ):
        monkeypatch.setattr("backprop_studio.gui.help.system_check.CHECKS", ())
        dialog = show()
        assert dialog.width() <= 960 - 40
        assert dialog.height() <= 540 - 40
        close = dialog.findChild(QDialogButtonBox)
        assert dialog.rect().contains(close.geometry())
        assert dialog.fontMetrics().horizontalAdvance(dialog.windowTitle()) < dialog.width() - 200
        dialog.close()


def test_about_names_what_videos_are_made_with(window, qapp):
    dialog = show_about(window)
    shown = {label.text() for label in dialog.findChildren(QLabel)}
    assert {"FFmpeg", av.ffmpeg_version_info, "libx264", "GPL 2", "LGPL 3"} <= shown
    buttons = {it.text().replace("&", ""): it for it in dialog.findChildren(QPushButton)}
    buttons["Copy"].click()
    assert f"FFmpeg  {av.ffmpeg_version_info}" in qapp.clipboard().text()
    dialog.close()


def test_the_system_check_fills_a_line_for_each_thing_as_it_is_found_out(
    window, qtbot, qapp, monkeypatch
):
    gate = threading.Event()

    def slow():
        assert gate.wait(PATIENCE)
        return False, Message.plain("no libcairo")

    there = Check("Disk", lambda: (True, Message.plain("9 GB")), Message.plain("make room"))
    checks = (Check("Manim", slow, Message.plain("install it")), replace(there, quick=True))
    monkeypatch.setattr("backprop_studio.gui.help.system_check.CHECKS", checks)
    dialog = show_system_check(window)

    def shown():
        return [label.text() for label in dialog.findChildren(QLabel) if label.text()]

    qtbot.waitUntil(lambda: "9 GB" in shown())
    assert {"Checking… 1 of 2", "Checking…", "Manim", "OK"} <= set(shown())
    assert "make room" not in shown()
    gate.set()
    qtbot.waitUntil(lambda: "no libcairo" in shown())
    assert {"Missing", "install it", "1 missing: what to do stands beside it."} <= set(shown())
    buttons = {it.text().replace("&", ""): it for it in dialog.findChildren(QPushButton)}
    buttons["Copy"].click()
    lines = ["Missing  Manim: no libcairo; install it", "OK       Disk: 9 GB"]
    assert qapp.clipboard().text().splitlines() == lines
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
