"""The file of the work: whole, of this program, and of one window."""

from __future__ import annotations

import json

import pytest

from backprop_studio.core.base.errors import StudioError
from backprop_studio.gui.keeping.files import KeptFiles
from backprop_studio.gui.model.snapshot import Snapshot

WORK = Snapshot(scene="backprop", beat="forward", values={"backprop": {"learning_rate": 0.5}})


@pytest.fixture
def file(tmp_path):
    return tmp_path / "settings" / "session.json"


def test_what_was_written_is_read_and_nothing_else_is_left(file):
    files = KeptFiles(file)
    assert files.read() == Snapshot()
    files.write(WORK, {})
    assert KeptFiles(file).read() == WORK
    files.close()
    assert {it.name for it in file.parent.iterdir()} == {"session.json", "session.lock"}


def test_a_damaged_file_is_kept_aside_and_said(file):
    file.parent.mkdir()
    file.write_bytes(b'{"format": 1, "sce')
    files = KeptFiles(file)
    assert files.read() == Snapshot()
    assert "is kept as session.damaged-1.json" in files.message.words()
    files.write(WORK, {})
    files.close()
    assert KeptFiles(file).read() == WORK
    assert (file.parent / "session.damaged-1.json").read_bytes() == b'{"format": 1, "sce'


@pytest.mark.parametrize("is_newer", [True, False])
def test_what_cannot_be_understood_is_not_overwritten(file, is_newer):
    file.parent.mkdir()
    if is_newer:
        file.write_text(json.dumps({"format": 99}))
    else:
        file.mkdir()
    files = KeptFiles(file)
    assert files.read() == Snapshot()
    assert str(file) in files.message.words()
    before = file.stat()
    files.write(WORK, {})
    assert file.stat() == before


def test_the_window_that_was_first_keeps_its_work_and_then_the_next(file):
    first, second = KeptFiles(file), KeptFiles(file)
    first.write(WORK, {})
    other = WORK.model_copy(update={"scene": "descent"})
    second.write(other, {})
    assert KeptFiles(file).read() == WORK
    first.close()
    second.write(other, {})
    assert KeptFiles(file).read() == other
    second.close()


def test_a_disk_that_refuses_is_told(file):
    file.parent.write_text("a file in place of the folder")
    with pytest.raises((StudioError, OSError)):
        KeptFiles(file).write(WORK, {})
