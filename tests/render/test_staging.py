from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from core.errors import OutputError
from render.staging import discard_staging, place, staging_path, write_atomically


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
    with pytest.raises(OutputError, match="No space left"):
        write_atomically(target, b"new", job_id="j", overwrite=True)
    monkeypatch.undo()
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["t.png"]


def test_discarding_what_is_not_there_is_no_error(tmp_path):
    discard_staging(tmp_path / "a.mp4", "job")
    discard_staging(tmp_path / "nowhere" / "a.mp4", "job")
