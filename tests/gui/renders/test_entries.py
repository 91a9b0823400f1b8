"""A video's settings come back into the window, as one step."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from backprop_studio.gui.model.values import View


@pytest.fixture(autouse=True)
def _own_folder(renders):
    """Leave the user's folder alone."""


CHOICES = ("lesson_language", "theme", "frame_shape", "quality", "format")


def spec(state, path):
    return next(it for it in state.form.fields() if it.path == path)


def facts(state):
    return (state.scene, state.given_params(), *(getattr(state, name) for name in CHOICES))


@pytest.fixture
def made(window, videos, state, tmp_path):
    """Two videos of one scene, and then something else on the stage."""
    (tmp_path / "points.csv").write_text("1,2\n")
    state.set_param(spec(state, "data.file"), str(tmp_path / "points.csv"))
    state.set_param(spec(state, "network.sizes"), [2, 4, 1])
    state.set_param(spec(state, "learning_rate"), 0.5)
    state.lesson_language, state.theme, state.frame_shape = "zh", "print", "4:3"
    state.quality, state.format = "p", ".gif"  # a GIF does not have its 60 frames a second
    wanted = facts(state)
    window.services.renders.start()
    videos.settle()
    videos.finish(width=1920, height=1440)
    window.services.history.reset_all()
    window.services.renders.start()
    videos.settle()
    videos.finish()
    state.select_scene("descent")
    state.set_param(spec(state, "learning_rate"), 0.25)
    state.lesson_language, state.theme, state.frame_shape = "en", "dark", "16:9"
    state.quality, state.format = "m", ".mp4"
    return wanted


def use_in_queue(window):
    window.show_queue()
    window.queue_dialog.choose(0)
    window.queue_dialog.use.click()
    assert not window.queue_dialog.isVisible()


def use_in_menu(window):
    window.show_queue()
    dialog = window.queue_dialog
    dialog.choose(0)
    dialog.view.customContextMenuRequested.emit(QPoint(40, 10))
    (menu,) = dialog.findChildren(QMenu)
    texts = [it.text() for it in menu.actions() if not it.isSeparator()]
    assert texts == ["Play", "Use these settings", "Show in folder", "Remove"]
    menu.actions()[1].trigger()


def use_on_stage(window):
    assert window.services.renders.show(window.state.queue.entries[0].id)
    assert window.stage.use.isVisible()
    window.stage.use.click()


def use_of_a_file(window):
    window.play_file(Path(window.state.queue.entries[0].job.output))
    window.stage.use.click()


@pytest.mark.parametrize("use", [use_in_queue, use_in_menu, use_on_stage, use_of_a_file])
def test_settings_of_a_video_are_used_and_undone_as_one(window, made, state, use):
    before = facts(state)
    use(window)
    assert facts(state) == made
    assert state.view is View.PREVIEW
    stack = window.services.history.stack
    assert stack.undoText() == "Use these settings"
    stack.undo()
    assert facts(state) == before
    stack.redo()
    assert facts(state) == made


def test_two_videos_of_a_scene_are_told_apart(window, made):
    window.show_queue()
    rows = window.queue_dialog.model.rows
    assert "Sizes" in rows[0].changes
    assert rows[1].changes == ""
    assert Path(rows[0].entry.job.output).name != Path(rows[1].entry.job.output).name


def test_what_nobody_knows_is_not_offered(window, made, state, tmp_path):
    other = tmp_path / "other.mp4"
    other.write_bytes(b"video")
    window.play_file(other)
    assert not window.stage.use.isVisible()
    state.catalogue = tuple(row for row in state.catalogue if row.id != "backprop")
    window.services.renders.show(state.queue.entries[0].id)
    assert not window.stage.use.isVisible()
    window.show_queue()
    window.queue_dialog.choose(0)
    assert not window.queue_dialog.use.isEnabled()
