"""A screen for the whole session, and the program on it for one test."""

from __future__ import annotations

import pytest

from tests.gui.screen.studio import Screen, Studio, missing


@pytest.fixture(scope="session")
def screen(tmp_path_factory):
    if absent := missing():
        pytest.skip(f"not installed: {', '.join(absent)} (apt install xvfb openbox xdotool)")
    screen = Screen(tmp_path_factory.mktemp("screen"))
    yield screen
    screen.close()


@pytest.fixture
def arguments():
    """What the program is started with."""
    return []


@pytest.fixture
def studio(screen, tmp_path, arguments):
    studio = Studio(screen.environment, tmp_path, *arguments)
    assert studio.ask("app.platformName()") == "xcb"
    yield studio
    studio.end()
