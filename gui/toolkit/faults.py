"""Dialogs for what goes wrong and belongs to no panel."""

from __future__ import annotations

import logging
import platform
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton, QWidget

from backprop_studio.gui.model.words import tr
from backprop_studio.render.log import log_file

if TYPE_CHECKING:
    from types import TracebackType

log = logging.getLogger(__name__)


def report_text(message: str, details: str) -> str:
    """Return what a maintainer wants to read, and where the log is that says more."""
    versions = f"Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}"
    file = str(log_file()).replace(str(Path.home()), "~", 1)
    log_line = tr("Log: {file}").format(file=file)
    return "\n\n".join(filter(None, (message, details, f"{versions}\n{log_line}")))


def show_failure(parent: QWidget | None, message: str) -> None:
    """Show one sentence, without blocking the window behind it."""
    box = QMessageBox(QMessageBox.Icon.Warning, "Backprop Studio", message, parent=parent)
    box.addButton(QMessageBox.StandardButton.Ok)
    box.open()


def show_details(parent: QWidget | None, message: str, details: str) -> QMessageBox:
    """Show a sentence with details that can be unfolded and copied."""
    box = QMessageBox(QMessageBox.Icon.Warning, "Backprop Studio", message, parent=parent)
    box.addButton(QMessageBox.StandardButton.Close)
    copy = box.addButton(tr("Copy details"), QMessageBox.ButtonRole.ActionRole)
    box.setDetailedText(report_text("", details))
    # A message box closes on any button; this one shall only copy.
    copy.clicked.disconnect()
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(report_text(message, details)))
    box.open()
    return box


def question(
    parent: QWidget, text: str, more: str, yes: str, no: str
) -> tuple[QMessageBox, QPushButton]:
    """Return a question that is not asked yet, and the button that means yes; the other is safe."""
    box = QMessageBox(QMessageBox.Icon.Question, "Backprop Studio", text, parent=parent)
    box.setInformativeText(more)
    agree = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(no, QMessageBox.ButtonRole.RejectRole))
    return box, agree


def install_exception_hook() -> None:
    """Let an error of ours become a calm dialog instead of a traceback in a terminal."""
    sys.excepthook = _on_exception


def _on_exception(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        QApplication.quit()
        return
    details = "".join(traceback.format_exception(kind, error, trace))
    log.error("unexpected error", exc_info=(kind, error, trace))
    if QApplication.instance() is None:
        return
    message = tr("Something went wrong inside Backprop Studio. Your videos are not affected.")
    # Not from within the failed handler: the dialog needs a working event loop.
    QTimer.singleShot(0, lambda: show_details(QApplication.activeWindow(), message, details))
