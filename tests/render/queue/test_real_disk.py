"""The real worker and a disk that is really full."""

from __future__ import annotations

import locale
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from backprop_studio.core.base.i18n import system_language
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.workers.client import WorkerClient
from tests.render.queue.scripted_queue import PATIENCE

ROOM = Path(__file__).parents[1]


@pytest.fixture
def small_disk(tmp_path):
    """A disk of sixty kilobytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=60k", "tmpfs", str(disk)]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.fixture
def chinese_desktop(tmp_path, monkeypatch):
    """Speak to this process as a Chinese desktop does, and as Qt lets the C library hear it."""
    name = "zh_CN.UTF-8"
    command = ["localedef", "-i", "zh_CN", "-f", "UTF-8", str(tmp_path / name)]
    if shutil.which("localedef") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("needs localedef and the sources of locales: apt install locales")
    for variable, value in {"LOCPATH": str(tmp_path), "LC_ALL": name, "LANGUAGE": ""}.items():
        monkeypatch.setenv(variable, value)
    before = locale.setlocale(locale.LC_ALL)
    assert locale.setlocale(locale.LC_ALL, "") == name
    yield
    locale.setlocale(locale.LC_ALL, before)


@pytest.mark.slow
@pytest.mark.usefixtures("chinese_desktop")
def test_a_full_disk_pauses_on_a_chinese_desktop(bench, small_disk, tmp_path):
    fill_and_make_room(bench, small_disk, tmp_path)
    assert system_language() == "zh"


def test_a_full_disk_pauses_and_the_video_is_drawn_when_there_is_room(bench, small_disk, tmp_path):
    fill_and_make_room(bench, small_disk, tmp_path)


def fill_and_make_room(bench, small_disk, tmp_path):
    (tmp_path / "scenes").mkdir()
    shutil.copy(ROOM / "tiny_scene.py", tmp_path / "scenes" / "tiny.py")
    command = (sys.executable, str(ROOM / "tiny_worker.py"), str(tmp_path / "scenes"))
    bench.queue.close()
    queue = bench.open(client=partial(WorkerClient, command=command))
    (small_disk / "filler").write_bytes(b"x" * 52_000)
    target = small_disk / "a.mp4"
    picture = FrameFormat(width=320, height=180, fps=30)
    queue.add(bench.job(scene="tiny", output=str(target), picture=picture)).result(PATIENCE)
    state = bench.wait_for(lambda state: state.is_paused)
    assert state.entries[0].state == "paused"
    assert (state.reason.code, state.reason.fields["file"]) == ("queue.ran_full", str(target))
    assert os.listdir(small_disk) == ["filler"]
    subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)
    queue.resume().result(PATIENCE)
    state = bench.wait_for(lambda state: not state.entries[0].is_active)
    assert state.entries[0].state == "done"
    assert sorted(os.listdir(small_disk)) == ["a.mp4", "filler"]
