"""Below the scenes: the lecture, lesson by lesson."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QPlainTextEdit

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.lecture.lesson_list import LessonModel, LessonView, clock
from backprop_studio.gui.lecture.pictures import Shown
from backprop_studio.gui.model.lecture import title_in
from backprop_studio.gui.model.values import View
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.panel import Panel, Services
from backprop_studio.gui.toolkit import widgets as ui
from backprop_studio.gui.toolkit.fonts import strong
from backprop_studio.gui.toolkit.layouts import column, row
from backprop_studio.gui.toolkit.theme import set_role, theme

if TYPE_CHECKING:
    from PySide6.QtCore import QItemSelection

    from backprop_studio.gui.lecture.pictures import LessonPictures
    from backprop_studio.gui.model.lecture import Part

EMPTY = N_("Choose a scene, set it up, and add it: lessons in a row make a lecture.")
NOTES_PAUSE_MS = 1500
"""After so long without typing, what follows is undone by itself."""


class LecturePanel(Panel):
    """See the lessons, arrange them, turn to one of them.

    Signals
    -------
    export_wanted
        The lecture is to be exported.
    grown
        It needs more or less room.
    """

    export_wanted = Signal()
    grown = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._lessons = services.lessons
        self._pictures: LessonPictures | None = None
        self.heading = ui.label("heading", N_("Lecture"))
        self.title = _TitleField()
        self.summary = ui.label("muted")
        self.empty = ui.label("muted", EMPTY, wraps=True)
        self.model = LessonModel(self.state, self._shown)
        self.view = ui.worded(LessonView(self.model), name=N_("Lessons of the lecture"))
        self.banner = _TwinBanner()
        self.notes = NotesField()
        self.add = ui.button(N_("Add this lesson"), self._lessons.add)
        self.export = ui.button(N_("Export lecture…"), self.export_wanted.emit)
        self._build()
        self._connect()
        self.retranslate()

    def _build(self) -> None:
        head = column(row(self.heading, (self.title, 1)), self.summary, gap=0)
        below = column(self.banner, self.notes, self.add, self.export, gap=7)
        head.setContentsMargins(20, 0, 14, 0)
        self.empty.setContentsMargins(20, 0, 14, 0)
        below.setContentsMargins(18, 0, 18, 0)
        for it in (self.add, self.export):
            set_role(it, "choose")
        parts = (head, self.empty, (self.view, 1), below)
        self._layout = column(*parts, on=self, gap=8, edges=(0, 12, 0, 12))
        theme().changed.connect(self._show_icon)
        self._show_icon()

    def _connect(self) -> None:
        lessons = self._lessons
        self.title.editingFinished.connect(lambda: lessons.rename_lecture(self.title.text()))
        self.model.moved.connect(lessons.move)
        self.model.renamed.connect(lessons.rename)
        self.view.selectionModel().selectionChanged.connect(self._on_selected)
        self.view.clicked.connect(lambda: setattr(self.state, "view", View.PREVIEW))
        self.notes.written.connect(lessons.take_notes)
        self.notes.grown.connect(self.grown)
        lessons.found.connect(self._on_found)
        self.banner.again.clicked.connect(self._on_again)
        self.banner.close_it.clicked.connect(self._hide_banner)
        self.banner.show_it.clicked.connect(self._on_show_twin)
        listen = self.state.listen
        listen(self._show_lecture, "lecture", "lesson_language", "catalogue", "lecture_file")
        listen(self._show_chosen, "part")
        listen(self._show_ways, "catalogue", "scene", "refusal")
        # Another lesson on the stage, or another value: the question is about something else.
        listen(self._hide_banner, "scene", "params", "lecture", "theme", "frame_shape")

    def show_pictures(self, pictures: LessonPictures) -> None:
        """Show these pictures and lengths beside the lessons' titles."""
        self._pictures = pictures
        pictures.changed.connect(self._show_lecture)
        self._show_lecture()

    def retranslate(self) -> None:
        """Renew all words."""
        self._show_lecture()

    def rename_chosen(self) -> None:
        """Edit the title of the lesson on the stage where it stands."""
        index = self.model.index(self.model.row_of(self.state.part))
        if index.isValid():
            self.view.setFocus()
            self.view.edit(index)

    def show_chosen_row(self) -> None:
        """Scroll to the lesson on the stage."""
        self.view.scrollTo(self.view.currentIndex())

    @property
    def wanted_height(self) -> int:
        """Pixels in which all lessons can be seen."""
        self._layout.invalidate()
        self._layout.activate()  # also what lies in the layouts within
        has_texts = self._layout.hasHeightForWidth()
        usual = self._layout.totalSizeHint().height()
        return self._layout.totalHeightForWidth(self.width()) if has_texts else usual

    @property
    def _is_asking(self) -> bool:
        """Whether a question has the place of what else can be done."""
        return self.banner.isVisibleTo(self)

    def _shown(self, part: Part) -> Shown:
        return self._pictures.of(part) if self._pictures else Shown()

    def _show_lecture(self) -> None:
        lecture = self.state.lecture
        has_any = bool(lecture.parts)
        self.model.renew()
        for it in (self.title, self.summary, self.view):
            it.setVisible(has_any)
        self.export.setVisible(has_any and not self._is_asking)
        for it in (self.heading, self.empty):
            it.setVisible(not has_any)
        language = self.state.job_language
        self.title.show_title(
            title_in(lecture.title, language),
            self.services.lectures.name or tr("Untitled lecture"),
        )
        self.summary.setText(self._summary())
        self._show_chosen()
        self._show_ways()

    def _summary(self) -> str:
        """Return how many lessons there are, and how long they are together."""
        rows = self.model.rows
        text = tr("1 lesson") if len(rows) == 1 else tr("{count} lessons")
        text = text.format(count=len(rows))
        lengths = [it.seconds for it in rows]
        return text if None in lengths else f"{text} · {clock(sum(filter(None, lengths)))}"

    def _show_chosen(self) -> None:
        part = self._lessons.chosen
        self.notes.setVisible(part is not None and not self._is_asking)
        self.notes.show_notes(part.id if part else "", part.notes if part else "")
        self.view.updateGeometry()
        self.grown.emit()
        at = self.model.row_of(self.state.part)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        if at < 0:
            self.view.selectionModel().clear()
        elif self.view.currentIndex().row() != at:
            self.view.selectionModel().setCurrentIndex(self.model.index(at), flags)

    def _show_ways(self) -> None:
        reason = self._lessons.blocked_reason()
        self.add.setEnabled(not reason)
        self.add.setVisible(not self._is_asking)
        keys = QKeySequence("Ctrl+Shift+L").toString(QKeySequence.SequenceFormat.NativeText)
        self.add.setToolTip(reason or f"{tr('Add this lesson')}  ({keys})")

    def _show_icon(self) -> None:
        self.add.setIcon(theme().icon("plus", "text"))

    def _on_selected(self, selected: QItemSelection, _old: QItemSelection) -> None:
        for index in selected.indexes():
            self.state.select_part(self.model.row_at(index).id)
            self.state.view = View.PREVIEW

    def _on_found(self, part_id: str) -> None:
        is_other = part_id != self.state.part
        self.banner.ask_about(part_id, self.state.lecture.number(part_id), is_other=is_other)
        self._show_lecture()

    def _hide_banner(self) -> None:
        if self._is_asking:
            self.banner.hide()
            self._show_lecture()

    def _on_again(self) -> None:
        self._hide_banner()
        self._lessons.add(again=True)

    def _on_show_twin(self) -> None:
        self._hide_banner()
        self.state.select_part(self.banner.part_id)


class _TitleField(QLineEdit):
    """The lecture's title, which looks like a heading until it is edited."""

    def __init__(self) -> None:
        super().__init__()
        self.setFont(strong(self.font(), 1.12))
        set_role(self, "title")
        self.setMaxLength(200)
        self._given = ""
        ui.worded(self, name=N_("Title of the lecture"), tip=N_("Title of the lecture"))
        self.returnPressed.connect(self.clearFocus)

    def show_title(self, title: str, otherwise: str) -> None:
        """Show a title, or quietly what the lecture is called without one."""
        self.setPlaceholderText(otherwise)
        if title != self._given or not self.hasFocus():
            self._given = title
            self.setText(title)
            self.setCursorPosition(0)

    def event(self, event: QEvent) -> bool:
        """Keep Escape, which elsewhere leaves the full screen: here, the title as it was."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self.setText(self._given)
                self.clearFocus()
            return True
        return super().event(event)


class NotesField(QPlainTextEdit):
    """What the speaker wants to remember of the lesson on the stage.

    Signals
    -------
    written : str, str
        The text, and a name for the gesture by which it was typed.
    grown
        It needs more or less room.
    """

    written = Signal(str, str)
    grown = Signal()
    LINES = (1, 5)
    EDGES = 24

    def __init__(self) -> None:
        super().__init__()
        ui.worded(self, name=N_("Notes of the lesson"), tip=N_("Notes for the speaker"))
        self.setTabChangesFocus(True)
        # What is undone is the lecture's, as everything that is done to it.
        self.setUndoRedoEnabled(False)
        set_role(self, "notes")
        self._part_id = ""
        self._gestures = count(1)
        self._gesture = 0
        self._pause = QTimer(self, singleShot=True, interval=NOTES_PAUSE_MS)
        self.textChanged.connect(self._on_changed)
        self.textChanged.connect(self._fit)

    def show_notes(self, part_id: str, text: str) -> None:
        """Show the notes of a lesson."""
        self.setPlaceholderText(tr("Notes for the speaker"))
        if part_id != self._part_id or text != self.toPlainText():
            self._pause.stop()
            self._part_id = ""  # nobody is told what the lesson has already
            self.setPlainText(text)
            self._part_id = part_id

    def event(self, event: QEvent) -> bool:
        """Leave undoing to the window."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            keys = QKeySequence.StandardKey
            if event.matches(keys.Undo) or event.matches(keys.Redo):
                event.ignore()
                return False
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew, which may be more or fewer then."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Be as high as the text, within bounds."""
        few, many = self.LINES
        lines = min(max(round(self.document().size().height()), few), many)
        height = lines * self.fontMetrics().lineSpacing() + self.EDGES
        if height != self.height():
            self.setFixedHeight(height)
            self.grown.emit()

    def _on_changed(self) -> None:
        if not self._part_id:
            return
        if not self._pause.isActive():
            self._gesture = next(self._gestures)
        self._pause.start()
        self.written.emit(self.toPlainText(), str(self._gesture))


class _TwinBanner(QFrame):
    """Asks whether a lesson shall be in the lecture twice."""

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "banner")
        self.part_id = ""
        self._text = ui.label(wraps=True)
        self.close_it = ui.IconButton("close", "tiny", "muted", N_("Do not add it"))
        self.again = ui.button(N_("Add again"))
        self.show_it = ui.button(N_("Show it"))
        for it in (self.again, self.show_it):
            set_role(it, "choose")
        # Below each other: side by side, a narrow column would cut their words.
        head = row((self._text, 1), self.close_it, gap=4)
        column(head, self.again, self.show_it, on=self, gap=6, edges=(9, 8, 9, 9))
        self.hide()

    def ask_about(self, part_id: str, number: int, *, is_other: bool) -> None:
        """Say which lesson it is already, and offer to turn to it if it is another one."""
        self.show_it.setVisible(is_other)
        self.part_id = part_id
        text = tr("It is lesson {number} already. Add it again?")
        self._text.setText(text.format(number=number))
        self.show()
        self.again.setFocus(Qt.FocusReason.OtherFocusReason)
