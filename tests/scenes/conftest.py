"""Fixtures of the scene tests: Manim writes to a temporary folder, pictures can be recorded."""

from __future__ import annotations

import pytest

from tests.manim_settings import manim_settings


@pytest.fixture(autouse=True, scope="session")
def _media_elsewhere(tmp_path_factory):
    with manim_settings({"media_dir": str(tmp_path_factory.mktemp("media"))}):
        yield
