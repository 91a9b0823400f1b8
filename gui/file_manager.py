"""The desktop's file manager: it shows a file in its folder."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess, QUrl
from PySide6.QtGui import QDesktopServices

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SERVICE, PLACE = "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1"
ANSWER_MS = 3000
"""A file manager may have to be started first."""


def show_file(path: Path, owner: QObject, unable: Callable[[], object]) -> None:
    """Open the folder of a file, with the file chosen in it where the desktop can do that.

    Parameters
    ----------
    owner : QObject
        Who asks, and lives longer than the question.
    unable : callable
        Called if the desktop has nothing to show a folder with.
    """

    def open_folder() -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent))):
            unable()

    choosing = {"win32": ("explorer", "/select,"), "darwin": ("open", "-R")}.get(sys.platform)
    if not path.exists():
        open_folder()
    elif choosing is not None:
        program, option = choosing
        has_begun, _number = QProcess.startDetached(program, [option, os.fspath(path)])
        if not has_begun:
            open_folder()
    else:
        _ask(path, owner, open_folder)


def _ask(path: Path, owner: QObject, otherwise: Callable[[], None]) -> None:
    """Ask whoever manages files on a free desktop; nobody waits for the answer."""
    # Only here: nobody else needs the desktop's bus.
    from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        otherwise()
        return
    uri = QUrl.fromLocalFile(str(path)).toString(QUrl.ComponentFormattingOption.FullyEncoded)
    call = QDBusMessage.createMethodCall(SERVICE, PLACE, SERVICE, "ShowItems")
    call.setArguments([[uri], ""])
    watcher = QDBusPendingCallWatcher(bus.asyncCall(call, ANSWER_MS), owner)

    def answered() -> None:
        if watcher.isError():
            otherwise()
        watcher.deleteLater()

    watcher.finished.connect(answered)
