"""The stage in full screen: the picture alone on black, its buttons where the mouse moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtWidgets import QApplication, QBoxLayout, QWidget

from backprop_studio.gui.toolkit.theme import set_role

if TYPE_CHECKING:
    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.stage.picture import PictureView

REST_MS = 2000
"""How long the mouse must rest until pointer and buttons are gone."""

EDGES = (16, 10, 16, 12)


class FullScreenLook(QObject):
    """Takes the buttons of a page out of its layout while the screen is full, and hides them.

    Parameters
    ----------
    page : QWidget
        Has a column as its layout.
    picture, controls : PictureView, QWidget
        What is in it.
    state : AppState
        Says whether the screen is full or black.
    """

    def __init__(
        self, page: QWidget, picture: PictureView, controls: QWidget, state: AppState
    ) -> None:
        super().__init__(page)
        self._page, self._picture, self._controls = page, picture, controls
        self._state = state
        self._column: QBoxLayout = page.layout()  # type: ignore[assignment]
        self._place = self._column.indexOf(controls)
        self._stretches = [self._column.stretch(at) for at in range(self._column.count())]
        self._pointer: QPointF | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.rest)
        controls.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        picture.moved.connect(self._on_moved)
        page.installEventFilter(self)
        state.listen(self._on_full_screen, "full_screen")
        state.listen(self._on_black, "is_black")

    def rest(self) -> None:
        """Hide pointer and buttons, unless the mouse is at them."""
        if not self._state.full_screen:
            return
        if self._controls.underMouse() or QApplication.activePopupWidget() is not None:
            self._rest.start()
            return
        self._controls.hide()
        self._picture.setCursor(Qt.CursorShape.BlankCursor)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the buttons at the lower edge."""
        if event.type() == QEvent.Type.Resize and self._state.full_screen:
            self._put_below()
        return super().eventFilter(watched, event)

    def _on_full_screen(self) -> None:
        is_full = self._state.full_screen
        self._pointer = None
        picture = self._column.indexOf(self._picture)
        set_role(self._controls, "over" if is_full else "")
        self._picture.fill(is_full)
        if is_full:
            self._share_room([0 if at != picture else 1 for at in range(self._column.count())])
            self._column.removeWidget(self._controls)
            self._controls.setContentsMargins(*EDGES)
            self._put_below()
            self.rest()
            return
        self._rest.stop()
        self._picture.unsetCursor()
        self._controls.setContentsMargins(0, 0, 0, 0)
        self._column.insertWidget(self._place, self._controls)
        self._share_room(self._stretches)
        self._controls.show()

    def _share_room(self, stretches: list[int]) -> None:
        for at, stretch in enumerate(stretches):
            self._column.setStretch(at, stretch)

    def _on_black(self) -> None:
        self._picture.show_black(self._state.is_black)
        if self._state.is_black:
            self._controls.hide()
            self._picture.setCursor(Qt.CursorShape.BlankCursor)

    def _on_moved(self, pointer: QPointF) -> None:
        """Show pointer and buttons; what moves below a mouse at rest is no movement of it."""
        before, self._pointer = self._pointer, pointer
        if not self._state.full_screen or self._state.is_black or before in (None, pointer):
            return
        self._picture.unsetCursor()
        self._controls.show()
        self._controls.raise_()
        self._rest.start()

    def _put_below(self) -> None:
        height = self._controls.sizeHint().height()
        self._controls.setGeometry(0, self._page.height() - height, self._page.width(), height)
