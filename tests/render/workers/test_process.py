from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from backprop_studio.core.base.user_paths import FOLDER_VARIABLE
from backprop_studio.render.workers.client import WorkerClient
from backprop_studio.render.workers.process import WORKER_COMMAND


@pytest.fixture
def environment(recorder, fake_command, still, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(FOLDER_VARIABLE, "/of/somebody/else")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("QT_PLUGIN_PATH", "/somewhere")
    monkeypatch.setenv("PYTHONPATH", "/theirs")
    job = still("environment")
    with WorkerClient(recorder, command=fake_command) as client:
        client.submit(job)
        yield recorder.wait_for_end(job.id)[0].result


def test_qt_is_no_business_of_the_worker(environment):
    assert [name for name in environment["environment"] if name.startswith("QT_")] == []


def test_the_project_is_importable_and_comes_first(environment):
    root = Path(__file__).resolve().parents[3]
    assert environment["environment"]["PYTHONPATH"] == f"{root / 'src'}{os.pathsep}/theirs"


def test_it_works_in_a_private_folder_that_takes_its_temporary_files(environment):
    folder = environment["folder"]
    assert environment["environment"]["TMPDIR"] == folder
    assert Path(folder).stat().st_mode & 0o077 == 0


def test_it_is_told_the_folder_of_its_user(environment, tmp_path):
    assert environment["environment"][FOLDER_VARIABLE] == str(tmp_path)
    assert environment["folder"] != str(tmp_path)


def test_the_worker_is_the_same_python():
    assert WORKER_COMMAND == (sys.executable, "-m", "backprop_studio.render.workers.worker")


def test_it_starts_where_no_path_is_set(recorder, fake_command, still, monkeypatch):
    monkeypatch.delenv("PATH")
    job = still("environment")
    with WorkerClient(recorder, command=fake_command) as client:
        client.submit(job)
        told = recorder.wait_for_end(job.id)[0].result["environment"]
    assert told["PATH"] == os.defpath


def test_it_starts_from_a_folder_that_is_gone(recorder, fake_command, still, monkeypatch, tmp_path):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    job = still("environment")
    with WorkerClient(recorder, command=fake_command) as client:
        client.submit(job)
        told = recorder.wait_for_end(job.id)[0].result["environment"]
    assert told[FOLDER_VARIABLE] == ""
