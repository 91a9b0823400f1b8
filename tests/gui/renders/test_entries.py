"""A video's settings come back into the window, as one step."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtWidgets import QMenu

from backprop_studio.gui.model.values import View
from backprop_studio.render.files.film import Film
from backprop_studio.render.files.film_settings import FilmSettings
from backprop_studio.render.messages.frame_format import FrameFormat
from tests.render.files.films import plain


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
    check_one_use(window, state, before, made)


def check_one_use(window, state, before, after):
    """Check that settings were used, are seen, and are undone and done again as one."""
    assert facts(state) == after
    assert state.view is View.PREVIEW
    stack = window.services.history.stack
    assert stack.undoText() == "Use these settings"
    stack.undo()
    assert facts(state) == before
    stack.redo()
    assert facts(state) == after


@pytest.fixture
def elsewhere(made, window, tmp_path, qtbot):
    """Show a video that no queue knows, with a file beside it."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "points.csv").write_text("1,2\n")
    picture = FrameFormat.of_quality("l", shape="4:3")

    def elsewhere(params, name="film.webm", scene="backprop"):
        settings = FilmSettings(scene=scene, params=params, language="zh", theme="print")
        film = Film(folder / name, picture, tags=settings.tags())
        film.write(plain((9, 9, 9), picture))
        film.finish()
        window.play_file(folder / name)
        qtbot.waitUntil(lambda: window.services.player.settings is not None)
        return folder

    return elsewhere


def test_settings_of_a_file_from_elsewhere_are_used_and_undone_as_one(window, state, elsewhere):
    before = facts(state)
    network = {"sizes": [2, 4, 1], "file": "/home/li/gone.safetensors"}
    data = {"file": "/home/li/points.csv"}
    folder = elsewhere({"learning_rate": 0.5, "network": network, "data": data})
    assert window.stage.use.isVisible()
    window.stage.use.click()
    network["file"], data["file"] = "gone.safetensors", str(folder / "points.csv")
    params = {"learning_rate": 0.5, "network": network, "data": data}
    wanted = ("backprop", params, "zh", "print", "4:3", "l", ".webm")
    assert state.notice == ""
    check_one_use(window, state, before, wanted)
    stack = window.services.history.stack
    state.view, count = View.VIDEO, stack.count()
    window.stage.use.click()  # what is set already is shown, and is nothing to undo
    assert (state.view, stack.count()) == (View.PREVIEW, count)


def test_what_this_version_cannot_hold_is_left_out_and_named(window, state, elsewhere):
    network = {"sizes": {"a": 1}, "activation": "sine", "depth": 3}
    elsewhere({"learning_rate": [0.5], "network": network, "pages": {"a": 1}, "pace": 2.0})
    window.stage.use.click()
    assert facts(state) == ("backprop", {"pace": 2.0}, "zh", "print", "4:3", "l", ".webm")
    said = "Left out, as this version cannot use it: "
    names = "Learning rate, Sizes, Activation, network.depth, pages"
    assert set(state.notice.removeprefix(said).split(", ")) == set(names.split(", "))
    elsewhere({f"{number}{'z' * 300}": 1 for number in range(99)}, "long.mp4")
    window.stage.use.click()
    assert len(state.notice) < 300
    assert state.notice.endswith("z, …")


def test_a_film_of_an_unknown_scene_is_played_and_no_more(window, elsewhere):
    elsewhere({}, scene="broken")
    assert not window.stage.use.isVisible()
    elsewhere({}, name="b.mp4", scene="__import__('os')")
    assert not window.stage.use.isVisible()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_buttons_above_a_film_have_room_in_a_small_window(window, state, elsewhere, language):
    elsewhere({"learning_rate": 0.5})
    state.window_language = language
    window.resize(960, 540)
    window.fit_columns()
    QCoreApplication.processEvents()
    stage = window.stage
    for it in (stage.use, *map(stage.switch.button, ("preview", "video"))):
        assert it.isVisible()
        assert it.width() >= it.sizeHint().width(), it.text()


def test_a_film_that_was_written_anew_is_played_as_it_is_now(window, state, elsewhere):
    for rate in (0.5, 0.25):
        elsewhere({"learning_rate": rate})
        assert window.services.player.settings.params == {"learning_rate": rate}
        assert state.view is View.VIDEO


def test_the_next_film_has_not_the_settings_of_the_last(window, elsewhere):
    folder = elsewhere({"learning_rate": 0.5})
    (folder / "other.mp4").write_bytes(b"video")
    window.play_file(folder / "other.mp4")
    assert not window.stage.use.isVisible()


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
