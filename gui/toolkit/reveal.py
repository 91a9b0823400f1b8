"""Showing a file in the system's file manager, chosen if that can do it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtCore import QObject

_MANAGER = ("org.freedesktop.FileManager1", "/org/freedesktop/FileManager1")


def reveal(file: Path, owner: QObject, failed: Callable[[Path], object]) -> None:
    """Show the folder of a file with the file chosen, or at least the folder; returns at once.

    Parameters
    ----------
    file : Path
        The file.
    owner : QObject
        Lives at least until the file manager has answered.
    failed : callable
        Receives the folder that no program could show.
    """
    folder = file if file.is_dir() else file.parent

    def show_folder() -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            failed(folder)

    if not file.is_file():
        show_folder()
    elif sys.platform == "win32":
        QProcess.startDetached("explorer", ["/select,", str(file)])
    elif sys.platform == "darwin":
        QProcess.startDetached("open", ["-R", str(file)])
    else:
        _ask_manager(file, owner, show_folder)


def _ask_manager(file: Path, owner: QObject, otherwise: Callable[[], None]) -> None:
    """Ask the desktop's file manager on the bus, which may have to be started."""
    from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        otherwise()
        return
    message = QDBusMessage.createMethodCall(*_MANAGER, _MANAGER[0], "ShowItems")
    address = bytes(QUrl.fromLocalFile(str(file)).toEncoded().data()).decode("ascii")
    message.setArguments([[address], ""])
    watcher = QDBusPendingCallWatcher(bus.asyncCall(message), owner)

    def on_answer() -> None:
        is_refused = watcher.isError()
        watcher.deleteLater()
        if is_refused:
            otherwise()

    watcher.finished.connect(on_answer)
