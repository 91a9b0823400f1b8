"""The render queue as a Qt list: a row for each entry, in words, which can be dragged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from backprop_studio.gui.model.values import RenderPhase
from backprop_studio.gui.model.words import said, tr
from backprop_studio.gui.renders.status_text import numbers_text, running_text
from backprop_studio.gui.renders.words import (
    STATE_WORDS,
    facts_of,
    params_text,
    title_of,
)

if TYPE_CHECKING:
    from backprop_studio.gui.model.state import AppState
    from backprop_studio.render.queue.model import Entry

Index = QModelIndex | QPersistentModelIndex

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
NOWHERE = QModelIndex()

MARKS = {
    "waiting": ("clock", "muted"),
    "running": ("render", "accent"),
    "paused": ("pause", "muted"),
    "done": ("check", "good"),
    "failed": ("warning", "wrong"),
    "cancelled": ("close", "muted"),
    "interrupted": ("warning", "muted"),
}
"""Icon and colour of each state; the state is always said in words as well."""

MOVABLE = frozenset({"waiting", "paused", "failed", "interrupted"})
"""States of entries whose position matters."""


@dataclass(frozen=True)
class QueueRow:
    """What a row shows.

    Attributes
    ----------
    facts : str
        Language, quality, format and file.
    words : str
        The state.
    icon, tint : str
        Its mark.
    message : str
        Why it failed or waits.
    fraction : float or None
        How far it is, if it is being drawn.
    params : str
        What distinguishes it from others of its scene.
    """

    entry: Entry
    title: str
    facts: str
    words: str
    icon: str
    tint: str
    message: str = ""
    fraction: float | None = None
    params: str = ""


class QueueModel(QAbstractListModel):
    """Rows in the order of the queue.

    Parameters
    ----------
    state : AppState
        Has the queue.

    Signals
    -------
    moved : str, int
        The user wants an entry to be at another position.
    """

    moved = Signal(str, int)

    def __init__(self, state: AppState) -> None:
        super().__init__()
        self._state = state
        self._rows: list[QueueRow] = []
        self.renew()

    def renew(self) -> None:
        """Take the queue as it is now."""
        rows = [self._row(entry) for entry in self._state.queue.entries]
        if [row.entry.id for row in rows] == [row.entry.id for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def renew_progress(self) -> None:
        """Show how far the video is that is being drawn."""
        at = self.row_of(self._state.render.entry_id)
        if at >= 0:
            self._rows[at] = self._row(self._rows[at].entry)
            self.dataChanged.emit(self.index(at), self.index(at))

    def row_of(self, entry_id: str) -> int:
        """Return the row of an entry, or -1."""
        ids = [row.entry.id for row in self._rows]
        return ids.index(entry_id) if entry_id in ids else -1

    def entry_at(self, index: Index) -> Entry | None:
        """Return the entry of a row."""
        return self._rows[index.row()].entry if index.isValid() else None

    def position_beside(self, entry_id: str, step: int) -> int | None:
        """Return the position of the next entry before (-1) or behind (1) that can move."""
        at = self.row_of(entry_id)
        if at < 0 or self._rows[at].entry.state not in MOVABLE:
            return None
        positions = range(at + step, len(self._rows) if step > 0 else -1, step)
        return next((it for it in positions if self._rows[it].entry.state in MOVABLE), None)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Return the number of entries."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Return texts for the view and for screen readers."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.title}: {row.words}"
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return "\n".join(filter(None, (row.message, row.facts, row.params)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(filter(None, (row.entry.job.output, row.params, row.message)))
        return row if role == ROW_ROLE else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let what is still to come be dragged, between rows only."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self._rows[index.row()].entry.state in MOVABLE:
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags | Qt.ItemFlag.ItemNeverHasChildren

    def supportedDropActions(self) -> Qt.DropAction:
        """Say that rows are moved and never copied."""
        return Qt.DropAction.MoveAction

    def moveRows(
        self, from_parent: Index, first: int, count: int, to_parent: Index, before: int
    ) -> bool:
        """Ask for a row to be at another position; it is there when the queue has written it."""
        if from_parent.isValid() or to_parent.isValid() or count != 1:
            return False
        self.moved.emit(self._rows[first].entry.id, before - (before > first))
        return True

    def _row(self, entry: Entry) -> QueueRow:
        status = self._state.render
        is_running = entry.state == "running" and entry.id == status.entry_id
        words = tr(STATE_WORDS[entry.state])
        if is_running and status.phase is RenderPhase.CANCELLING:
            words = tr("Cancelling…")
        elif is_running:
            words = numbers_text(status) if status.step == "draw" else running_text(status)
        # A pause is explained once, above the list.
        message = "" if entry.state == "paused" else said(entry.message)
        icon, tint = MARKS[entry.state]
        return QueueRow(
            entry,
            title_of(self._state, entry.job.scene),
            facts_of(entry),
            words,
            icon,
            tint,
            message,
            status.fraction if is_running else None,
            params_text(entry),
        )
