"""Dialogs that fit the screen that they open on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

FRAME = QSize(24, 56)
"""Kept free for the frame and the title that the desktop draws around a window."""


def fit(dialog: QDialog, width: int, height: int) -> None:
    """Give a dialog a size, or as much of it as its screen has room for.

    What it holds has to scroll where it is higher than that.
    """
    screen = (dialog.parentWidget() or dialog).screen()
    room = screen.availableGeometry().size() - FRAME
    dialog.setMinimumSize(dialog.minimumSize().boundedTo(room))
    dialog.resize(QSize(width, height).boundedTo(room))
