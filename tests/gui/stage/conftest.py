"""A live preview in a window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from backprop_studio.gui.stage.panel import PreviewPage
    from backprop_studio.gui.window import MainWindow

from tests.gui.stage.live_hands import Player


@pytest.fixture
def player(window: MainWindow, stills: Any) -> Player:
    return Player(window, stills)


@pytest.fixture
def page(window: MainWindow) -> PreviewPage:
    page: PreviewPage = window.stage.preview
    return page
