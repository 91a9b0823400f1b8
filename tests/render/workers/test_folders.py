from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from backprop_studio.core.base.errors import OutputError
from backprop_studio.render.workers.folders import PrivateFolder, remove_abandoned_folders


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_a_folder_in_use_is_left_alone_and_its_owner_removes_all_of_it():
    folder = PrivateFolder()
    (folder.path / "a").mkdir()
    (folder.path / "a" / "b").write_text("x")
    assert remove_abandoned_folders() == []
    assert folder.path.is_dir()
    for _ in range(2):
        folder.remove()
        assert not folder.path.exists()


def test_the_folder_of_a_killed_owner_is_swept(tmp_path):
    code = (
        "import sys, tempfile; tempfile.tempdir = sys.argv[1];"
        "from backprop_studio.render.workers.folders import PrivateFolder;"
        "folder = PrivateFolder(); print(folder.path, flush=True); sys.stdin.read()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], **pipes) as owner:
        path = Path(owner.stdout.readline().strip())
        assert remove_abandoned_folders() == []
        owner.send_signal(signal.SIGKILL)
        owner.wait()
        assert remove_abandoned_folders() == [path]
    assert not path.exists()


def test_what_is_not_ours_is_left_alone(tmp_path):
    half_made = tmp_path / "backprop-studio-new"
    half_made.mkdir()
    target = tmp_path / "precious"
    target.mkdir()
    (target / "in-use.lock").touch()
    (tmp_path / "backprop-studio-link").symlink_to(target)
    assert remove_abandoned_folders() == []
    assert half_made.is_dir()
    assert target.is_dir()


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "no space left on device; make room"), (errno.EMFILE, "ulimit -n 1024")],
)
@pytest.mark.parametrize("call", ["os.mkdir", "io.open"])
def test_a_disk_for_temporary_files_that_refuses(tmp_path, monkeypatch, number, said, call):
    def refuse(*_arguments, **_options):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as change:
        change.setattr(call, refuse)
        with pytest.raises(OutputError) as caught:
            PrivateFolder()
    assert said in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_no_place_for_temporary_files_at_all(monkeypatch):
    def find():
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_get_default_tempdir", find)
    assert remove_abandoned_folders() == []
    with pytest.raises(OutputError, match="every directory refuses files; make room, or let TMP"):
        PrivateFolder()
