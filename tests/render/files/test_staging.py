from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from backprop_studio.core.base.errors import OutputError
from backprop_studio.render.files.staging import (
    discard_staging,
    place,
    staging,
    staging_path,
    write_atomically,
)


@pytest.mark.parametrize("job_id", ["job", "../../etc/passwd", "a/b", "\0", "O'Brien"])
def test_staging_is_beside_the_target_hidden_and_keeps_the_ending(tmp_path, job_id):
    staged = staging_path(tmp_path / "a.mp4", job_id)
    assert staged.parent == tmp_path
    assert staged.name.startswith(".")
    assert staged.suffix == ".mp4"
    assert staged == staging_path(tmp_path / "a.mp4", job_id)
    others = {staging_path(tmp_path / "b.mp4", job_id), staging_path(tmp_path / "a.mp4", "other")}
    assert len(others - {staged}) == 2


def test_the_longest_names_can_be_staged(tmp_path):
    target = tmp_path / ("反" * 83 + ".mp4")
    write_atomically(target, b"x", job_id="j" * 1000, overwrite=False)
    assert target.read_bytes() == b"x"


def refusing(code):
    def refuse(*_args, **_kwargs):
        raise OSError(code, "whatever the system calls it")

    return refuse


@pytest.fixture
def staged(tmp_path):
    staged = tmp_path / ".s"
    staged.write_bytes(b"new")
    return staged


def test_placing_over_an_old_file(tmp_path, staged):
    (tmp_path / "t").write_bytes(b"old")
    place(staged, tmp_path / "t", overwrite=True)
    assert (tmp_path / "t").read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["t"]


NO_LINKS = [errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK]


@pytest.mark.parametrize("code", [0, *NO_LINKS])
def test_a_new_file_is_placed_on_any_disk_and_one_that_appeared_is_kept(
    tmp_path, monkeypatch, staged, code
):
    if code:  # a disk without hard links
        monkeypatch.setattr(os, "link", refusing(code))
    place(staged, tmp_path / "t", overwrite=False)
    assert os.listdir(tmp_path) == ["t"]
    staged.write_bytes(b"newer")
    with pytest.raises(OutputError, match="appeared while it was being made"):
        place(staged, tmp_path / "t", overwrite=False)
    assert (tmp_path / "t").read_bytes() == b"new"


@pytest.mark.parametrize("moment", ["write_bytes", "replace", "fsync"])
def test_a_failure_at_any_moment_keeps_the_old_file_and_leaves_nothing(
    tmp_path, monkeypatch, moment
):
    target = tmp_path / "t.png"
    target.write_bytes(b"old")
    owner = Path if moment == "write_bytes" else os
    monkeypatch.setattr(owner, moment, refusing(errno.ENOSPC))
    with pytest.raises(OutputError, match="no space left"):
        write_atomically(target, b"new", job_id="j", overwrite=True)
    monkeypatch.undo()
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["t.png"]


def test_discarding_what_is_not_there_is_no_error(tmp_path):
    discard_staging(tmp_path / "a.mp4", "job")
    discard_staging(tmp_path / "nowhere" / "a.mp4", "job")


HOLDER = """
import sys
from pathlib import Path
from backprop_studio.render.files.staging import staging

with staging(Path(sys.argv[1]), "job", is_folder=sys.argv[2] == "folder") as staged:
    (staged / "0.png" if staged.is_dir() else staged).write_bytes(b"half")
    print("written", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(params=["file", "folder"])
def other(tmp_path, request):
    """Another process that is writing to the same folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "b.mp4"), request.param],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    with process:
        assert process.stdout.readline() == b"written\n"
        yield process
        process.kill()


def test_what_somebody_is_writing_is_left_alone_until_he_is_killed(tmp_path, other):
    with staging(tmp_path / "a.mp4", "job") as staged:
        assert staged.read_bytes() == b""
        assert staging_path(tmp_path / "b.mp4", "job").exists()
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert os.listdir(tmp_path) == [staging_path(tmp_path / "b.mp4", "job").name]
    write_atomically(tmp_path / "a.mp4", b"new", job_id="job", overwrite=False)
    assert os.listdir(tmp_path) == ["a.mp4"]


def test_only_our_own_names_are_removed(tmp_path):
    digest = "0123456789abcdef"
    names = [f".backprop-studio-{digest[:-1]}.mp4", ".backprop-studio-lecture.json", digest]
    for name in names:
        (tmp_path / name).write_bytes(b"mine")
    (tmp_path / "elsewhere").write_bytes(b"mine")
    (tmp_path / f".backprop-studio-{digest}.mp4").symlink_to(tmp_path / "elsewhere")
    before = sorted(os.listdir(tmp_path))
    with staging(tmp_path / "a.mp4", "job"):
        pass
    assert sorted(os.listdir(tmp_path)) == before
    (tmp_path / f".backprop-studio-{digest[::-1]}.mp4").write_bytes(b"left behind")
    with staging(tmp_path / "a.mp4", "job"):
        pass
    assert sorted(os.listdir(tmp_path)) == before


def test_a_staging_that_fails_leaves_nothing(tmp_path):
    def fail(is_folder):
        with staging(tmp_path / "a.mp4", "job", is_folder=is_folder) as staged:
            assert staged.is_dir() is is_folder
            raise ZeroDivisionError

    for is_folder in (False, True):
        with pytest.raises(ZeroDivisionError):
            fail(is_folder)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("is_folder", [True, False])
def test_what_was_not_even_named_is_used_again(tmp_path, is_folder):
    unnamed = staging_path(tmp_path / "a.mp4", "job").name + ".new"
    if is_folder:
        (tmp_path / unnamed).mkdir()
    else:
        (tmp_path / unnamed).touch()
    with staging(tmp_path / "a.mp4", "job", is_folder=is_folder) as staged:
        assert staged.is_dir() is is_folder
    assert os.listdir(tmp_path) == []


def test_another_refusal_of_a_link_is_an_error(tmp_path, monkeypatch, staged):
    monkeypatch.setattr(os, "link", refusing(errno.ENOSPC))
    with pytest.raises(OSError, match="whatever"):
        place(staged, tmp_path / "t", overwrite=False)
    assert os.listdir(tmp_path) == [".s"]


def test_what_was_placed_lasts_as_does_its_name(tmp_path, monkeypatch):
    lasting = []
    monkeypatch.setattr(os, "fsync", lambda handle: lasting.append(os.fstat(handle).st_ino))
    for overwrite in (True, False):
        (tmp_path / ".s").write_bytes(b"new")
        wanted = [(tmp_path / ".s").stat().st_ino, tmp_path.stat().st_ino]
        lasting.clear()
        place(tmp_path / ".s", tmp_path / f"{overwrite}", overwrite=overwrite)
        assert lasting == wanted


def test_no_handle_is_left_open(tmp_path):
    handles = Path("/proc/self/fd")
    if not handles.is_dir():
        pytest.skip("needs a list of open files")
    before = len(os.listdir(handles))
    for number in range(20):
        write_atomically(tmp_path / f"{number}", b"x", job_id="job", overwrite=False)
    assert len(os.listdir(handles)) < before + 10
