"""The catalogue as a Qt list: chapter headings, scenes, and scenes that cannot be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from backprop_studio.gui.model.words import tr
from backprop_studio.gui.toolkit.cut_text import WRAP, cut, wrapped_height
from backprop_studio.gui.toolkit.fonts import strong
from backprop_studio.gui.toolkit.lists import ROW_ROLE, Index, RowModel, paint_ground, width_of
from backprop_studio.gui.toolkit.small_pictures import SmallPictures
from backprop_studio.gui.toolkit.theme import theme
from backprop_studio.render.catalogue import in_order

if TYPE_CHECKING:
    from collections.abc import Callable

    from backprop_studio.gui.catalogue.thumbnails import Thumbnail
    from backprop_studio.render.messages.results import CatalogueEntry

PICTURE_ROLE = ROW_ROLE + 1
HEADING_SCALE, TITLE_SCALE = 0.92, 1.04


@dataclass(frozen=True)
class Row:
    """One line of the list: a chapter heading (without entry) or a scene."""

    title: str
    summary: str = ""
    entry: CatalogueEntry | None = None

    @property
    def id(self) -> str:
        """Name of the scene; empty for a heading."""
        return self.entry.id if self.entry else ""

    @property
    def is_usable(self) -> bool:
        """Whether the row can be selected."""
        return self.entry is not None and self.entry.error is None


class SceneModel(RowModel):
    """Rows in the order of the curriculum, grouped by chapter, filtered by a search text."""

    def __init__(self) -> None:
        super().__init__()
        self._picture_of: Callable[[str], Thumbnail | None] = lambda _scene: None

    def show_entries(self, entries: tuple[CatalogueEntry, ...], search: str = "") -> None:
        """Take these entries in the window's language."""
        self.show_rows(_rows(entries, search.casefold().split()))

    def show_pictures(self, picture_of: Callable[[str], Thumbnail | None]) -> None:
        """Take the pictures of the scenes from here."""
        self._picture_of = picture_of
        self.renew_pictures()

    def renew_pictures(self) -> None:
        """Show pictures that came; a row without one gets lower, so all are laid out anew."""
        self.layoutAboutToBeChanged.emit()
        self.layoutChanged.emit()

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Return texts for the view and for screen readers, and a scene's picture."""
        if role != PICTURE_ROLE:
            return super().data(index, role)
        row = self.row_at(index)
        return self._picture_of(row.id) if row and row.is_usable else None

    def texts_of(self, row: Row) -> dict[int, str | None]:
        """Return the title, and the summary for whoever points at it."""
        role = Qt.ItemDataRole
        return {
            role.DisplayRole: row.title,
            role.ToolTipRole: row.summary or None,
            role.AccessibleDescriptionRole: row.summary,
        }

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
    for entry in in_order(entries):
        if entry.error is not None:
            row = Row(entry.id, entry.error.words(tr), entry)
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


class RowLayout(NamedTuple):
    """Where the parts of a row are; without a picture its rectangle is empty."""

    picture: QRect
    title: QRect
    summary: QRect

    @property
    def bottom(self) -> int:
        """Lower edge of the lowest part."""
        parts = (self.picture, self.title, self.summary)
        return max(part.y() + part.height() for part in parts)


class SceneDelegate(QStyledItemDelegate):
    """Draws a heading as small text, a scene as picture, title and summary.

    The picture is above the words, or left of them where the list is wide enough for both.
    """

    PADDING = 10
    GAP = 3
    PICTURE_GAP = 8
    TITLE_LINES = 2
    SUMMARY_LINES = 2
    SIDE_BY_SIDE_FROM = 320
    SIDE_SHARE = 0.4

    def __init__(self) -> None:
        super().__init__()
        self._pictures = SmallPictures()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height that picture, title and summary need at the list's width."""
        row: Row = index.data(ROW_ROLE)
        width = width_of(option, 200)
        font = option.font
        if row.entry is None:
            return QSize(width, QFontMetrics(strong(font, HEADING_SCALE)).height() + 20)
        has_picture = index.data(PICTURE_ROLE) is not None
        layout = self.layout_of(row, font, QRect(0, 0, width, 0), has_picture=has_picture)
        return QSize(width, layout.bottom + self.PADDING)

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
            thumbnail: Thumbnail | None = index.data(PICTURE_ROLE)
            layout = self.layout_of(row, font, rect, has_picture=thumbnail is not None)
            if row.is_usable:
                box = rect.adjusted(self.PADDING, 1, -self.PADDING, -1)
                paint_ground(painter, box, option.state)
            self._paint_words(painter, layout, font, row)
            if thumbnail is not None:
                self._pictures.paint(painter, layout.picture, row.id, thumbnail.image)
        painter.restore()

    def layout_of(self, row: Row, font: QFont, rect: QRect, *, has_picture: bool) -> RowLayout:
        """Share a row's width, and as much height as is needed."""
        left, top = rect.x() + 2 * self.PADDING, rect.y() + self.PADDING
        width = rect.width() - 4 * self.PADDING
        picture = QRect(left, top, 0, 0)
        if has_picture:
            is_beside = width >= self.SIDE_BY_SIDE_FROM
            wide = round(width * self.SIDE_SHARE) if is_beside else width
            picture.setSize(QSize(wide, round(wide * 9 / 16)))
            if is_beside:
                left += wide + self.PADDING
                width -= wide + self.PADDING
            else:
                top += picture.height() + self.PICTURE_GAP
        metrics = QFontMetrics(strong(font, TITLE_SCALE))
        height = wrapped_height(metrics, row.title, width, self.TITLE_LINES)
        title = QRect(left, top, width, height)
        below = wrapped_height(QFontMetrics(font), row.summary, width, self.SUMMARY_LINES)
        return RowLayout(picture, title, QRect(left, top + height + self.GAP, width, below))

    def _paint_words(self, painter: QPainter, layout: RowLayout, font: QFont, row: Row) -> None:
        painter.setFont(strong(font, TITLE_SCALE))
        painter.setPen(theme().colour("text" if row.is_usable else "muted"))
        width = layout.title.width()
        text = cut(painter.fontMetrics(), row.title, width, self.TITLE_LINES)
        painter.drawText(layout.title, WRAP, text)
        painter.setFont(font)
        painter.setPen(theme().colour("muted"))
        text = cut(painter.fontMetrics(), row.summary, width, self.SUMMARY_LINES)
        painter.drawText(layout.summary, WRAP, text)
