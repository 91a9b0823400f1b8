"""A queue that was left, a disk without room, a second window: the window says so and waits."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

import pytest

from backprop_studio.core.base.messages import os_reason
from backprop_studio.gui.model.state import AppState
from backprop_studio.gui.model.values import RenderPhase, View
from backprop_studio.gui.model.words import use_language
from backprop_studio.gui.window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    Start = Callable[[], MainWindow]


@pytest.fixture(autouse=True)
def _own_folder(renders: Path) -> None:
    """Leave the user's folder alone."""


@pytest.fixture
def start(qtbot: QtBot, videos: Any, other_stills: Any, entries: Any) -> Start:
    """Start the program again, on the queue that the window before has left."""

    def start() -> MainWindow:
        videos.link = videos.new_link()
        window = MainWindow(AppState(), other_stills, videos.link)
        qtbot.addWidget(window, before_close_func=lambda it: it.keep_all())
        window.show()
        window.start(list(entries))
        videos.settle()
        return window

    return start


def bar_of(window: MainWindow) -> Any:
    return window.render_bar


def ask(window: MainWindow, videos: Any, scene: str = "backprop") -> None:
    window.state.select_scene(scene)
    bar_of(window).render_button.click()
    videos.settle()


@pytest.fixture
def left(window: MainWindow, videos: Any) -> list[str]:
    """A window closes while one video is drawn and another one waits."""
    ask(window, videos)
    ask(window, videos, "descent")
    window.keep_all()
    window.close()
    videos.close()
    return [entry.id for entry in videos.entries]


def test_nothing_begins_by_itself_and_the_bar_says_so(
    left: list[str], start: Start, videos: Any
) -> None:
    drawn = len(videos.videos)
    bar = bar_of(start())
    assert [entry.id for entry in videos.entries] == left
    assert videos.states() == ["interrupted", "waiting"]
    assert len(videos.videos) == drawn
    assert bar.status.text() == (
        "The queue is as the program left it; nothing begins before you resume it."
    )
    assert bar.resume.isVisible()
    assert not bar.resume_anyway.isVisible()
    assert not bar.cancel_button.isVisible()
    assert bar.queue.text().strip() == "2 waiting"


def test_resume_draws_what_was_interrupted_as_well(
    left: list[str], start: Start, videos: Any
) -> None:
    window = start()
    bar = bar_of(window)
    bar.resume.setFocus()
    bar.resume.click()
    videos.settle()
    assert videos.states() == ["running", "waiting"]
    assert not bar.resume.isVisible()
    videos.finish()
    videos.finish()
    assert videos.states() == ["done", "done"]
    assert window.state.render.phase is RenderPhase.DONE


def test_what_is_added_to_a_queue_that_was_left_waits_too(
    left: list[str], start: Start, videos: Any
) -> None:
    window = start()
    assert bar_of(window).render_button.text() == "Add to queue"
    ask(window, videos)
    assert videos.states() == ["interrupted", "waiting", "waiting"]


def test_what_was_left_can_be_cleared_and_then_a_render_begins_at_once(
    left: list[str], start: Start, videos: Any
) -> None:
    window = start()
    window.services.renders.clear_open()
    videos.settle()
    assert videos.entries == ()
    assert videos.queue.state.is_paused
    bar = bar_of(window)
    assert not bar.resume.isVisible()
    assert bar.status.text() == ""
    assert bar.render_button.text() == "Render"
    ask(window, videos)
    assert videos.states() == ["running"]


def test_finished_videos_of_the_last_time_can_be_played(
    window: MainWindow, start: Start, videos: Any
) -> None:
    ask(window, videos)
    job = videos.finish()
    window.keep_all()
    window.close()
    videos.close()
    again = start()
    assert bar_of(again).status.text() == ""
    assert again.services.renders.show(videos.entries[0].id)
    assert again.state.view is View.VIDEO
    assert str(again.state.video.path) == job.output  # type: ignore[union-attr]


def test_a_damaged_queue_is_told(
    left: list[str], start: Start, videos: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(
        "backprop_studio.gui.window.show_failure", lambda _parent, text: told.append(text)
    )
    for file in videos.folder.glob("queue.json*"):
        file.write_bytes(b"{")
    start()
    assert len(told) == 1
    assert "could not be read" in told[0]
    assert videos.entries == ()


def test_too_little_space_is_a_pause_that_can_be_overruled(window: MainWindow, videos: Any) -> None:
    bar = bar_of(window)
    videos.disk.free = 4_000_000
    ask(window, videos)
    assert videos.states() == ["paused"]
    assert bar.status.text() == "Paused: 4 MB free, about 500 MB needed."
    assert bar.status.property("role") == "wrong"
    assert bar.resume_anyway.isVisible()
    assert window.minimumSizeHint().width() <= 1024
    bar.resume.click()
    videos.settle()
    assert videos.states() == ["paused"]
    bar.resume_anyway.click()
    videos.settle()
    assert videos.states() == ["running"]
    assert not bar.resume_anyway.isVisible()


def test_freed_space_is_enough_to_resume(window: MainWindow, videos: Any) -> None:
    videos.disk.free = 4_000_000
    ask(window, videos)
    videos.disk.free = 10**12
    bar_of(window).resume.click()
    videos.settle()
    assert videos.states() == ["running"]


def test_a_disk_that_runs_full_pauses_the_queue(
    window: MainWindow, videos: Any, state: AppState
) -> None:
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
    use_language("en")


def test_a_second_window_says_that_its_list_ends_with_it(
    window: MainWindow, start: Start, videos: Any, state: AppState
) -> None:
    first = videos.link
    ask(window, videos)
    second = start()
    bar = bar_of(second)
    assert second.services.renders.is_private
    assert bar.status.text().startswith("Another window has the render queue; ")
    ask(second, videos)
    assert videos.states() == ["running"]
    assert videos.finish().scene == "backprop"
    assert second.state.view is View.VIDEO
    assert [entry.state for entry in first.found.queue.state.entries] == ["running"]
    assert state.render.phase is RenderPhase.RUNNING


def test_a_second_window_leaves_the_first_one_s_videos(
    window: MainWindow, start: Start, videos: Any, renders: Path
) -> None:
    for number in range(30):
        (renders / f"old-{number}.mp4").write_bytes(b"x")
    second = start()
    ask(second, videos)
    assert len(list(renders.glob("old-*.mp4"))) == 30


@pytest.mark.parametrize("is_private", [True, False])
def test_closing_a_paused_window_asks_only_if_something_is_lost(
    window: MainWindow, start: Start, videos: Any, is_private: bool
) -> None:
    if is_private:
        window = start()
    ask(window, videos)
    ask(window, videos, "descent")
    window.services.renders.pause()
    videos.settle()
    videos.finish()
    assert not window.state.render.phase.is_active
    assert videos.states() == ["done", "waiting"]
    assert window.is_busy is is_private
