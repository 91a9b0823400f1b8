"""The form as a whole: refused values, resetting, undoing, what is shown."""

from __future__ import annotations

from PySide6.QtWidgets import QSlider

from backprop_studio.core.base.messages import Message
from backprop_studio.gui.model.words import use_language
from tests.gui.parameters.sample_form import choose, line_of, type_text, value


def refuse(state, field, text="wrong value for {field}"):
    """Let the worker find something wrong."""
    state.refusal = Message.of("parameter.wrong", text, field=field)


def test_refused_value_is_marked_and_said_at_its_field(qtbot, form, state):
    row = form.rows["rate"]
    type_text(qtbot, row, "-1")
    refuse(state, "rate")
    qtbot.waitUntil(row.error.isVisible)
    assert row.error.text() == "Wrong value for Rate."
    assert row.editor.field.property("role") == "wrong"
    assert row.editor.field.accessibleDescription() == row.error.text()
    assert [path for path, it in form.rows.items() if it.error.isVisible()] == ["rate"]


def test_half_typed_value_is_not_called_wrong(qtbot, form, state, monkeypatch):
    monkeypatch.setattr("backprop_studio.gui.parameters.form.TYPING_PAUSE_MS", 10**6)
    form.rebuild()
    row = form.rows["rate"]
    type_text(qtbot, row, "1e")
    refuse(state, "rate")
    assert not row.error.isVisible()


def test_correcting_a_field_takes_the_mark_away_at_once(qtbot, form, state):
    row = form.rows["count"]
    refuse(state, "count")
    assert row.error.isVisible()
    type_text(qtbot, row, "3")
    assert not row.error.isVisible()
    assert row.editor.field.property("role") == ""
    assert row.editor.field.accessibleDescription() == "How many."


def test_refusal_of_an_entry_is_said_at_its_field_in_the_language(form, state):
    refuse(state, "values.a", "Pause")
    assert form.rows["values"].error.text() == "Pause."
    use_language("zh")
    form.retranslate()
    assert form.rows["values"].error.text().startswith("暂停")


def test_reset_brings_back_the_default_from_a_wrong_text(qtbot, form, state):
    row = form.rows["rate"]
    type_text(qtbot, row, "-1")
    refuse(state, "rate")
    assert row.reset_button.isVisible()
    row.reset_button.click()
    assert state.refusal is None
    assert line_of(row).text() == "0.1"
    assert not row.reset_button.isVisible()


def test_undo_follows_in_the_field(qtbot, form, state, history):
    type_text(qtbot, form.rows["count"], "7")
    history.stack.undo()
    assert value(state, "count") == 5
    assert line_of(form.rows["count"]).text() == "5"
    history.stack.redo()
    assert line_of(form.rows["count"]).text() == "7"


def test_one_drag_is_one_step_of_undo(form, state, history):
    slider = form.rows["rate"].editor.findChild(QSlider)
    slider.setSliderDown(True)
    for position in range(300, 700, 20):
        slider.setSliderPosition(position)
    slider.setSliderDown(False)
    assert history.stack.count() == 1
    slider.setSliderDown(True)
    slider.setSliderPosition(100)
    slider.setSliderDown(False)
    assert history.stack.count() == 2
    history.stack.undo()
    history.stack.undo()
    assert value(state, "rate") == 0.1


def test_edits_of_two_fields_are_two_steps_and_reset_all_is_one(qtbot, form, state, history):
    type_text(qtbot, form.rows["count"], "7")
    type_text(qtbot, form.rows["seed"], "3")
    assert history.stack.count() == 2
    assert history.stack.undoText() == "Seed"
    history.reset_all()
    assert state.given_params() == {}
    history.stack.undo()
    assert state.given_params() == {"count": 7, "seed": 3}


def test_field_is_shown_only_where_it_applies(qtbot, form, state, history):
    folder = form.rows["folder"]
    assert not folder.isVisible()
    choose(form.rows["loss"], 1)
    assert folder.isVisible()
    type_text(qtbot, folder, "pictures")
    choose(form.rows["loss"], 2)
    assert not folder.isVisible()
    assert "folder" not in state.given_params(), "what is not shown must not act"
    history.stack.undo()
    assert folder.isVisible()
    assert state.given_params()["folder"] == "pictures"


def test_open_fields_say_what_stands_for_them(form, state):
    texts = {path: line_of(form.rows[path]) for path in ("seed", "column", "file", "values")}
    box = form.rows["loss"].editor.field
    assert texts["seed"].placeholderText() == box.itemText(0) == "Automatic"
    assert texts["file"].placeholderText() == "None"
    state.resolved = {"seed": 3, "column": "x", "loss": "mse"}
    assert texts["seed"].placeholderText() == "Automatic: 3"
    assert texts["column"].placeholderText() == "Automatic: x"
    assert box.itemText(0) == "Automatic: Mean squared error"
    use_language("zh")
    form.retranslate()
    assert texts["seed"].placeholderText() == "自动：3"
    assert box.itemText(0).startswith("自动：")


def test_arrows_of_an_open_number_start_from_what_stands_for_it(form, state):
    state.resolved = {"seed": 7}
    form.rows["seed"].editor.field.stepBy(1)
    assert value(state, "seed") == 8


def test_what_goes_along_is_one_step_of_undo(qtbot, form, state, history):
    state.resolved = {"other": [0]}
    type_text(qtbot, form.rows["count"], "7")
    type_text(qtbot, form.rows["pair"], "1 2")
    assert state.given_params() == {"count": 7, "pair": [1, 2], "other": [0]}
    assert line_of(form.rows["other"]).text() == "0"
    history.stack.undo()
    assert state.given_params() == {"count": 7}
