"""The strip on a picture that shows older settings: why, and what mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.toolkit.layouts import column, row
from backprop_studio.gui.toolkit.theme import set_role, theme
from backprop_studio.gui.toolkit.widgets import button, label

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent

    from backprop_studio.gui.model.history import History
    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.panel import Services
    from backprop_studio.gui.stage.picture import PictureView

PAUSE_MS = 450
"""As in the form: a half-typed value is not called wrong."""

WIDEST = 720
MARGIN = 10


def mend_text(state: AppState, history: History) -> str:
    """Return what makes the settings valid again, in the words of a button; empty if nothing."""
    refused = state.refused
    if refused is None:
        return ""
    if history.steps_to_valid:
        return tr("Undo the change")
    return tr("Reset the field") if refused.fields else ""


class _Link(QLabel):
    """A sentence that leads somewhere.

    Signals
    -------
    clicked
        By the mouse or by a key.
    """

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setMinimumWidth(1)

    def lead(self, text: str, *, leads: bool) -> None:
        """Say a sentence, which leads somewhere or not."""
        self.setText(text)
        self.setAccessibleName(text)
        set_role(self, "link" if leads else "text")
        self.setCursor(Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if leads else Qt.FocusPolicy.NoFocus)
        self.setToolTip(tr("Go to the field") if leads else "")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lead there."""
        event.accept()  # or the picture below would take it for its own
        self._go()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Lead there, by the keys that press a button."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self._go()
        else:
            super().keyPressEvent(event)

    def _go(self) -> None:
        if self.focusPolicy() != Qt.FocusPolicy.NoFocus:
            self.clicked.emit()


class StaleStrip(QFrame):
    """Words and buttons at the foot of a picture, there while the settings are refused.

    Attributes
    ----------
    sentence : QLabel
        What is wrong; it leads to the field.
    mend : QPushButton
        Undoes the change, or resets the field.
    """

    def __init__(self, services: Services, picture: PictureView) -> None:
        super().__init__(picture)
        self._state = services.state
        self._history = services.history
        self._picture = picture
        self._image: QImage | None = None
        self._icon = QLabel()
        self._title = label("muted", N_("The picture shows the last settings that were valid."))
        self._title.setWordWrap(True)
        self._title.setMinimumWidth(1)
        self.sentence = _Link()
        self.mend = button(N_("Undo the change"), self._history.mend)
        texts = column(self._title, self.sentence, gap=2)
        row(self._icon, (texts, 1), self.mend, on=self, gap=12, edges=(14, 10, 12, 10))
        set_role(self, "stale")
        self.hide()
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self.renew)
        self.sentence.clicked.connect(self.go_to_field)
        picture.resized.connect(self._place)
        self._state.listen(lambda: self._pause.start(PAUSE_MS), "params")
        self._state.listen(self.renew, "refusal", "preview", "live")
        theme().changed.connect(self._renew_icon)
        self._renew_icon()

    def go_to_field(self) -> None:
        """Bring the wrong field into sight and give it the focus."""
        refused = self._state.refused
        if refused and refused.fields:
            self._state.full_screen = False
            self._state.field_wanted.emit(refused.fields[0].path, True)

    def renew(self) -> None:
        """Come once nobody is typing, and go with the next valid picture."""
        refused, image = self._state.refused, self._state.preview.image
        if self._state.live.is_on or image is not self._image:
            self._image = None
        if refused and image is not None and not self._state.live.is_on:
            if self._pause.isActive():
                return
            self._image = image
            self.sentence.lead(refused.full_sentence, leads=bool(refused.fields))
            words = mend_text(self._state, self._history)
            self.mend.setText(words)
            self.mend.setAccessibleName(words)
            self.mend.setVisible(bool(words))
            self._place()
        is_stale = self._image is not None
        self._picture.show_stale(is_stale)
        self.setVisible(is_stale)

    def _place(self) -> None:
        """Stand at the foot of the picture."""
        rect = self._picture.picture_rect()
        width = min(self._picture.width() - 2 * MARGIN, WIDEST)
        height = self.heightForWidth(width)  # that of the layout alone has no room for the frame
        bottom = min(round(rect.bottom()), self._picture.height()) - MARGIN
        left = (self._picture.width() - width) // 2
        self.setGeometry(left, max(bottom - height, 0), width, height)

    def _renew_icon(self) -> None:
        self._icon.setPixmap(theme().icon("warning", "wrong").pixmap(20, 20))
