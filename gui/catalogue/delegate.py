"""How the rows of the catalogue are painted: low ones, so that many scenes are in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from backprop_studio.gui.catalogue.scene_list import CHOSEN_ROLE, PICTURE_ROLE, Row
from backprop_studio.gui.toolkit.cut_text import WRAP, cut, wrapped_height
from backprop_studio.gui.toolkit.fonts import strong
from backprop_studio.gui.toolkit.lists import ROW_ROLE, Index, paint_ground, width_of
from backprop_studio.gui.toolkit.theme import theme

if TYPE_CHECKING:
    from backprop_studio.gui.catalogue.thumbnails import Thumbnail

HEADING_SCALE = 0.92
SELECTED = QStyle.StateFlag.State_Selected


class RowLayout(NamedTuple):
    """Where the parts of a row are; without a picture its rectangle is empty."""

    picture: QRect
    title: QRect
    summary: QRect


class SceneDelegate(QStyledItemDelegate):
    """Draws a heading as small text, a scene as a picture with its title on the right.

    A list that was made wide has larger pictures, and room for the summaries.
    """

    EDGE = 8
    PADDING = 6
    GAP = 8
    RADIUS = 4
    PICTURES = ((0, 56), (220, 68), (320, 112))
    """Width of the pictures in lists that are at least so wide."""
    SUMMARY_FROM = 320
    LINES = 2

    def __init__(self) -> None:
        super().__init__()
        self._scaled: dict[str, tuple[tuple[int, int], QPixmap]] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height that picture and words need at the list's width."""
        row: Row = index.data(ROW_ROLE)
        width = width_of(option, 200)
        if row.entry is None:
            return QSize(width, QFontMetrics(strong(option.font, HEADING_SCALE)).height() + 12)
        layout = self.layout_of(row, option.font, QRect(0, 0, width, 0))
        bottom = max(part.y() + part.height() for part in layout)
        return QSize(width, bottom + self.PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        row: Row = index.data(ROW_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state = option.state & ~SELECTED
        if index.data(CHOSEN_ROLE):
            state |= SELECTED
        box = option.rect.adjusted(self.EDGE, 1, -self.EDGE, -1)
        if row.entry is None and state & QStyle.StateFlag.State_HasFocus:
            state |= QStyle.StateFlag.State_KeyboardFocusChange  # nothing else shows where one is
        if row.entry is None or row.is_usable:
            paint_ground(painter, box, state)
        if row.entry is None:
            self._paint_heading(painter, box, option.font, row)
        else:
            layout = self.layout_of(row, option.font, option.rect)
            self._paint_words(painter, layout, option.font, row)
            thumbnail: Thumbnail | None = index.data(PICTURE_ROLE)
            if row.is_usable:
                self._paint_picture(painter, layout.picture, row.id, thumbnail and thumbnail.image)
        painter.restore()

    def layout_of(self, row: Row, font: QFont, rect: QRect) -> RowLayout:
        """Share a row's width, and as much height as is needed."""
        left, top = rect.x() + self.EDGE + self.PADDING, rect.y() + self.PADDING
        width = rect.width() - 2 * (self.EDGE + self.PADDING)
        wide = [wide for least, wide in self.PICTURES if rect.width() >= least][-1]
        picture = QRect(left, top, 0, 0)
        if row.is_usable:
            picture.setSize(QSize(wide, round(wide * 9 / 16)))
            left, width = left + wide + self.GAP, width - wide - self.GAP
        height = wrapped_height(font, row.title, width, self.LINES)
        has_summary = not row.is_usable or rect.width() >= self.SUMMARY_FROM
        about = row.summary if has_summary else ""
        below = wrapped_height(font, about, width, self.LINES)
        # A short title stands beside the middle of its picture.
        top += max(0, (picture.height() - height - below) // 2)
        title = QRect(left, top, width, height)
        return RowLayout(picture, title, QRect(left, top + height, width, below))

    def _paint_heading(self, painter: QPainter, box: QRect, font: QFont, row: Row) -> None:
        painter.setFont(strong(font, HEADING_SCALE))
        painter.setPen(theme().colour("muted"))
        words = box.adjusted(24, 0, -self.PADDING, 0)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        number = f"  {row.folded}" if row.folded else ""
        room = words.width() - painter.fontMetrics().horizontalAdvance(number)
        title = painter.fontMetrics().elidedText(row.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(words, middle, title + number)
        chevron = QRect(box.x() + self.PADDING, box.center().y() - 6, 14, 14)
        icon = theme().icon("chevron-right" if row.folded else "chevron-down", "muted")
        icon.paint(painter, chevron)

    def _paint_words(self, painter: QPainter, layout: RowLayout, font: QFont, row: Row) -> None:
        painter.setFont(font)
        for box, text, role in (
            (layout.title, row.title, "text" if row.is_usable else "muted"),
            (layout.summary, row.summary, "muted"),
        ):
            if box.height():
                painter.setPen(theme().colour(role))
                shown = cut(font, text, box.width(), self.LINES)
                painter.drawText(box, WRAP, shown)

    def _paint_picture(
        self, painter: QPainter, rect: QRect, scene: str, image: QImage | None
    ) -> None:
        """Draw a picture, or the quiet ground on which it will be."""
        frame = QPainterPath()
        frame.addRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), self.RADIUS, self.RADIUS)
        painter.fillPath(frame, theme().colour("stage"))
        if image is not None:
            painter.save()
            painter.setClipPath(frame)
            ratio = painter.device().devicePixelRatioF()
            painter.drawPixmap(rect, self._pixmap(scene, image, round(rect.width() * ratio)))
            painter.restore()
        painter.setPen(QPen(theme().colour("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(frame)

    def _pixmap(self, scene: str, image: QImage, width: int) -> QPixmap:
        """Return a picture of this width, which is made once: scaling well takes time."""
        key = (image.cacheKey(), width)
        known, pixmap = self._scaled.get(scene, (None, QPixmap()))
        if known != key:
            smooth = Qt.TransformationMode.SmoothTransformation
            pixmap = QPixmap.fromImage(image.scaledToWidth(width, smooth))
            self._scaled[scene] = (key, pixmap)
        return pixmap
