"""Saving the finished video elsewhere: whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from backprop_studio.core.base.errors import OutputError
from backprop_studio.gui.model.values import Video
from backprop_studio.gui.saving import copy_atomically
from backprop_studio.gui.video_files import VideoFiles

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from backprop_studio.gui.model.state import AppState

CONTENT = bytes(range(256)) * 9000


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.mp4"
    path.write_bytes(CONTENT)
    return path


def test_a_copy_has_the_same_bytes_and_nothing_else_is_left(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "讲座 1.mp4"
    copy_atomically(source, target)
    assert target.read_bytes() == CONTENT
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source.mp4", "讲座 1.mp4"]


def test_an_existing_file_is_replaced(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "old.mp4"
    target.write_bytes(b"old")
    copy_atomically(source, target)
    assert target.read_bytes() == CONTENT


def test_a_failure_midway_leaves_the_old_file(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "old.mp4"
    target.write_bytes(b"old")

    def fail(*_arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("backprop_studio.gui.saving.shutil.copyfileobj", fail)
    with pytest.raises(OutputError, match="no space left"):
        copy_atomically(source, target)
    assert target.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old.mp4", "source.mp4"]


def test_a_folder_that_is_not_there_is_said(source: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no such file"):
        copy_atomically(source, tmp_path / "nowhere" / "x.mp4")


def test_a_source_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no longer there"):
        copy_atomically(tmp_path / "gone.mp4", tmp_path / "x.mp4")


def test_saving_onto_itself_keeps_the_file(source: Path) -> None:
    copy_atomically(source, source)
    assert source.read_bytes() == CONTENT


def test_the_copy_has_the_permissions_of_a_new_file(source: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.touch()
    target = tmp_path / "x.mp4"
    copy_atomically(source, target)
    assert os.stat(target).st_mode == os.stat(plain).st_mode


def test_save_as_offers_a_name_and_adds_the_ending(
    qtbot: QtBot, state: AppState, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[str] = []

    def ask(_parent: Any, _title: str, start: str, _filter: str) -> tuple[str, str]:
        offered.append(Path(start).name)
        return str(tmp_path / "lesson"), ""

    monkeypatch.setattr("backprop_studio.gui.video_files.QFileDialog.getSaveFileName", ask)
    state.video = Video(source, name="backprop-720p-en.mp4")
    files = VideoFiles(state)
    files.save_as(None)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: state.notice.startswith("Saved as"))
    assert offered == ["backprop-720p-en.mp4"]
    assert (tmp_path / "lesson.mp4").read_bytes() == CONTENT


def test_a_failed_save_is_told(qtbot: QtBot, state: AppState, source: Path, tmp_path: Path) -> None:
    state.video = Video(source)
    files = VideoFiles(state)
    with qtbot.waitSignal(files.failed) as failed:
        files.save_to(tmp_path / "nowhere" / "x.mp4")
    assert "cannot be saved" in failed.args[0]
    assert state.notice == ""
