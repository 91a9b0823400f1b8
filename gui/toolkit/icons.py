"""Own vector icons, tinted with the appearance's colours and sharp at every scale."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

ICON_FOLDER = Path(__file__).parent / "icons"

SIZES = (16, 20, 24, 32, 40, 48, 64)
"""Pixels drawn ahead, so that a button finds its size at 100 to 200 %."""


@cache
def icon(name: str, colour: str, disabled: str = "") -> QIcon:
    """Return an icon in a colour, with another one for the disabled state."""
    result = QIcon()
    source = (ICON_FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    for tint, mode in ((colour, QIcon.Mode.Normal), (disabled, QIcon.Mode.Disabled)):
        if tint:
            drawing = QSvgRenderer(QByteArray(source.replace("currentColor", tint).encode()))
            for size in SIZES:
                result.addPixmap(_pixmap(drawing, size), mode)
    return result


def _pixmap(renderer: QSvgRenderer, size: int) -> QPixmap:
    result = QPixmap(QSize(size, size))
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return result


@cache
def app_icon() -> QIcon:
    """Return the program's own icon."""
    return QIcon(str(ICON_FOLDER / "app.svg"))
