"""A fingerprint changes when its file does, and only then."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from backprop_studio.core.base.fingerprint import file_fingerprint, folder_fingerprint


@pytest.mark.parametrize(
    ("text", "time", "is_same"), [("1,2", 5, True), ("1,2,3", 5, False), ("1,2", 6, False)]
)
def test_fingerprint_changes_with_the_file(tmp_path, text, time, is_same):
    path, other = tmp_path / "a.csv", tmp_path / "b.csv"
    path.write_text("1,2")
    os.utime(path, ns=(5, 5))
    before = file_fingerprint(path)
    path.write_text(text)
    os.utime(path, ns=(time, time))
    assert (file_fingerprint(path) == before) is is_same
    other.write_text("1,3")
    os.utime(other, ns=(5, 5))
    other.replace(path)
    assert file_fingerprint(path) != before


def test_what_cannot_be_looked_at_has_none(tmp_path):
    assert file_fingerprint(tmp_path / "a") is None
    assert file_fingerprint(Path("a\0b")) is None
    assert folder_fingerprint(tmp_path / "a", "x") is None
    assert folder_fingerprint(Path("a\0b"), "x") is None


def test_folder_counts_the_files_of_that_name_only(tmp_path):
    (tmp_path / "a-ubyte").write_text("1")
    before = folder_fingerprint(tmp_path, "ubyte")
    (tmp_path / "notes.txt").write_text("1")
    assert folder_fingerprint(tmp_path, "ubyte") == before
    (tmp_path / "b-ubyte.gz").write_text("1")
    assert folder_fingerprint(tmp_path, "ubyte") != before
