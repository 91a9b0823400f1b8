"""One history for fields and choices, which says what it has changed."""

from __future__ import annotations

from tests.gui.model.test_state import spec


def test_choices_for_every_lesson_are_undone_with_the_rest(window, state):
    history = window.services.history
    panel = window.parameters
    history.edit(spec(state, "learning_rate"), 0.5)
    panel.choices["lesson_language"].button("zh").click()
    panel.choices["theme"].button("print").click()
    panel.choices["frame_shape"].button("9:16").click()
    assert (state.lesson_language, state.theme, state.frame_shape) == ("zh", "print", "9:16")
    assert history.stack.undoText() == "Shape of the picture"
    for _step in range(4):
        history.stack.undo()
    assert (state.lesson_language, state.theme, state.frame_shape) == ("en", "dark", "16:9")
    assert state.given_params() == {}
    assert panel.choices["theme"].button("dark").isChecked()


def test_what_is_undone_comes_into_sight(qtbot, window, state):
    history, form = window.services.history, window.parameters.form
    bar = window.parameters._area.verticalScrollBar()
    history.edit(spec(state, "network.weights"), [[[1]]])
    window.parameters.choices["theme"].button("light").click()
    assert not form.more.isChecked()
    for undo, row in (
        (True, window.parameters.choices["theme"]),
        (True, form.rows["network.weights"]),
        (False, form.rows["network.weights"]),
        (False, window.parameters.choices["theme"]),
    ):
        (history.stack.undo if undo else history.stack.redo)()
        qtbot.waitUntil(lambda row=row: row.visibleRegion().boundingRect().size() == row.size())
    assert bar.maximum() > 0
    assert form.more.isChecked()
