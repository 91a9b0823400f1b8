"""The catalogue as a Qt list: chapter headings, scenes, and scenes that cannot be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.fonts import strong
from gui.theme import theme
from gui.words import tr

if TYPE_CHECKING:
    from render.jobs import CatalogueEntry

__all__ = ["SceneDelegate", "SceneModel"]

Index = QModelIndex | QPersistentModelIndex

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
HEADING_SCALE, TITLE_SCALE = 0.92, 1.04
WRAP = int(Qt.TextFlag.TextWordWrap)


@dataclass(frozen=True)
class Row:
    """One line of the list: a chapter heading (without entry) or a scene."""

    title: str
    summary: str = ""
    entry: CatalogueEntry | None = None

    @property
    def is_usable(self) -> bool:
        """Whether the row can be selected."""
        return self.entry is not None and self.entry.error is None


class SceneModel(QAbstractListModel):
    """Rows in the order of the catalogue, grouped by chapter, filtered by a search text."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []

    def show_entries(self, entries: tuple[CatalogueEntry, ...], search: str = "") -> None:
        """Take these entries in the window's language."""
        self.beginResetModel()
        self._rows = _rows(entries, search.casefold().split())
        self.endResetModel()

    def row_of(self, scene: str) -> int:
        """Return the row of a scene, or -1."""
        ids = [row.entry.id if row.entry else "" for row in self._rows]
        return ids.index(scene) if scene in ids else -1

    def row_at(self, index: Index) -> Row | None:
        """Return what a row shows."""
        return self._rows[index.row()] if index.isValid() else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Return texts for the view and for screen readers."""
        row = self.row_at(index)
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.summary or None
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return row.summary
        return row if role == ROW_ROLE else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let only usable scenes be selected."""
        row = self.row_at(index)
        if row is None:
            return Qt.ItemFlag.NoItemFlags
        if not row.is_usable:
            return Qt.ItemFlag.ItemNeverHasChildren
        enabled = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return enabled | Qt.ItemFlag.ItemNeverHasChildren


def _rows(entries: tuple[CatalogueEntry, ...], words: list[str]) -> list[Row]:
    chapters: dict[str, list[Row]] = {}
    broken: list[Row] = []
    for entry in entries:
        if entry.error is not None:
            row = Row(entry.id, entry.error, entry)
        else:
            row = Row(tr(entry.title) or entry.id, tr(entry.summary), entry)
        text = f"{entry.id} {row.title} {row.summary} {entry.title}".casefold()
        if not all(word in text for word in words):
            continue
        if entry.error is not None:
            broken.append(row)
        else:
            chapters.setdefault(entry.chapter, []).append(row)
    result: list[Row] = []
    for chapter, rows in chapters.items():
        result += [Row(tr(chapter)), *rows] if chapter else rows
    if broken:
        result += [Row(tr("Cannot be used")), *broken]
    return result


class SceneDelegate(QStyledItemDelegate):
    """Draws a heading as small text, a scene as title and summary."""

    PADDING = 10
    GAP = 3
    SUMMARY_LINES = 2

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height that title and summary need at the list's width."""
        row: Row = index.data(ROW_ROLE)
        view = option.widget
        width = view.viewport().width() if isinstance(view, QListView) else 200
        font = option.font
        if row.entry is None:
            return QSize(width, QFontMetrics(strong(font, HEADING_SCALE)).height() + 20)
        inner = width - 4 * self.PADDING
        title = _wrapped_height(QFontMetrics(strong(font, TITLE_SCALE)), row.title, inner, 2)
        summary = _wrapped_height(QFontMetrics(font), row.summary, inner, self.SUMMARY_LINES)
        return QSize(width, title + summary + self.GAP + 2 * self.PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        row: Row = index.data(ROW_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = option.rect
        font = option.font
        if row.entry is None:
            painter.setFont(strong(font, HEADING_SCALE))
            painter.setPen(theme().colour("muted"))
            box = rect.adjusted(2 * self.PADDING, 0, -self.PADDING, -5)
            painter.drawText(box, Qt.AlignmentFlag.AlignBottom, row.title)
        else:
            state = option.state
            self._paint_scene(painter, rect, font, row, state)
        painter.restore()

    def _paint_scene(
        self, painter: QPainter, rect: QRect, font: QFont, row: Row, state: QStyle.StateFlag
    ) -> None:
        colours = theme()
        box = rect.adjusted(self.PADDING, 1, -self.PADDING, -1)
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        if is_selected or (state & QStyle.StateFlag.State_MouseOver and row.is_usable):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.colour("accent_soft" if is_selected else "hover"))
            painter.drawRoundedRect(box, 8, 8)
        # A ring for those who go by keys; a mouse user knows where the mouse is.
        ring = QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_KeyboardFocusChange
        if state & ring == ring and row.is_usable:
            painter.setPen(QPen(colours.colour("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 8, 8)
        inner = rect.adjusted(2 * self.PADDING, self.PADDING, -2 * self.PADDING, -self.PADDING)
        painter.setFont(strong(font, TITLE_SCALE))
        painter.setPen(colours.colour("text" if row.is_usable else "muted"))
        title_height = _wrapped_height(painter.fontMetrics(), row.title, inner.width(), 2)
        painter.drawText(inner, WRAP, row.title)
        painter.setFont(font)
        painter.setPen(colours.colour("muted"))
        below = inner.adjusted(0, title_height + self.GAP, 0, 0)
        text = _cut(painter.fontMetrics(), row.summary, below.width(), self.SUMMARY_LINES)
        painter.drawText(below, WRAP, text)


def _wrapped_height(metrics: QFontMetrics, text: str, width: int, lines: int) -> int:
    if not text:
        return 0
    height = metrics.boundingRect(QRect(0, 0, max(width, 20), 10_000), WRAP, text).height()
    return min(height, lines * metrics.lineSpacing())


def _cut(metrics: QFontMetrics, text: str, width: int, lines: int) -> str:
    """Return the beginning of a text that fits, with dots if something is missing."""
    limit = lines * metrics.lineSpacing()
    box = QRect(0, 0, max(width, 20), 10_000)
    if metrics.boundingRect(box, WRAP, text).height() <= limit:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if metrics.boundingRect(box, WRAP, text[:middle].rstrip() + "…").height() <= limit:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"
