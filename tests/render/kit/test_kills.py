"""An export killed at random moments: the old folder or the new one, once somebody looks at it.

``make soak`` does many more rounds; a failure prints the seed that brings it back. The moment in
which files change places is tried rename by rename in ``lecture/test_folder.py``.
"""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from backprop_studio.render.kit.manifest import differences, read_manifest
from backprop_studio.render.lecture.folder import discard_unfinished
from tests.recorder import PATIENCE

ROUNDS = int(os.environ.get("BACKPROP_STUDIO_SOAK_ROUNDS", "0"))
SEED = int(os.environ.get("BACKPROP_STUDIO_SEED", "0")) or random.SystemRandom().getrandbits(32)
PROGRAM = Path(__file__).parents[1] / "tiny_lecture.py"
ROOT = PROGRAM.parents[2]

LECTURE = """
format = 1
title = "TITLE"
quality = "l"
[[part]]
scene = "tiny"
title = "TITLE"
params = { times = [0.2], frozen = 0.2 }
"""

pytestmark = pytest.mark.slow


def contents(folder):
    """Return the bytes of all files; what is hidden is no part of an export."""
    files = (it for it in folder.rglob("*") if it.is_file())
    names = {it.relative_to(folder).as_posix(): it for it in files}
    return {name: it.read_bytes() for name, it in names.items() if not name.startswith(".")}


def test_an_export_killed_at_any_moment(place):
    chance = random.Random(SEED)
    print(f"seed {SEED}")
    lecture, out = place / "week.toml", place / "out" / "week"

    def export(title):
        lecture.write_text(LECTURE.replace("TITLE", title))
        return subprocess.Popen(
            [sys.executable, str(PROGRAM), place / "scenes", lecture, out],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def whole(title):
        with export(title) as process:
            process.stdout.readline()
            began = time.monotonic()
            assert process.wait(PATIENCE) == 0
        return contents(out), time.monotonic() - began

    whole("two")
    old, seconds = whole("one")
    assert_is(out, "one", old)

    ends: Counter[str] = Counter()
    now = "one"
    for _ in range(ROUNDS or 3):
        title = "two" if now == "one" else "one"
        with export(title) as process:
            process.stdout.readline()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0, 1.1) * seconds)
            process.kill()
            ends["done" if process.wait() == 0 else "killed"] += 1
        discard_unfinished(out)
        found = contents(out)
        if found != old:
            assert_is(out, title, old)
            now, old = title, found
            ends["new"] += 1
        assert [it for it in os.listdir(out) if "unfinished" in it] == []
    print(dict(ends))
    whole("two")
    assert_is(out, "two", old)


def assert_is(folder, title, like):
    """Assert that a folder is one whole export: by its manifest, and file by file."""
    manifest = read_manifest(folder)
    assert manifest["title"] == title
    assert differences(folder) == []
    assert {*manifest["files"], "manifest.json"} == set(contents(folder)) == set(like)
