"""Lists whose rows are painted by hand: what their models, views and delegates share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate

from backprop_studio.gui.toolkit.theme import theme

if TYPE_CHECKING:
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
    from PySide6.QtWidgets import QStyleOptionViewItem

Index = QModelIndex | QPersistentModelIndex

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
NOWHERE = QModelIndex()


class RowModel(QAbstractListModel):
    """Rows, each of which has an ``id`` and says what it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Any] = []

    def show_rows(self, rows: list[Any]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def row_of(self, row_id: str) -> int:
        """Return the number of a row, or -1."""
        ids = [row.id for row in self.rows]
        return ids.index(row_id) if row_id in ids else -1

    def row_at(self, index: Index) -> Any:
        """Return the row of an index, or None."""
        return self.rows[index.row()] if index.isValid() else None

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Return texts for the view and for screen readers, or the row itself."""
        row = self.row_at(index)
        if row is None or role == ROW_ROLE:
            return row
        return self.texts_of(row).get(role)

    def texts_of(self, row: Any) -> dict[int, str | None]:
        """Return what a row says in each role."""
        raise NotImplementedError


class ArrangedModel(RowModel):
    """Rows that the user moves; one is at its new place when whoever keeps the order says so.

    Signals
    -------
    moved : str, int
        The row with this id shall be at this position.
    """

    moved = Signal(str, int)

    def supportedDropActions(self) -> Qt.DropAction:
        """Say that rows are moved and never copied."""
        return Qt.DropAction.MoveAction

    def moveRows(
        self, from_parent: Index, first: int, count: int, to_parent: Index, before: int
    ) -> bool:
        """Ask for a row to be at another position."""
        if from_parent.isValid() or to_parent.isValid() or count != 1:
            return False
        self.moved.emit(self.rows[first].id, before - (before > first))
        return True


class RowView(QListView):
    """A list whose rows wrap anew when its width changes.

    Parameters
    ----------
    name : str
        Name in the style sheet.
    model, delegate : RowModel, QStyledItemDelegate
        What it shows and what paints it.
    """

    def __init__(self, name: str, model: RowModel, delegate: QStyledItemDelegate) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setModel(model)
        delegate.setParent(self)
        self.setItemDelegate(delegate)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme().changed.connect(self.viewport().update)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the rows out for another width."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Space do what Return does: rows have nothing to be ticked."""
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


def width_of(option: QStyleOptionViewItem, otherwise: int) -> int:
    """Return the width that rows have in the list that is painted."""
    view = option.widget
    return view.viewport().width() if isinstance(view, QListView) else otherwise


def paint_ground(painter: QPainter, box: QRect, state: QStyle.StateFlag) -> None:
    """Draw what lies under a row that is chosen, or that mouse or keys are at."""
    is_selected = bool(state & QStyle.StateFlag.State_Selected)
    if is_selected or state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("accent_soft" if is_selected else "hover"))
        painter.drawRoundedRect(box, 8, 8)
    # A ring for those who go by keys; a mouse user knows where the mouse is.
    ring = QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_KeyboardFocusChange
    if state & ring == ring:
        painter.setPen(QPen(theme().colour("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 8, 8)
