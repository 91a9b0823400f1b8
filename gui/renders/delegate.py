"""Draws a row of the render queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from backprop_studio.gui.toolkit.cut_text import WRAP, cut, wrapped_height
from backprop_studio.gui.toolkit.fonts import strong
from backprop_studio.gui.toolkit.lists import ROW_ROLE, Index, paint_ground, width_of
from backprop_studio.gui.toolkit.small_pictures import SmallPictures
from backprop_studio.gui.toolkit.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QFont

    from backprop_studio.gui.renders.model import QueueRow

TITLE_SCALE = 1.04
DOTS = Qt.TextElideMode.ElideRight
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class RowLayout(NamedTuple):
    """Where the parts of a row are; without progress or message some are empty."""

    picture: QRect
    title: QRect
    icon: QRect
    words: QRect
    lines: tuple[QRect, ...]
    bar: QRect
    message: QRect

    @property
    def bottom(self) -> int:
        """Lower edge of the lowest part."""
        parts = (self.picture, self.title, *self.lines, self.message)
        return max(part.y() + part.height() for part in parts)


class QueueDelegate(QStyledItemDelegate):
    """Draws a picture, title and state, below them lines of facts, and a message if there is one.

    The bar of a video that is being drawn is at the right of the last line.
    """

    MARGIN = 6
    PADDING = 10
    PICTURE = QSize(96, 54)
    ICON = 16
    GAP = 3
    APART = 14
    BAR = 160
    BAR_HEIGHT = 6
    MESSAGE_LINES = 3

    def __init__(self) -> None:
        super().__init__()
        self._pictures = SmallPictures()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height that the texts need at the list's width."""
        width = width_of(option, 400)
        row: QueueRow = index.data(ROW_ROLE)
        layout = self.layout_of(row, option.font, QRect(0, 0, width, 0))
        return QSize(width, layout.bottom + self.PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        row: QueueRow = index.data(ROW_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = option.rect.adjusted(self.MARGIN, 1, -self.MARGIN, -1)
        paint_ground(painter, box, option.state)
        layout = self.layout_of(row, option.font, option.rect)
        self._pictures.paint(painter, layout.picture, row.id, row.picture)
        theme().icon(row.icon, row.tint).paint(painter, layout.icon)
        self._paint_words(painter, layout, option.font, row)
        if row.fraction is not None:
            self._paint_bar(painter, QRectF(layout.bar), row.fraction)
        painter.restore()

    def layout_of(self, row: QueueRow, font: QFont, rect: QRect) -> RowLayout:
        """Share a row's width, and as much height as is needed."""
        start = rect.x() + self.MARGIN + self.PADDING
        top = rect.y() + self.PADDING
        left = start + self.PICTURE.width() + self.PADDING + self.GAP
        right = rect.x() + rect.width() - self.MARGIN - self.PADDING
        metrics = QFontMetrics(font)
        first, height = QFontMetrics(strong(font, TITLE_SCALE)).height(), metrics.height()
        words = QRect(0, top, metrics.horizontalAdvance(row.words) + 1, first)
        words.moveRight(right - 1)
        icon = QRect(words.x() - self.ICON - 6, 0, self.ICON, self.ICON)
        icon.moveTop(top + (first - self.ICON) // 2)
        step = height + self.GAP
        tops = [top + first + self.GAP + at * step for at in range(len(row.lines))]
        lines = [QRect(left, it, right - left, height) for it in tops]
        bar = QRect()
        if row.fraction is not None and lines:
            middle = lines[-1].center().y() - self.BAR_HEIGHT // 2
            bar = QRect(right - self.BAR, middle, self.BAR, self.BAR_HEIGHT)
            lines[-1].setRight(bar.x() - self.APART)
        below = top + first + self.GAP + len(lines) * step
        tall = wrapped_height(font, row.message, right - left, self.MESSAGE_LINES)
        return RowLayout(
            picture=QRect(start, top + 1, self.PICTURE.width(), self.PICTURE.height()),
            title=QRect(left, top, icon.x() - self.APART - left, first),
            icon=icon,
            words=words,
            lines=tuple(lines),
            bar=bar,
            message=QRect(left, below, right - left, tall),
        )

    def _paint_words(
        self, painter: QPainter, layout: RowLayout, font: QFont, row: QueueRow
    ) -> None:
        painter.setFont(strong(font, TITLE_SCALE))
        painter.setPen(theme().colour("text"))
        title = painter.fontMetrics().elidedText(row.title, DOTS, layout.title.width())
        painter.drawText(layout.title, LEFT, title)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        painter.setPen(theme().colour("muted"))
        for place, line in zip(layout.lines, row.lines, strict=True):
            painter.drawText(place, LEFT, metrics.elidedText(line, DOTS, place.width()))
        painter.setPen(theme().colour(row.tint))
        painter.drawText(layout.words, RIGHT, row.words)
        if row.message:
            message = cut(font, row.message, layout.message.width(), self.MESSAGE_LINES)
            painter.drawText(layout.message, WRAP, message)

    def _paint_bar(self, painter: QPainter, bar: QRectF, fraction: float) -> None:
        groove = theme().colour("edge")
        groove.setAlphaF(0.45)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(groove)
        painter.drawRoundedRect(bar, 3, 3)
        done = QRectF(bar)
        done.setWidth(bar.width() * min(fraction, 1.0))
        painter.setBrush(theme().colour("accent"))
        painter.drawRoundedRect(done, 3, 3)
