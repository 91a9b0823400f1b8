"""The form as a whole: refused values, resetting, undoing, what is shown."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSlider

from backprop_studio.core.base.messages import Message
from backprop_studio.gui.model.words import use_language
from backprop_studio.gui.toolkit.theme import theme
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
    assert form.rows["values"].error.text() == "a: Pause."
    use_language("zh")
    form.retranslate()
    assert form.rows["values"].error.text().startswith("a：暂停")


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


def refuse_both(state):
    text = "{field} excludes {other}"
    both = Message.of("field.excludes", text, field="file", other="formula")
    state.refusal = Message.of("parameters.refused", "wrong parameters: {problem}", problem=both)


def test_refusal_of_two_fields_marks_both_and_is_said_at_the_one_that_was_edited(
    qtbot, form, state
):
    first, other = form.rows["file"], form.rows["formula"]
    for edited, silent in ((other, first), (first, other)):
        type_text(qtbot, edited, "x")
        refuse_both(state)
        qtbot.waitUntil(edited.error.isVisible)
        assert edited.error.text() == "File excludes Formula."
        assert not silent.error.isVisible()
        roles = [it.editor.field.property("role") for it in (edited, silent)]
        assert roles == ["wrong", "wrong"]
        state.refusal = None


@pytest.mark.parametrize(
    ("path", "text", "fields", "span"),
    [
        ("sizes", "2-4-x-1", {"field": "sizes"}, (4, 5)),
        ("sizes", "[2, x, 1]", {"field": "sizes.1"}, (4, 5)),
        ("formula", " 2w^2", {"field": "formula", "column": 2}, (2, 3)),
        ("formula", "w^", {"field": "formula", "column": 3}, (2, 2)),
    ],
)
def test_place_of_the_fault_is_marked_until_the_text_changes(
    qtbot, form, state, path, text, fields, span
):
    form.more.setChecked(True)
    row = form.rows[path]
    type_text(qtbot, row, text)
    line, fine = line_of(row), picture(line_of(row))
    state.refusal = Message.of("parameter.wrong", "wrong value for {field}", **fields)
    qtbot.waitUntil(row.error.isVisible)
    assert line.marked == span
    assert line.selectedText() == ""
    if span is not None:
        left = line.cursorRect().center().x() - width_of(line, text[span[0] :])
        wrong = theme().colour("wrong").name()
        below = (line.height() + line.fontMetrics().height()) // 2
        marked = picture(line)
        inside = range(6, line.width() - 6)
        found = [x for x in inside if marked.pixelColor(x, below).name() == wrong]
        assert found[0] == pytest.approx(left, abs=1.5)
        assert fine.pixelColor(round(left) + 2, below).name() != wrong
    qtbot.keyClick(line, Qt.Key.Key_End)
    qtbot.keyClicks(line, "1")
    assert line.marked is None


def picture(widget):
    return widget.grab().toImage()


def width_of(line, text):
    return line.fontMetrics().horizontalAdvance(text)


def test_undo_in_a_text_field_is_the_window_s(qtbot, form, state, history):
    window_undo = QShortcut(QKeySequence.StandardKey.Undo, form)
    window_undo.activated.connect(history.stack.undo)
    choose(form.rows["loss"], 1)
    row = form.rows["count"]
    type_text(qtbot, row, "7")
    row.editor.end_gesture()
    type_text(qtbot, row, "8")
    line = line_of(row)
    for count, loss in ((7, "mse"), (5, "mse"), (5, None)):
        qtbot.keyClick(row.editor.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert (value(state, "count"), value(state, "loss")) == (count, loss)
        assert line.text() == str(count)
    qtbot.keyClick(row.editor.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert line.text() == "5", "nothing is left to be undone"


def test_pause_ends_what_is_undone_together(qtbot, form, state, history):
    row = form.rows["formula"]
    type_text(qtbot, row, "w")
    row.editor._pause.timeout.emit()
    qtbot.keyClicks(line_of(row), "^3")
    history.stack.undo()
    assert value(state, "formula") == "w"


def test_rows_keep_their_heights_beside_a_wrong_one(qtbot, window, state):
    form = window.parameters.form
    form.more.setChecked(True)
    qtbot.waitUntil(lambda: not form.is_building)

    def heights():
        return {
            path: (it.height(), it.editor.field.height())
            for path, it in form.rows.items()
            if it.isVisible() and path != "learning_rate"
        }

    def is_laid_out():
        shown = [it for it in form.rows.values() if it.isVisible() and it.error.isHidden()]
        return all(it.height() >= it.sizeHint().height() for it in shown)

    qtbot.waitUntil(is_laid_out)
    before = heights()
    assert len(before) > 5
    wrong = {"value": "1", "expected": Message.of("x", "words " * 20)}
    text = "wrong value for {field}"
    state.refusal = Message.of("parameter.wrong", text, field="learning_rate", **wrong)
    error = form.rows["learning_rate"].error
    qtbot.waitUntil(lambda: error.isVisible() and error.height() > 40 and is_laid_out())
    assert heights() == before


def test_fields_of_the_drawer_are_made_for_whoever_opens_it(qtbot, form, state):
    qtbot.waitUntil(lambda: not form.is_building)
    usual = {spec.path for spec in state.form.fields() if not spec.advanced}
    assert set(form.rows) == usual
    form.more.click()
    qtbot.waitUntil(lambda: "sizes" in set(form.rows) and form.rows["sizes"].isVisible())
    assert state.more_open


def test_a_refused_field_is_made_if_it_is_not_there_yet(qtbot, form, state):
    qtbot.waitUntil(lambda: not form.is_building)
    refuse(state, "sizes")
    assert form.rows["sizes"].error.text() == "Wrong value for Sizes."


def test_what_is_refused_while_the_form_is_made_is_said(form, state):
    form.rebuild()
    refuse(state, "count")
    assert form.rows["count"].error.text() == "Wrong value for Count."
    assert not form.rows["count"].error.isHidden()
