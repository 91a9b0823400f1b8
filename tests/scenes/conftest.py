"""Fixtures of the scene tests: Manim writes to a temporary folder, pictures can be recorded."""

from __future__ import annotations

import pytest
from manim import tempconfig


@pytest.fixture(autouse=True)
def _media_elsewhere(tmp_path):
    with tempconfig({"media_dir": str(tmp_path / "media")}):
        yield
