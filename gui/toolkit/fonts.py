"""Fonts: the desktop's choice, or the one that comes with the installation."""

from __future__ import annotations

import logging
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

log = logging.getLogger(__name__)

BUNDLED_FAMILY = "Noto Sans CJK SC"
REGULAR_AXIS, STRONG_AXIS = 370.0, 560.0
POINT_SIZE = 10.0
WEIGHT = QFont.Tag("wght")


def use_fonts(app: QApplication) -> None:
    """Use the desktop's font; where there is no desktop's choice, the one that comes along.

    A machine without fonts, or without Chinese ones, shows every text all the same.
    """
    family = QFontInfo(app.font()).family()
    chinese = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    has_choice = bool(family) and not family.startswith(("DejaVu", "Bitstream"))
    if has_choice and chinese:
        return
    file = _bundled_font()
    if file is None or QFontDatabase.addApplicationFont(str(file)) < 0:
        log.info("the font that comes with the installation cannot be loaded")
        return
    if has_choice:
        return
    font = QFont(BUNDLED_FAMILY)
    font.setPointSizeF(max(app.font().pointSizeF(), POINT_SIZE))
    # Qt takes a variable font at its thinnest unless it is told the axis.
    font.setVariableAxis(WEIGHT, REGULAR_AXIS)
    app.setFont(font)


def strong(font: QFont, scale: float = 1.0) -> QFont:
    """Return a bolder font, ``scale`` times as large.

    The style sheet cannot do this: of a variable font it would embolden the thinnest outline.
    """
    result = QFont(font)
    result.setPointSizeF(font.pointSizeF() * scale)
    if font.variableAxisTags():
        result.setVariableAxis(WEIGHT, STRONG_AXIS)
    else:
        result.setWeight(QFont.Weight.DemiBold)
    return result


def _bundled_font() -> Path | None:
    spec = find_spec("manimgx_fonts_cjk")
    if spec is None or spec.origin is None:
        return None
    return next(Path(spec.origin).parent.glob("*.ttc"), None)
