"""Draws a row of the render queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from backprop_studio.gui.toolkit.cut_text import WRAP, cut, wrapped_height
from backprop_studio.gui.toolkit.fonts import strong
from backprop_studio.gui.toolkit.lists import ROW_ROLE, Index, paint_ground, width_of
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

    icon: QRect
    title: QRect
    words: QRect
    facts: QRect
    changes: QRect
    bar: QRect
    message: QRect


class QueueDelegate(QStyledItemDelegate):
    """Draws mark, title and state, below them the facts, and a message if there is one."""

    MARGIN = 6
    PADDING = 10
    ICON = 20
    GAP = 3
    APART = 14
    BAR = 190
    BAR_HEIGHT = 6
    MESSAGE_LINES = 3

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height that the texts need at the list's width."""
        width = width_of(option, 400)
        row: QueueRow = index.data(ROW_ROLE)
        layout = self.layout_of(row, option.font, QRect(0, 0, width, 0))
        return QSize(width, layout.message.y() + layout.message.height() + self.PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        row: QueueRow = index.data(ROW_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = option.rect.adjusted(self.MARGIN, 1, -self.MARGIN, -1)
        paint_ground(painter, box, option.state)
        layout = self.layout_of(row, option.font, option.rect)
        theme().icon(row.icon, row.tint).paint(painter, layout.icon)
        self._paint_words(painter, layout, option.font, row)
        if row.fraction is not None:
            self._paint_bar(painter, QRectF(layout.bar), row.fraction)
        painter.restore()

    def layout_of(self, row: QueueRow, font: QFont, rect: QRect) -> RowLayout:
        """Share a row's width, and as much height as is needed."""
        left = rect.x() + self.MARGIN + self.PADDING
        top = rect.y() + self.PADDING
        width = rect.width() - 2 * (self.MARGIN + self.PADDING)
        text, inner = left + self.ICON + self.PADDING, width - self.ICON - self.PADDING
        metrics = QFontMetrics(font)
        first, second = QFontMetrics(strong(font, TITLE_SCALE)).height(), metrics.height()
        words = metrics.horizontalAdvance(row.words) + 1
        below = top + first + self.GAP
        bar = self.BAR if row.fraction is not None else 0
        changes = QRect(text, below + second, inner, second if row.changes else 0)
        height = wrapped_height(metrics, row.message, inner, self.MESSAGE_LINES)
        message = QRect(text, changes.y() + changes.height(), inner, height)
        message.translate(0, self.GAP if height else 0)
        middle = below + (second - self.BAR_HEIGHT) // 2
        return RowLayout(
            icon=QRect(left, top + (first - self.ICON) // 2, self.ICON, self.ICON),
            title=QRect(text, top, inner - words - self.APART, first),
            words=QRect(left + width - words, top, words, first),
            facts=QRect(text, below, inner - (bar + self.APART if bar else 0), second),
            changes=changes,
            bar=QRect(left + width - bar, middle, bar, self.BAR_HEIGHT),
            message=message,
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
        facts = metrics.elidedText(row.facts, DOTS, layout.facts.width())
        painter.drawText(layout.facts, LEFT, facts)
        changes = metrics.elidedText(row.changes, DOTS, layout.changes.width())
        painter.drawText(layout.changes, LEFT, changes)
        painter.setPen(theme().colour(row.tint))
        painter.drawText(layout.words, RIGHT, row.words)
        if row.message:
            message = cut(metrics, row.message, layout.message.width(), self.MESSAGE_LINES)
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
