"""What is to be made of the lecture: languages, quality, kinds of files, and where they go."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QGridLayout,
    QLineEdit,
    QWidget,
)

from backprop_studio.core.base.i18n import LANGUAGE_NAMES, N_, Language
from backprop_studio.core.base.messages import os_reason
from backprop_studio.gui.lecture.files import file_name
from backprop_studio.gui.lecture.kit_options import KitOptionFields, keep_options
from backprop_studio.gui.lecture.lesson_list import TITLE_SECONDS, clock
from backprop_studio.gui.model.settings import settings_store
from backprop_studio.gui.model.words import said, tr
from backprop_studio.gui.renders.folder import renders_folder
from backprop_studio.gui.renders.words import quality_text
from backprop_studio.gui.toolkit import widgets as ui
from backprop_studio.gui.toolkit.dialogs import fit
from backprop_studio.gui.toolkit.faults import show_failure
from backprop_studio.gui.toolkit.layouts import column, row
from backprop_studio.gui.toolkit.theme import set_role
from backprop_studio.render.messages.frame_format import QUALITIES, FrameFormat
from backprop_studio.render.messages.jobs import KIT, KitItem, LectureJob
from backprop_studio.render.messages.voices import SILENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.gui.lecture.pictures import LessonPictures
    from backprop_studio.gui.panel import Services
    from backprop_studio.render.messages.frame_format import Quality

KIT_WORDS = {
    "video": N_("Videos"),
    "subtitles": N_("Subtitles"),
    "chapters": N_("Chapter marks"),
    "transcript": N_("Transcript"),
    "stills": N_("Stills"),
    "clips": N_("Clips"),
    "gifs": N_("GIF loops"),
    "numbers": N_("Numbers"),
    "code": N_("Torch code"),
    "source": N_("Manim source"),
    "notebook": N_("Notebook"),
    "slides": N_("Slides"),
    "handout": N_("Handout"),
    "exercises": N_("Exercises"),
    "player": N_("Player for the browser"),
    "scorm": N_("Course package (SCORM)"),
    "manifest": N_("List of files"),
}
"""What can be made; of the lecture as a whole and, but for the chapters, of each lesson."""

_USUAL = ("video", "subtitles", "chapters", "transcript")
"""What is ticked the first time."""

_BOXES_IN_ROW = 4

FOLDER_KEY, KIT_KEY = "export/folder", "export/kit"

BYTES_PER_PIXEL = 0.005
"""Of one frame of a video, at most, as measured from 480p to 1080p."""


class ExportDialog(QDialog):
    """Asks, saves the lecture, and puts it into the queue.

    Parameters
    ----------
    services : Services
        The things of the window.
    pictures : LessonPictures
        Knows how long the lessons are, and which cannot be drawn.
    parent : QWidget
        The window.
    """

    def __init__(self, services: Services, pictures: LessonPictures, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._services = services
        self._state = services.state
        self._shown = [pictures.of(part) for part in self._state.lecture.parts]
        self._name = services.lectures.name or tr("Lecture")
        lecture = self._state.lecture
        self.languages = self._boxes(LANGUAGE_NAMES, lecture.languages)
        kept = str(settings_store().value(KIT_KEY, "")).split(",")
        kinds = {str(kind): tr(KIT_WORDS.get(kind, kind)) for kind in KIT}
        self.kit = self._boxes(kinds, [it for it in kept if it in kinds] or _USUAL)
        self.options = KitOptionFields(self)
        self.quality = ui.worded(ui.combo_box(), name=N_("Quality"))
        for key in QUALITIES:
            self.quality.addItem(quality_text(key), key)
        self.quality.setCurrentIndex(self.quality.findData(lecture.quality))
        self.folder = ui.worded(QLineEdit(str(self._first_folder())), name=N_("Folder"))
        self.choose = ui.button(N_("Choose…"), self._on_choose, name=N_("Choose a folder"))
        self.replaces = QCheckBox(tr("Replace files there that are not from an earlier export"))
        self.summary = ui.label("muted", wraps=True)
        self.problem = ui.label("wrong", wraps=True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        role = QDialogButtonBox.ButtonRole.AcceptRole
        self.export = self.buttons.addButton(tr("Export"), role)
        self._build()
        self._connect()
        self._show_choice()

    def _boxes(self, names: dict[str, str], chosen: Sequence[str]) -> dict[str, QCheckBox]:
        boxes = {key: QCheckBox(name) for key, name in names.items()}
        for key, box in boxes.items():
            box.setChecked(key in chosen)
        return boxes

    def _build(self) -> None:
        self.setWindowTitle(tr("Export lecture"))
        heading = ui.label("heading", wraps=True)
        heading.setText(self._name)
        set_role(self.export, "primary")
        self.export.setDefault(True)
        form = QFormLayout()
        form.setVerticalSpacing(12)
        form.setHorizontalSpacing(18)
        languages, kinds = row(gap=16), QGridLayout()
        for box in self.languages.values():
            languages.addWidget(box)
        languages.addStretch(1)
        kinds.setHorizontalSpacing(16)
        for number, box in enumerate(self.kit.values()):
            kinds.addWidget(box, *divmod(number, _BOXES_IN_ROW))
        form.addRow(tr("Languages"), languages)
        form.addRow(tr("Quality"), row(self.quality, (None, 1)))
        form.addRow(tr("What is made"), kinds)
        self._form = form
        self.options.add_to(form, {kind: box.text() for kind, box in self.kit.items()})
        form.addRow(tr("Folder"), row((self.folder, 1), self.choose, gap=8))
        form.addRow("", self.replaces)
        parts = (heading, form, self.summary, self.problem, (None, 1), self.buttons)
        column(*parts, on=self, gap=14, edges=(24, 20, 24, 18))
        fit(self, 600, 380)

    def _connect(self) -> None:
        for box in (*self.languages.values(), *self.kit.values()):
            box.toggled.connect(self._show_choice)
        self.quality.currentIndexChanged.connect(self._show_choice)
        self.folder.textChanged.connect(self._show_choice)
        self.buttons.accepted.connect(self._on_export)
        self.buttons.rejected.connect(self.reject)

    @property
    def chosen_languages(self) -> tuple[Language, ...]:
        """The languages that are ticked, in the lecture's order as far as it has them."""
        ticked = [it for it in get_args(Language) if self.languages[it].isChecked()]
        own = self._state.lecture.languages
        return tuple(sorted(ticked, key=lambda it: own.index(it) if it in own else len(own)))

    @property
    def chosen_kit(self) -> tuple[KitItem, ...]:
        """The kinds of files that are ticked."""
        return tuple(it for it in KIT if self.kit[it].isChecked())

    def _first_folder(self) -> Path:
        """Return a folder of the lecture's name, where the last one was put."""
        kept = settings_store().value(FOLDER_KEY)
        parent = Path(str(kept)) if kept and Path(str(kept)).is_dir() else renders_folder()
        return parent / (file_name(self._name) or "lecture")

    def _show_choice(self) -> None:
        self.options.show_of(self._form, self.kit)
        problem = self._problem_text()
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.export.setEnabled(not problem)
        self.summary.setText("" if problem else self._summary_text())
        self.summary.setVisible(not problem)
        folder = Path(self.folder.text().strip() or ".")
        self.replaces.setVisible(folder.is_dir() and any(folder.iterdir()))

    def _problem_text(self) -> str:
        if not self.chosen_languages:
            return tr("Choose at least one language.")
        if not self.chosen_kit:
            return tr("Choose what is to be made.")
        if not Path(self.folder.text().strip()).expanduser().is_absolute():
            return tr("Choose a folder.")
        for number, shown in enumerate(self._shown, start=1):
            if shown.refusal is not None:
                text = tr("Lesson {number} cannot be drawn: {reason}")
                return text.format(number=number, reason=said(shown.refusal))
        return ""

    def _summary_text(self) -> str:
        """Return what will be made, how long it plays, and how big it becomes at most."""
        lecture, languages = self._state.lecture, len(self.chosen_languages)
        if "video" not in self.chosen_kit:
            return tr("No videos are made, but the lessons are drawn: their times come from there.")
        text = tr("{videos} videos of lessons and {wholes} of the whole lecture.")
        texts = [text.format(videos=len(self._shown) * languages, wholes=languages)]
        if all(it.seconds is not None for it in self._shown):
            seconds = sum((it.seconds or 0) + TITLE_SECONDS for it in self._shown)
            picture = FrameFormat.of_quality(self.quality.currentData(), shape=lecture.frame)
            each = picture.width * picture.height * picture.fps * BYTES_PER_PIXEL * seconds
            size = f"{max(each * 2 * languages / 1e6, 1):.0f} MB"
            text = tr("{time} in each language, at most about {size} in all.")
            texts.append(text.format(time=clock(seconds), size=size))
        if any(part.frame for part in lecture.parts):
            text = tr("Lessons of another shape are also drawn as {shape}, for the whole lecture.")
            texts.append(text.format(shape=lecture.frame))
        return " ".join(texts)

    def _on_choose(self) -> None:
        present = Path(self.folder.text()).expanduser()
        start = next((it for it in (present, *present.parents) if it.is_dir()), Path.home())
        chosen = QFileDialog.getExistingDirectory(self, tr("Choose a folder"), str(start))
        if chosen:
            self.folder.setText(chosen)

    def _on_export(self) -> None:
        """Take the choices over, save, and put the lecture into the queue."""
        state, lectures = self._state, self._services.lectures
        folder = Path(self.folder.text().strip()).expanduser()
        quality: Quality = self.quality.currentData()
        asked = replace(state.lecture, languages=self.chosen_languages, quality=quality)
        self._services.history.arrange(N_("Languages and quality"), asked)
        copy = None if state.lecture_file else lectures.copy()
        if state.lecture_file and not lectures.save(self):
            return
        path = state.lecture_file or copy
        if path is None:
            return
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            text = tr("{folder} cannot be made: {reason}.")
            reason = os_reason(error).words(tr)
            show_failure(self, text.format(folder=folder.parent, reason=reason))
            return
        job = LectureJob(
            id=f"lecture-{uuid.uuid4().hex}",
            lecture=str(path),
            output=str(folder),
            languages=self.chosen_languages,
            kit=self.chosen_kit,
            options=self.options.chosen(),
            overwrite=self.replaces.isVisible() and self.replaces.isChecked(),
            # What the lecture says itself goes before what is preferred.
            voice=state.voice if state.lecture.voice == SILENT else None,
        )
        store = settings_store()
        store.setValue(KIT_KEY, ",".join(self.chosen_kit))
        store.setValue(FOLDER_KEY, str(folder.parent))
        keep_options(job.options)
        # The queue takes the lecture with all its files: nobody needs the copy then.
        remove = partial(shutil.rmtree, copy.parent, ignore_errors=True) if copy else None
        self._services.renders.add(job, remove)
        self.accept()
