"""Another appearance: every widget is styled anew, and once."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import QEvent, QObject

from backprop_studio.gui.toolkit.theme import theme
from backprop_studio.gui.toolkit.widgets import label


class Events(QObject):
    """Counts what arrives at a widget."""

    def __init__(self, widget):
        super().__init__()
        self.seen = Counter()
        widget.installEventFilter(self)

    def eventFilter(self, _watched, event):
        self.seen[event.type()] += 1
        return False


@pytest.fixture
def light():
    theme().use("light")
    yield
    theme().use("light")


def test_another_appearance_styles_a_widget_once_and_leaves_its_font(qtbot, light):
    heading = label("heading", "Scenes")
    qtbot.addWidget(heading)
    heading.show()
    size, events = heading.font().pointSizeF(), Events(heading)
    theme().use("dark")
    # Once without the old sheet and once with the new one.
    assert 1 <= events.seen[QEvent.Type.StyleChange] <= 2
    assert heading.font().pointSizeF() == size
    assert heading.palette().windowText().color() == theme().colour("text")
