"""What both pages of the stage have: a picture that takes clicks, and one set of keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from backprop_studio.gui.stage.full_screen import FullScreenLook

if TYPE_CHECKING:
    from backprop_studio.gui.panel import Services
    from backprop_studio.gui.stage.picture import PictureView

PICTURE_STRETCH = 1000
"""The picture takes all it can use; only what is left goes below the buttons."""


class Page(QWidget):
    """A page of the stage; the menu's keys act on the one that is seen.

    Attributes
    ----------
    picture, controls : PictureView, QWidget
        Its picture, and what plays it.
    look : FullScreenLook
        Where these are in full screen.
    """

    picture: PictureView

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._state = services.state
        self._has_toggled = False

    @property
    def can_play(self) -> bool:
        """Whether there is something that plays."""
        raise NotImplementedError

    @property
    def has_beats(self) -> bool:
        """Whether one can go from beat to beat."""
        raise NotImplementedError

    def toggle(self) -> None:
        """Play or pause."""
        raise NotImplementedError

    def toggle_back(self) -> None:
        """Undo the latest :meth:`toggle`."""
        self.toggle()

    def pause(self) -> None:
        """Stop the time."""
        raise NotImplementedError

    def step(self, frames: int) -> None:
        """Go some frames on or back."""
        raise NotImplementedError

    def skip(self, seconds: float) -> None:
        """Go some seconds on or back."""
        raise NotImplementedError

    def go_beat(self, step: int) -> None:
        """Go to the next beat or to the one before."""
        raise NotImplementedError

    def go_end(self, *, is_last: bool) -> None:
        """Go to the end or to the start."""
        raise NotImplementedError

    def take_hands(self, controls: QWidget) -> None:
        """Let the mouse act on the picture, and hide the controls in full screen."""
        self.controls = controls
        self.look = FullScreenLook(self, self.picture, controls, self._state)
        self.picture.clicked.connect(self._on_clicked)
        self.picture.double_clicked.connect(self._on_double_clicked)
        self._state.listen(self._on_black, "is_black")

    def toggle_full_screen(self) -> None:
        """Show the picture as large as the screen, or small again."""
        self._state.full_screen = not self._state.full_screen

    def _on_clicked(self) -> None:
        self._has_toggled = not self._state.is_black and self.can_play
        self._state.is_black = False
        if self._has_toggled:
            self.toggle()

    def _on_double_clicked(self) -> None:
        # The first of the two clicks has acted; the screen's size is what was meant.
        if self._has_toggled:
            self.toggle_back()
        self._has_toggled = False
        self.toggle_full_screen()

    def _on_black(self) -> None:
        if self._state.is_black:
            self.pause()
