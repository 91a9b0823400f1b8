"""The frame of a dialog that is read and closed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QLabel, QScrollArea, QWidget

from backprop_studio.gui.toolkit.layouts import column
from backprop_studio.gui.toolkit.widgets import label

EDGE = 80
"""Pixels of the screen that a dialog leaves free, for its own frame and for panels."""


def show_dialog(
    parent: QWidget,
    title: str,
    content: QWidget,
    *above: QWidget,
    width: int,
    box: QDialogButtonBox | None = None,
) -> QDialog:
    """Open a dialog that is as high as its content, if the screen is, and scrolls otherwise.

    Parameters
    ----------
    parent : QWidget
        The window in front of which it is.
    title : str
        In the window's language.
    content : QWidget
        What scrolls.
    *above : QWidget
        What stands above it.
    width : int
        Pixels that it asks for; the title has to fit as well.
    box : QDialogButtonBox, optional
        More buttons than Close.
    """
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box = box or QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    box.rejected.connect(dialog.reject)
    area = QScrollArea(widgetResizable=True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAccessibleName(title)
    area.setWidget(content)
    layout = column(*above, (area, 1), box, on=dialog, gap=14, edges=(22, 18, 22, 16))
    room = parent.screen().availableSize()
    width = min(width, room.width() - EDGE)
    # An area alone would ask for little; what it holds says how high it has to be to show all.
    needed = content.heightForWidth(width - 44) if content.hasHeightForWidth() else -1
    content_height = max(needed, content.sizeHint().height())
    height = layout.sizeHint().height() - area.sizeHint().height() + content_height
    dialog.resize(width, min(height, room.height() - EDGE))
    dialog.open()
    box.button(QDialogButtonBox.StandardButton.Close).setFocus()
    return dialog


def text(role: str, words: str, *, wraps: bool = False) -> QLabel:
    """Return words that are said once, in a dialog that does not outlive its language."""
    result = label(role, wraps=wraps)
    result.setText(words)
    return result
