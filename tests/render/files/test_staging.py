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


def test_staging_is_beside_the_target_hidden_and_keeps_the_ending(tmp_path):
    target = tmp_path / "a.mp4"
    staged = staging_path(target, "job")
    assert staged.parent == tmp_path
    assert staged.name.startswith(".")
    assert staged.suffix == ".mp4"
    assert staged == staging_path(target, "job")


def test_jobs_and_targets_do_not_share_a_staging(tmp_path):
    names = {staging_path(tmp_path / name, job) for name in ("a.mp4", "b.mp4") for job in "12"}
    assert len(names) == 4


def test_the_longest_names_can_be_staged(tmp_path):
    target = tmp_path / ("反" * 83 + ".mp4")
    write_atomically(target, b"x", job_id="j" * 1000, overwrite=False)
    assert target.read_bytes() == b"x"


@pytest.mark.parametrize("job_id", ["../../etc/passwd", "a/b", "\0", "O'Brien"])
def test_a_job_id_cannot_lead_elsewhere(tmp_path, job_id):
    assert staging_path(tmp_path / "a.mp4", job_id).parent == tmp_path


def test_placing_a_new_file(tmp_path):
    staged, target = tmp_path / ".s", tmp_path / "t"
    staged.write_bytes(b"new")
    place(staged, target, overwrite=False)
    assert target.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["t"]


def test_placing_over_an_old_file(tmp_path):
    staged, target = tmp_path / ".s", tmp_path / "t"
    staged.write_bytes(b"new")
    target.write_bytes(b"old")
    place(staged, target, overwrite=True)
    assert target.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["t"]


@pytest.mark.parametrize("hard_links", [True, False])
def test_a_file_that_appeared_in_the_meantime_is_kept(tmp_path, monkeypatch, hard_links):
    staged, target = tmp_path / ".s", tmp_path / "t"
    staged.write_bytes(b"new")
    target.write_bytes(b"somebody else's")
    if not hard_links:
        monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(OutputError, match="appeared while it was being made"):
        place(staged, target, overwrite=False)
    assert target.read_bytes() == b"somebody else's"


def refuse(*_args, **_kwargs):
    raise OSError(errno.EPERM, "no hard links on this disk")


def test_placing_on_a_disk_without_hard_links(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", refuse)
    staged, target = tmp_path / ".s", tmp_path / "t"
    staged.write_bytes(b"new")
    place(staged, target, overwrite=False)
    assert target.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["t"]


@pytest.mark.parametrize("moment", ["write_bytes", "replace", "fsync"])
def test_a_failure_at_any_moment_keeps_the_old_file_and_leaves_nothing(
    tmp_path, monkeypatch, moment
):
    target = tmp_path / "t.png"
    target.write_bytes(b"old")

    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path if moment == "write_bytes" else os, moment, full)
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


def test_what_somebody_is_writing_is_left_alone(tmp_path, other):
    with staging(tmp_path / "a.mp4", "job") as staged:
        assert staged.read_bytes() == b""
        assert staging_path(tmp_path / "b.mp4", "job").exists()
    assert os.listdir(tmp_path) == [staging_path(tmp_path / "b.mp4", "job").name]


def test_what_a_killed_process_has_left_is_removed_by_the_next(tmp_path, other):
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


@pytest.mark.parametrize("code", [errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK])
def test_every_way_to_have_no_hard_links_is_known(tmp_path, monkeypatch, code):
    def refuse(*_args):
        raise OSError(code, "no")

    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / ".s").write_bytes(b"new")
    place(tmp_path / ".s", tmp_path / "t", overwrite=False)
    assert (tmp_path / "t").read_bytes() == b"new"


def test_another_refusal_of_a_link_is_an_error(tmp_path, monkeypatch):
    def refuse(*_args):
        raise OSError(errno.ENOSPC, "no")

    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / ".s").write_bytes(b"new")
    with pytest.raises(OSError, match="no"):
        place(tmp_path / ".s", tmp_path / "t", overwrite=False)
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
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    for number in range(20):
        write_atomically(tmp_path / f"{number}", b"x", job_id="job", overwrite=False)
    after = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    assert after < before + 10
