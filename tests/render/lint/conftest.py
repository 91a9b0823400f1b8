from __future__ import annotations

from pathlib import Path

import pytest

from backprop_studio.render.lint.examine import check as check_pictures
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

    def check(scene, **more):
        settings = {"languages": ("en",), "themes": ("dark",), "samples": 3} | more
        job = CheckJob(id="c", scenes=(scene,), **settings)
        result = check_pictures(job, silent.watch(), tmp_path / "media")
        return [Finding.model_validate(row) for row in result["findings"]], result["moments"]

    return check
