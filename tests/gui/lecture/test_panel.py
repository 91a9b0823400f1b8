"""The lecture's place in the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit

from backprop_studio.core.base.messages import Message
from backprop_studio.gui.lecture.lesson_list import TITLE_SECONDS
from backprop_studio.gui.model.values import View
from backprop_studio.scenes.paint.style import TIMES


@pytest.fixture
def panel(window):
    return window.lecture


def titles(panel):
    model = panel.model
    return [model.index(row).data() for row in range(model.rowCount())]


def click(qtbot, panel, row, double=False):
    where = panel.view.visualRect(panel.model.index(row)).center()
    act = qtbot.mouseDClick if double else qtbot.mouseClick
    act(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=where)


def test_an_empty_lecture_says_how_to_begin(qtbot, window, panel, state):
    assert panel.empty.isVisible()
    assert not any(it.isVisible() for it in (panel.view, panel.export, panel.notes, panel.title))
    qtbot.mouseClick(panel.add, Qt.MouseButton.LeftButton)
    assert len(state.lecture.parts) == 1
    assert not panel.empty.isVisible()
    assert all(it.isVisible() for it in (panel.view, panel.export, panel.notes, panel.title))
    assert window.parameters.heading.text() == "Lesson 1 of the lecture"
    # What was added is no longer what the catalogue shows.
    assert not window.catalogue.view.currentIndex().isValid()


def test_a_click_brings_a_lesson_with_its_values_and_one_in_the_catalogue_the_draft(
    qtbot, window, panel, state, lecture
):
    state.view = View.VIDEO
    click(qtbot, panel, 1)
    assert state.part == lecture().parts[1].id
    assert state.view is View.PREVIEW
    assert window.parameters.form.rows["learning_rate"].editor.field.text() == "0.25"
    click(qtbot, panel, 0)
    assert window.parameters.form.rows["learning_rate"].editor.field.text() == "0.5"
    assert window.parameters.heading.text() == "Lesson 1 of the lecture"
    view = window.catalogue.view
    where = view.visualRect(window.catalogue.model.index(1, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert (state.scene, state.part) == ("backprop", "")
    assert window.parameters.heading.text() == "Lesson"
    assert not panel.view.currentIndex().isValid()


def test_lessons_are_dragged_into_another_order(panel, state, lecture):
    first, second = lecture().parts
    assert panel.model.moveRows(QModelIndex(), 0, 1, QModelIndex(), 2)
    assert lecture().parts == (second, first)
    assert state.part == first.id
    assert not panel.model.moveRows(QModelIndex(), 0, 2, QModelIndex(), 2)


@pytest.mark.parametrize("by", ["F2", "double click"])
def test_a_title_is_edited_where_it_stands(qtbot, window, panel, lecture, state, by):
    click(qtbot, panel, 0)
    if by == "F2":
        qtbot.keyClick(window, Qt.Key.Key_F2)
    else:
        click(qtbot, panel, 0, double=True)
    field = next(it for it in panel.view.viewport().findChildren(QLineEdit) if it.isVisible())
    assert field.selectedText() == "Backpropagation: one training step"
    qtbot.keyClicks(field, "By hand")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    wanted = ["By hand", "Backpropagation: one training step"]
    qtbot.waitUntil(lambda: titles(panel) == wanted)
    window.services.history.stack.undo()
    assert lecture().parts[0].title == ""


def test_the_list_s_keys_are_the_list_s_alone(qtbot, window, panel, lecture):
    click(qtbot, panel, 0)
    first, second = lecture().parts
    window.activateWindow()
    window.catalogue.view.setFocus()
    qtbot.keyClick(window.catalogue.view, Qt.Key.Key_Delete)
    assert lecture().parts == (first, second)
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert lecture().parts == (second, first)
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    assert lecture().parts == (second,)
    qtbot.keyClick(panel.view, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert len(lecture().parts) == 2


def test_notes_belong_to_the_lesson_and_are_undone_by_the_window(
    qtbot, window, panel, lecture, state
):
    assert not panel.notes.isVisible()
    click(qtbot, panel, 0)
    panel.notes.setFocus()
    qtbot.keyClicks(panel.notes, "Ask first")
    assert lecture().parts[0].notes == "Ask first"
    click(qtbot, panel, 1)
    assert panel.notes.toPlainText() == ""
    click(qtbot, panel, 0)
    assert panel.notes.toPlainText() == "Ask first"
    panel.notes.setFocus()
    qtbot.keySequence(panel.notes, QKeySequence(QKeySequence.StandardKey.Undo))
    assert panel.notes.toPlainText() == ""
    assert lecture().parts[0].notes == ""


def test_what_is_there_already_is_asked_about_until_something_else_is_shown(
    qtbot, panel, lecture, state, lessons
):
    state.select_scene("backprop")
    lessons.add()
    assert panel.banner.isVisible()
    assert panel.banner.show_it.isVisible()
    panel.banner.show_it.click()
    assert state.part == lecture().parts[1].id
    assert not panel.banner.isVisible()
    lessons.add()
    assert not panel.banner.show_it.isVisible()
    panel.banner.again.click()
    assert len(lecture().parts) == 3
    assert not panel.banner.isVisible()
    lessons.add()
    state.select_scene("descent")
    assert not panel.banner.isVisible()


def test_the_stage_gives_pictures_and_lengths_and_the_rest_is_drawn(
    qtbot, window, panel, state, stills, lecture
):
    """Of a lesson that was on the stage nothing is drawn twice."""
    first = lecture().parts[0]
    assert panel.summary.text() == "2 lessons"
    state.select_part(first.id)
    qtbot.waitUntil(lambda: stills.stills[-1].params == {"learning_rate": 0.5})
    stills.finish_still(stills.stills[-1])
    rows = panel.model.rows
    assert rows[0].shown.image is not None
    assert rows[0].facts == "0:06"  # three seconds, and the title
    assert rows[1].shown.image is None
    window.thumbnails.ask_next()
    job = next(job for job in stills.client.jobs if job.id.startswith("lesson-"))
    assert job.params == {"learning_rate": 0.25}
    stills.finish_still(job, duration=60.0)
    assert panel.model.rows[1].facts == "1:03"
    assert panel.summary.text() == "2 lessons · 1:08"
    # They are found again: the same settings in another lesson, or after a start.
    window.services.lessons.duplicate()
    assert panel.model.rows[1].shown == panel.model.rows[0].shown


def test_rows_keep_their_height_when_the_length_arrives(
    qtbot, window, panel, state, stills, lecture
):
    """Otherwise the list moves under the mouse that drags in it."""
    state.select_part(lecture().parts[0].id)
    qtbot.waitUntil(lambda: stills.stills[-1].params == {"learning_rate": 0.5})
    height = panel.view.sizeHintForRow(0)
    assert not panel.model.rows[0].facts
    stills.finish_still(stills.stills[-1])
    assert panel.model.rows[0].facts
    assert panel.view.sizeHintForRow(0) == height


def test_a_lesson_that_cannot_be_drawn_says_why(qtbot, window, panel, state, stills, lecture):
    qtbot.waitUntil(lambda: stills.stills[-1].scene == "descent")
    stills.finish_still(stills.stills[-1])
    window.thumbnails.ask_next()
    job = next(job for job in stills.client.jobs if job.id.startswith("lesson-"))
    stills.fail(job.id, "input", "steps: too many")
    row = panel.model.rows[0]
    assert row.shown.refusal == Message.plain("steps: too many")
    assert "steps: too many." in panel.model.index(0).data(Qt.ItemDataRole.ToolTipRole)


def test_what_differs_from_the_lecture_is_said(panel, state, lecture, window):
    state.select_part(lecture().parts[0].id)
    window.parameters.choices["theme"].button("print").click()
    window.parameters.choices["frame_shape"].button("9:16").click()
    assert panel.model.rows[0].facts == "Print · 9:16"
    assert panel.model.rows[1].facts == ""


def test_the_lecture_s_title_is_a_heading_that_can_be_edited(qtbot, panel, lecture, window, state):
    assert panel.title.placeholderText() == "Untitled lecture"
    panel.title.setFocus()
    qtbot.keyClicks(panel.title, "Week 1")
    qtbot.keyClick(panel.title, Qt.Key.Key_Return)
    assert lecture().title == "Week 1"
    assert "Week 1[*]" in window.windowTitle()
    qtbot.keyClicks(panel.title, "nonsense")
    qtbot.keyClick(panel.title, Qt.Key.Key_Escape)
    assert panel.title.text() == "Week 1"


def test_a_title_stands_as_long_as_its_card():
    assert pytest.approx(2 * TIMES.fade + TIMES.hold) == TITLE_SECONDS
