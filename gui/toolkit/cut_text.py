"""Text that is shown in a few lines, with dots where something is missing."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics

_RUN = re.compile(r"[^\s\u2e80-\uffef]+")
"""Letters between which nobody breaks a line: Chinese has places for that, and rules for them."""

WRAP = int(Qt.TextFlag.TextWordWrap)

NO_SPACE = "\u200b"
"""Where a line may be broken, and nothing is seen if it is not."""


class _Fitted(NamedTuple):
    """What is shown of a text, and how high that is."""

    text: str
    height: int


def wrapped_height(font: QFont, text: str, width: int, lines: int) -> int:
    """Return the height of a text as far as it is shown."""
    return _fitted(QFont(font), text, width, lines).height if text else 0


def cut(font: QFont, text: str, width: int, lines: int) -> str:
    """Return the beginning of a text that fits, with dots if something is missing."""
    return _fitted(QFont(font), text, width, lines).text


@lru_cache(maxsize=1000)
def _fitted(font: QFont, text: str, width: int, lines: int) -> _Fitted:
    """Fit a text once: lists ask for it with every layout and every paint."""
    metrics = QFontMetrics(font)
    text = _RUN.sub(lambda it: _breakable(metrics, it[0], width), text)
    # Half a line more, because the height of wrapped lines is no exact multiple of their spacing.
    limit = (lines + 0.5) * metrics.lineSpacing()
    height = _height(metrics, text, width)
    if height > limit:
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if _height(metrics, _with_dots(text, middle), width) <= limit:
                low = middle
            else:
                high = middle - 1
        text = _with_dots(text, low)
        height = _height(metrics, text, width)
    return _Fitted(text, height)


def _with_dots(text: str, end: int) -> str:
    return text[:end].rstrip() + "…"


def _breakable(metrics: QFontMetrics, word: str, width: int) -> str:
    """Return a word that may be broken anywhere if it is wider than a line."""
    return word if metrics.horizontalAdvance(word) <= width else NO_SPACE.join(word)


def _height(metrics: QFontMetrics, text: str, width: int) -> int:
    return metrics.boundingRect(QRect(0, 0, max(width, 20), 10_000), WRAP, text).height()
