"""Left: the scenes above, the lecture below, which gets more room as it grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSplitter

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget

    from backprop_studio.gui.lecture.panel import LecturePanel

MOST = 0.54
"""Share of the height that the lecture takes by itself."""


class LeftColumn(QSplitter):
    """Divides the column; once the user has divided it himself, it stays so."""

    def __init__(self, catalogue: QWidget, lecture: LecturePanel) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._lecture = lecture
        self._is_by_hand = False
        self.addWidget(catalogue)
        self.addWidget(lecture)
        self.setStretchFactor(0, 1)
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        self.splitterMoved.connect(self._on_moved)
        # Later, when what has come into sight has got its style and knows how high it is.
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.fit)
        lecture.grown.connect(self._later.start)

    def fit(self) -> None:
        """Give the lecture what it needs, up to its share."""
        if not self._is_by_hand and self.height() > 0:
            height = min(self._lecture.wanted_height, round(self.height() * MOST))
            self.setSizes([self.height() - height, height])
            self._lecture.show_chosen_row()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide another height."""
        super().resizeEvent(event)
        self.fit()

    def _on_moved(self) -> None:
        self._is_by_hand = True
