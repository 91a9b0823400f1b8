"""About, and the log."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QGridLayout, QLabel, QWidget

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.help.dialog import show_dialog, text
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.toolkit.faults import show_failure
from backprop_studio.gui.toolkit.icons import app_icon
from backprop_studio.gui.toolkit.layouts import column, row
from backprop_studio.render.log import log_file

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

PARTS = (
    ("Backprop Studio", "backprop-studio", "", "MIT"),
    ("Python", "", N_("runs it"), "PSF"),
    ("PyTorch", "torch", N_("computes"), "BSD"),
    ("Manim", "manim", N_("draws"), "MIT"),
    ("Typst", "typst", N_("sets formulas"), "Apache 2.0"),
    ("Qt, PySide6", "PySide6-Essentials", N_("the window"), "LGPL 3"),
    ("PyAV", "av", N_("reads and writes videos"), "BSD"),
    ("FFmpeg", "", N_("reads and writes videos"), "LGPL 3"),
    ("libx264", "", N_("H.264 in MP4"), "GPL 2"),
    ("Noto Sans CJK", "manimgx-fonts-cjk", N_("Chinese font"), "OFL 1.1"),
    ("NumPy", "numpy", N_("computes"), "BSD"),
)
"""What the program stands on: its name, its package, what it is there for, its licence."""


def show_about(parent: QWidget) -> QDialog:
    """Name the program, what it is made of, and under which licences."""
    icon = QLabel()
    icon.setPixmap(app_icon().pixmap(56, 56))
    head = QWidget()
    name = text("title", f"Backprop Studio {_version('backprop-studio')}")
    words = tr("Backprop Studio turns the training of small neural networks into videos.")
    more = tr("MIT licence. The videos that you make are yours.")
    said = column(name, text("", words, wraps=True), text("muted", more, wraps=True), gap=4)
    row(icon, (said, 1), on=head, gap=16)
    content = QWidget()
    grid = QGridLayout(content)
    grid.setContentsMargins(0, 0, 12, 0)
    grid.setHorizontalSpacing(20)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(2, 1)
    lines = _parts()
    for at, cells in enumerate(lines):
        for column_at, cell in enumerate(cells):
            grid.addWidget(text("" if column_at == 0 else "muted", cell), at, column_at)
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    copy = box.addButton(tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
    told = "\n".join("  ".join(filter(None, cells)) for cells in [*lines, (platform.platform(),)])
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(told))
    return show_dialog(parent, tr("About Backprop Studio"), content, head, width=600, box=box)


def _parts() -> list[tuple[str, ...]]:
    """Return name, version, purpose and licence of everything."""
    from av import ffmpeg_version_info  # seldom wanted, and no part of the start

    known = {"Python": platform.python_version(), "FFmpeg": ffmpeg_version_info}
    known["Qt, PySide6"] = f"{qVersion()}, {_version('PySide6-Essentials')}"
    return [
        (name, known.get(name) or (_version(package) if package else ""), tr(what), licence)
        for name, package, what, licence in PARTS
    ]


def show_log(parent: QWidget) -> None:
    """Open the log in the system's program for texts, or else the folder that it is in."""
    file = log_file()
    for path in (file, file.parent):
        if path.exists() and QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            return
    show_failure(
        parent, tr("The log is {file}; the system has no program to open it.").format(file=file)
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "?"
