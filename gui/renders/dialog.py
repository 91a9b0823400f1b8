"""The render queue in a window of its own: what is drawn, what waits, what has become of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QListView,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from backprop_studio.gui.model.words import said, tr
from backprop_studio.gui.renders.banner import QueueBanner
from backprop_studio.gui.renders.delegate import QueueDelegate
from backprop_studio.gui.renders.entries import open_entries, running_entry
from backprop_studio.gui.renders.model import QueueModel
from backprop_studio.gui.renders.words import summary_text
from backprop_studio.gui.toolkit.faults import report_text
from backprop_studio.gui.toolkit.theme import theme
from backprop_studio.gui.toolkit.widgets import ElidedLabel, IconButton, label, name_button

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent, QShowEvent

    from backprop_studio.gui.panel import Services
    from backprop_studio.render.queue.model import Entry

RETRIED = frozenset({"failed", "cancelled", "interrupted"})
CLEARED = frozenset({"done", "cancelled"})


class _QueueView(QListView):
    """A list whose rows wrap anew when its width changes."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()


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
        self._renders = services.renders
        self._chosen = ""
        self._heading = label("heading")
        self.summary = ElidedLabel("muted")
        self.pause = QPushButton()
        self.clear_finished = QPushButton()
        self.banner = QueueBanner(services)
        self._problem = label("muted", wraps=True)
        self.model = QueueModel(services.state)
        self.view = self._make_view()
        self.empty = label("muted", wraps=True)
        self._pages = QStackedWidget()
        self._actions = QWidget()
        self.play = QPushButton()
        self.retry = QPushButton()
        self.copy = QPushButton()
        self.up = IconButton("chevron-up", "")
        self.down = IconButton("chevron-down", "")
        self.remove = QPushButton()
        self._build()
        self._connect()
        self.retranslate()

    def _make_view(self) -> QListView:
        view = _QueueView()
        view.setObjectName("queue")
        view.setModel(self.model)
        view.setItemDelegate(QueueDelegate(view))
        view.setMouseTracking(True)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        view.setDefaultDropAction(Qt.DropAction.MoveAction)
        return view

    def _build(self) -> None:
        for button in self._buttons():
            button.setAutoDefault(False)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages.addWidget(self.view)
        self._pages.addWidget(self.empty)
        head = _row(self._heading, (self.summary, 1), self.pause, self.clear_finished)
        self.summary.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        actions = _row(self.play, self.retry, self.copy, (QWidget(), 1), self.up, self.down)
        actions.addWidget(self.remove)
        actions.setContentsMargins(0, 0, 0, 0)
        self._actions.setLayout(actions)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(self.banner)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._problem)
        layout.addWidget(self._actions)
        self.setMinimumSize(600, 360)
        self.resize(820, 560)

    def _buttons(self) -> tuple[QPushButton, ...]:
        return (self.pause, self.clear_finished, self.play, self.retry, self.copy, self.remove)

    def _connect(self) -> None:
        state, renders = self._state, self._renders
        self.pause.clicked.connect(renders.pause)
        self.clear_finished.clicked.connect(renders.clear_finished)
        self.play.clicked.connect(self._on_play)
        self.retry.clicked.connect(lambda: renders.retry(self._chosen))
        self.copy.clicked.connect(self._on_copy)
        self.remove.clicked.connect(self._on_remove)
        self.up.clicked.connect(lambda: self._on_move(-1))
        self.down.clicked.connect(lambda: self._on_move(1))
        self.model.moved.connect(renders.move)
        self.view.activated.connect(self._on_activated)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        for keys, act in (
            (QKeySequence(Qt.Key.Key_Delete), self._on_remove),
            (QKeySequence("Alt+Up"), lambda: self._on_move(-1)),
            (QKeySequence("Alt+Down"), lambda: self._on_move(1)),
        ):
            QShortcut(keys, self).activated.connect(act)
        state.queue_changed.connect(self._show_queue)
        state.queue_problem_changed.connect(self._show_state)
        state.catalogue_changed.connect(self._show_queue)
        state.render_changed.connect(self.model.renew_progress)
        theme().changed.connect(self.view.viewport().update)

    def retranslate(self) -> None:
        """Renew all words."""
        self.setWindowTitle(tr("Render queue"))
        self._heading.setText(tr("Render queue"))
        self.pause.setText(tr("Pause"))
        self.pause.setAccessibleName(tr("Pause the queue"))
        self.pause.setToolTip(tr("Begin nothing new; what is being drawn is finished."))
        self.clear_finished.setText(tr("Clear finished"))
        self.clear_finished.setToolTip(tr("Take what is ready or cancelled off the list."))
        self.empty.setText(
            tr("Nothing is queued. Render a lesson, and while it is drawn, the next one.")
        )
        self.view.setAccessibleName(tr("Render queue"))
        self.play.setText(tr("Play"))
        self.retry.setText(tr("Try again"))
        self.copy.setText(tr("Copy details"))
        name_button(self.up, tr("Earlier"), "Alt+↑")
        name_button(self.down, tr("Later"), "Alt+↓")
        self.banner.retranslate()
        self._show_queue()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with the video that is being drawn, or with the first that waits."""
        super().showEvent(event)
        queue = self._state.queue
        first = running_entry(queue) or next(iter(open_entries(queue)), None)
        if first is not None:
            self._chosen = first.id
            self._show_queue()
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
        self.summary.setText(summary_text(queue))
        self.pause.setVisible(not self._renders.is_held)
        self.pause.setEnabled(bool(open_entries(queue)))
        self.clear_finished.setEnabled(any(it.state in CLEARED for it in queue.entries))
        self.banner.show_state()
        self._problem.setText(self._state.queue_problem)
        self._problem.setVisible(bool(self._state.queue_problem))
        self._show_actions()

    def _show_actions(self) -> None:
        entry = self.chosen
        state = entry.state if entry else ""
        self.play.setEnabled(state == "done")
        self.retry.setEnabled(state in RETRIED)
        self.copy.setEnabled(state == "failed")
        self.up.setEnabled(self.model.position_beside(self._chosen, -1) is not None)
        self.down.setEnabled(self.model.position_beside(self._chosen, 1) is not None)
        self.remove.setEnabled(entry is not None)
        text = tr("Cancel") if state == "running" else tr("Remove")
        self.remove.setText(text)
        name_button(self.remove, text, QKeySequence(Qt.Key.Key_Delete).toString(_NATIVE))

    def _on_current(self) -> None:
        entry = self.chosen
        if entry is not None:
            self._chosen = entry.id
            self._show_actions()

    def _on_activated(self) -> None:
        """Do what is most likely meant."""
        for button in (self.play, self.retry):
            if button.isEnabled():
                button.click()

    def _on_play(self) -> None:
        """Play the video on the stage, which this window may hide."""
        if self._renders.show(self._chosen):
            self.hide()

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


def _row(*widgets: QWidget | tuple[QWidget, int]) -> QHBoxLayout:
    """Return a row of widgets; a number says that one takes the room that is left."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        if isinstance(widget, tuple):
            row.addWidget(*widget)
        else:
            row.addWidget(widget)
    return row
