"""The picture on the stage, as large as fits, and what is said where there is none."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTransform,
)
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from backprop_studio.gui.toolkit.layouts import column
from backprop_studio.gui.toolkit.theme import theme
from backprop_studio.gui.toolkit.widgets import label

SPIN_INTERVAL_MS = 60
DIMMED = 0.45
RADIUS = 6.0
QWIDGETSIZE_MAX = 2**24 - 1
"""Qt's own limit."""
PILL_EDGE = 14.0
NO_SCALING = 2
"""A picture that is so many pixels smaller than its room was drawn for it, and stays as it is."""


class PictureView(QWidget):
    """Shows a picture with its aspect ratio kept, a busy mark, or a note.

    Signals
    -------
    resized
        The area for the picture has another size.
    clicked, double_clicked
        The picture was clicked; the first click of two is told as well.
    moved : QPointF
        The mouse is somewhere else over it, on the screen.
    """

    resized = Signal()
    clicked = Signal()
    double_clicked = Signal()
    moved = Signal(QPointF)

    def __init__(self) -> None:
        super().__init__()
        self.image: QImage | None = None
        self._scaled: QImage | None = None
        self._expected: QSize | None = None
        self._is_moving = False
        self._is_filling = self._is_black = self._is_second = False
        self._busy_text = ""
        self._is_stale = False
        self._busy_covers = True
        self._angle = 0
        self._spin = QTimer(self)
        self._spin.setInterval(SPIN_INTERVAL_MS)
        self._spin.timeout.connect(self._on_spin)
        self.note = _Note()
        layout = QVBoxLayout(self)
        layout.addWidget(self.note, 0, Qt.AlignmentFlag.AlignCenter)
        self.setMinimumSize(240, 135)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        theme().changed.connect(self.update)

    def fill(self, is_filling: bool) -> None:
        """Lie alone on black, as large as there is room, or in the window."""
        self._is_filling = is_filling
        self._limit_height()
        self.update()

    def show_black(self, is_black: bool) -> None:
        """Show nothing at all, or the picture again."""
        self._is_black = is_black
        self.note.setVisible(not is_black and bool(self.note.title.text()))
        self.update()

    def show_image(self, image: QImage | None, *, is_moving: bool = False) -> None:
        """Put a picture on the stage, or clear it.

        Parameters
        ----------
        image : QImage or None
            The picture.
        is_moving : bool
            Whether the next one follows at once: then speed counts for more than sharp edges.
        """
        if image is not self.image:
            self.image = image
            self._scaled = None
            self._is_moving = is_moving
            self._limit_height()
            self.update()

    def show_busy(self, text: str, *, covers: bool = True) -> None:
        """Say that another picture is on its way, with these words; empty ends it.

        Parameters
        ----------
        text : str
            What is being done.
        covers : bool
            Whether the picture is out of date, which dims it; else the words are in its corner.
        """
        if (text, covers) != (self._busy_text, self._busy_covers):
            self._busy_text, self._busy_covers = text, covers
            if text:
                self._spin.start()
            else:
                self._spin.stop()
            self.update()

    def show_stale(self, is_stale: bool) -> None:
        """Dim the picture, because it shows something older than what is chosen."""
        if is_stale is not self._is_stale:
            self._is_stale = is_stale
            self.update()

    @property
    def is_stale(self) -> bool:
        """Whether the picture is dimmed as an older one."""
        return self._is_stale

    @property
    def is_busy(self) -> bool:
        """Whether the busy mark is shown."""
        return bool(self._busy_text)

    def picture_rect(self) -> QRectF:
        """Return where the picture is, or where a 16:9 picture would be."""
        return self.rect_for(self._shape())

    def rect_for(self, shape: QSize) -> QRectF:
        """Return where a picture with these proportions would be, on whole pixels of the screen."""
        ratio = self.devicePixelRatioF()
        room = self.size() * ratio
        fitted = shape.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        spare = fitted - shape
        if 0 <= spare.width() <= NO_SCALING and 0 <= spare.height() <= NO_SCALING:
            fitted = shape
        left = (room.width() - fitted.width()) // 2
        top = (room.height() - fitted.height()) // 2
        edges = (left, top, fitted.width(), fitted.height())
        return QRectF(*(edge / ratio for edge in edges))

    def _shape(self) -> QSize:
        return QSize(16, 9) if self.image is None else self.image.size()

    def expect(self, shape: QSize) -> None:
        """Make room for pictures with these proportions, whatever is shown now."""
        self._expected = shape
        self._limit_height()

    def _limit_height(self) -> None:
        """Get no taller than the picture needs: what belongs below it stays close to it."""
        shape = self._expected or self._shape()
        # Even, as stills are: whatever picture of this shape comes, nothing below it moves.
        height = self.width() * shape.height() // shape.width() // 2 * 2
        highest = QWIDGETSIZE_MAX if self._is_filling else max(height, self.minimumHeight())
        self.setMaximumHeight(highest)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scale anew."""
        super().resizeEvent(event)
        self._scaled = None
        self._limit_height()
        self.resized.emit()

    def event(self, event: QEvent) -> bool:
        """Notice another screen, whose pixels are of another size."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._scaled = None
            self.resized.emit()
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click."""
        self._is_second = False
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Report a click."""
        is_inside = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and is_inside and not self._is_second:
            self.clicked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Report the second of two clicks, once."""
        self._is_second = True
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Report where the mouse is."""
        self.moved.emit(event.globalPosition())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture and the busy mark."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self.picture_rect()
        radius = 0.0 if self._is_filling else RADIUS
        if self._is_filling:
            painter.fillRect(self.rect(), self._ground())
        if self._is_black:
            painter.end()
            return
        frame = QPainterPath()
        ring = self._has_ring()
        edge = 0.0 if self._is_filling else 1.0 if ring else 0.5
        # Along the middle of the line that is drawn on it, under which its edge is hidden.
        frame.addRoundedRect(rect.adjusted(edge, edge, -edge, -edge), radius, radius)
        painter.fillPath(frame, self._ground())
        if self.image is not None:
            is_dim = (self._busy_text and self._busy_covers) or self._is_stale
            painter.setOpacity(DIMMED if is_dim else 1.0)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._is_moving)
            # Filled and not clipped: only the edges of what is filled are smooth.
            painter.fillPath(frame, self._brush(self.image, rect))
            painter.setOpacity(1.0)
        if not self._is_filling:
            painter.setPen(QPen(theme().colour("accent" if ring else "line"), 2 * edge))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(frame)
        if self._busy_text:
            self._paint_busy(painter, rect)
        painter.end()

    def _ground(self) -> QColor:
        return QColor("black") if self._is_filling else theme().colour("stage")

    def _has_ring(self) -> bool:
        """Whether somebody who goes by keys is here; a click says enough."""
        keyboard = Qt.WidgetAttribute.WA_KeyboardFocusChange
        return self.hasFocus() and self.window().testAttribute(keyboard)

    def _brush(self, image: QImage, rect: QRectF) -> QBrush:
        """Return what paints the picture into its place."""
        if not self._is_moving:
            image = self._scaled_image(image, (rect.size() * self.devicePixelRatioF()).toSize())
        brush = QBrush(image)
        place = QTransform.fromTranslate(rect.x(), rect.y())
        brush.setTransform(
            place.scale(rect.width() / image.width(), rect.height() / image.height())
        )
        return brush

    def _scaled_image(self, image: QImage, size: QSize) -> QImage:
        if self._scaled is None or self._scaled.size() != size:
            shape = Qt.AspectRatioMode.IgnoreAspectRatio
            smooth = Qt.TransformationMode.SmoothTransformation
            self._scaled = image if image.size() == size else image.scaled(size, shape, smooth)
        return self._scaled

    def _paint_busy(self, painter: QPainter, rect: QRectF) -> None:
        colours = theme()
        metrics = self.fontMetrics()
        height = metrics.height() + 18
        width = metrics.horizontalAdvance(self._busy_text) + 58
        pill = QRectF(0, 0, width, height)
        pill.moveCenter(rect.center())
        if not self._busy_covers and self.image is not None:
            pill.moveTopRight(rect.topRight() + QPointF(-PILL_EDGE, PILL_EDGE))
        painter.setPen(QPen(colours.colour("line"), 1))
        painter.setBrush(colours.colour("panel"))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        ring = QRectF(pill.left() + 14, pill.center().y() - 8, 16, 16)
        painter.setPen(QPen(colours.colour("line"), 2.4))
        painter.drawEllipse(ring)
        pen = QPen(colours.colour("accent"), 2.4)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(ring, -self._angle * 16, -90 * 16)
        painter.setPen(colours.colour("text"))
        box = pill.adjusted(40, 0, -14, 0)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), self._busy_text)

    def _on_spin(self) -> None:
        self._angle = (self._angle + 18) % 360
        if self.isVisible():
            self.update()


class _Note(QWidget):
    """A heading, a sentence and up to two buttons in the middle of the stage."""

    def __init__(self) -> None:
        super().__init__()
        self.title = label("title", wraps=True)
        self.text = label("muted", wraps=True)
        self.first = QPushButton()
        self.second = QPushButton()
        layout = column(on=self, gap=10, edges=(24, 18, 24, 18))
        for text in (self.title, self.text):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
            text.setMinimumWidth(260)
            text.setMaximumWidth(460)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            layout.addWidget(text)
        for button in (self.first, self.second):
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignCenter)
        self.setObjectName("note")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.hide()

    def say(self, title: str, text: str = "", first: str = "", second: str = "") -> None:
        """Show words and the buttons that have some; without a title the note goes away."""
        widgets: list[QLabel | QPushButton] = [self.title, self.text, self.first, self.second]
        for widget, words in zip(widgets, (title, text, first, second), strict=True):
            widget.setText(words)
            widget.setVisible(bool(words))
            widget.setAccessibleName(words)
        self.setVisible(bool(title))
