"""A lecture's folder: all files or none, nobody else's touched, one run at a time."""

from __future__ import annotations

import os
import shutil
from types import SimpleNamespace

import pytest

import backprop_studio.render.lecture.folder as module
from backprop_studio.core.base.errors import InputError
from backprop_studio.render.lecture.folder import (
    LectureFolder,
    check_files,
    discard_unfinished,
)


def make(folder, files, *, overwrite=False):
    with LectureFolder(folder) as place:
        check_files(folder, list(files), overwrite=overwrite)
        for name, text in files.items():
            (place.staging / name).write_text(text)
        return place.publish(overwrite=overwrite)


def names(folder):
    return sorted(it.name for it in folder.iterdir() if not it.name.startswith("."))


def test_a_folder_is_made_and_what_an_earlier_run_left_is_replaced(tmp_path):
    folder = tmp_path / "week 1 “周”"
    assert make(folder, {"a.mp4": "1", "b.srt": "2"}) == [folder / "a.mp4", folder / "b.srt"]
    make(folder, {"a.mp4": "3"})
    assert (folder / "a.mp4").read_text() == "3"
    assert names(folder) == ["a.mp4", "b.srt"]
    assert [it.name for it in folder.iterdir() if it.is_dir()] == []


def test_somebody_else_s_file_is_kept(tmp_path):
    (tmp_path / "a.mp4").write_text("mine")
    with pytest.raises(InputError, match="not as an earlier run has left it"):
        make(tmp_path, {"a.mp4": "1"})
    assert (tmp_path / "a.mp4").read_text() == "mine"
    make(tmp_path, {"a.mp4": "1"}, overwrite=True)
    (tmp_path / "a.mp4").write_text("edited")
    with pytest.raises(InputError):
        make(tmp_path, {"a.mp4": "2"})
    assert (tmp_path / "a.mp4").read_text() == "edited"


FILES = ("a.mp4", "b.mp4", "c/1.png", "c/2.png", "manifest.json")


def texts(folder):
    found = [it for it in folder.rglob("*") if it.is_file()]
    return {it.relative_to(folder).as_posix(): it.read_text() for it in found if it.name[0] != "."}


def cut_off(folder, at, monkeypatch, *, killed, overwrite=False):
    """Publish other files into a folder, but end at one of them."""
    renamed = []

    def replace(staged, target):
        if len(renamed) == at:
            raise KeyboardInterrupt
        renamed.append(target)
        original(staged, target)

    original = os.replace
    place = LectureFolder(folder)
    place.__enter__()
    for name in FILES:
        (place.staging / name).parent.mkdir(exist_ok=True)
        (place.staging / name).write_text("new")
    with monkeypatch.context() as patch:
        # The folder's own: what notes and marks are put in place with goes on.
        patch.setattr(module, "os", SimpleNamespace(**vars(os) | {"replace": replace}))
        with pytest.raises(KeyboardInterrupt) as error:
            place.publish(overwrite=overwrite)
    if killed:
        place._lock.close()  # as the system does
    else:
        place.__exit__(KeyboardInterrupt, error.value, None)


OLD, NEW = (dict.fromkeys(FILES, it) for it in ("old", "new"))


def with_old(folder):
    with LectureFolder(folder) as place:
        for name in FILES:
            (place.staging / name).parent.mkdir(exist_ok=True)
            (place.staging / name).write_text("old")
        place.publish(overwrite=False)
    assert texts(folder) == OLD


@pytest.mark.parametrize("at", range(len(FILES)))
@pytest.mark.parametrize("killed", [True, False])
def test_a_run_that_is_cut_off_between_two_files_is_gone_on_with(tmp_path, monkeypatch, at, killed):
    with_old(tmp_path)
    cut_off(tmp_path, at, monkeypatch, killed=killed)
    if killed:
        assert texts_outside(tmp_path) == {**OLD, **dict.fromkeys(FILES[:at], "new")}
        discard_unfinished(tmp_path)
    assert texts(tmp_path) == NEW
    assert not (tmp_path / ".backprop-studio-unfinished").exists()
    make(tmp_path, {"a.mp4": "3"})  # what stands there is known as ours
    assert texts(tmp_path) == {**NEW, "a.mp4": "3"}


def texts_outside(folder):
    return {name: it for name, it in texts(folder).items() if "unfinished" not in name}


def test_the_next_run_goes_on_before_it_begins(tmp_path, monkeypatch):
    with_old(tmp_path)
    cut_off(tmp_path, 2, monkeypatch, killed=True)
    with LectureFolder(tmp_path):
        assert texts_outside(tmp_path) == NEW


def test_what_somebody_has_changed_since_is_not_replaced(tmp_path, monkeypatch):
    with_old(tmp_path)
    cut_off(tmp_path, 2, monkeypatch, killed=True)
    (tmp_path / "manifest.json").write_text("mine")
    with LectureFolder(tmp_path):
        pass
    assert (tmp_path / "manifest.json").read_text() == "mine"


def test_a_new_folder_stays_if_it_was_being_filled(tmp_path, monkeypatch):
    folder = tmp_path / "new"
    cut_off(folder, 1, monkeypatch, killed=True)
    discard_unfinished(folder)
    assert texts(folder) == NEW


def test_a_second_run_at_the_same_time_has_to_wait(tmp_path):
    with LectureFolder(tmp_path) as first:
        (first.staging / "a.mp4").write_text("1")
        with pytest.raises(InputError, match="Another run"):
            make(tmp_path, {"a.mp4": "2"})
        first.publish(overwrite=False)
    assert (tmp_path / "a.mp4").read_text() == "1"


def test_what_a_killed_run_has_left_is_cleared_away(tmp_path):
    left = tmp_path / ".backprop-studio-unfinished"
    left.mkdir()
    (left / "half.mp4").write_text("half")
    make(tmp_path, {"a.mp4": "1"})
    assert names(tmp_path) == ["a.mp4"]
    assert not left.exists()


def test_a_folder_made_for_nothing_is_removed(tmp_path):
    with pytest.raises(RuntimeError), LectureFolder(tmp_path / "new"):
        raise RuntimeError
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("kind", ["file", "missing parent", "link"])
def test_what_is_no_folder_is_refused(tmp_path, kind):
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    path = tmp_path / {"file": "file", "missing parent": "no/new", "link": "link"}[kind]
    with pytest.raises(InputError, match="output folder"), LectureFolder(path):
        pass
    with pytest.raises(InputError, match="output folder"):
        check_files(path, ["a.mp4"], overwrite=False)


@pytest.mark.parametrize("is_new", [True, False])
def test_what_a_killed_run_has_left_can_be_removed(tmp_path, is_new):
    folder = tmp_path / "out"
    if not is_new:
        folder.mkdir()
    with LectureFolder(folder) as place:
        (place.staging / "half.mp4").write_text("half")
        discard_unfinished(folder)
        assert (place.staging / "half.mp4").exists()  # its owner lives
        killed = tmp_path / "killed"
        shutil.copytree(folder, killed)
    discard_unfinished(killed)
    assert killed.exists() != is_new
    assert is_new or list(killed.iterdir()) == []
    discard_unfinished(tmp_path / "nowhere")


def test_a_target_that_is_a_folder_or_a_link_is_refused(tmp_path):
    (tmp_path / "a.mp4").mkdir()
    (tmp_path / "b.mp4").symlink_to(tmp_path / "elsewhere")
    for name in ("a.mp4", "b.mp4"):
        with pytest.raises(InputError, match="not an ordinary file"):
            make(tmp_path, {name: "1"}, overwrite=True)


def test_a_name_that_no_disk_takes_is_refused_before_any_work(tmp_path):
    for folder in (tmp_path, tmp_path / "new"):
        with pytest.raises(InputError, match="longer than 255 bytes; give the lecture file"):
            check_files(folder, ["反" * 82 + ".en.mp4.srt"], overwrite=True)
        check_files(folder, ["反" * 82 + ".en.mp4"], overwrite=True)
