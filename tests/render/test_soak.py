"""Many renders in a row: what a worker holds does not grow. ``make soak`` does two hundred."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from backprop_studio.render.messages.events import Done
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.workers.client import WorkerClient

ROUNDS = int(os.environ.get("BACKPROP_STUDIO_SOAK_ROUNDS", "0")) or 12
ROOM = Path(__file__).parent

pytestmark = pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no /proc to look into")


def resident_megabytes(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise AssertionError("no such line")


def holdings(pid):
    """Return how many files and threads a process has."""
    return len(os.listdir(f"/proc/{pid}/fd")), len(os.listdir(f"/proc/{pid}/task"))


def temporary_bytes(folder):
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


@pytest.mark.slow
def test_renders_in_a_row_hold_no_more_and_no_more(tmp_path, monkeypatch, recorder):
    for name in ("scenes", "out", "temporary"):
        (tmp_path / name).mkdir()
    shutil.copy(ROOM / "tiny_scene.py", tmp_path / "scenes" / "tiny.py")
    shutil.copy(ROOM.parents[1] / "scenes" / "derivative.py", tmp_path / "scenes")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    worker = (sys.executable, str(ROOM / "tiny_worker.py"), str(tmp_path / "scenes"))
    client = WorkerClient(recorder, command=worker)
    seen = []
    for number in range(ROUNDS):
        job = VideoJob(
            id=str(number),
            scene="derivative" if number % 4 == 0 else "tiny",
            # Others each time, as when a lecturer tries things out.
            params={} if number % 4 == 0 else {"frozen": 0.5 + number / 100},
            picture=FrameFormat(width=160, height=90, fps=5),
            output=str(tmp_path / "out" / f"a{('.mp4', '.gif', '.mov')[number % 3]}"),
            overwrite=True,
        )
        client.submit(job)
        end, _ = recorder.wait_for_end(job.id)
        assert isinstance(end, Done), end
        pid = client.worker_pid
        seen.append(
            (resident_megabytes(pid), holdings(pid), holdings(os.getpid()),
             temporary_bytes(tmp_path / "temporary"), len(os.listdir(tmp_path / "out")))
        )  # fmt: skip
    client.close()
    for moment in seen[:: max(1, ROUNDS // 10)]:
        print(moment)
    assert client.worker_pid is None
    warm = ROUNDS // 3  # caches of texts and plans fill up first
    memory, worker, own, temporary, files = zip(*seen[warm:], strict=True)
    assert max(memory) - memory[0] < 0.15 * memory[0]
    assert len(set(worker)) == 1
    # What other tests in this process have left may still go.
    assert all(max(held) <= held[0] + 1 for held in zip(*own, strict=True))
    assert max(temporary) <= temporary[0] + 100_000
    assert max(files) == 3
    assert os.listdir(tmp_path / "temporary") == []
