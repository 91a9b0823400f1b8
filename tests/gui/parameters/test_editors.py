"""Every kind of field: from what a hand does to the value, and back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QSlider

from tests.gui.parameters.sample_form import line_of, type_text, value


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("rate", "0.5", 0.5),
        ("formula", "1/w", "1/w"),
        ("column", "species", "species"),
        ("column", '"2"', "2"),
        ("values", "a = 1, x = 2.5", {"a": 1, "x": 2.5}),
        ("file", "flowers.csv", "flowers.csv"),
        ("rate", "fast", "fast"),
    ],
)
def test_typed_value_reaches_the_state_and_its_text_stays(qtbot, form, state, path, text, expected):
    form.more.setChecked(True)
    type_text(qtbot, form.rows[path], text)
    found = value(state, path)
    assert found == expected
    assert type(found) is type(expected)
    assert state.given_params() == {path: expected}
    assert line_of(form.rows[path]).text() == text


def test_combo_box_gives_values_not_labels(form, state):
    box = form.rows["loss"].editor.field
    assert isinstance(box, QComboBox)
    assert [box.itemText(row) for row in range(3)] == ["Automatic", "Mean squared error", "l1"]
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert value(state, "loss") == "mse"
    box.activated.emit(0)
    assert state.given_params() == {}


def test_check_box(qtbot, form, state):
    box = form.rows["shown"].editor.field
    assert isinstance(box, QCheckBox)
    assert box.isChecked()
    box.click()
    assert state.given_params() == {"shown": False}


def test_log_slider_moves_by_ratios_and_gives_round_numbers(form, state):
    slider = form.rows["rate"].editor.findChild(QSlider)
    assert slider.value() == pytest.approx(0.6 * slider.maximum(), abs=1)
    slider.setSliderPosition(slider.maximum() // 2)
    slider.triggerAction(QSlider.SliderAction.SliderMove)
    middle = value(state, "rate")
    assert middle == pytest.approx(10**-1.5, rel=0.05)
    assert middle == float(f"{middle:.2g}")
    assert line_of(form.rows["rate"]).text() == f"{middle:g}"


def test_value_beyond_the_slider_is_kept(qtbot, form, state):
    type_text(qtbot, form.rows["rate"], "50")
    slider = form.rows["rate"].editor.findChild(QSlider)
    assert value(state, "rate") == 50
    assert slider.value() == slider.maximum()
    assert line_of(form.rows["rate"]).text() == "50"


def test_arrow_keys_step_in_the_second_digit(qtbot, form):
    row = form.rows["rate"]
    for start, steps, end in (
        ("0.1", 1, "0.11"),
        ("0.1", -1, "0.099"),
        ("0.5", 1, "0.51"),
        ("100", 1, "100"),
    ):
        type_text(qtbot, row, start)
        row.editor.field.stepBy(steps)
        assert line_of(row).text() == end


def test_the_wheel_scrolls_unless_ctrl_or_the_keyboard_gave_it_to_a_number(qtbot, form, state):
    form.rows["formula"].editor.field.setFocus()
    for path in ("loss", "count", "rate"):
        turn_wheel(form.rows[path].editor.field)
    turn_wheel(form.rows["rate"].editor.findChild(QSlider))
    box, choice = (form.rows[path].editor.field for path in ("count", "loss"))
    for field, reason in (
        (box, Qt.FocusReason.MouseFocusReason),
        (choice, Qt.FocusReason.MouseFocusReason),
        (choice, Qt.FocusReason.TabFocusReason),
    ):
        field.setFocus(reason)
        turn_wheel(field)
    assert state.given_params() == {}
    turn_wheel(box, Qt.KeyboardModifier.ControlModifier)
    assert value(state, "count") == 6
    box.setFocus(Qt.FocusReason.TabFocusReason)
    turn_wheel(box)
    assert value(state, "count") == 7


def turn_wheel(widget, modifier=Qt.KeyboardModifier.NoModifier):
    centre = QPointF(widget.rect().center())
    event = QWheelEvent(
        centre,
        widget.mapToGlobal(centre),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        modifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_fields_begin_with_their_description_and_their_default(form):
    assert form.rows["count"].editor.field.toolTip() == "How many."
    assert line_of(form.rows["values"]).text() == "a = 5, b = 3"
