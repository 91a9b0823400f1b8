"""The lecture's file: new, open, save, and what brings an unsaved one back."""

from __future__ import annotations

import uuid
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from backprop_studio.core.base.errors import StudioError
from backprop_studio.gui.lecture.recovery import (
    Recovered,
    complete,
    keep,
    recovered,
    recovery_file,
)
from backprop_studio.gui.model.lecture import Lecture, Part, new_id, title_in
from backprop_studio.gui.model.settings import settings_store
from backprop_studio.gui.model.words import said, tr
from backprop_studio.render.files.kept import set_aside
from backprop_studio.render.messages.failures import file_reason

if TYPE_CHECKING:
    from backprop_studio.core.base.i18n import Language
    from backprop_studio.gui.model.history import History
    from backprop_studio.gui.model.lecture import Title
    from backprop_studio.gui.model.state import AppState
    from backprop_studio.render.lecture.file import Lecture as FileLecture
    from backprop_studio.render.lecture.writing import LectureDraft

ENDING = ".toml"
RECENT = 8
RECENT_KEY = "lectures/recent"
KEEP_MS = 150
"""From a change until it is kept; what changes meanwhile is kept with it."""

CHANGED_ELSEWHERE = "lecture.changed"


class LectureFiles(QObject):
    """Reads and writes the lecture, and keeps it from one start to the next.

    Parameters
    ----------
    state : AppState
        Has the lecture.
    history : History
        Begins anew with another lecture.

    Signals
    -------
    failed : str
        A sentence to be shown to the user.
    """

    failed = Signal(str)

    def __init__(self, state: AppState, history: History, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._history = history
        self._old: FileLecture | None = None
        self._origins: dict[str, int | None] = {}
        self._saved: Lecture | None = None
        self._wanted = 0
        self._may_keep = True
        self._keeping = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._keeping.timeout.connect(self.settle)
        state.listen(self._touch, "lecture", "params", "part")

    @property
    def name(self) -> str:
        """What the lecture is called: its title, or what its file is called."""
        state = self._state
        stem = state.lecture_file.stem if state.lecture_file else ""
        return title_in(state.lecture.title, state.job_language) or stem

    @property
    def recent(self) -> list[Path]:
        """Lectures that were opened or saved last and are still there, the latest first."""
        found = settings_store().value(RECENT_KEY)
        names = found if isinstance(found, list) else [found] if found else []
        return [path for path in (Path(str(it)) for it in names) if path.is_file()]

    # Keeping

    def settle(self) -> None:
        """Keep the lecture as it is now, and say whether its file has it."""
        self._keeping.stop()
        state = self._state
        now = complete(state)
        has_any = bool(now.parts) or state.lecture_file is not None
        state.is_lecture_changed = has_any and now != self._saved
        file = str(state.lecture_file or "")
        text = self._old.text if self._old else ""
        origins = tuple(self._origins.get(part.id) for part in state.lecture.parts)
        number = state.lecture.number(state.part)
        self._keep(Recovered(now, file, state.is_lecture_changed, number, text, origins))

    def restore(self) -> None:
        """Bring back the lecture as the last window left it."""
        left = self._left()
        path = Path(left.file) if left.file else None
        if not left.is_changed and path is not None and path.is_file() and self.open(path):
            self._wanted = left.on_stage
            return
        # Also of a file that is gone or broken since, the lecture is still known.
        if not left.lecture.parts:
            return
        old = None
        if path is not None and left.text:
            from backprop_studio.render.lecture.file import lecture_of

            try:
                old = lecture_of(left.text, path)
            except StudioError:
                path = None  # a scene is gone: saved under another name, nothing is lost
        self._take(left.lecture, path, old)
        if old is not None:
            pairs = zip(self._state.lecture.parts, left.origins, strict=False)
            self._origins = {part.id: origin for part, origin in pairs}
        self._saved = None
        self._wanted = left.on_stage
        self.settle()

    def _left(self) -> Recovered:
        """Return what was left; what is damaged is put aside, what is newer is left alone."""
        try:
            return recovered()
        except ValueError:
            try:
                message = set_aside(recovery_file(), "lecture")
            except StudioError as error:
                message = error.message
        except StudioError as error:
            self._may_keep = False
            message = error.message
        self.failed.emit(said(message))
        return Recovered()

    def _keep(self, left: Recovered) -> None:
        if self._may_keep:
            keep(left)

    def turn_to_wanted(self) -> bool:
        """Turn to the lesson that was to be on the stage; return whether there was one."""
        parts, number = self._state.lecture.parts, self._wanted
        if not 0 < number <= len(parts):
            return False
        self._wanted = 0
        self._state.select_part(parts[number - 1].id)
        return self._state.entry is not None

    def _touch(self) -> None:
        if not self._keeping.isActive():
            self._keeping.start()

    # Files

    def new(self, parent: QWidget) -> None:
        """Begin another lecture, if the user does not think better of it."""
        if self.may_leave(parent):
            self._take(Lecture(), None, None)
            self.settle()

    def ask_for_one(self, parent: QWidget, kinds: str) -> Path | None:
        """Ask for a file to be opened."""
        name, _filter = QFileDialog.getOpenFileName(parent, tr("Open"), self._folder(), kinds)
        return Path(name) if name else None

    def open(self, path: Path) -> bool:
        """Read a lecture and turn to its first lesson; return whether it could be read."""
        from backprop_studio.render.lecture.file import read_lecture
        from backprop_studio.render.lecture.writing import draft_of

        path = path.absolute()
        try:
            found = read_lecture(path)
        except StudioError as error:
            self.failed.emit(said(error.message))
            self._forget(path)
            return False
        draft = draft_of(found)
        parts = tuple(
            Part(new_id(), it.scene, it.title, it.notes, it.theme, it.frame, it.params, it.script)
            for it in draft.parts
        )
        look = (draft.quality, draft.theme, draft.frame)
        more = (draft.captions, draft.voice, draft.handout)
        self._take(Lecture(draft.title, draft.languages, *look, parts, *more), path, found)
        self._remember(path)
        self._wanted = 1
        if self._state.catalogue is not None:
            self.turn_to_wanted()
        self.settle()
        return True

    def save(self, parent: QWidget) -> bool:
        """Write the lecture to its file, or ask for one; return whether it was written."""
        path = self._state.lecture_file
        return self.save_to(path, parent) if path else self.save_as(parent)

    def save_as(self, parent: QWidget) -> bool:
        """Ask for a file and write the lecture to it; return whether it was written."""
        start = self._state.lecture_file
        if start is None:
            start = Path(self._folder()) / f"{file_name(self.name or tr('Lecture'))}{ENDING}"
        kinds = tr("Lecture (*.toml)")
        chosen, _filter = QFileDialog.getSaveFileName(
            parent, tr("Save the lecture"), str(start), kinds
        )
        if not chosen:
            return False
        path = Path(chosen)
        # The dialog has asked about a file of the name that it showed.
        if path.suffix:
            return self.save_to(path, parent, overwrite=True)
        return self.save_to(path.with_suffix(ENDING), parent)

    def save_to(self, path: Path, parent: QWidget | None, *, overwrite: bool = False) -> bool:
        """Write the lecture to a file; return whether it was written."""
        from backprop_studio.render.lecture.writing import write_lecture

        state = self._state
        try:
            saved = write_lecture(path, self.draft(path), self._old, overwrite=overwrite)
        except StudioError as error:
            is_other = error.message.code in {CHANGED_ELSEWHERE, "lecture.exists"}
            if is_other and parent is not None and self._may_replace(parent, error):
                return self.save_to(path, parent, overwrite=True)
            if not is_other:
                self.failed.emit(said(error.message))
            return False
        self._old = saved.lecture
        self._origins = {part.id: at for at, part in enumerate(state.lecture.parts)}
        self._saved = complete(state)
        state.lecture_file = path
        self._remember(path)
        self.settle()
        text = tr("Saved as {path}").format(path=path.name)
        if saved.copied:
            names = ", ".join(copy.name for copy in saved.copied)
            text = f"{text}. {tr('Copied beside it: {names}.').format(names=names)}"
        state.notice = text
        return True

    def copy(self) -> Path | None:
        """Write a lecture that has no file yet to where exports are made from.

        Returns
        -------
        Path or None
            The copy, which is called as the lecture is; None if it could not be written.
        """
        from backprop_studio.render.lecture.writing import write_lecture

        folder = recovery_file().parent / "exports" / uuid.uuid4().hex
        path = folder / f"{file_name(self.name) or 'lecture'}{ENDING}"
        try:
            folder.mkdir(parents=True)
            write_lecture(path, self.draft(path))
        except StudioError as error:
            self.failed.emit(said(error.message))
        except OSError as error:
            self.failed.emit(said(file_reason(error)))
        else:
            return path
        return None

    def draft(self, path: Path) -> LectureDraft:
        """Return what is written of the lecture into a file."""
        from backprop_studio.render.lecture.writing import LectureDraft, PartDraft

        lecture = complete(self._state)
        origins = [self._origins.get(part.id) for part in self._state.lecture.parts]
        parts = (
            PartDraft(
                it.scene,
                _plain(it.title),
                it.notes,
                dict(it.params),
                it.theme,
                it.frame,
                origin,
                dict(it.script),
            )
            for it, origin in zip(lecture.parts, origins, strict=True)
        )
        title = _plain(lecture.title) or path.stem
        look = (lecture.quality, lecture.theme, lecture.frame)
        more = (lecture.captions, lecture.voice, lecture.handout)
        return LectureDraft(title, lecture.languages, *look, tuple(parts), *more)

    def may_leave(self, parent: QWidget) -> bool:
        """Ask whether changes are to be saved, if there are any; return whether to go on."""
        self.settle()
        if not self._state.is_lecture_changed:
            return True
        name = self.name or tr("Untitled lecture")
        text = tr('Save the changes to "{name}"?').format(name=name)
        box = QMessageBox(QMessageBox.Icon.Question, "Backprop Studio", text, parent=parent)
        box.setInformativeText(tr("Without saving they are lost."))
        save = box.addButton(tr("Save"), QMessageBox.ButtonRole.AcceptRole)
        drop = box.addButton(tr("Don't save"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(save)
        box.exec()
        if box.clickedButton() is drop:
            file = str(self._state.lecture_file or "")
            self._keep(Recovered(file=file))
            return True
        return box.clickedButton() is save and self.save(parent)

    def _may_replace(self, parent: QWidget, error: StudioError) -> bool:
        text = said(error.message)
        box = QMessageBox(QMessageBox.Icon.Warning, "Backprop Studio", text, parent=parent)
        replace_it = box.addButton(tr("Replace it"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole))
        box.exec()
        return box.clickedButton() is replace_it

    def _take(self, lecture: Lecture, path: Path | None, old: FileLecture | None) -> None:
        """Have another lecture from now on."""
        parts = tuple(replace(part, id=new_id()) for part in lecture.parts)
        lecture = replace(lecture, parts=parts)
        self._history.stack.clear()
        self._old = old
        self._origins = {part.id: at for at, part in enumerate(parts)} if old else {}
        self._state.lecture_file = path
        self._state.arrange(lecture, self._state.scene)
        self._saved = complete(self._state)

    def _folder(self) -> str:
        """Return where dialogs begin: where the last lecture is."""
        file = self._state.lecture_file or next(iter(self.recent), None)
        location = QStandardPaths.StandardLocation.DocumentsLocation
        documents = Path(QStandardPaths.writableLocation(location))
        return str(file.parent if file else documents if documents.is_dir() else Path.home())

    def _remember(self, path: Path) -> None:
        others = [str(it) for it in self.recent if it != path]
        settings_store().setValue(RECENT_KEY, [str(path), *others][:RECENT])

    def _forget(self, path: Path) -> None:
        settings_store().setValue(RECENT_KEY, [str(it) for it in self.recent if it != path])


def file_name(title: str) -> str:
    """Return a title as every system takes it for a file or a folder.

    Examples
    --------
    >>> file_name("Week 1: slopes / curves?")
    'Week 1 slopes curves'
    """
    kept = "".join(" " if it in '<>:"/\\|?*' or ord(it) < 32 else it for it in title)
    return " ".join(kept.split()).strip(". ")[:80]


def _plain(title: Title) -> str | dict[Language, str]:
    return title if isinstance(title, str) else dict(title)
