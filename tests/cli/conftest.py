"""The command line in an empty folder, with somebody in this process who answers its jobs."""

from __future__ import annotations

from pathlib import Path

import pytest

import backprop_studio.cli.options
import backprop_studio.cli.scene_list
from backprop_studio.cli import commands
from backprop_studio.core.base.errors import ERRORS_BY_KIND
from backprop_studio.core.base.messages import Message
from backprop_studio.render.messages.events import Done, Progress
from backprop_studio.render.messages.results import CatalogueEntry, VideoResult

ROOT = Path(__file__).resolve().parents[2]


def answered(job, on_progress=None, *, limits=None):
    """Return what a worker would answer, or fail as the job's parameters ask for."""
    if "error" in job.params:
        error = ERRORS_BY_KIND[job.params["error"]]("as asked")
        error.add_note("late output")
        raise error
    told = {"job": job.model_dump(), "limits": limits and limits.stall}
    if job.kind == "still":
        return Done(job_id=job.id, result={"beat": "loss", "seconds": 1.5, **told}), b"png"
    rows = [{"path": "layers.0.dL_db.0", "reason": "corner"}] if "corner" in job.params else []
    told["verification"] = {"unconfirmed": rows}
    table = job.params.get("data", {}).get("file")
    report = {"file": table, "form": "text", "rows": 3, "header": 2, "columns": []}
    sheet = {"loss": float("inf"), **told}
    result = {"answer_sheet": sheet, "data_report": report if table else None}
    return Done(job_id=job.id, result=result), b""


def filmed(job, _workers, on_progress, **_more):
    """Write what stands for a video."""
    on_progress(Progress(job_id=job.id, phase="draw", fraction=0.5))
    Path(job.output).write_bytes(b"a video")
    size = job.picture.model_dump()
    return VideoResult(path=job.output, frames=90, duration=3.0, beats=(), **size)


@pytest.fixture(autouse=True)
def workplace(tmp_path, monkeypatch):
    folder = tmp_path / "O'Brien & 中文"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(commands, "run_job", answered)
    monkeypatch.setattr(commands, "render_video", filmed)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("signal.signal", lambda *_: None)
    return folder


@pytest.fixture
def no_worker(monkeypatch):
    def refuse(*_args, **_kwargs):
        pytest.fail("a worker was started for input that is wrong")

    for name in ("run_job", "render_video"):
        monkeypatch.setattr(commands, name, refuse)


def fails(capsys, *arguments, code=2):
    assert commands.main(arguments) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("error: ")
    assert captured.err.count("\n") == 1
    assert "Traceback" not in captured.err
    return captured.err


@pytest.fixture
def two_scenes(monkeypatch):
    good = {"title": "Backpropagation", "parameters": {"type": "object"}}
    broken = Message.plain("x.py, line 1: SyntaxError: bad")
    entries = [
        CatalogueEntry(id="backprop", beats=("input", "loss"), **good),
        CatalogueEntry(id="x", error=broken),
    ]
    for module in (backprop_studio.cli.scene_list, backprop_studio.cli.options):
        monkeypatch.setattr(module, "cached_catalogue", lambda: entries)
