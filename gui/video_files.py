"""What can be done with the finished video outside the player."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from backprop_studio.core.base.errors import OutputError
from backprop_studio.gui.model.settings import last_folder, remember_folder
from backprop_studio.gui.model.words import said, tr
from backprop_studio.gui.saving import copy_atomically
from backprop_studio.gui.toolkit.crossing import Crossing
from backprop_studio.gui.toolkit.reveal import reveal

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
        self._saved: dict[Path, Path] = {}

    def save_as(self, parent: QWidget) -> None:
        """Ask where the video shall be and copy it there; the dialog asks before replacing."""
        video = self._state.video
        if video is None:
            return
        path = str(self.start_folder() / (video.name or video.path.name))
        kinds = f"{tr('Video')} (*{video.path.suffix})"
        chosen, _filter = QFileDialog.getSaveFileName(parent, tr("Save video as"), path, kinds)
        if chosen:
            target = Path(chosen)
            remember_folder("videos", target.parent)
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
            self.cross(lambda: self._on_copied(video.path, target, problem))

        threading.Thread(target=copy, name="save-video", daemon=False).start()

    @staticmethod
    def start_folder() -> Path:
        """Return where a dialog for videos begins: where the last one ended."""
        movies = QStandardPaths.StandardLocation.MoviesLocation
        folders = (last_folder("videos"), Path(QStandardPaths.writableLocation(movies)))
        return next((it for it in folders if it is not None and it.is_dir()), Path.home())

    def show_in_folder(self, path: Path | None = None) -> None:
        """Show a video in its folder, by default that on the stage.

        One that the user has saved elsewhere is shown there.
        """
        if path is None and self._state.video is not None:
            path = self._state.video.path
        if path is not None:
            saved = self._saved.get(path)
            shown = saved if saved is not None and saved.is_file() else path
            reveal(shown, self, self._fail_to_open)

    def open_externally(self) -> None:
        """Open the video in the system's player."""
        if self._state.video is not None:
            self._open(self._state.video.path)

    def _open(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._fail_to_open(path)

    def _fail_to_open(self, path: Path) -> None:
        self.failed.emit(tr("The system has no program to open {path}.").format(path=path))

    def _on_copied(self, source: Path, target: Path, error: str) -> None:
        self.is_saving = False
        self._state.notice = "" if error else tr("Saved as {path}").format(path=target)
        if error:
            self.failed.emit(error)
        else:
            self._saved[source] = target
