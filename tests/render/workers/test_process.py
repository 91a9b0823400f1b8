from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from backprop_studio.core.base.user_paths import FOLDER_VARIABLE
from backprop_studio.render.workers.client import run_job
from backprop_studio.render.workers.process import WORKER_COMMAND

SOURCE = Path(__file__).resolve().parents[3] / "src"


@pytest.fixture
def told(fake_command, still):
    """Start a worker; return its environment and its folder."""

    def told():
        result = run_job(still("environment"), command=fake_command)[0].result
        return result["environment"], result["folder"]

    return told


def test_a_worker_has_a_private_folder_and_its_users_paths(told, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(FOLDER_VARIABLE, "/of/somebody/else")
    monkeypatch.setenv("QT_PLUGIN_PATH", "/somewhere")
    monkeypatch.setenv("PYTHONPATH", "/theirs")
    environment, folder = told()
    assert not [name for name in environment if name.startswith("QT_")]
    assert environment["PYTHONPATH"] == f"{SOURCE}{os.pathsep}/theirs"
    assert environment["TMPDIR"] == folder != str(tmp_path)
    assert environment[FOLDER_VARIABLE] == str(tmp_path)


def test_the_worker_is_the_same_python():
    assert WORKER_COMMAND == (sys.executable, "-m", "backprop_studio.render.workers.worker")


def test_it_starts_without_a_path_and_from_a_folder_that_is_gone(told, monkeypatch, tmp_path):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    monkeypatch.delenv("PATH")
    environment, _ = told()
    assert environment["PATH"] == os.defpath
    assert environment[FOLDER_VARIABLE] == ""
