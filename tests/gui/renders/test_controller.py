"""A render as the bar shows it: waiting, running, cancelled, failed, done."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from backprop_studio.core.base.messages import Message
from backprop_studio.gui.command_text import render_command
from backprop_studio.gui.model.values import RenderPhase, Video, View
from backprop_studio.gui.renders.folder import KEPT_RENDERS
from backprop_studio.gui.renders.status_text import duration_text
from backprop_studio.render.messages.events import Cancelled
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import ParamsJob, VideoJob

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.window import MainWindow


@pytest.fixture(autouse=True)
def _own_folder(renders: Path) -> None:
    """Leave the user's folder alone."""


@pytest.fixture
def bar(window: MainWindow) -> Any:
    return window.render_bar


def ask(bar: Any, videos: Any, **choices: Any) -> str:
    """Ask for a video with the big button, and return its entry's id."""
    for name, value in choices.items():
        setattr(bar.state, name, value)
    bar.render_button.click()
    videos.settle()
    entry_id: str = videos.entries[-1].id
    return entry_id


@pytest.fixture
def job(bar: Any, videos: Any) -> VideoJob:
    """A render that has just been started with the big button."""
    ask(bar, videos)
    running: VideoJob = videos.client.running
    return running


@pytest.fixture
def two(job: VideoJob, bar: Any, videos: Any) -> tuple[str, str]:
    """A video that is being drawn, and another one that waits."""
    ask(bar, videos, scene="descent")
    return tuple(entry.id for entry in videos.entries)  # type: ignore[return-value]


def test_the_job_has_quality_and_an_own_file(job: VideoJob, renders: Path, state: AppState) -> None:
    assert (job.picture.width, job.picture.height, job.picture.fps) == (1280, 720, 30)
    assert Path(job.output).parent == renders
    assert job.output.endswith(".mp4")
    assert state.render.phase is RenderPhase.RUNNING


def test_the_video_has_the_shape_that_was_chosen(bar: Any, videos: Any, state: AppState) -> None:
    state.frame_shape = "9:16"
    ask(bar, videos)
    picture = videos.videos[-1].picture
    assert (picture.width, picture.height, picture.fps) == (720, 1280, 30)


def test_progress_is_shown_and_never_falls(job: VideoJob, bar: Any, videos: Any) -> None:
    videos.draw(0.5, frame=45, frames=90, eta_seconds=75)
    assert bar.progress.isVisible()
    assert bar.progress.value() == 500
    assert bar.numbers.text() == "50 % · about 1 min 15 s left"
    assert bar.status.text() == "Drawing · frame 45 of 90"
    videos.draw(0.4, frame=40, frames=90)
    assert bar.progress.value() == 500


def test_a_render_can_be_cancelled_while_it_runs(job: VideoJob, bar: Any, videos: Any) -> None:
    assert bar.cancel_button.isVisible()
    bar.cancel_button.click()
    videos.settle()
    assert videos.client.cancelled == [job.id]
    assert not bar.cancel_button.isEnabled()
    assert bar.status.text() == "Cancelling…"
    videos.end(Cancelled)
    assert not bar.cancel_button.isVisible()
    assert bar.status.text() == "Cancelled. Nothing was written."
    assert videos.states() == ["cancelled"]


def test_the_cancel_button_leaves_the_focus_to_the_render_button(
    qtbot: QtBot, job: VideoJob, bar: Any, videos: Any, window: MainWindow
) -> None:
    window.activateWindow()
    bar.cancel_button.setFocus()
    videos.finish()
    assert window.focusWidget() is bar.render_button


def test_a_second_render_waits_for_the_end_of_the_first(
    job: VideoJob, bar: Any, videos: Any, state: AppState
) -> None:
    assert bar.render_button.text() == "Add to queue"
    assert bar.queue.text().strip() == "Queue"
    ask(bar, videos, scene="descent")
    assert [it.scene for it in videos.videos] == ["backprop"]
    assert bar.queue.text().strip() == "1 waiting"
    assert bar.status.text() == ("Backpropagation: one training step · Starting the render engine…")
    videos.finish()
    assert [it.scene for it in videos.videos] == ["backprop", "descent"]
    assert bar.queue.text().strip() == "Queue"


def test_a_trembling_click_asks_once(window: MainWindow, bar: Any, videos: Any) -> None:
    bar.render_button.click()
    bar.render_button.click()
    videos.settle()
    assert len(videos.entries) == 1


def test_only_the_last_of_several_takes_the_stage(
    two: tuple[str, str], bar: Any, videos: Any, state: AppState
) -> None:
    videos.finish()
    assert state.view is View.PREVIEW
    assert state.video is None
    assert state.render.phase is RenderPhase.RUNNING
    assert bar.status.text().startswith("Backpropagation: one training step is ready. ")
    job = videos.finish()
    assert state.view is View.VIDEO
    assert state.video is not None
    assert state.video.path == Path(job.output)
    assert "The video is ready" in bar.status.text()


def test_a_last_one_that_was_put_first_does_not_take_the_stage(
    two: tuple[str, str], window: MainWindow, bar: Any, videos: Any, state: AppState
) -> None:
    third = ask(bar, videos)
    window.services.renders.move(third, 0)
    videos.finish()
    videos.finish()
    assert videos.states() == ["done", "done", "running"]
    assert state.view is View.PREVIEW
    job = videos.finish()
    assert state.view is View.PREVIEW
    bar.show_video.click()
    assert state.video is not None
    assert state.video.path == Path(job.output)
    assert state.view is View.VIDEO
    assert not bar.show_video.isVisible()


def test_a_failure_among_several_is_marked_and_the_next_one_begins(
    two: tuple[str, str], bar: Any, videos: Any, state: AppState
) -> None:
    calm = bar.queue.icon().cacheKey()
    videos.fail("It broke.")
    assert videos.states() == ["failed", "running"]
    assert bar.status.text().startswith("Backpropagation: one training step failed. ")
    assert bar.queue.icon().cacheKey() != calm
    assert "1 failed" in bar.queue.accessibleDescription()


def test_a_failure_has_cause_details_copy_and_retry(
    job: VideoJob, bar: Any, videos: Any, qapp: Any
) -> None:
    videos.fail("It broke.", details="line 3")
    assert bar.status.text() == "It broke."
    assert not bar.report.isVisible()
    assert bar.window().minimumSizeHint().width() <= 1024
    bar.details.click()
    assert bar.report.isVisible()
    assert "line 3" in bar.report.toPlainText()
    bar.copy.click()
    assert "It broke." in qapp.clipboard().text()
    assert "Qt" in qapp.clipboard().text()
    bar.retry.click()
    videos.settle()
    assert len(videos.videos) == 2
    assert videos.states() == ["running"]
    assert not bar.report.isVisible()


def test_the_finished_video_opens_in_the_player(
    job: VideoJob, bar: Any, videos: Any, state: AppState, window: MainWindow, monkeypatch: Any
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(window.services.player, "open", lambda path, *_a, **_k: opened.append(path))
    videos.finish()
    assert state.render.phase is RenderPhase.DONE
    assert state.view is View.VIDEO
    assert opened == [Path(job.output)]
    assert state.video is not None
    assert state.video.name == "backprop-720p-en.mp4"
    assert "The video is ready" in bar.status.text()
    state.view = View.PREVIEW
    assert bar.show_video.isVisible()
    bar.show_video.click()
    assert state.view is View.VIDEO


def test_the_preview_stays_live_during_a_render(
    qtbot: QtBot, job: VideoJob, state: AppState, stills: Any
) -> None:
    count = len(stills.stills)
    state.beat = "forward"
    qtbot.waitUntil(lambda: len(stills.stills) > count)


def test_a_wrong_field_disables_the_button_and_says_why(bar: Any, state: AppState) -> None:
    state.refusal = Message.plain("wrong")
    assert not bar.render_button.isEnabled()
    assert bar.render_button.toolTip() == "Correct the parameters first."
    state.refusal = None
    assert bar.render_button.isEnabled()


def fill(folder: Path) -> None:
    """Put thirty videos into a folder, the one with the highest number newest."""
    for number in range(30):
        file = folder / f"old-{number:02}.mp4"
        file.write_bytes(b"x")
        os.utime(file, (number, number))


def test_old_renders_are_removed_but_not_the_one_in_the_player(
    bar: Any, videos: Any, renders: Path, state: AppState
) -> None:
    fill(renders)
    state.video = Video(renders / "old-00.mp4")
    ask(bar, videos)
    left = {file.name for file in renders.glob("*.mp4")}
    assert "old-00.mp4" in left
    assert "old-01.mp4" not in left
    assert "old-29.mp4" in left
    assert len(left) == KEPT_RENDERS


def test_what_the_queue_names_is_not_removed(
    bar: Any, videos: Any, renders: Path, state: AppState
) -> None:
    ask(bar, videos)
    kept = Path(videos.finish().output)
    os.utime(kept, (0, 0))
    state.video = None
    fill(renders)
    ask(bar, videos)
    assert kept.exists()
    assert not (renders / "old-00.mp4").exists()
    videos.queue.remove(videos.entries[0].id)
    ask(bar, videos)
    ask(bar, videos)
    assert not kept.exists()


def test_what_ended_long_ago_leaves_the_list(bar: Any, videos: Any, state: AppState) -> None:
    first = ask(bar, videos)
    for _number in range(KEPT_RENDERS):
        ask(bar, videos)
    for _number in range(KEPT_RENDERS + 1):
        videos.finish()
    assert len(videos.entries) == KEPT_RENDERS + 1
    ask(bar, videos)
    assert len(videos.entries) == KEPT_RENDERS + 1
    assert first not in {entry.id for entry in videos.entries}


def test_a_folder_that_cannot_be_written_is_a_failure_in_words(
    bar: Any, state: AppState, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("backprop_studio.gui.renders.controller.renders_folder", refuse)
    bar.render_button.click()
    assert state.render.phase is RenderPhase.FAILED
    assert "permission denied" in bar.status.text()


def test_a_file_that_cannot_be_copied_is_a_failure_in_words(
    bar: Any, videos: Any, state: AppState, tmp_path: Path
) -> None:
    (file,) = (spec for spec in state.form.fields() if spec.path == "data.file")
    state.set_param(file, str(tmp_path / "nowhere.csv"))
    bar.render_button.click()
    videos.settle()
    assert state.render.phase is RenderPhase.FAILED
    assert bar.status.text().endswith("nowhere.csv cannot be read: no such file or directory.")
    # Nothing got into the queue, so trying again means asking again.
    bar.retry.click()
    videos.settle()
    assert state.render.phase is RenderPhase.FAILED
    assert videos.entries == ()


def test_the_worker_is_warmed_up_and_then_used(window: MainWindow, bar: Any, videos: Any) -> None:
    window.services.renders.warm_up()
    window.services.renders.warm_up()
    (warm,) = videos.clients
    assert [type(job) for job in warm.jobs] == [ParamsJob]
    warm.running = None
    ask(bar, videos)
    assert [type(job) for job in warm.jobs] == [ParamsJob, VideoJob]
    assert videos.clients == [warm]


def test_quality_is_chosen_in_the_bar(bar: Any, videos: Any, state: AppState) -> None:
    row = bar.quality.findData("h")
    bar.quality.activated.emit(row)
    ask(bar, videos)
    assert videos.videos[-1].picture.height == 1080


def test_format_is_chosen_in_the_bar(bar: Any, videos: Any, state: AppState) -> None:
    shown = [bar.format.itemData(row) for row in range(bar.format.count())]
    assert shown == [".mp4", ".webm", ".mov", ".gif"]
    bar.format.setCurrentIndex(2)
    bar.format.activated.emit(2)
    ask(bar, videos)
    assert videos.finish().output.endswith(".mov")
    assert state.video is not None
    assert state.video.name.endswith(".mov")


def test_a_gif_gets_as_many_frames_as_it_can_show(bar: Any, videos: Any, state: AppState) -> None:
    ask(bar, videos, format=".gif", quality="h")
    assert videos.videos[-1].picture == FrameFormat(width=1920, height=1080, fps=30)
    assert render_command(state).startswith(
        "backprop-studio render backprop -q h --fps 30 -o backprop.gif"
    )


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "1 s"), (59.4, "59 s"), (60, "1 min 0 s"), (125, "2 min 5 s")]
)
def test_durations_in_words(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text
