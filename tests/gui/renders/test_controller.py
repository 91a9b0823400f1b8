"""A render as the bar shows it: waiting, running, cancelled, failed, done."""

from __future__ import annotations

from pathlib import Path

import pytest

from backprop_studio.core.base.messages import Message
from backprop_studio.gui.command_text import render_command
from backprop_studio.gui.model.values import RenderPhase, View
from backprop_studio.gui.renders.notices import NoticeEnd
from backprop_studio.gui.renders.status_text import duration_text
from backprop_studio.render.messages.events import Cancelled
from backprop_studio.render.messages.jobs import ParamsJob, VideoJob

TITLE = "Backpropagation: one training step"


@pytest.fixture(autouse=True)
def _own_folder(renders):
    """Leave the user's folder alone."""


@pytest.fixture
def bar(window):
    return window.render_bar


def ask(bar, videos, **choices):
    """Ask for a video with the big button, and return its entry's id."""
    for name, value in choices.items():
        setattr(bar.state, name, value)
    bar.render_button.click()
    videos.settle()
    entry_id = videos.entries[-1].id
    return entry_id


def test_the_job_carries_the_choices(bar, videos, renders, state):
    ask(bar, videos)
    assert state.render.phase is RenderPhase.RUNNING
    bar.quality.activated.emit(bar.quality.findData("h"))
    ask(bar, videos, frame_shape="9:16")
    shown = [bar.format.itemData(row) for row in range(bar.format.count())]
    assert shown == [".mp4", ".webm", ".mov", ".gif"]
    bar.format.activated.emit(3)
    ask(bar, videos, frame_shape="16:9")
    jobs = [entry.job for entry in videos.entries]
    pictures = [(job.picture.width, job.picture.height, job.picture.fps) for job in jobs]
    # A GIF has as many frames as it can show.
    assert pictures == [(1280, 720, 30), (1080, 1920, 60), (1920, 1080, 30)]
    assert [Path(job.output).suffix for job in jobs] == [".mp4", ".mp4", ".gif"]
    assert {Path(job.output).parent for job in jobs} == {renders}
    assert render_command(state).startswith(
        "backprop-studio render backprop -q h --fps 30 -o backprop.gif"
    )


def test_the_job_carries_the_voice_where_the_format_can_hold_it(bar, videos, state):
    state.voice = "espeak"
    ask(bar, videos)
    ask(bar, videos, format=".gif")
    assert [entry.job.voice for entry in videos.entries] == ["espeak", "none"]


def test_progress_never_falls_and_a_render_can_be_cancelled(qtbot, bar, videos, state, stills):
    ask(bar, videos)
    videos.draw(0.5, frame=45, frames=90, eta_seconds=77)
    assert bar.progress.isVisible()
    assert bar.progress.value() == 500
    assert bar.numbers.text() == "50 % · about 1 min 20 s left"
    assert bar.status.text() == "Drawing · frame 45 of 90"
    videos.draw(0.4, frame=40, frames=90)
    assert bar.progress.value() == 500
    # Meanwhile the preview stays live.
    count = len(stills.stills)
    state.beat = "forward"
    qtbot.waitUntil(lambda: len(stills.stills) > count)
    bar.cancel_button.click()
    videos.settle()
    assert videos.client.cancelled == [videos.videos[0].id]
    assert not bar.cancel_button.isEnabled()
    assert bar.status.text() == "Cancelling…"
    videos.end(Cancelled)
    assert not bar.cancel_button.isVisible()
    assert bar.status.text() == "Cancelled. Nothing was written."
    assert videos.states() == ["cancelled"]


def test_several_are_drawn_and_announced_and_none_takes_the_stage(bar, videos, state):
    bar.render_button.click()
    ask(bar, videos)  # the second click is the first one's trembling
    assert len(videos.entries) == 1
    assert bar.render_button.text() == "Add to queue"
    assert bar.queue.text().strip() == "Queue"
    ask(bar, videos, scene="descent")
    assert [it.scene for it in videos.videos] == ["backprop"]
    assert bar.queue.text().strip() == "1 waiting"
    assert bar.status.text() == f"{TITLE} · Starting the render engine…"
    videos.finish()
    assert [it.scene for it in videos.videos] == ["backprop", "descent"]
    assert bar.queue.text().strip() == "Queue"
    assert state.view is View.PREVIEW
    assert state.video is None
    assert state.render.phase is RenderPhase.RUNNING
    assert bar.status.text() == f"{TITLE} is ready."
    assert bar.play.isVisible()
    assert bar.folder.isVisible()
    bar.findChild(NoticeEnd).timer.timeout.emit()  # it is read by now
    assert bar.status.text() == "Starting the render engine…"
    assert not bar.play.isVisible()
    assert not bar.folder.isVisible()
    job = videos.finish()
    assert bar.status.text().startswith("Gradient descent is ready, rendered in ")
    assert state.view is View.PREVIEW
    bar.play.click()
    assert state.video.path == Path(job.output)
    assert state.view is View.VIDEO
    assert not bar.play.isVisible()
    assert bar.folder.isVisible()


def test_a_failure_has_cause_details_copy_and_retry(bar, videos, qapp):
    ask(bar, videos)
    ask(bar, videos, scene="descent")
    calm = bar.queue.icon().cacheKey()
    videos.fail("It broke.")
    assert videos.states() == ["failed", "running"]
    assert bar.status.text() == f"{TITLE} failed."
    assert bar.queue.icon().cacheKey() != calm
    assert "1 failed" in bar.queue.accessibleDescription()
    videos.fail("It broke too.", details="line 3")
    assert bar.status.text() == "It broke too."
    assert not bar.report.isVisible()
    assert bar.window().minimumSizeHint().width() <= 1024
    bar.details.click()
    assert bar.report.isVisible()
    assert "line 3" in bar.report.toPlainText()
    bar.copy.click()
    assert "It broke too." in qapp.clipboard().text()
    assert "Qt" in qapp.clipboard().text()
    bar.retry.click()
    videos.settle()
    assert len(videos.videos) == 3
    assert videos.states() == ["failed", "running"]
    assert not bar.report.isVisible()


def test_the_finished_video_opens_in_the_player(bar, videos, state, window, monkeypatch):
    opened = []
    monkeypatch.setattr(window.services.player, "open", lambda path, *_a, **_k: opened.append(path))
    ask(bar, videos)
    window.activateWindow()
    bar.cancel_button.setFocus()
    job = videos.finish()
    assert window.focusWidget() is bar.render_button
    assert state.render.phase is RenderPhase.DONE
    assert state.view is View.PREVIEW
    assert opened == []
    bar.play.click()
    assert state.view is View.VIDEO
    assert opened == [Path(job.output)]
    assert state.video.name == "backprop-720p-en.mp4"


def test_a_wrong_field_disables_the_button_and_says_why(bar, state):
    state.refusal = Message.plain("wrong")
    assert not bar.render_button.isEnabled()
    assert bar.render_button.toolTip() == "Correct the parameters first."
    state.refusal = None
    assert bar.render_button.isEnabled()


def test_what_ended_long_ago_leaves_the_list_and_no_video_goes(bar, videos, renders, monkeypatch):
    monkeypatch.setattr("backprop_studio.gui.renders.controller.LISTED", 2)
    asked = [ask(bar, videos) for _number in range(3)]
    for _number in range(3):
        videos.finish()
    last = ask(bar, videos)
    assert [entry.id for entry in videos.entries] == [*asked[1:], last]
    assert len(list(renders.iterdir())) == 3


def test_a_folder_that_cannot_be_written_is_a_failure_in_words(bar, state, monkeypatch):
    def refuse(_chosen):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("backprop_studio.gui.renders.controller.renders_folder", refuse)
    bar.render_button.click()
    assert state.render.phase is RenderPhase.FAILED
    assert "permission denied" in bar.status.text()


@pytest.mark.parametrize(("width", "is_above"), [(960, True), (1500, False)])
def test_a_failure_has_a_line_of_its_own_where_buttons_leave_it_no_room(
    window, bar, state, monkeypatch, width, is_above
):
    def refuse(_chosen):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("backprop_studio.gui.renders.controller.renders_folder", refuse)
    window.resize(width, 720)
    bar.render_button.click()
    assert bar.failure.isVisibleTo(window) is is_above
    assert bar.status.isVisibleTo(window) is not is_above
    assert bar.failure.text() == (bar.status.text() if is_above else "")
    state.notice = "Another video is ready"
    assert not bar.failure.isVisibleTo(window)
    assert bar.status.isVisibleTo(window)


def test_a_file_that_cannot_be_copied_is_a_failure_in_words(bar, videos, state, tmp_path):
    (file,) = (spec for spec in state.form.fields() if spec.path == "data.file")
    state.set_param(file, str(tmp_path / "nowhere.csv"))
    # Nothing gets into the queue, so trying again means asking again.
    for button in (bar.render_button, bar.retry):
        button.click()
        videos.settle()
        assert state.render.phase is RenderPhase.FAILED
        assert bar.status.text().endswith("nowhere.csv cannot be read: no such file or directory.")
    assert videos.entries == ()


def test_the_worker_is_warmed_up_and_then_used(window, bar, videos):
    window.services.renders.warm_up()
    window.services.renders.warm_up()
    (warm,) = videos.clients
    assert [type(job) for job in warm.jobs] == [ParamsJob]
    warm.running = None
    ask(bar, videos)
    assert [type(job) for job in warm.jobs] == [ParamsJob, VideoJob]
    assert videos.clients == [warm]


def test_a_notice_ends_with_the_next_act_unless_it_is_about_what_goes_on(bar, state, window):
    state.notice = "The command is on the clipboard."
    assert bar.status.text() == state.notice
    state.select_scene("descent")
    assert state.notice == ""
    window.services.files.is_saving = True
    state.notice = "Saving…"
    state.select_scene("backprop")
    bar.findChild(NoticeEnd).timer.timeout.emit()
    assert state.notice == "Saving…"


def test_durations_in_words():
    texts = {0.2: "1 s", 59.4: "59 s", 60: "1 min", 125: "2 min 5 s"}
    assert {seconds: duration_text(seconds) for seconds in texts} == texts
