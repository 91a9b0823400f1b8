"""The Help menu: keys, system check, log, about."""

from __future__ import annotations

import platform
import threading
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLayout,
    QMessageBox,
    QPlainTextEdit,
    QWidget,
)

from backprop_studio.gui.model.words import tr
from backprop_studio.gui.toolkit.crossing import Crossing
from backprop_studio.gui.toolkit.faults import show_failure
from backprop_studio.gui.toolkit.icons import app_icon
from backprop_studio.gui.toolkit.layouts import column
from backprop_studio.gui.toolkit.widgets import label
from backprop_studio.render.log import log_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QAction


def show_shortcuts(parent: QWidget, actions: Mapping[str, QAction]) -> QDialog:
    """List every action that has a key; ``actions`` are by their English names."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(28)
    grid.setVerticalSpacing(7)
    for text, action in actions.items():
        if action.shortcut().isEmpty():
            continue
        row = grid.rowCount()
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        for at, (role, words) in enumerate([("", tr(text).replace("&", "")), ("muted", keys)]):
            shown = label(role)
            shown.setText(words)
            grid.addWidget(shown, row, at)
    return _dialog(parent, tr("Keyboard shortcuts"), grid)


def show_about(parent: QWidget) -> QMessageBox:
    """Name the versions and the licences of what comes along."""
    names = ("backprop-studio", "PySide6-Essentials", "manim", "torch", "numpy")
    versions = [f"{name} {_version(name)}" for name in names]
    versions += [f"Qt {qVersion()}", f"Python {platform.python_version()}"]
    box = QMessageBox(parent)
    box.setWindowTitle(tr("About Backprop Studio"))
    box.setIconPixmap(app_icon().pixmap(72, 72))
    box.setText(tr("Backprop Studio turns the training of small neural networks into videos."))
    licences = tr(
        "MIT licence. Qt and PySide6 are used under the LGPL 3, Noto Sans CJK under the OFL."
    )
    box.setInformativeText("\n".join([licences, "", *versions]))
    box.addButton(QMessageBox.StandardButton.Close)
    box.open()
    return box


def show_system_check(parent: QWidget) -> QDialog:
    """Say what works on this machine; the checks run on a thread, because they take seconds."""
    text = QPlainTextEdit(tr("Checking…"), readOnly=True)
    text.setAccessibleName(tr("System check"))
    text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    text.setMinimumSize(680, 320)
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    copy = box.addButton(tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text.toPlainText()))
    way = Crossing(text)

    def check() -> None:
        from backprop_studio.render.doctor import examine

        lines = "\n".join(finding.line(tr) for finding in examine())
        way.cross(lambda: text.setPlainText(lines))

    threading.Thread(target=check, name="system-check", daemon=True).start()
    return _dialog(parent, tr("System check"), text, box)


def show_log(parent: QWidget) -> None:
    """Open the log in the system's program for texts, or else the folder that it is in."""
    file = log_file()
    for path in (file, file.parent):
        if path.exists() and QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            return
    show_failure(
        parent, tr("The log is {file}; the system has no program to open it.").format(file=file)
    )


def _dialog(
    parent: QWidget, title: str, content: QWidget | QLayout, box: QDialogButtonBox | None = None
) -> QDialog:
    """Open a dialog that can be closed."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box = box or QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    box.rejected.connect(dialog.reject)
    column(content, box, on=dialog, gap=16, edges=(22, 18, 22, 16))
    dialog.open()
    return dialog


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "?"
