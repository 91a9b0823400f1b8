"""Processes killed at random moments: the old video or the new one, and nothing left behind.

``make soak`` does many more rounds; a failure prints the seed that brings it back.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import av
import pytest

from backprop_studio.core.base.messages import sentence
from backprop_studio.render.messages.events import Done, Failed, Progress
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.workers.client import WorkerClient
from tests.recorder import PATIENCE

ROUNDS = int(os.environ.get("BACKPROP_STUDIO_SOAK_ROUNDS", "0"))
SEED = int(os.environ.get("BACKPROP_STUDIO_SEED", "0")) or random.SystemRandom().getrandbits(32)
SMALL = FrameFormat(width=160, height=90, fps=30)
LONG = {"times": [5.0, 5.0]}
"""Three hundred frames more, so that drawing takes longer than planning."""

ROOM = Path(__file__).parent
ROOT = ROOM.parents[1]


def pictures(path):
    with av.open(path) as container:
        return [frame.to_ndarray(format="gray").tobytes() for frame in container.decode(video=0)]


def processes_of(place):
    """Return the ids of all processes that were started for this test."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and int(folder.name) != os.getpid():
            with contextlib.suppress(OSError):
                if os.fsencode(place / "scenes") in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
    return found


def wait_until_nobody_runs(place):
    deadline = time.monotonic() + PATIENCE
    while (left := processes_of(place)) and time.monotonic() < deadline:
        threading.Event().wait(0.05)
    assert not left, f"processes outlived their parent: {left}"


pytestmark = pytest.mark.slow
"""Short forms, with one moment each: ``queue/test_real_lecture.py``, ``workers/test_client.py``."""


@pytest.mark.parametrize("program", ["tiny_worker.py", "tiny_coordinator.py"])
def test_a_worker_killed_at_any_moment(place, recorder, program):
    """The worker itself, or the coordinator or one of its workers, as it comes."""
    chance = random.Random(SEED)
    print(f"seed {SEED}")
    target = place / "out" / "a.mp4"
    command = (sys.executable, str(ROOM / program), str(place / "scenes"))
    client = WorkerClient(recorder, command=command)

    def job(number):
        return VideoJob(
            id=f"v{number}",
            scene="tiny",
            params=LONG,
            picture=SMALL,
            output=str(target),
            overwrite=True,
        )

    def end_of(number):
        return recorder.wait_for_end(f"v{number}")[0]

    client.submit(job("first"))
    assert isinstance(end_of("first"), Done)
    reference, old = pictures(target), target.read_bytes()
    began = time.monotonic()
    client.submit(job("timed"))
    assert isinstance(end_of("timed"), Done)
    duration = time.monotonic() - began

    ends: Counter[str] = Counter()
    for number in range(ROUNDS or 1):
        target.write_bytes(old)
        client.submit(job(number))
        if chance.random() < 0.75:  # else at its start, which takes longest
            recorder.wait_for(lambda event, of=f"v{number}": getattr(event, "job_id", None) == of)
        threading.Event().wait(chance.uniform(0, 1.2 * duration))
        if there := sorted(processes_of(place)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(there), signal.SIGKILL)
        end = end_of(number)
        told = [
            it.phase
            for it, _ in recorder.events
            if isinstance(it, Progress) and it.job_id == f"v{number}"
        ]
        ends[f"{type(end).__name__} after {told[-1] if told else 'nothing'}"] += 1
        if isinstance(end, Done):
            assert pictures(target) == reference
        else:
            assert isinstance(end, Failed)
            assert "signal 9" in sentence(end.message)
            assert target.read_bytes() == old or pictures(target) == reference
        assert os.listdir(target.parent) == ["a.mp4"]
    print(dict(ends))

    client.submit(job("last"))
    assert isinstance(end_of("last"), Done)
    assert pictures(target) == reference
    client.close()
    wait_until_nobody_runs(place)
    assert os.listdir(place / "temporary") == []
    assert os.listdir(target.parent) == ["a.mp4"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_parent_killed_at_any_moment(place, jobs):
    chance = random.Random(SEED + jobs)
    print(f"seed {SEED}")
    target = place / "out" / "a.mp4"

    def parent():
        return subprocess.Popen(
            [sys.executable, str(ROOM / "tiny_parent.py"), place / "scenes", target, str(jobs)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    began = time.monotonic()
    assert parent().wait(PATIENCE) == 0
    duration = time.monotonic() - began
    reference, old = pictures(target), target.read_bytes()

    ends: Counter[str] = Counter()
    for _ in range((ROUNDS + 1) // 2 or 1):
        target.write_bytes(old)
        with parent() as process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0.2, 1.1) * duration)
            process.kill()
            ends["done" if process.wait() == 0 else "killed"] += 1
        assert target.read_bytes() == old or pictures(target) == reference
        wait_until_nobody_runs(place)
    print(dict(ends))

    assert parent().wait(PATIENCE) == 0
    wait_until_nobody_runs(place)
    assert pictures(target) == reference
    assert os.listdir(place / "temporary") == []
    assert os.listdir(target.parent) == ["a.mp4"]
