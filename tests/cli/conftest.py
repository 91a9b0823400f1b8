"""The command line on the fake worker, in an empty folder."""

from __future__ import annotations

import functools
import sys
from pathlib import Path

import pytest

import backprop_studio.cli.commands
import backprop_studio.cli.options
from backprop_studio.cli.commands import main
from backprop_studio.core.base.messages import Message
from backprop_studio.render.messages.results import CatalogueEntry
from backprop_studio.render.workers.client import run_job
from backprop_studio.render.workers.parallel import render_video

ROOT = Path(__file__).resolve().parents[2]
FAKE_COMMAND = (sys.executable, str(ROOT / "tests" / "render" / "fake_worker.py"))


@pytest.fixture(autouse=True)
def workplace(tmp_path, monkeypatch):
    """Work in an empty folder, with the fake worker in place of the real one."""
    folder = tmp_path / "O'Brien & 中文"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(
        backprop_studio.cli.commands, "run_job", functools.partial(run_job, command=FAKE_COMMAND)
    )
    monkeypatch.setattr(
        backprop_studio.cli.commands,
        "render_video",
        lambda job, _workers, show, **_: render_video(job, 1, show, command=FAKE_COMMAND),
    )
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("signal.signal", lambda *_: None)
    return folder


def act(name, **more):
    assignments = [f"act={name}", *(f"{key}={value}" for key, value in more.items())]
    return [part for text in assignments for part in ("--set", text)]


def refuse_to_work(*_args, **_kwargs):
    pytest.fail("a worker was started for input that is wrong")


@pytest.fixture
def no_worker(monkeypatch):
    monkeypatch.setattr(backprop_studio.cli.commands, "run_job", refuse_to_work)
    monkeypatch.setattr(backprop_studio.cli.commands, "render_video", refuse_to_work)


def fails(capsys, *arguments, code=2):
    assert main(arguments) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("error: ")
    assert captured.err.count("\n") == 1
    assert "Traceback" not in captured.err
    return captured.err


@pytest.fixture
def two_scenes(monkeypatch):
    entries = [
        CatalogueEntry(
            id="backprop",
            title="Backpropagation",
            parameters={"type": "object"},
            beats=("input", "loss"),
        ),
        CatalogueEntry(id="x", error=Message.plain("x.py, line 1: SyntaxError: bad")),
    ]
    for module in (backprop_studio.cli.commands, backprop_studio.cli.options):
        monkeypatch.setattr(module, "cached_catalogue", lambda: entries)
