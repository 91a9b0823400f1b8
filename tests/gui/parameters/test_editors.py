"""Every kind of field: from what a hand does to the value, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QSlider

from tests.gui.parameters.sample_form import line_of, type_text, value

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.parameters.form import ParameterForm


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("rate", "0.5", 0.5),
        ("count", "7", 7),
        ("formula", "1/w", "1/w"),
        ("seed", "12", 12),
        ("sizes", "[3, 4, 2]", [3, 4, 2]),
        ("column", "species", "species"),
        ("column", "2", 2),
        ("column", '"2"', "2"),
        ("values", "a = 1, x = 2.5", {"a": 1, "x": 2.5}),
        ("file", "flowers.csv", "flowers.csv"),
        ("rate", "fast", "fast"),
    ],
)
def test_typed_value_reaches_the_state_and_its_text_stays(
    qtbot: QtBot, form: ParameterForm, state: AppState, path: str, text: str, expected: Any
) -> None:
    form.more.setChecked(True)
    type_text(qtbot, form.rows[path], text)
    found = value(state, path)
    assert found == expected
    assert type(found) is type(expected)
    assert state.given_params() == {path: expected}
    assert line_of(form.rows[path]).text() == text


def test_combo_box_gives_values_not_labels(form: ParameterForm, state: AppState) -> None:
    box = form.rows["loss"].editor.field
    assert isinstance(box, QComboBox)
    assert [box.itemText(row) for row in range(3)] == ["Automatic", "Mean squared error", "l1"]
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert value(state, "loss") == "mse"
    box.activated.emit(0)
    assert state.given_params() == {}


def test_check_box(qtbot: QtBot, form: ParameterForm, state: AppState) -> None:
    box = form.rows["shown"].editor.field
    assert isinstance(box, QCheckBox)
    assert box.isChecked()
    box.click()
    assert state.given_params() == {"shown": False}


def test_log_slider_moves_by_ratios_and_gives_round_numbers(
    form: ParameterForm, state: AppState
) -> None:
    slider = form.rows["rate"].editor.findChild(QSlider)
    assert slider.value() == pytest.approx(0.6 * slider.maximum(), abs=1)
    slider.setSliderPosition(slider.maximum() // 2)
    slider.triggerAction(QSlider.SliderAction.SliderMove)
    middle = value(state, "rate")
    assert middle == pytest.approx(10**-1.5, rel=0.05)
    assert middle == float(f"{middle:.2g}")
    assert line_of(form.rows["rate"]).text() == f"{middle:g}"


def test_value_beyond_the_slider_is_kept(
    qtbot: QtBot, form: ParameterForm, state: AppState
) -> None:
    type_text(qtbot, form.rows["rate"], "50")
    slider = form.rows["rate"].editor.findChild(QSlider)
    assert value(state, "rate") == 50
    assert slider.value() == slider.maximum()
    assert line_of(form.rows["rate"]).text() == "50"


@pytest.mark.parametrize(
    ("start", "steps", "end"),
    [
        ("0.1", 1, "0.11"),
        ("0.1", -1, "0.099"),
        ("0.5", 1, "0.51"),
        ("100", 1, "100"),
    ],
)
def test_arrow_keys_step_in_the_second_digit(
    qtbot: QtBot, form: ParameterForm, start: str, steps: int, end: str
) -> None:
    row = form.rows["rate"]
    type_text(qtbot, row, start)
    row.editor.field.stepBy(steps)  # type: ignore[attr-defined]
    assert line_of(row).text() == end


def test_wheel_over_an_unfocused_field_changes_nothing(
    qtbot: QtBot, form: ParameterForm, state: AppState
) -> None:
    form.rows["formula"].editor.field.setFocus()
    for path in ("loss", "count", "rate"):
        for widget in (form.rows[path].editor.field, form.rows[path].editor.findChild(QSlider)):
            if widget is not None:
                turn_wheel(widget)
    assert state.given_params() == {}


def test_wheel_over_the_focused_field_steps(form: ParameterForm, state: AppState) -> None:
    box = form.rows["count"].editor.field
    box.setFocus()
    turn_wheel(box)
    assert value(state, "count") == 6


def turn_wheel(widget: Any) -> None:
    centre = QPointF(widget.rect().center())
    event = QWheelEvent(
        centre,
        widget.mapToGlobal(centre),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_tool_tip_is_the_description(form: ParameterForm) -> None:
    assert form.rows["count"].editor.field.toolTip() == "How many."


def test_names_with_numbers_begin_as_a_line(form: ParameterForm) -> None:
    assert line_of(form.rows["values"]).text() == "a = 5, b = 3"
