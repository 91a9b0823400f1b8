"""The render queue as a Qt list: a row for each entry, in words, which can be dragged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from backprop_studio.gui.model.values import RenderPhase
from backprop_studio.gui.model.words import language, said, tr
from backprop_studio.gui.renders.entries import remark_of
from backprop_studio.gui.renders.forecast import OPEN
from backprop_studio.gui.renders.status_text import numbers_text, running_text
from backprop_studio.gui.renders.words import (
    STATE_WORDS,
    changes_text,
    entry_title,
    expected_text,
    facts_of,
    file_text,
    progress_text,
)
from backprop_studio.gui.toolkit.lists import ArrangedModel, Index

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage

    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.renders.forecast import Forecast
    from backprop_studio.render.queue.model import Entry

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
    lines : tuple of str
        Below the title: language, quality, format and file; then how far it is or where it lies.
    words : str
        The state.
    icon, tint : str
        Its mark.
    message : str
        Why it failed or waits.
    fraction : float or None
        How far it is, if it is being drawn.
    changes : str
        The settings that distinguish it from others of its scene.
    picture : QImage or None
        Its scene.
    """

    entry: Entry
    title: str
    lines: tuple[str, ...]
    words: str
    icon: str
    tint: str
    message: str = ""
    fraction: float | None = None
    changes: str = ""
    picture: QImage | None = None

    @property
    def id(self) -> str:
        """Of the entry."""
        return self.entry.id

    @property
    def is_movable(self) -> bool:
        """Whether its position matters."""
        return self.entry.state in MOVABLE


class QueueModel(ArrangedModel):
    """Rows in the order of the queue.

    Parameters
    ----------
    state : AppState
        Has the queue.
    forecast : Forecast
        How long videos take.

    Signals
    -------
    moved : str, int
        The user wants an entry to be at another position.
    """

    def __init__(self, state: AppState, forecast: Forecast) -> None:
        super().__init__()
        self._state = state
        self._forecast = forecast
        self._picture_of: Callable[[Entry], QImage | None] = lambda _entry: None
        self._told: dict[tuple[str, str], str] = {}
        state.listen(self._told.clear, "catalogue")
        self.renew()

    def show_pictures(self, picture_of: Callable[[Entry], QImage | None]) -> None:
        """Take the pictures of the rows from here."""
        self._picture_of = picture_of
        self.renew()

    def renew(self) -> None:
        """Take the queue as it is now."""
        rows = [self._row(entry) for entry in self._state.queue.entries]
        if [row.id for row in rows] != [row.id for row in self.rows]:
            self.show_rows(rows)
        elif rows:
            self.rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            self.layoutChanged.emit()

    def renew_progress(self) -> None:
        """Show how far the video is that is being drawn, and how long the others will take."""
        for at, row in enumerate(self.rows):
            renewed = self._row(row.entry) if row.entry.is_active else row
            if renewed == row:
                continue
            self.rows[at] = renewed
            self.dataChanged.emit(self.index(at), self.index(at))
            if len(renewed.lines) != len(row.lines):
                self.layoutChanged.emit()  # it has another height

    def entry_at(self, index: Index) -> Entry | None:
        """Return the entry of a row."""
        return self.rows[index.row()].entry if index.isValid() else None

    def position_beside(self, entry_id: str, step: int) -> int | None:
        """Return the position of the next entry before (-1) or behind (1) that can move."""
        at = self.row_of(entry_id)
        if at < 0 or not self.rows[at].is_movable:
            return None
        positions = range(at + step, len(self.rows) if step > 0 else -1, step)
        return next((it for it in positions if self.rows[it].is_movable), None)

    def texts_of(self, row: QueueRow) -> dict[int, str | None]:
        """Return what distinguishes a video from others, and how it stands."""
        role = Qt.ItemDataRole
        facts = (row.message, *row.lines, row.changes)
        hints = (row.entry.job.output, row.changes, row.message)
        return {
            role.DisplayRole: row.title,
            role.AccessibleTextRole: f"{row.title}: {row.words}",
            role.AccessibleDescriptionRole: "\n".join(filter(None, facts)),
            role.ToolTipRole: "\n".join(filter(None, hints)),
        }

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let what is still to come be dragged, between rows only."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self.rows[index.row()].is_movable:
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags | Qt.ItemFlag.ItemNeverHasChildren

    def _changes(self, entry: Entry) -> str:
        """Return what never changes in a language, and is asked for with each step of progress."""
        key = (entry.id, language())
        if key not in self._told:
            self._told[key] = changes_text(self._state, entry)
        return self._told[key]

    def _row(self, entry: Entry) -> QueueRow:
        status = self._state.render
        is_running = entry.state == "running" and entry.id == status.entry_id
        words, how = tr(STATE_WORDS[entry.state]), file_text(entry)
        if entry.state in OPEN:
            how = expected_text(self._forecast.seconds_of(entry))
        if is_running:
            is_ending = status.phase is RenderPhase.CANCELLING
            brief = tr("Cancelling…") if is_ending else running_text(status, is_brief=True)
            words, how = numbers_text(status) or brief, progress_text(status)
        # A pause is explained once, above the list.
        message = "" if entry.state == "paused" else said(entry.message or remark_of(entry))
        icon, tint = MARKS[entry.state]
        changes = self._changes(entry)
        return QueueRow(
            entry,
            entry_title(self._state, entry),
            tuple(filter(None, (changes, facts_of(entry), how))),
            words,
            icon,
            tint,
            message,
            status.fraction if is_running else None,
            changes,
            self._picture_of(entry),
        )
