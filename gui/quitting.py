"""Quitting while videos are drawn: at once, or when they are finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QMessageBox

from backprop_studio.gui.model.values import RenderPhase
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.renders.entries import open_entries, running_entry
from backprop_studio.gui.toolkit.faults import question

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from backprop_studio.gui.panel import Services


class Quitting(QObject):
    """Asks before something is stopped, and closes the window later if that is wanted.

    Parameters
    ----------
    services : Services
        The things of the window.
    window : QWidget
        What is closed.
    """

    def __init__(self, services: Services, window: QWidget) -> None:
        super().__init__(window)
        self._state = services.state
        self._renders = services.renders
        self._window = window
        self._state.listen(self._look, "queue")

    @property
    def is_busy(self) -> bool:
        """Whether something is being drawn, or waits in a list that ends with this window."""
        is_lost = self._renders.is_private and open_entries(self._state.queue)
        return self._state.render.phase.is_active or bool(is_lost)

    def asks(self) -> bool:
        """Ask what shall become of the videos; return whether the window may close now."""
        text = tr("A video is being rendered. Stop it and quit?")
        more = tr("The queue is kept; next time you can resume it.")
        if self._renders.is_private:
            more = tr("What is not drawn yet is forgotten, finished videos stay.")
        words = (tr("Stop and quit"), tr("Keep rendering"))
        box, leave = question(self._window, text, more, *words)
        later = None
        if self._state.render.phase is RenderPhase.RUNNING:
            later = box.addButton(tr("Finish, then quit"), QMessageBox.ButtonRole.AcceptRole)
        box.exec()
        answer = box.clickedButton()
        self._state.quits_when_done = later is not None and answer is later
        self._look()  # it may have been finished while the user thought
        return answer is leave

    def _look(self) -> None:
        """Close when all is drawn; who cancels a video wants to go on with something."""
        queue = self._state.queue
        if not self._state.quits_when_done or running_entry(queue) is not None:
            return
        if queue.next is None or queue.is_paused:
            # When everybody has heard how the last video ended.
            QTimer.singleShot(0, self, self._leave)

    def _leave(self) -> None:
        has_ended = self._state.render.phase in {RenderPhase.DONE, RenderPhase.FAILED}
        if self._state.quits_when_done and has_ended:
            self._window.close()
        self._state.quits_when_done = False
