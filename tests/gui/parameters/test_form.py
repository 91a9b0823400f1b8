"""Every kind of field in a real form: values both ways, complaints, resetting, undoing."""

from __future__ import annotations

import itertools
import shlex
from typing import TYPE_CHECKING, Any, Literal

import pytest
from pydantic import BaseModel, Field
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QSlider,
)

from backprop_studio.core.base.parameters import parse_assignments
from backprop_studio.gui.command_text import render_command
from backprop_studio.gui.model.history import History
from backprop_studio.gui.parameters.form import FieldRow, ParameterForm
from backprop_studio.render.messages.results import CatalogueEntry

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from backprop_studio.gui.model.fields import FieldSpec
    from backprop_studio.gui.model.state import AppState


class Sample(BaseModel):
    rate: float = Field(
        0.1,
        gt=0,
        le=100,
        title="Rate",
        json_schema_extra={"x-widget": "log_slider", "x-range": [1e-4, 10]},
    )
    count: int = Field(5, ge=0, le=9, title="Count", description="How many.")
    shown: bool = Field(True, title="Shown")
    formula: str = Field("w^2", title="Formula")
    loss: Literal["mse", "l1"] | None = Field(
        None, title="Loss", json_schema_extra={"x-labels": {"mse": "Mean squared error"}}
    )
    seed: int | None = Field(None, ge=0, title="Seed")
    column: str | int | None = Field(None, title="Column")
    values: dict[str, float] = Field({"a": 5.0, "b": 3.0}, title="Values")
    file: str | None = Field(
        None, title="File", json_schema_extra={"x-widget": "file", "x-filter": "*.csv"}
    )
    folder: str | None = Field(
        None,
        title="Folder",
        json_schema_extra={"x-widget": "folder", "x-when": {"loss": ["mse"]}},
    )
    sizes: tuple[int, ...] = Field((2, 2), title="Sizes", json_schema_extra={"x-level": "advanced"})


@pytest.fixture
def history(state: AppState) -> History:
    return History(state)


@pytest.fixture
def form(qtbot: QtBot, state: AppState, history: History) -> ParameterForm:
    entry = CatalogueEntry(id="sample", title="Sample", parameters=Sample.model_json_schema())
    state.catalogue = (entry,)
    state.select_scene("sample")
    form = ParameterForm(state, history)
    qtbot.addWidget(form)
    form.resize(320, 1000)
    form.show()
    qtbot.waitExposed(form)
    return form


def value(state: AppState, path: str) -> Any:
    specs = {spec.path: spec for spec in state.form.fields()}
    return state.value(specs[path])


def line_of(row: FieldRow) -> QLineEdit:
    box = row.editor.input()
    if isinstance(box, QLineEdit):
        return box
    assert isinstance(box, QAbstractSpinBox)
    return box.lineEdit()


def type_text(qtbot: QtBot, row: FieldRow, text: str) -> None:
    line = line_of(row)
    row.editor.input().setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    if not text:
        qtbot.keyClick(line, Qt.Key.Key_Delete)


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("rate", "0.5", 0.5),
        ("count", "7", 7),
        ("formula", "1/w", "1/w"),
        ("seed", "12", 12),
        ("sizes", "[3, 4, 2]", [3, 4, 2]),
    ],
)
def test_typed_value_reaches_the_state(
    qtbot: QtBot, form: ParameterForm, state: AppState, path: str, text: str, expected: Any
) -> None:
    form._more.setChecked(True)
    type_text(qtbot, form.rows[path], text)
    assert value(state, path) == expected
    assert state.given_params() == {path: expected}


def test_combo_box_gives_values_not_labels(form: ParameterForm, state: AppState) -> None:
    box = form.rows["loss"].editor.input()
    assert isinstance(box, QComboBox)
    assert [box.itemText(row) for row in range(3)] == ["Automatic", "Mean squared error", "l1"]
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert value(state, "loss") == "mse"
    box.activated.emit(0)
    assert state.given_params() == {}


def test_check_box(qtbot: QtBot, form: ParameterForm, state: AppState) -> None:
    box = form.rows["shown"].editor.input()
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
    row.editor.input().stepBy(steps)  # type: ignore[attr-defined]
    assert line_of(row).text() == end


@pytest.mark.parametrize("text", ["0", "-1", "nan", "fast", "", "101"])
def test_wrong_number_is_marked_and_said_but_not_taken(
    qtbot: QtBot, form: ParameterForm, state: AppState, text: str
) -> None:
    row = form.rows["rate"]
    type_text(qtbot, row, text)
    assert "rate" in state.field_errors
    assert value(state, "rate") in {0.1, 10.0}  # "101" passes by 10, which is allowed
    qtbot.waitUntil(row._error.isVisible)
    assert row._error.text() == state.field_errors["rate"]
    assert row.editor.input().property("role") == "wrong"
    assert row.editor.input().accessibleDescription() == row._error.text()


def test_correcting_a_field_takes_the_mark_away_at_once(
    qtbot: QtBot, form: ParameterForm, state: AppState
) -> None:
    row = form.rows["rate"]
    type_text(qtbot, row, "-1")
    qtbot.waitUntil(row._error.isVisible)
    type_text(qtbot, row, "0.3")
    assert not state.field_errors
    assert not row._error.isVisible()
    assert row.editor.input().property("role") == ""


def test_reset_brings_back_the_default_from_a_wrong_text(
    qtbot: QtBot, form: ParameterForm, state: AppState
) -> None:
    row = form.rows["rate"]
    type_text(qtbot, row, "-1")
    assert row._reset.isVisible()
    row._reset.click()
    assert not state.field_errors
    assert line_of(row).text() == "0.1"
    assert not row._reset.isVisible()


def test_undo_follows_in_the_field(
    qtbot: QtBot, form: ParameterForm, state: AppState, history: History
) -> None:
    type_text(qtbot, form.rows["count"], "7")
    history.stack.undo()
    assert value(state, "count") == 5
    assert line_of(form.rows["count"]).text() == "5"
    history.stack.redo()
    assert line_of(form.rows["count"]).text() == "7"


def test_one_drag_is_one_step_of_undo(
    form: ParameterForm, state: AppState, history: History
) -> None:
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


def test_edits_of_two_fields_are_two_steps(
    qtbot: QtBot, form: ParameterForm, history: History
) -> None:
    type_text(qtbot, form.rows["count"], "7")
    type_text(qtbot, form.rows["seed"], "3")
    assert history.stack.count() == 2
    assert history.stack.undoText() == "Seed"


def test_reset_all_is_one_step(
    qtbot: QtBot, form: ParameterForm, state: AppState, history: History
) -> None:
    type_text(qtbot, form.rows["count"], "7")
    type_text(qtbot, form.rows["seed"], "3")
    history.reset_all()
    assert state.given_params() == {}
    history.stack.undo()
    assert state.given_params() == {"count": 7, "seed": 3}


def test_rare_fields_wait_behind_more(form: ParameterForm) -> None:
    assert not form.rows["sizes"].isVisible()
    form._more.click()
    assert form.rows["sizes"].isVisible()


def test_wheel_over_an_unfocused_field_changes_nothing(
    qtbot: QtBot, form: ParameterForm, state: AppState
) -> None:
    form.rows["formula"].editor.input().setFocus()
    for path in ("loss", "count", "rate"):
        for widget in (form.rows[path].editor.input(), form.rows[path].editor.findChild(QSlider)):
            if widget is not None:
                turn_wheel(widget)
    assert state.given_params() == {}


def test_wheel_over_the_focused_field_steps(form: ParameterForm, state: AppState) -> None:
    box = form.rows["count"].editor.input()
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
    assert form.rows["count"].editor.input().toolTip() == "How many."


def choose(row: FieldRow, index: int) -> None:
    box = row.editor.input()
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(index)
    box.activated.emit(index)


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("column", "species", "species"),
        ("column", "2", 2),
        ("column", '"2"', "2"),
        ("values", "a = 1, x = 2.5", {"a": 1.0, "x": 2.5}),
        ("file", "flowers.csv", "flowers.csv"),
    ],
)
def test_typed_value_of_a_special_field_is_taken(
    qtbot: QtBot, form: ParameterForm, state: AppState, path: str, text: str, expected: Any
) -> None:
    type_text(qtbot, form.rows[path], text)
    found = value(state, path)
    assert found == expected
    assert type(found) is type(expected)
    assert line_of(form.rows[path]).text() == text
    assert not state.field_errors


def test_names_with_numbers_begin_as_a_line(form: ParameterForm) -> None:
    assert line_of(form.rows["values"]).text() == "a = 5, b = 3"


def test_names_without_numbers_are_called_wrong(
    qtbot: QtBot, form: ParameterForm, state: AppState
) -> None:
    type_text(qtbot, form.rows["values"], "a = 1, b")
    assert "a = 5, b = 3" in state.field_errors["values"]


class Asker:
    """A dialog that a test answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.answer: Any = None

    def __call__(self, _parent: Any, spec: FieldSpec, present: str, chosen: Any) -> None:
        self.asked.append((spec.path, present))
        self.answer = chosen


def test_chosen_path_is_shown_taken_and_undone_at_once(
    form: ParameterForm, state: AppState, history: History
) -> None:
    editor: Any = form.rows["file"].editor
    editor.ask = asker = Asker()
    editor.button.click()
    assert asker.asked == [("file", "")]
    assert value(state, "file") is None
    asker.answer("/data/flowers.csv")
    assert value(state, "file") == "/data/flowers.csv"
    assert line_of(form.rows["file"]).text() == "/data/flowers.csv"
    editor.button.click()
    asker.answer("/data/other.csv")
    assert asker.asked[1] == ("file", "/data/flowers.csv")
    history.stack.undo()
    assert value(state, "file") == "/data/flowers.csv"
    history.stack.undo()
    assert line_of(form.rows["file"]).text() == ""


@pytest.fixture
def own_dialogs(qapp: QApplication) -> Any:
    """Qt's own dialogs, also where the system has some: a test can reach into those."""
    attribute = Qt.ApplicationAttribute.AA_DontUseNativeDialogs
    before = QApplication.testAttribute(attribute)
    QApplication.setAttribute(attribute, True)
    yield
    QApplication.setAttribute(attribute, before)


@pytest.mark.usefixtures("own_dialogs")
@pytest.mark.parametrize("path", ["file", "folder"])
def test_button_opens_a_dialog_without_waiting_for_it(
    qtbot: QtBot, form: ParameterForm, state: AppState, path: str, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").touch()
    (tmp_path / "b.txt").touch()
    (tmp_path / "sub").mkdir()
    choose(form.rows["loss"], 1)
    start = tmp_path / "old.csv" if path == "file" else tmp_path
    type_text(qtbot, form.rows[path], str(start))
    editor: Any = form.rows[path].editor
    editor.button.click()
    (dialog,) = form.findChildren(QFileDialog)
    assert dialog.isVisible()
    assert dialog.directory().absolutePath() == str(tmp_path)
    if path == "file":
        assert dialog.nameFilters()[0] == "File (*.csv)"
        dialog.selectFile(str(tmp_path / "a.csv"))
        expected = tmp_path / "a.csv"
    else:
        assert dialog.fileMode() == QFileDialog.FileMode.Directory
        dialog.selectFile(str(tmp_path / "sub"))
        expected = tmp_path / "sub"
    dialog.accept()
    assert value(state, path) == str(expected)
    qtbot.waitUntil(lambda: not form.findChildren(QFileDialog))


@pytest.mark.usefixtures("own_dialogs")
def test_dialog_that_is_given_up_changes_nothing(form: ParameterForm, state: AppState) -> None:
    editor: Any = form.rows["file"].editor
    editor.button.click()
    (dialog,) = form.findChildren(QFileDialog)
    dialog.reject()
    assert state.given_params() == {}


def test_field_is_shown_only_where_it_applies(
    qtbot: QtBot, form: ParameterForm, state: AppState, history: History
) -> None:
    folder = form.rows["folder"]
    assert not folder.isVisible()
    choose(form.rows["loss"], 1)
    assert folder.isVisible()
    type_text(qtbot, folder, "pictures")
    choose(form.rows["loss"], 2)
    assert folder.isVisible(), "what is set must stay in reach"
    folder.reset()
    assert not folder.isVisible()
    history.stack.undo()
    assert folder.isVisible()


def test_command_line_gives_the_same_values(
    qtbot: QtBot, form: ParameterForm, state: AppState
) -> None:
    type_text(qtbot, form.rows["values"], "a = 1, x = 2.5")
    type_text(qtbot, form.rows["column"], '"nan"')
    type_text(qtbot, form.rows["file"], "my flowers.csv")
    words = shlex.split(render_command(state))
    given = parse_assignments(
        after for before, after in itertools.pairwise(words) if before == "--set"
    )
    assert given == state.given_params()
