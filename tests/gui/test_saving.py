"""Saving the finished video elsewhere: whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from backprop_studio.core.base.errors import OutputError
from backprop_studio.gui.model.values import Video
from backprop_studio.gui.saving import copy_atomically
from backprop_studio.gui.video_files import VideoFiles

CONTENT = bytes(range(256)) * 9000


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "source.mp4"
    path.write_bytes(CONTENT)
    return path


def test_a_copy_is_a_whole_new_file_and_nothing_else_is_left(source, tmp_path):
    target = tmp_path / "讲座 1.mp4"
    plain = tmp_path / "plain"
    plain.touch()
    for _before in range(2):  # the second time it replaces a file
        copy_atomically(source, target)
        assert target.read_bytes() == CONTENT
        assert os.stat(target).st_mode == os.stat(plain).st_mode
        target.write_bytes(b"old")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["plain", "source.mp4", "讲座 1.mp4"]
    copy_atomically(source, source)
    assert source.read_bytes() == CONTENT


def test_a_failure_midway_leaves_the_old_file(source, tmp_path, monkeypatch):
    target = tmp_path / "old.mp4"
    target.write_bytes(b"old")

    def fail(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("backprop_studio.gui.saving.shutil.copyfileobj", fail)
    with pytest.raises(OutputError, match="no space left"):
        copy_atomically(source, target)
    assert target.read_bytes() == b"old"
    assert sorted(it.name for it in tmp_path.iterdir() if it.is_file()) == ["old.mp4", "source.mp4"]


def test_a_folder_or_a_source_that_is_not_there_is_said(source, tmp_path):
    with pytest.raises(OutputError, match="no such file"):
        copy_atomically(source, tmp_path / "nowhere" / "x.mp4")
    with pytest.raises(OutputError, match="no longer there"):
        copy_atomically(tmp_path / "gone.mp4", tmp_path / "x.mp4")


def test_save_as_offers_a_name_and_adds_the_ending(qtbot, state, source, tmp_path, monkeypatch):
    offered = []

    def ask(_parent, _title, start, _filter):
        offered.append(Path(start).name)
        return str(tmp_path / "lesson"), ""

    monkeypatch.setattr("backprop_studio.gui.video_files.QFileDialog.getSaveFileName", ask)
    state.video = Video(source, name="backprop-720p-en.mp4")
    files = VideoFiles(state)
    files.save_as(None)
    qtbot.waitUntil(lambda: state.notice.startswith("Saved as"))
    assert offered == ["backprop-720p-en.mp4"]
    assert (tmp_path / "lesson.mp4").read_bytes() == CONTENT


def test_a_video_is_shown_where_it_was_saved_as_long_as_it_is_there(
    qtbot, state, source, tmp_path, monkeypatch
):
    shown = []
    monkeypatch.setattr(
        "backprop_studio.gui.video_files.reveal", lambda file, *_more: shown.append(file)
    )
    files, saved = VideoFiles(state), tmp_path / "elsewhere.mp4"
    files.show_in_folder()
    state.video = Video(source)
    files.show_in_folder()
    files.save_to(saved)
    qtbot.waitUntil(lambda: state.notice.startswith("Saved as"))
    files.show_in_folder()
    files.show_in_folder(tmp_path / "another.mp4")
    saved.unlink()
    files.show_in_folder(source)
    assert shown == [source, saved, tmp_path / "another.mp4", source]


def test_a_failed_save_is_told(qtbot, state, source, tmp_path):
    state.video = Video(source)
    files = VideoFiles(state)
    with qtbot.waitSignal(files.failed) as failed:
        files.save_to(tmp_path / "nowhere" / "x.mp4")
    assert "cannot be saved" in failed.args[0]
    assert state.notice == ""
