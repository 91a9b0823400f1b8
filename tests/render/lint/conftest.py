from __future__ import annotations

from pathlib import Path

import pytest

from backprop_studio.render.drawing.studio import Studio
from backprop_studio.render.lint.finding import Finding
from backprop_studio.render.messages.jobs import CheckJob


@pytest.fixture
def planted(scenes_folder):
    """Put the lesson with a place for a fault into the catalogue."""
    source = Path(__file__).with_name("planted_scene.py").read_text(encoding="utf-8")
    (scenes_folder / "planted.py").write_text(source, encoding="utf-8")
    return "planted"


@pytest.fixture
def check(tmp_path, silent):
    """Look for faults; returns the findings, and how many moments were looked at."""
    studio = Studio(tmp_path / "media")

    def check(scene, **more):
        settings = {"languages": ("en",), "themes": ("dark",), "samples": 3} | more
        result = studio.check(CheckJob(id="c", scenes=(scene,), **settings), silent.watch())
        return [Finding.model_validate(row) for row in result["findings"]], result["moments"]

    return check
