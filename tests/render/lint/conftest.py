from __future__ import annotations

import pytest

from backprop_studio.render.lint.examine import check as check_pictures
from backprop_studio.render.lint.finding import Finding
from backprop_studio.render.messages.jobs import CheckJob


@pytest.fixture
def check(tmp_path, silent):
    """Look for faults; returns the findings, and how many moments were looked at."""

    def check(scene, **more):
        settings = {"languages": ("en",), "themes": ("dark",), "samples": 3} | more
        job = CheckJob(id="c", scenes=(scene,), **settings)
        result = check_pictures(job, silent.watch(), tmp_path / "media")
        return [Finding.model_validate(row) for row in result["findings"]], result["moments"]

    return check
