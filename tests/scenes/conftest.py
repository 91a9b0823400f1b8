"""Fixtures of the scene tests: Manim writes to a temporary folder, pictures can be recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from manim import tempconfig

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _media_elsewhere(tmp_path: Path) -> Iterator[None]:
    with tempconfig({"media_dir": str(tmp_path / "media")}):
        yield
