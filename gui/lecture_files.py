"""The lesson that is on the stage becomes one more lesson of a lecture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from backprop_studio.core.base.errors import StudioError
from backprop_studio.gui.model.words import said, tr

if TYPE_CHECKING:
    from backprop_studio.gui.model.state import AppState
    from backprop_studio.render.messages.frame_format import Quality

ENDING = ".toml"


class LectureFiles(QObject):
    """Adds lessons to lecture files.

    Signals
    -------
    failed : str
        A sentence to be shown to the user.
    """

    failed = Signal(str)

    def __init__(self, state: AppState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._last: Path | None = None

    def blocked_reason(self) -> str:
        """Return why the lesson cannot be added now, or an empty text."""
        state = self._state
        if state.entry is None or state.entry.error:
            return tr("Choose a scene first.")
        if state.refusal:
            return tr("Correct the parameters first.")
        return ""

    def ask(self, parent: QWidget) -> None:
        """Ask which lecture it shall be, a new one or one that is there."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        start = self._last or Path(folder) / f"{tr('lecture')}{ENDING}"
        title = tr("Add the lesson to a lecture, or begin a new one")
        kinds = tr("Lecture (*.toml)")
        # Nothing is replaced: the lesson comes behind those that are there.
        calm = QFileDialog.Option.DontConfirmOverwrite
        ask = QFileDialog.getSaveFileName
        chosen, _filter = ask(parent, title, str(start), kinds, options=calm)
        if chosen:
            path = Path(chosen)
            self.add_to(path if path.suffix else path.with_suffix(ENDING))

    def add_to(self, path: Path) -> None:
        """Write the lesson at the end of a lecture."""
        # Only here: a window that saves nothing does not need the reader of lectures.
        from backprop_studio.render.lecture.saving import NewLesson, add_lesson

        state = self._state
        if self.blocked_reason():
            self.failed.emit(self.blocked_reason())
            return
        lesson = NewLesson(quality=cast("Quality", state.quality), **state.lesson())
        try:
            saved = add_lesson(path, lesson)
        except StudioError as error:
            self.failed.emit(said(error.message))
            return
        self._last = path
        text = tr("Lesson {number} of {name}.").format(number=saved.number, name=path.name)
        if saved.copied:
            names = ", ".join(copy.name for copy in saved.copied)
            text += " " + tr("Copied beside it: {names}.").format(names=names)
        state.notice = text
