"""A render as the bar shows it: running, cancelled, failed, done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gui import rendering
from gui.command_text import render_command
from gui.model import RenderPhase, View
from gui.panels.render_bar import duration_text
from render.jobs import (
    BeatMark,
    Cancelled,
    Done,
    Failed,
    Picture,
    Progress,
    Started,
    VideoJob,
    VideoResult,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.state import AppState
    from gui.window import MainWindow


@pytest.fixture(autouse=True)
def renders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "renders"
    folder.mkdir()
    monkeypatch.setattr(rendering, "renders_folder", lambda: folder)
    return folder


@pytest.fixture
def bar(window: MainWindow) -> Any:
    return window.panels[3]


@pytest.fixture
def job(bar: Any, videos: Any) -> VideoJob:
    """A render that has just been started with the big button."""
    bar.render_button.click()
    return videos.videos[-1]


def finish(videos: Any, job: VideoJob) -> None:
    Path(job.output).write_bytes(b"video")
    beats = (BeatMark(name="a", caption="A", start=0, end=1),)
    result = VideoResult(
        path=job.output, width=1280, height=720, fps=30, frames=30, duration=1.0, beats=beats
    )
    videos.say(Done(job_id=job.id, result=result.model_dump(mode="json")))


def test_the_job_has_quality_and_an_own_file(job: VideoJob, renders: Path, state: AppState) -> None:
    assert (job.picture.width, job.picture.height, job.picture.fps) == (1280, 720, 30)
    assert Path(job.output).parent == renders
    assert job.output.endswith(".mp4")
    assert state.render.phase is RenderPhase.RUNNING


def test_the_video_has_the_shape_that_was_chosen(bar: Any, videos: Any, state: AppState) -> None:
    state.frame_shape = "9:16"
    bar.render_button.click()
    picture = videos.videos[-1].picture
    assert (picture.width, picture.height, picture.fps) == (720, 1280, 30)


def test_progress_is_shown_and_never_falls(job: VideoJob, bar: Any, videos: Any) -> None:
    videos.say(Started(job_id=job.id))
    videos.say(
        Progress(job_id=job.id, phase="draw", fraction=0.5, frame=45, frames=90, eta_seconds=75)
    )
    assert bar.progress.isVisible()
    assert bar.progress.value() == 500
    assert bar._numbers.text() == "50 % · about 1 min 15 s left"
    assert bar._status.text() == "Drawing · frame 45 of 90"
    videos.say(Progress(job_id=job.id, phase="draw", fraction=0.4, frame=40, frames=90))
    assert bar.progress.value() == 500


def test_one_button_takes_the_place_of_the_other(job: VideoJob, bar: Any, videos: Any) -> None:
    assert bar.cancel_button.isVisible()
    assert not bar.render_button.isVisible()
    bar.cancel_button.click()
    assert videos.client.cancelled == [job.id]
    assert not bar.cancel_button.isEnabled()
    assert bar._status.text() == "Cancelling…"
    videos.say(Cancelled(job_id=job.id))
    assert bar.render_button.isVisible()
    assert bar._status.text() == "Cancelled. Nothing was written."


def test_a_second_render_waits_for_the_end_of_the_first(
    job: VideoJob, window: MainWindow, videos: Any
) -> None:
    window.desk.renders.start()
    assert len(videos.videos) == 1


def test_a_failure_has_cause_details_copy_and_retry(
    job: VideoJob, bar: Any, videos: Any, qapp: Any
) -> None:
    videos.say(Failed(job_id=job.id, error="scene", message="It broke.", details="line 3"))
    assert bar._status.text() == "It broke."
    assert not bar._report.isVisible()
    bar.details.click()
    assert bar._report.isVisible()
    assert "line 3" in bar._report.toPlainText()
    bar.copy.click()
    assert "It broke." in qapp.clipboard().text()
    assert "Qt" in qapp.clipboard().text()
    bar.retry.click()
    assert len(videos.videos) == 2
    assert not bar._report.isVisible()


def test_the_finished_video_opens_in_the_player(
    job: VideoJob, bar: Any, videos: Any, state: AppState, window: MainWindow, monkeypatch: Any
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(window.desk.player, "open", lambda path, *_a, **_k: opened.append(path))
    finish(videos, job)
    assert state.render.phase is RenderPhase.DONE
    assert state.view is View.VIDEO
    assert opened == [Path(job.output)]
    assert state.video is not None
    assert state.video.name == "backprop-720p-en.mp4"
    assert "The video is ready" in bar._status.text()
    state.view = View.PREVIEW
    assert bar.show_video.isVisible()
    bar.show_video.click()
    assert state.view is View.VIDEO


def test_events_of_another_job_are_ignored(job: VideoJob, videos: Any, state: AppState) -> None:
    videos.say(Failed(job_id="video-older", error="scene", message="old"))
    assert state.render.phase is RenderPhase.RUNNING


def test_the_preview_stays_live_during_a_render(
    qtbot: QtBot, job: VideoJob, state: AppState, stills: Any
) -> None:
    count = len(stills.stills)
    state.beat = "forward"
    qtbot.waitUntil(lambda: len(stills.stills) > count)


def test_a_wrong_field_disables_the_button_and_says_why(bar: Any, state: AppState) -> None:
    state.set_field_error("learning_rate", "wrong")
    assert not bar.render_button.isEnabled()
    assert bar.render_button.toolTip() == "Correct the marked fields first."
    state.set_field_error("learning_rate", "")
    assert bar.render_button.isEnabled()


def test_old_renders_are_removed_but_not_the_one_in_the_player(
    bar: Any, videos: Any, renders: Path, state: AppState
) -> None:
    import os

    from gui.model import Video

    for number in range(30):
        file = renders / f"old-{number:02}.mp4"
        file.write_bytes(b"x")
        os.utime(file, (number, number))
    state.video = Video(renders / "old-00.mp4")
    bar.render_button.click()
    left = {file.name for file in renders.glob("*.mp4")}
    assert "old-00.mp4" in left
    assert "old-01.mp4" not in left
    assert "old-29.mp4" in left
    assert len(left) == rendering.KEPT_RENDERS


def test_a_folder_that_cannot_be_written_is_a_failure_in_words(
    bar: Any, state: AppState, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(rendering, "renders_folder", refuse)
    bar.render_button.click()
    assert state.render.phase is RenderPhase.FAILED
    assert "Permission denied" in bar._status.text()


def test_quality_is_chosen_in_the_bar(bar: Any, videos: Any, state: AppState) -> None:
    row = bar.quality.findData("h")
    bar.quality.activated.emit(row)
    bar.render_button.click()
    assert videos.videos[-1].picture.height == 1080


def test_format_is_chosen_in_the_bar(bar: Any, videos: Any, state: AppState) -> None:
    assert [bar.format.itemData(row) for row in range(bar.format.count())] == [
        ".mp4", ".webm", ".mov", ".gif",
    ]  # fmt: skip
    bar.format.setCurrentIndex(2)
    bar.format.activated.emit(2)
    bar.render_button.click()
    job = videos.videos[-1]
    assert job.output.endswith(".mov")
    finish(videos, job)
    assert state.video is not None
    assert state.video.name.endswith(".mov")


def test_a_gif_gets_as_many_frames_as_it_can_show(bar: Any, videos: Any, state: AppState) -> None:
    state.format, state.quality = ".gif", "h"
    bar.render_button.click()
    assert videos.videos[-1].picture == Picture(width=1920, height=1080, fps=30)
    assert render_command(state).startswith(
        "backprop-studio render backprop -q h --fps 30 -o backprop.gif"
    )


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "1 s"), (59.4, "59 s"), (60, "1 min 0 s"), (125, "2 min 5 s")]
)
def test_durations_in_words(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text
