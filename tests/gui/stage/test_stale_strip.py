"""Wrong settings on the stage: the picture is dimmed, and says why and what mends it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QImage

from backprop_studio.core.base.messages import Message
from backprop_studio.gui.model.words import use_language
from backprop_studio.render.messages.events import Failed
from tests.gui.model.test_state import refusal, spec


def type_wrong(qtbot, window, state, stills, value=-1):
    """Edit a parameter and let the worker refuse it."""
    count = len(stills.stills)
    window.services.history.edit(spec(state, "learning_rate"), value)
    qtbot.waitUntil(lambda: len(stills.stills) > count)
    job = stills.stills[-1]
    stills.say(Failed(job_id=job.id, error="input", message=refusal("learning_rate")))


def test_wrong_settings_dim_the_picture_until_a_valid_one_comes(qtbot, window, state, stills):
    page = window.stage.preview
    type_wrong(qtbot, window, state, stills)
    qtbot.waitUntil(page.stale.isVisible)
    assert page.picture.is_stale
    assert page.stale.sentence.text() == "Wrong value for Learning rate."
    assert page.picture.rect().contains(page.stale.geometry())
    bright = state.preview.image.pixelColor(32, 4)
    dimmed = page.picture.grab().toImage().pixelColor(page.picture.width() // 2, 60)
    assert dimmed != bright
    count = len(stills.stills)
    assert page.stale.mend.text() == "Undo the change"
    page.stale.mend.click()
    assert state.given_params() == {}
    assert page.stale.isVisible(), "the picture is no better yet"
    qtbot.waitUntil(lambda: len(stills.stills) > count)
    stills.finish_still(stills.stills[-1], "green")
    assert not page.stale.isVisible()
    assert not page.picture.is_stale


def test_undo_goes_back_to_the_last_valid_values_however_many_steps_that_is(
    qtbot, window, state, stills
):
    history = window.services.history
    history.edit(spec(state, "network.activation"), "sigmoid")
    qtbot.waitUntil(lambda: stills.stills[-1].params == {"network": {"activation": "sigmoid"}})
    stills.finish_still(stills.stills[-1])
    for value in (-1, -12):
        type_wrong(qtbot, window, state, stills, value)
    assert history.steps_to_valid == 2
    window.stage.preview.stale.mend.click()
    assert state.given_params() == {"network": {"activation": "sigmoid"}}


def test_what_was_wrong_before_any_edit_is_reset(qtbot, window, state, stills):
    state.set_param(spec(state, "learning_rate"), -1)
    qtbot.waitUntil(lambda: bool(stills.stills[-1].params))
    stills.say(Failed(job_id=stills.stills[-1].id, error="input", message=refusal("learning_rate")))
    mend = window.stage.preview.stale.mend
    qtbot.waitUntil(mend.isVisible)
    assert mend.text() == "Reset the field"
    mend.click()
    assert state.given_params() == {}
    window.services.history.stack.undo()
    assert state.given_params() == {"learning_rate": -1}


def test_sentence_leads_to_the_field(qtbot, window, state, stills):
    type_wrong(qtbot, window, state, stills)
    sentence = window.stage.preview.stale.sentence
    qtbot.waitUntil(sentence.isVisible)
    sentence.setFocus()
    qtbot.keyClick(sentence, Qt.Key.Key_Return)
    field = window.parameters.form.rows["learning_rate"].editor.field
    qtbot.waitUntil(field.hasFocus)
    window.catalogue.setFocus()
    qtbot.mouseClick(sentence, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(field.hasFocus)


def test_fresh_scene_with_wrong_values_has_words(qtbot, window, state, stills):
    page = window.stage.preview
    sketch = QImage(64, 36, QImage.Format.Format_RGB32)
    page.sketch_of = lambda _scene: sketch
    state.select_scene("descent")
    assert page.picture.image is sketch
    type_wrong(qtbot, window, state, stills)
    assert page.picture.image is None  # words upon a picture cannot be read
    note = page.picture.note
    assert note.isVisible()
    assert (note.title.text(), note.text.text()) == (
        "These settings cannot be drawn",
        "Wrong value for Learning rate.",
    )
    assert not page.stale.isVisible()
    note.second.click()
    qtbot.waitUntil(window.parameters.form.rows["learning_rate"].editor.field.hasFocus)
    note.first.click()
    assert state.given_params() == {}
    stills.finish_still(stills.stills[-1])
    assert not note.isVisible()


def test_no_line_of_a_narrow_strip_is_cut_off(qtbot, window, state, stills):
    type_wrong(qtbot, window, state, stills)
    strip = window.stage.preview.stale
    qtbot.waitUntil(strip.isVisible)
    state.refusal = None
    for count in range(20, 60, 3):
        window.resize(960, 540)
        window.fit_columns()
        state.refusal = Message.of("x", "{text}", text="学" * count)
        qtbot.waitUntil(lambda: "学" in strip.sentence.text())
        QCoreApplication.processEvents()
        needed = strip.sentence.heightForWidth(strip.sentence.width())
        assert strip.sentence.height() >= needed, count


def test_strip_speaks_the_language(qtbot, window, state, stills):
    type_wrong(qtbot, window, state, stills)
    qtbot.waitUntil(window.stage.preview.stale.isVisible)
    use_language("zh")
    window.retranslate()
    stale = window.stage.preview.stale
    assert "学习率" in stale.sentence.text() or "Learning" in stale.sentence.text()
    assert stale.mend.text() == "撤销这次更改"
