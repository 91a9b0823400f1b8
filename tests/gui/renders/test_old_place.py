"""Videos of earlier versions move to the user's folder, once, and nothing is lost on the way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox

from backprop_studio.gui.renders import old_place
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import VideoJob
from backprop_studio.render.queue.model import Entry, QueueState
from backprop_studio.render.queue.store import QueueStore
from tests.render.queue.scripted_queue import result_of

NAMES = ("backprop-1.mp4", "descent-2.gif")


@pytest.fixture
def old(tmp_path, monkeypatch):
    folder = tmp_path / "cache" / "renders"
    folder.mkdir(parents=True)
    monkeypatch.setattr(old_place, "old_folder", lambda: folder)
    for name in NAMES:
        (folder / name).write_bytes(name.encode())
    (folder / ".backprop-studio-0123.mp4").write_bytes(b"half")
    return folder


@pytest.fixture
def queue(tmp_path, old):
    """What an earlier version left: a video that is done, and one that was interrupted."""

    def entry(number, name, state):
        output = str(old / name)
        job = VideoJob(id="a", scene="backprop", picture=FrameFormat(), output=output)
        result = result_of(job) if state == "done" else None
        return Entry(id=f"{number:032x}", job=job, state=state, result=result)

    store = QueueStore(tmp_path / "queue")
    entries = (entry(1, NAMES[0], "done"), entry(2, "backprop-3.mp4", "interrupted"))
    store.save(QueueState(entries=entries))
    store.close()


@pytest.fixture
def new(tmp_path, state):
    folder = tmp_path / "videos"
    state.videos_folder = str(folder)
    return folder


def question_of(qtbot, window):
    qtbot.waitUntil(lambda: bool(window.findChildren(QMessageBox)), timeout=60_000)
    return window.findChildren(QMessageBox)[-1]


def press(box, text):
    next(it for it in box.buttons() if it.text().replace("&", "") == text).click()


@pytest.mark.parametrize("has_links", [True, False])
def test_they_are_moved_and_the_queue_follows(
    qtbot, old, queue, new, window, videos, state, monkeypatch, has_links
):
    if not has_links:

        def refuse(*_paths):
            raise OSError("no links here")

        monkeypatch.setattr(os, "link", refuse)
    new.mkdir()
    (new / NAMES[0]).write_bytes(b"somebody else's")
    (new / NAMES[1]).write_bytes(NAMES[1].encode())  # an attempt that was cut off
    box = question_of(qtbot, window)
    assert "(2)" in box.text()
    assert str(old) in box.informativeText()
    press(box, "Move")
    qtbot.waitUntil(lambda: state.notice.startswith("Videos moved"), timeout=60_000)
    assert {it.name for it in old.iterdir()} == {".backprop-studio-0123.mp4"}
    assert (new / NAMES[0]).read_bytes() == b"somebody else's"
    assert (new / "backprop-1-2.mp4").read_bytes() == NAMES[0].encode()
    assert len(list(new.iterdir())) == 3
    videos.settle()
    done, interrupted = videos.entries
    assert done.result.path == done.job.output == str(new / "backprop-1-2.mp4")
    assert interrupted.job.output == str(new / "backprop-3.mp4")
    assert window.services.renders.show(done.id)
    assert state.old_videos_offered


def test_who_leaves_them_is_not_asked_again(qtbot, old, queue, new, window, videos, state):
    press(question_of(qtbot, window), "Leave them")
    assert state.old_videos_offered
    assert {it.name for it in old.iterdir()} >= set(NAMES)
    window.old_videos._look()
    videos.settle()
    assert all(not box.isVisible() for box in window.findChildren(QMessageBox))
    assert Path(videos.entries[0].result.path).parent == old


def test_a_folder_that_cannot_be_made_is_said_and_offered_again(
    qtbot, old, queue, new, window, videos, state, monkeypatch
):
    new.write_text("in the way")
    said = []
    window.old_videos.failed.connect(said.append)
    press(question_of(qtbot, window), "Move")
    qtbot.waitUntil(lambda: bool(said), timeout=60_000)
    videos.settle()
    assert str(new) in said[0]
    assert {it.name for it in old.iterdir()} >= set(NAMES)
    qtbot.waitUntil(lambda: not state.old_videos_offered)
