"""The still follows the state, and what is out of date never reaches the stage."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from backprop_studio.core.base.messages import Message
from backprop_studio.gui.model.values import Engine
from backprop_studio.render.messages.events import Cancelled, Done, Failed, Hello, Pictured
from backprop_studio.render.messages.jobs import CatalogueJob
from backprop_studio.render.messages.results import SentenceMark
from tests.gui.conftest import png


def rate(state):
    return next(spec for spec in state.form.fields() if spec.path == "learning_rate")


def colour(state):
    return state.preview.image.pixelColor(5, 5).name()


def changed(qtbot, state, stills):
    """Change a parameter and return the job that asks for the new still."""
    state.set_param(rate(state), 0.5)
    qtbot.waitUntil(lambda: stills.stills[-1].params == {"learning_rate": 0.5})
    return stills.stills[-1]


def wait_for_still(qtbot, stills, count):
    qtbot.waitUntil(lambda: len(stills.stills) == count)
    return stills.stills[-1]


def test_the_job_carries_the_choices(qtbot, window, state, stills):
    state.lesson_language = "zh"
    state.beat = "forward"
    panel = window.parameters
    panel.choices["theme"].button("print").click()
    job = changed(qtbot, state, stills)
    assert (job.scene, job.params) == ("backprop", {"learning_rate": 0.5})
    assert (job.language, job.theme, job.beat) == ("zh", "print", "forward")
    for shape, ratio in (("9:16", 9 / 16), ("4:3", 4 / 3), ("16:9", 16 / 9)):
        count = len(stills.stills)
        panel.choices["frame_shape"].button(shape).click()
        job = wait_for_still(qtbot, stills, count + 1)
        assert job.picture.width / job.picture.height == pytest.approx(ratio, rel=0.01)
        assert job.picture.fps == stills.stills[0].picture.fps
        stills.finish_still(job)


def test_the_script_of_the_beat_is_shown_where_the_caption_does_not_say_it(window, state):
    page = window.stage.preview
    said = [SentenceMark(text=text, start=0, end=1) for text in ("One sentence.", "And another.")]
    told, caption = state.preview.beats[:2]
    told = told.model_copy(update={"sentences": tuple(said)})
    alone = SentenceMark(text=caption.caption, start=1, end=2)
    caption = caption.model_copy(update={"sentences": (alone,)})
    state.preview = replace(state.preview, beats=(told, caption))
    state.beat = told.name
    assert page.script.text() == "One sentence. And another."
    assert page.script.isVisibleTo(page)
    state.beat = caption.name
    assert not page.script.isVisibleTo(page)


def test_a_beat_that_is_gone_is_no_fault_of_the_lecturer(qtbot, window, state, stills):
    count = len(stills.stills)
    state.beat = "from another version"
    job = wait_for_still(qtbot, stills, count + 1)
    message = Message.of("beat.unknown", "there is no beat {beat}", beat=job.beat)
    stills.say(Failed(job_id=job.id, error="input", message=message))
    job = wait_for_still(qtbot, stills, count + 2)
    assert state.beat is None
    assert job.beat == state.entry.thumbnail_beat
    stills.finish_still(job)
    assert state.refusal is None
    assert not state.preview.waiting


def test_many_quick_changes_ask_for_the_latest_only(qtbot, window, state, stills):
    count = len(stills.stills)
    for step in range(1, 20):
        state.set_param(rate(state), step / 10)
    job = wait_for_still(qtbot, stills, count + 2)
    # The step to 0.1 was none, because that is the default.
    assert stills.stills[count].params == {"learning_rate": 0.2}
    assert job.params == {"learning_rate": 1.9}


def test_the_picture_does_not_wait_for_the_rest_of_the_lesson(qtbot, window, state, stills):
    known = state.preview.beats
    job = changed(qtbot, state, stills)
    assert job.beats == "after"
    picture = png("green")
    told = {"beat": known[1].name, "seconds": 1.0, "resolved": {}}
    event = Pictured(job_id=job.id, result=told, attachment=len(picture))
    stills.say(event, picture)
    assert colour(state) == QColor("green").name()
    assert state.preview.measuring
    assert not state.preview.waiting
    assert not state.preview.is_at_rest  # nobody may take the old beats for those of this lesson
    assert state.preview.beats == known
    stills.say(Done(job_id=job.id, result={**told, "beats": [known[0].model_dump()]}))
    assert colour(state) == QColor("green").name()
    assert state.preview.beats == known[:1]
    assert state.preview.is_at_rest


def test_beats_that_never_came_are_unknown(qtbot, window, state, stills):
    job = changed(qtbot, state, stills)
    picture = png("green")
    event = Pictured(job_id=job.id, result={"resolved": {}}, attachment=len(picture))
    stills.say(event, picture)
    stills.say(Cancelled(job_id=job.id))
    assert colour(state) == QColor("green").name()
    assert not state.preview.is_awaited
    assert state.preview.beats == ()


def test_an_old_result_does_not_reach_the_stage(qtbot, window, state, stills):
    old = stills.stills[-1]
    new = changed(qtbot, state, stills)
    stills.finish_still(new, "green")
    stills.finish_still(old, "red")
    stills.fail(old.id, "scene", "old trouble")
    assert colour(state) == QColor("green").name()
    assert not state.preview.error
    # Another scene clears the stage at once.
    state.select_scene("descent")
    assert state.preview.image is None
    stills.finish_still(new, "red")
    assert state.preview.image is None


def test_a_long_wait_is_marked_until_a_picture_comes_or_the_worker_goes_away(
    qtbot, window, state, stills
):
    job = changed(qtbot, state, stills)
    assert state.preview.waiting
    assert not state.preview.slow
    picture = window.stage.preview.picture
    qtbot.waitUntil(lambda: picture.is_busy)
    stills.finish_still(job)
    assert not picture.is_busy
    window.services.previews.request()
    job = wait_for_still(qtbot, stills, len(stills.stills))
    qtbot.waitUntil(lambda: state.preview.waiting)
    stills.say(Cancelled(job_id=stills.stills[-1].id))
    assert not state.preview.waiting


def test_wrong_parameters_are_said_in_the_form_until_they_are_corrected(
    qtbot, window, state, stills
):
    job = changed(qtbot, state, stills)
    message = window.parameters.message
    stills.fail(job.id, "input", "network.sizes: too few layers.")
    assert message.isVisible()
    assert message.text.text() == "network.sizes: too few layers."
    assert not state.preview.waiting
    state.set_param(rate(state), 0.6)
    assert not message.isVisible()
    state.refusal = Message.plain("wrong")
    stills.finish_still(changed(qtbot, state, stills))
    assert state.refusal is None


def test_a_refused_field_is_brought_into_sight_and_what_is_about_none_is_said_below(
    qtbot, window, state, stills
):
    parameters = window.parameters
    for path in ("learning_rate", "network.weights", "data.file"):
        state.refusal = Message.of("parameter.wrong", "wrong value for {field}", field=path)
        row = parameters.form.rows[path]
        qtbot.waitUntil(lambda row=row: is_in_sight(row))
        assert not parameters.message.isVisible()
        assert row.error.text().startswith("Wrong value for ")
    state.refusal = Message.of("x", "memory ran out")
    assert parameters.message.text.text() == "Memory ran out."
    assert parameters.message.isVisible()
    assert not window.services.renders.can_start
    assert not window.services.live.can_start


def is_in_sight(row):
    """Whether the whole of a row is in the visible part of its page."""
    return row.isVisible() and row.visibleRegion().boundingRect().size() == row.size()


def test_a_failed_still_says_so_over_the_stage_and_can_be_tried_again(qtbot, window, state, stills):
    job = changed(qtbot, state, stills)
    stills.fail(job.id, "scene", "It broke.", details="line 3")
    note = window.stage.preview.picture.note
    assert note.isVisible()
    assert note.text.text() == "It broke."
    assert note.second.isVisible()
    count = len(stills.stills)
    note.first.click()
    job = wait_for_still(qtbot, stills, count + 1)
    stills.say(Done(job_id=job.id, result={"beats": []}), b"no picture")
    assert "cannot be read" in str(state.preview.error)
    note.first.click()
    stills.finish_still(wait_for_still(qtbot, stills, count + 2))
    assert not note.isVisible()


def test_without_a_catalogue_the_worker_is_asked_until_there_is_one(
    qtbot, empty_window, state, stills, entries
):
    empty_window.show()
    empty_window.start(None)
    panel = empty_window.catalogue
    qtbot.waitUntil(lambda: bool(stills.client.jobs))
    assert state.engine is Engine.STARTING
    assert panel.note.text() == "Reading the scenes…"
    assert not empty_window.services.renders.can_start
    stills.fail(stills.client.jobs[0].id, "missing", "No Manim.")
    assert "No Manim." in panel.note.text()
    panel.retry.click()
    _first, job = stills.client.jobs
    assert isinstance(job, CatalogueJob)
    stills.say(Hello(pid=1))
    rows = [entry.model_dump() for entry in entries]
    stills.say(Done(job_id=job.id, result={"scenes": rows}))
    assert state.scene == "backprop"
    assert stills.stills
    assert not panel.note.isVisible()


def test_a_still_has_the_pixels_of_the_stage_once_it_has_settled(qtbot, window, state, stills):
    picture = window.stage.preview.picture
    # Out of the layout, which has a size of its own in mind; the window takes it along.
    ground = QWidget(window.stage.preview, Qt.WindowType.Window)
    picture.setParent(ground)
    ground.show()
    picture.show()
    for width, height, shape, size in (
        (831, 900, "16:9", (830, 466)),
        (831, 467, "16:9", (830, 466)),
        (1250, 1000, "16:9", (1250, 702)),
        (2400, 2000, "16:9", (1920, 1080)),
        (600, 700, "4:3", (600, 450)),
        (1000, 700, "9:16", (392, 700)),
    ):
        state.frame_shape = shape
        picture.setMaximumHeight(16_000)
        picture.resize(width, height)
        qtbot.waitUntil(lambda size=size: state.picture_size == size)
    qtbot.waitUntil(lambda: stills.stills[-1].picture.width == size[0])
    assert stills.stills[-1].picture.height == size[1]
    # What comes is not scaled.
    rect = picture.rect_for(QSize(*size))
    assert (rect.width(), rect.height()) == size
    assert rect.topLeft() == rect.topLeft().toPoint()
