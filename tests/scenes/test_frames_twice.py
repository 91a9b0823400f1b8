"""The same parameters give the same frames: in another process, by another hash seed, in pieces."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from backprop_studio.render.drawing.pieces import pieces
from tests.scenes.frame_sums import frame_sums, planned
from tests.scenes.lesson_runs import SCENES

FEW = ("vector_jacobian",)
"""A short one."""

ALL = [name if name in FEW else pytest.param(name, marks=pytest.mark.slow) for name in SCENES]


@pytest.fixture(scope="module")
def elsewhere(request):
    """Draw them in a process that orders its sets otherwise."""
    used = {it.callspec.params["name"] for it in request.session.items if named(it)}
    own = os.environ.get("PYTHONHASHSEED", "")
    seed = "1" if own != "1" else "2"
    done = subprocess.run(
        [sys.executable, "-m", "tests.scenes.frame_sums", *sorted(used)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def named(item):
    """Whether a test that was not deselected is here and about a lesson."""
    return item.path == Path(__file__) and hasattr(item, "callspec")


here = cache(frame_sums)


@pytest.mark.parametrize("name", ALL)
def test_every_frame_is_the_same_twice(name, elsewhere):
    assert here(name) == elsewhere["sums"][name]


@pytest.mark.parametrize("name", ALL)
def test_every_frame_is_the_same_in_pieces(name):
    """To the last bit, wherever the cut is: in the middle of a play as well."""
    plan = planned(name)
    cut = pieces(plan.plays, 3)
    assert len(cut) == 3
    assert [it for piece in cut for it in frame_sums(name, piece, plan)] == here(name)


def test_no_lesson_loads_the_compiler(elsewhere):
    assert elsewhere["compiler"] is False


@pytest.mark.slow
def test_other_lessons_have_other_sums():
    """The sums see what they are there for."""
    assert here("vector_jacobian") != here("loss_surface")
    assert len(set(here("loss_surface"))) > 10
