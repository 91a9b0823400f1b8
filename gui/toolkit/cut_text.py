"""Text that is shown in a few lines, with dots where something is missing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt

if TYPE_CHECKING:
    from PySide6.QtGui import QFontMetrics

_RUN = re.compile(r"[^\s\u2e80-\uffef]+")
"""Letters between which nobody breaks a line: Chinese has places for that, and rules for them."""

WRAP = int(Qt.TextFlag.TextWordWrap)

NO_SPACE = "\u200b"
"""Where a line may be broken, and nothing is seen if it is not."""


def wrapped_height(metrics: QFontMetrics, text: str, width: int, lines: int) -> int:
    """Return the height of a text as far as it is shown."""
    text = cut(metrics, text, width, lines)
    return _box(metrics, text, width).height() if text else 0


def cut(metrics: QFontMetrics, text: str, width: int, lines: int) -> str:
    """Return the beginning of a text that fits, with dots if something is missing."""
    text = _RUN.sub(lambda it: _breakable(metrics, it[0], width), text)
    # Half a line more, because the height of wrapped lines is no exact multiple of their spacing.
    limit = (lines + 0.5) * metrics.lineSpacing()
    if _box(metrics, text, width).height() <= limit:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if _box(metrics, text[:middle].rstrip() + "…", width).height() <= limit:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"


def _breakable(metrics: QFontMetrics, word: str, width: int) -> str:
    """Return a word that may be broken anywhere if it is wider than a line."""
    return word if metrics.horizontalAdvance(word) <= width else NO_SPACE.join(word)


def _box(metrics: QFontMetrics, text: str, width: int) -> QRect:
    return metrics.boundingRect(QRect(0, 0, max(width, 20), 10_000), WRAP, text)
