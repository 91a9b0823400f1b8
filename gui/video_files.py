"""What can be done with the finished video outside the player."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from backprop_studio.core.base.errors import OutputError
from backprop_studio.gui.file_manager import show_file
from backprop_studio.gui.model.words import said, tr
from backprop_studio.gui.saving import copy_atomically
from backprop_studio.gui.toolkit.crossing import Crossing

if TYPE_CHECKING:
    from backprop_studio.gui.model.state import AppState


class VideoFiles(Crossing):
    """Saves the video elsewhere, shows its folder, hands it to the system's player.

    Attributes
    ----------
    is_saving : bool
        Whether a copy is being made.

    Signals
    -------
    failed : str
        A sentence to be shown to the user.
    """

    failed = Signal(str)

    def __init__(self, state: AppState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.is_saving = False
        self._last_folder = QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.MoviesLocation
        )

    def save_as(self, parent: QWidget) -> None:
        """Ask where the video shall be and copy it there; the dialog asks before replacing."""
        video = self._state.video
        if video is None:
            return
        folder = Path(self._last_folder)
        start = folder if folder.is_dir() else Path.home()
        path = str(start / (video.name or video.path.name))
        kinds = f"{tr('Video')} (*{video.path.suffix})"
        chosen, _filter = QFileDialog.getSaveFileName(parent, tr("Save video as"), path, kinds)
        if chosen:
            target = Path(chosen)
            self._last_folder = str(target.parent)
            self.save_to(target if target.suffix else target.with_suffix(video.path.suffix))

    def save_to(self, target: Path) -> None:
        """Copy the video, on a thread because a folder may be on a slow network."""
        video = self._state.video
        if video is None:
            return
        self.is_saving = True
        self._state.notice = tr("Saving…")

        def copy() -> None:
            problem = ""
            try:
                copy_atomically(video.path, target)
            except OutputError as error:
                problem = said(error.message)
            self.cross(lambda: self._on_copied(target, problem))

        threading.Thread(target=copy, name="save-video", daemon=False).start()

    def show_in_folder(self, path: Path | None = None) -> None:
        """Show a video among the files of its folder, by default the one on the stage."""
        path = path or (self._state.video.path if self._state.video else None)
        if path is not None:
            show_file(path, self, lambda: self._cannot_open(path.parent))

    def open_externally(self) -> None:
        """Open the video in the system's player."""
        if self._state.video is not None:
            self._open(self._state.video.path)

    def _open(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._cannot_open(path)

    def _cannot_open(self, path: Path) -> None:
        self.failed.emit(tr("The system has no program to open {path}.").format(path=path))

    def _on_copied(self, target: Path, error: str) -> None:
        self.is_saving = False
        self._state.notice = "" if error else tr("Saved as {path}").format(path=target)
        if error:
            self.failed.emit(error)
