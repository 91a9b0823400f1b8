"""A live preview in a window."""

from __future__ import annotations

import pytest

from tests.gui.stage.live_hands import Player


@pytest.fixture
def player(window, stills):
    return Player(window, stills)


@pytest.fixture
def page(window):
    page = window.stage.preview
    return page
