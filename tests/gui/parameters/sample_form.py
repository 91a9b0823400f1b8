"""A scene with every kind of field, and hands for its form."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLineEdit


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
    pair: tuple[float, ...] | None = Field(
        None, title="Pair", json_schema_extra={"x-together": ["other"]}
    )
    other: tuple[float, ...] | None = Field(None, title="Other")
    sizes: tuple[int, ...] = Field((2, 2), title="Sizes", json_schema_extra={"x-level": "advanced"})


def value(state, path):
    specs = {spec.path: spec for spec in state.form.fields()}
    return state.value(specs[path])


def line_of(row):
    box = row.editor.field
    if isinstance(box, QLineEdit):
        return box
    assert isinstance(box, QAbstractSpinBox)
    return box.lineEdit()


def type_text(qtbot, row, text):
    line = line_of(row)
    row.editor.field.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    if not text:
        qtbot.keyClick(line, Qt.Key.Key_Delete)


def choose(row, index):
    box = row.editor.field
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(index)
    box.activated.emit(index)
