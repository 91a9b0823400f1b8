"""The still follows the state, and what is out of date never reaches the stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtGui import QColor, QImage

from backprop_studio.core.base.messages import Message
from backprop_studio.gui.model.values import Engine
from backprop_studio.render.messages.events import Cancelled, Done, Hello
from backprop_studio.render.messages.jobs import CatalogueJob

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from backprop_studio.gui.model.fields import FieldSpec
    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.window import MainWindow
    from backprop_studio.render.messages.frame_format import FrameShape


def rate(state: AppState) -> FieldSpec:
    return next(spec for spec in state.form.fields() if spec.path == "learning_rate")


def colour(state: AppState) -> str:
    assert state.preview.image is not None
    return state.preview.image.pixelColor(5, 5).name()


def changed(qtbot: QtBot, state: AppState, stills: Any) -> Any:
    """Change a parameter and return the job that asks for the new still."""
    state.set_param(rate(state), 0.5)
    qtbot.waitUntil(lambda: stills.stills[-1].params == {"learning_rate": 0.5})
    return stills.stills[-1]


def wait_for_still(qtbot: QtBot, stills: Any, count: int) -> Any:
    qtbot.waitUntil(lambda: len(stills.stills) == count)
    return stills.stills[-1]


def test_the_job_carries_the_choices(
    qtbot: QtBot, window: MainWindow, state: AppState, stills: Any
) -> None:
    state.lesson_language = "zh"
    state.theme = "light"
    state.beat = "forward"
    job = changed(qtbot, state, stills)
    assert job.scene == "backprop"
    assert job.params == {"learning_rate": 0.5}
    assert (job.language, job.theme, job.beat) == ("zh", "light", "forward")


def test_the_shape_of_the_frame_reaches_the_job(
    qtbot: QtBot, window: MainWindow, state: AppState, stills: Any
) -> None:
    panel: Any = window.parameters
    for shape, ratio in (("9:16", 9 / 16), ("4:3", 4 / 3), ("16:9", 16 / 9)):
        count = len(stills.stills)
        panel.choices["frame_shape"].button(shape).click()
        job = wait_for_still(qtbot, stills, count + 1)
        assert job.picture.width / job.picture.height == pytest.approx(ratio, rel=0.01)
        assert job.picture.fps == stills.stills[0].picture.fps
        stills.finish_still(job)


def test_the_theme_for_print_reaches_the_job(
    qtbot: QtBot, window: MainWindow, state: AppState, stills: Any
) -> None:
    count = len(stills.stills)
    panel: Any = window.parameters
    panel.choices["theme"].button("print").click()
    assert wait_for_still(qtbot, stills, count + 1).theme == "print"


def test_many_quick_changes_ask_for_the_latest_only(
    qtbot: QtBot, window: MainWindow, state: AppState, stills: Any
) -> None:
    count = len(stills.stills)
    for step in range(1, 20):
        state.set_param(rate(state), step / 10)
    job = wait_for_still(qtbot, stills, count + 2)
    # The step to 0.1 was none, because that is the default.
    assert stills.stills[count].params == {"learning_rate": 0.2}
    assert job.params == {"learning_rate": 1.9}


def test_an_old_result_does_not_reach_the_stage(
    qtbot: QtBot, window: MainWindow, state: AppState, stills: Any
) -> None:
    old = stills.stills[-1]
    new = changed(qtbot, state, stills)
    stills.finish_still(new, "green")
    stills.finish_still(old, "red")
    stills.fail(old.id, "scene", "old trouble")
    assert colour(state) == QColor("green").name()
    assert not state.preview.error


def test_a_long_wait_is_marked_and_a_short_one_not(
    qtbot: QtBot, window: MainWindow, state: AppState, stills: Any
) -> None:
    job = changed(qtbot, state, stills)
    assert state.preview.waiting
    assert not state.preview.slow
    picture = window.stage.preview.picture
    qtbot.waitUntil(lambda: picture.is_busy)
    stills.finish_still(job)
    assert not picture.is_busy


def test_wrong_parameters_are_said_in_the_form(
    qtbot: QtBot, window: MainWindow, state: AppState, stills: Any
) -> None:
    job = changed(qtbot, state, stills)
    stills.fail(job.id, "input", "network.sizes: too few layers.")
    message = window.parameters.message
    assert message.isVisible()
    assert message.text.text() == "network.sizes: too few layers."
    assert not state.preview.waiting
    state.set_param(rate(state), 0.6)
    assert not message.isVisible()


def test_a_refused_field_is_marked_and_one_out_of_sight_is_said_below(
    qtbot: QtBot, window: MainWindow, state: AppState, stills: Any
) -> None:
    parameters = window.parameters
    window.resize(1200, 1400)
    for path, is_below in (("learning_rate", False), ("network.weights", True)):
        state.refusal = Message.of("parameter.wrong", "wrong value for {field}", field=path)
        assert parameters.message.isVisible() is is_below
        assert parameters.form.rows[path].error.text() == f"Wrong value for {path}."
    assert not window.services.renders.can_start
    assert not window.services.live.can_start


def test_a_corrected_value_is_taken(
    qtbot: QtBot, window: MainWindow, state: AppState, stills: Any
) -> None:
    state.set_param(rate(state), "fast")
    qtbot.waitUntil(lambda: stills.stills[-1].params == {"learning_rate": "fast"})
    stills.fail(stills.stills[-1].id, "input", "Wrong.")
    assert state.refusal is not None
    stills.finish_still(changed(qtbot, state, stills))
    assert state.refusal is None


def test_a_failed_still_says_so_over_the_stage_and_can_be_tried_again(
    qtbot: QtBot, window: MainWindow, state: AppState, stills: Any
) -> None:
    job = changed(qtbot, state, stills)
    stills.fail(job.id, "scene", "It broke.", details="line 3")
    note = window.stage.preview.picture.note
    assert note.isVisible()
    assert note.text.text() == "It broke."
    assert note.second.isVisible()
    count = len(stills.stills)
    note.first.click()
    stills.finish_still(wait_for_still(qtbot, stills, count + 1))
    assert not note.isVisible()


def test_an_unreadable_picture_is_an_error_and_not_a_blank(
    qtbot: QtBot, window: MainWindow, state: AppState, stills: Any
) -> None:
    job = changed(qtbot, state, stills)
    stills.say(Done(job_id=job.id, result={"beats": []}), b"no picture")
    assert "cannot be read" in state.preview.error


def test_a_worker_that_went_away_leaves_no_busy_mark(
    qtbot: QtBot, window: MainWindow, state: AppState, stills: Any
) -> None:
    job = changed(qtbot, state, stills)
    stills.say(Cancelled(job_id=job.id))
    assert not state.preview.waiting


def test_another_scene_clears_the_stage_at_once(
    window: MainWindow, state: AppState, stills: Any
) -> None:
    old = stills.stills[-1]
    state.select_scene("descent")
    assert state.preview.image is None
    stills.finish_still(old, "red")
    assert state.preview.image is None


def test_without_a_catalogue_the_worker_is_asked(
    qtbot: QtBot, empty_window: MainWindow, state: AppState, stills: Any, entries: Any
) -> None:
    empty_window.show()
    empty_window.start(None)
    qtbot.waitUntil(lambda: bool(stills.client.jobs))
    job = stills.client.jobs[0]
    assert isinstance(job, CatalogueJob)
    assert state.engine is Engine.STARTING
    catalogue = empty_window.catalogue
    assert catalogue.note.text() == "Reading the scenes…"  # type: ignore[attr-defined]
    assert not window_can_render(empty_window)
    stills.say(Hello(pid=1))
    rows = [entry.model_dump() for entry in entries]
    stills.say(Done(job_id=job.id, result={"scenes": rows}))
    assert state.scene == "backprop"
    assert stills.stills
    assert not catalogue.note.isVisible()  # type: ignore[attr-defined]


def test_a_catalogue_that_cannot_be_read_can_be_tried_again(
    qtbot: QtBot, empty_window: MainWindow, state: AppState, stills: Any
) -> None:
    empty_window.show()
    empty_window.start(None)
    qtbot.waitUntil(lambda: bool(stills.client.jobs))
    stills.fail(stills.client.jobs[0].id, "missing", "No Manim.")
    panel: Any = empty_window.catalogue
    assert "No Manim." in panel.note.text()
    panel.retry.click()
    assert len(stills.client.jobs) == 2


def window_can_render(window: MainWindow) -> bool:
    return window.services.renders.can_start


@pytest.mark.parametrize(
    ("width", "size", "shape"),
    [
        (700, (854, 480), "16:9"),
        (1250, (1280, 720), "16:9"),
        (2400, (1920, 1080), "16:9"),
        (600, (640, 480), "4:3"),
        (1000, (1080, 1920), "9:16"),
    ],
)
def test_the_still_is_as_large_as_the_stage_needs(
    window: MainWindow, state: AppState, width: int, size: tuple[int, int], shape: FrameShape
) -> None:
    state.frame_shape = shape
    picture = window.stage.preview.picture
    picture.show_image(QImage(*size, QImage.Format.Format_RGB32))
    picture.setMaximumHeight(16_000)
    picture.resize(width, 2 * width)
    assert state.picture_size == size
