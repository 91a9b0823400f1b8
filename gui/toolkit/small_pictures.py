"""Small pictures in the rows of lists, scaled once and drawn with round corners."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainterPath, QPen, QPixmap

from backprop_studio.gui.toolkit.theme import theme

if TYPE_CHECKING:
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QImage, QPainter

RADIUS = 5


class SmallPictures:
    """Draws the pictures of one list."""

    def __init__(self) -> None:
        self._scaled: dict[str, tuple[tuple[int, int], QPixmap]] = {}

    def paint(self, painter: QPainter, rect: QRect, key: str, image: QImage | None) -> None:
        """Draw the picture of a row, or the quiet ground on which it will be.

        Parameters
        ----------
        key : str
            Of the row: each has one picture at a time.
        """
        frame = QPainterPath()
        frame.addRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.fillPath(frame, theme().colour("stage"))
        if image is not None:
            painter.save()
            painter.setClipPath(frame)
            ratio = painter.device().devicePixelRatioF()
            pixmap = self._pixmap(key, image, round(rect.width() * ratio))
            height = round(rect.width() * pixmap.height() / pixmap.width())
            # Of a picture that is higher than its room the middle is shown.
            place = QRectF(rect.x(), rect.y(), rect.width(), height)
            place.moveCenter(QRectF(rect).center())
            painter.drawPixmap(place, pixmap, QRectF(pixmap.rect()))
            painter.restore()
        painter.setPen(QPen(theme().colour("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(frame)

    def _pixmap(self, key: str, image: QImage, width: int) -> QPixmap:
        """Return a picture of this width, which is made once: scaling well takes time."""
        made_of = (image.cacheKey(), width)
        known, pixmap = self._scaled.get(key, (None, QPixmap()))
        if known != made_of:
            smooth = Qt.TransformationMode.SmoothTransformation
            pixmap = QPixmap.fromImage(image.scaledToWidth(width, smooth))
            self._scaled[key] = (made_of, pixmap)
        return pixmap
