"""The render queue in a window of its own: what is drawn, what waits, what has become of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QDialog,
    QMenu,
    QPushButton,
    QStackedWidget,
    QWidget,
)

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.model.words import said, tr
from backprop_studio.gui.renders.banner import QueueBanner
from backprop_studio.gui.renders.delegate import QueueDelegate
from backprop_studio.gui.renders.entries import (
    open_entries,
    place_of,
    running_entry,
    scene_of,
    settings_of,
)
from backprop_studio.gui.renders.model import QueueModel
from backprop_studio.gui.renders.words import problem_text, summary_text
from backprop_studio.gui.toolkit import widgets as ui
from backprop_studio.gui.toolkit.dialogs import fit
from backprop_studio.gui.toolkit.faults import report_text
from backprop_studio.gui.toolkit.layouts import column, row
from backprop_studio.gui.toolkit.lists import RowView

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPoint, SignalInstance
    from PySide6.QtGui import QImage, QShowEvent

    from backprop_studio.gui.model.values import LessonSettings
    from backprop_studio.gui.panel import Services
    from backprop_studio.render.queue.model import Entry

RETRIED = frozenset({"failed", "cancelled", "interrupted"})
CLEARED = frozenset({"done", "cancelled"})


PAUSE_HINT = N_("Begin nothing new; what is being drawn will still be finished.")
CLEAR_HINT = N_("Take what is ready or cancelled off the list.")
USE_HINT = N_("Give the lesson the settings of this video")
EMPTY = N_("Nothing is queued. Render a lesson, and while it is drawn, the next one.")


class QueueDialog(QDialog):
    """See the queue and change it; the main window stays usable.

    Parameters
    ----------
    services : Services
        The things of the window.
    parent : QWidget
        The window in front of which it is.
    """

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = services.state
        self._history, self._files = services.history, services.files
        self._renders = renders = services.renders
        self._files = services.files
        self._chosen = ""
        self.summary = ui.ElidedLabel("muted")
        self.summary.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        pause = N_("Pause the queue")
        self.pause = ui.button(N_("Pause"), renders.pause, name=pause, tip=PAUSE_HINT)
        clear = renders.clear_finished
        self.clear_finished = ui.button(N_("Clear finished"), clear, tip=CLEAR_HINT)
        self.banner = QueueBanner(services)
        self._problem = ui.label("muted", wraps=True)
        self.model = QueueModel(services.state, renders.forecast)
        self.view = self._make_view()
        self.empty = ui.label("muted", EMPTY, wraps=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedWidget()
        self._actions = QWidget()
        self.play = ui.button(N_("Play"), self._on_play)
        self.use = ui.button(N_("Use these settings"), self._on_use, tip=USE_HINT)
        self.folder = ui.button(N_("Show in folder"), self._on_folder)
        self.retry = ui.button(N_("Try again"), lambda: renders.retry(self._chosen))
        self.copy = ui.button(N_("Copy details"), self._on_copy)
        self.up = ui.IconButton("chevron-up", "", words=N_("Earlier"), keys="Alt+↑")
        self.down = ui.IconButton("chevron-down", "", words=N_("Later"), keys="Alt+↓")
        self.remove = QPushButton()
        self._build()
        self._connect()
        self.retranslate()

    def _make_view(self) -> RowView:
        view = ui.worded(RowView("queue", self.model, QueueDelegate()), name=N_("Render queue"))
        view.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        view.setDefaultDropAction(Qt.DropAction.MoveAction)
        return view

    def _build(self) -> None:
        for it in (self.pause, self.clear_finished, *self._verbs()):
            if isinstance(it, QPushButton):
                it.setAutoDefault(False)
        self._pages.addWidget(self.view)
        self._pages.addWidget(self.empty)
        heading = ui.label("heading", N_("Render queue"))
        head = row(heading, (self.summary, 1), self.pause, self.clear_finished, gap=8)
        verbs = self._verbs()
        row(*verbs[:-3], (None, 1), *verbs[-3:], on=self._actions, gap=8)
        pages = (self._pages, 1)
        parts = (head, self.banner, pages, self._problem, self._actions)
        column(*parts, on=self, gap=12, edges=(18, 16, 18, 16))
        self.setMinimumSize(600, 360)
        fit(self, 860, 600)

    def _verbs(self) -> tuple[QAbstractButton, ...]:
        """Return what can be done with the chosen video; the last three are at the right."""
        first = (self.play, self.use, self.folder, self.retry, self.copy)
        return (*first, self.up, self.down, self.remove)

    def _connect(self) -> None:
        state, renders = self._state, self._renders
        self.remove.clicked.connect(self._on_remove)
        self.up.clicked.connect(lambda: self._on_move(-1))
        self.down.clicked.connect(lambda: self._on_move(1))
        self.model.moved.connect(renders.move)
        self.view.activated.connect(self._on_activated)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._on_menu)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        for keys, act in (
            (QKeySequence(Qt.Key.Key_Delete), self._on_remove),
            (QKeySequence("Alt+Up"), lambda: self._on_move(-1)),
            (QKeySequence("Alt+Down"), lambda: self._on_move(1)),
        ):
            QShortcut(keys, self).activated.connect(act)
        state.listen(self._show_queue, "queue", "catalogue")
        state.listen(self._show_state, "queue_problem")
        state.listen(self.model.renew_progress, "render")
        state.listen(self._show_summary, "render")

    def retranslate(self) -> None:
        """Renew the words that change with the queue."""
        self.setWindowTitle(tr("Render queue"))
        self._show_queue()

    def show_pictures(
        self, picture_of: Callable[[str], QImage | None], changed: SignalInstance
    ) -> None:
        """Show pictures of scenes in the rows, and others when they have changed."""
        self.model.show_pictures(lambda entry: picture_of(scene_of(entry)))
        changed.connect(self.model.renew)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with the video that is being drawn, or with the first that waits."""
        super().showEvent(event)
        queue = self._state.queue
        first = running_entry(queue) or next(iter(open_entries(queue)), None)
        if first is not None:
            self._chosen = first.id
        self._show_queue()  # a file may be gone since
        self.view.setFocus()

    @property
    def chosen(self) -> Entry | None:
        """The entry that the buttons are about."""
        return self.model.entry_at(self.view.currentIndex())

    def choose(self, row: int) -> None:
        """Turn to a row."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.view.selectionModel().setCurrentIndex(self.model.index(row), flags)

    def _show_queue(self) -> None:
        """Show the rows, and stay with the chosen one, or with its neighbour if it is gone."""
        focused = self.focusWidget()
        chosen, row = self._chosen, self.view.currentIndex().row()
        self.model.renew()
        there = self.model.row_of(chosen)
        count = self.model.rowCount()
        if count:
            self.choose(there if there >= 0 else min(max(row, 0), count - 1))
        else:
            self._chosen = ""
        self._pages.setCurrentWidget(self.view if count else self.empty)
        self._actions.setVisible(count > 0)
        self._show_state()
        if focused is not None and not (focused.isEnabled() and focused.isVisibleTo(self)):
            self.view.setFocus()

    def _show_state(self) -> None:
        queue = self._state.queue
        self._show_summary()
        self.pause.setVisible(not self._renders.is_held)
        self.pause.setEnabled(bool(open_entries(queue)))
        self.clear_finished.setEnabled(any(it.state in CLEARED for it in queue.entries))
        self.banner.show_state()
        self._problem.setText(problem_text(self._state.queue_problem))
        self._problem.setVisible(self._state.queue_problem is not None)
        self._show_actions()

    def _show_summary(self) -> None:
        seconds = self._renders.forecast.seconds_left()
        self.summary.setText(summary_text(self._state.queue, seconds))

    def _show_actions(self) -> None:
        entry = self.chosen
        state = entry.state if entry else ""
        self.play.setEnabled(state == "done")
        self.use.setEnabled(self._settings() is not None)
        self.folder.setEnabled(state == "done")
        self.retry.setEnabled(state in RETRIED)
        self.copy.setEnabled(state == "failed")
        self.up.setEnabled(self.model.position_beside(self._chosen, -1) is not None)
        self.down.setEnabled(self.model.position_beside(self._chosen, 1) is not None)
        self.remove.setEnabled(entry is not None)
        text = tr("Cancel") if state == "running" else tr("Remove")
        self.remove.setText(text)
        ui.name_button(self.remove, text, QKeySequence(Qt.Key.Key_Delete).toString(_NATIVE))

    def _on_current(self) -> None:
        entry = self.chosen
        if entry is not None:
            self._chosen = entry.id
            self._show_actions()

    def _on_activated(self) -> None:
        """Do what is most likely meant."""
        for it in (self.play, self.retry):
            if it.isEnabled():
                it.click()

    def _on_play(self) -> None:
        """Play the video on the stage, which this window may hide."""
        if self._renders.show(self._chosen):
            self.hide()

    def _settings(self) -> LessonSettings | None:
        """Return what the chosen video is made with, if its scene can be shown."""
        settings = settings_of(self.chosen) if self.chosen else None
        return settings if settings and self._state.has_scene(settings.scene) else None

    def _on_use(self) -> None:
        """Bring the lesson back that the video is of, which this window may hide."""
        settings = self._settings()
        if settings is not None:
            self._history.use(settings)
            self.hide()

    def _on_folder(self) -> None:
        place = place_of(self.chosen) if self.chosen else None
        if place is not None:
            self._files.show_in_folder(place)

    def _on_menu(self, place: QPoint) -> None:
        """Offer the verbs of the row under the mouse, or of the chosen one."""
        clicked = self.view.indexAt(place)
        if clicked.isValid():
            self.view.setCurrentIndex(clicked)
        else:
            place = self.view.visualRect(self.view.currentIndex()).center()
        menu = self.menu()
        if not menu.isEmpty():
            menu.popup(self.view.viewport().mapToGlobal(place))

    def menu(self) -> QMenu:
        """Return a menu of what can be done with the chosen video."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for verb in self._verbs():
            if verb is self.up:
                menu.addSeparator()
            if verb.isEnabled():
                act = menu.addAction(verb.text() or verb.accessibleName())
                act.triggered.connect(verb.click)
        return menu

    def _on_remove(self) -> None:
        if self._chosen:
            self._renders.remove(self._chosen)

    def _on_move(self, step: int) -> None:
        position = self.model.position_beside(self._chosen, step)
        if position is not None:
            self._renders.move(self._chosen, position)

    def _on_copy(self) -> None:
        entry = self.chosen
        if entry is not None:
            text = report_text(said(entry.message), entry.details)
            QGuiApplication.clipboard().setText(text)


_NATIVE = QKeySequence.SequenceFormat.NativeText
