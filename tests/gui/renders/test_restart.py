"""A queue that was left, a disk without room, a second window: the window says so and waits."""

from __future__ import annotations

import errno

import pytest

from backprop_studio.core.base.messages import os_reason
from backprop_studio.gui.model.state import AppState
from backprop_studio.gui.model.values import RenderPhase, View
from backprop_studio.gui.window import MainWindow


@pytest.fixture(autouse=True)
def _own_folder(renders):
    """Leave the user's folder alone."""


@pytest.fixture
def start(qtbot, videos, other_stills, entries):
    """Start the program again, on the queue that the window before has left."""

    def start():
        videos.link = videos.new_link()
        window = MainWindow(AppState(), other_stills, videos.link)
        qtbot.addWidget(window, before_close_func=lambda it: it.keep_all())
        window.show()
        window.start(list(entries))
        videos.settle()
        return window

    return start


def bar_of(window):
    return window.render_bar


def ask(window, videos, scene="backprop"):
    window.state.select_scene(scene)
    click(bar_of(window).render_button, videos)


def click(button, videos):
    button.click()
    videos.settle()


@pytest.fixture
def left(window, videos):
    """A window closes after one video, while the next is drawn and another one waits."""
    ask(window, videos)
    videos.finish()
    ask(window, videos)
    ask(window, videos, "descent")
    window.keep_all()
    window.close()
    videos.close()
    return [entry.id for entry in videos.entries]


def test_a_queue_that_was_left_waits_until_it_is_resumed(left, start, videos):
    drawn = len(videos.videos)
    window = start()
    bar = bar_of(window)
    assert [entry.id for entry in videos.entries] == left
    assert bar.status.text() == (
        "The queue is as the program left it; nothing begins before you resume it."
    )
    assert not bar.resume_anyway.isVisible()
    assert not bar.cancel_button.isVisible()
    assert bar.queue.text().strip() == "2 waiting"
    # What was finished can be played, and what is added waits too.
    assert window.services.renders.show(left[0])
    assert window.state.view is View.VIDEO
    assert str(window.state.video.path) == videos.videos[0].output
    assert bar.render_button.text() == "Add to queue"
    ask(window, videos)
    assert videos.states() == ["done", "interrupted", "waiting", "waiting"]
    assert len(videos.videos) == drawn
    bar.resume.setFocus()
    click(bar.resume, videos)
    assert videos.states() == ["done", "running", "waiting", "waiting"]
    assert not bar.resume.isVisible()
    for _number in range(3):
        videos.finish()
    assert videos.states() == ["done"] * 4
    assert window.state.render.phase is RenderPhase.DONE


def test_what_was_left_can_be_cleared_and_then_a_render_begins_at_once(left, start, videos):
    window = start()
    window.services.renders.clear_open()
    videos.settle()
    assert videos.states() == ["done"]
    assert videos.queue.state.is_paused
    bar = bar_of(window)
    assert not bar.resume.isVisible()
    assert bar.status.text() == ""
    assert bar.render_button.text() == "Render"
    ask(window, videos)
    assert videos.states() == ["done", "running"]


def test_a_damaged_queue_is_told(left, start, videos, monkeypatch):
    told = []
    monkeypatch.setattr(
        "backprop_studio.gui.window.show_failure", lambda _parent, text: told.append(text)
    )
    for file in videos.folder.glob("queue.json*"):
        file.write_bytes(b"{")
    start()
    assert len(told) == 1
    assert "could not be read" in told[0]
    assert videos.entries == ()


def test_too_little_space_is_a_pause_that_can_be_overruled(window, videos):
    bar = bar_of(window)
    videos.disk.free = 4_000_000
    ask(window, videos)
    assert videos.states() == ["paused"]
    assert bar.status.text() == "Paused: 4 MB free, about 500 MB needed."
    assert bar.status.property("role") == "wrong"
    assert window.minimumSizeHint().width() <= 1024
    click(bar.resume, videos)
    assert videos.states() == ["paused"]
    click(bar.resume_anyway, videos)
    assert videos.states() == ["running"]
    assert not bar.resume_anyway.isVisible()
    ask(window, videos)
    videos.finish()
    assert videos.states() == ["done", "paused"]
    videos.disk.free = 10**12
    click(bar.resume, videos)
    assert videos.states() == ["done", "running"]


def test_a_disk_that_runs_full_pauses_the_queue(window, videos, state):
    bar = bar_of(window)
    ask(window, videos)
    videos.draw(0.5, frame=5, frames=10)
    videos.fail(os_reason(OSError(errno.ENOSPC, "full")), error="output")
    assert videos.states() == ["paused"]
    assert state.render.phase is RenderPhase.IDLE
    assert not bar.progress.isVisible()
    assert bar.status.text().startswith("Paused: the disk ran full")
    state.window_language = "zh"
    assert "已暂停" in bar.status.text()


def test_a_second_window_has_a_list_of_its_own_and_leaves_the_first_one_s_videos(
    window, start, videos, state, renders
):
    ask(window, videos)
    for number in range(30):
        (renders / f"old-{number}.mp4").write_bytes(b"x")
    first = videos.link
    second = start()
    assert second.services.renders.is_private
    assert bar_of(second).status.text().startswith("Another window has the render queue; ")
    ask(second, videos)
    assert videos.states() == ["running"]
    assert len(list(renders.glob("old-*.mp4"))) == 30
    assert videos.finish().scene == "backprop"
    assert second.state.render.video is not None
    assert [entry.state for entry in first.found.queue.state.entries] == ["running"]
    assert state.render.phase is RenderPhase.RUNNING


@pytest.mark.parametrize("is_private", [True, False])
def test_closing_a_paused_window_asks_only_if_something_is_lost(window, start, videos, is_private):
    if is_private:
        window = start()
    ask(window, videos)
    ask(window, videos, "descent")
    window.services.renders.pause()
    videos.settle()
    videos.finish()
    assert not window.state.render.phase.is_active
    assert videos.states() == ["done", "waiting"]
    assert window.quitting.is_busy is is_private
