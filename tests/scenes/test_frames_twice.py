"""The same parameters give the same frames, in another process and with another hash seed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scenes.frame_sums import frame_sum
from tests.scenes.lesson_runs import SCENES


@pytest.fixture(scope="module")
def elsewhere() -> dict[str, str]:
    """Draw all of them in a process that orders its sets otherwise."""
    own = os.environ.get("PYTHONHASHSEED", "")
    seed = "1" if own != "1" else "2"
    done = subprocess.run(
        [sys.executable, "-m", "tests.scenes.frame_sums", *SCENES],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    sums: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return sums


@pytest.mark.parametrize("name", SCENES)
def test_every_frame_is_the_same_twice(name: str, elsewhere: dict[str, str]) -> None:
    assert frame_sum(name) == elsewhere[name]


def test_other_lessons_have_other_sums() -> None:
    """The sum sees what it is there for."""
    assert frame_sum("derivative") != frame_sum("partial_derivatives")
