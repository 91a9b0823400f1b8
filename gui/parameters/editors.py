"""One widget per kind of field. An editor shows a value and says when the user changed it."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from backprop_studio.gui.model.fields import FieldSpec, FieldValueError
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.parameters.path_dialog import PathAsker, ask_for_path
from backprop_studio.gui.toolkit.theme import set_role
from backprop_studio.gui.toolkit.widgets import WheelGuard, combo_box

__all__ = ["Editor", "editor_for"]

SLIDER_STEPS = 1000
TEXT_MARGIN = 6


class Editor(QWidget):
    """Base of the editors.

    Signals
    -------
    edited : object
        The user gave the field this value.
    broken : str
        The text in the field is no value; the sentence says why.

    Attributes
    ----------
    gesture : int
        Changes with every separate act of the user; edits of one gesture are undone together.
    """

    edited = Signal(object)
    broken = Signal(str)

    _gestures = 0

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__()
        self.spec = spec
        self.gesture = 0
        self._guard = WheelGuard(self)
        self.end_gesture()

    def end_gesture(self) -> None:
        """Let the next edit be undone on its own."""
        Editor._gestures += 1
        self.gesture = Editor._gestures

    def input(self) -> QWidget:
        """Return the widget that takes the focus and is marked when wrong."""
        raise NotImplementedError

    def show_value(self, value: Any) -> None:
        """Show a value without telling anybody."""
        raise NotImplementedError

    def show_wrong(self, is_wrong: bool) -> None:
        """Mark the field, or unmark it."""
        set_role(self.input(), "wrong" if is_wrong else "")

    def recheck(self) -> None:
        """Judge the text in the field anew, so that a complaint is in the window's language."""

    def retranslate(self) -> None:
        """Renew the words and the names for screen readers."""
        for widget in (self.input(), *self.input().findChildren(QLineEdit)):
            widget.setAccessibleName(tr(self.spec.title))
            widget.setAccessibleDescription(tr(self.spec.description))
            widget.setToolTip(tr(self.spec.description))


class ChoiceEditor(Editor):
    """A combo box."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(spec)
        self._box = combo_box()
        self._box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._box.setMinimumContentsLength(6)
        self._guard.protect(self._box)
        for _value, text in spec.choices:
            self._box.addItem(text)
        self._box.activated.connect(self._on_activated)
        _fill(self, self._box)

    def input(self) -> QWidget:
        return self._box

    def show_value(self, value: Any) -> None:
        values = [choice for choice, _text in self.spec.choices]
        self._box.setCurrentIndex(values.index(value) if value in values else -1)

    def retranslate(self) -> None:
        super().retranslate()
        for row, (_value, text) in enumerate(self.spec.choices):
            self._box.setItemText(row, tr(text))

    def _on_activated(self, row: int) -> None:
        self.end_gesture()
        self.edited.emit(self.spec.choices[row][0])


class FlagEditor(Editor):
    """A check box; its text is the field's title."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(spec)
        self._box = QCheckBox()
        self._box.clicked.connect(self._on_clicked)
        _fill(self, self._box)

    def input(self) -> QWidget:
        return self._box

    def show_value(self, value: Any) -> None:
        self._box.setChecked(bool(value))

    def retranslate(self) -> None:
        super().retranslate()
        self._box.setText(tr(self.spec.title))

    def _on_clicked(self, is_on: bool) -> None:
        self.end_gesture()
        self.edited.emit(is_on)


class TextEditor(Editor):
    """A line of text, for formulas, lists, names with numbers, and values of several types."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(spec)
        self._line = QLineEdit()
        self._line.textEdited.connect(self._on_edited)
        self._line.editingFinished.connect(self.end_gesture)
        _fill(self, self._line)

    def input(self) -> QWidget:
        return self._line

    def show_value(self, value: Any) -> None:
        if _parsed(self.spec, self._line.text()) != (True, value) or not self._line.hasFocus():
            self._line.setText(self.spec.text_of(value))
            self._line.setCursorPosition(0)

    def retranslate(self) -> None:
        super().retranslate()
        self._line.setPlaceholderText(tr("Automatic") if self.spec.optional else "")

    def recheck(self) -> None:
        _emit(self, self._line.text())

    def _on_edited(self, text: str) -> None:
        _emit(self, text)


class PathEditor(TextEditor):
    """A line with a path, and a button that lets it be chosen in a dialog."""

    def __init__(self, spec: FieldSpec, ask: PathAsker = ask_for_path) -> None:
        super().__init__(spec)
        self.ask = ask
        self.button = QPushButton()
        set_role(self.button, "choose")
        self.button.clicked.connect(self._on_button)
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._line, 1)
        row.addWidget(self.button)
        _layout(self).addWidget(box)

    def retranslate(self) -> None:
        super().retranslate()
        self._show_tool_tip()
        self._line.setPlaceholderText(tr("None") if self.spec.optional else "")
        self.button.setText(tr("Choose…"))
        name = tr("Choose: {field}").format(field=tr(self.spec.title))
        self.button.setAccessibleName(name)
        self.button.setToolTip(name)

    def show_value(self, value: Any) -> None:
        super().show_value(value)
        if not self._line.hasFocus():
            self._line.end(False)  # of a long path the name says more than the beginning
        self._show_tool_tip()

    def _show_tool_tip(self) -> None:
        """Show the whole path, of which the line may show the end only."""
        self._line.setToolTip(self._line.text() or tr(self.spec.description))

    def _on_button(self) -> None:
        self.ask(self.window(), self.spec, self._line.text(), self._on_chosen)

    def _on_chosen(self, path: str) -> None:
        self.end_gesture()
        self._line.setText(path)
        self._line.end(False)
        self.edited.emit(path)
        self.end_gesture()


class NumberBox(QAbstractSpinBox):
    """A spin box that lets a wrong number stand, so that the form can say what is wrong with it.

    Signals
    -------
    text_edited : str
        The user typed or stepped; the text as it is now.
    """

    text_edited = Signal(str)

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__()
        self._spec = spec
        # The style sheet's padding does not reach the text of a spin box.
        self.lineEdit().setTextMargins(TEXT_MARGIN, 0, 0, 0)
        self.lineEdit().textEdited.connect(self.text_edited)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        return QValidator.State.Acceptable, text, position

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        flags = QAbstractSpinBox.StepEnabledFlag
        return flags.StepUpEnabled | flags.StepDownEnabled

    def stepBy(self, steps: int) -> None:
        is_valid, value = _parsed(self._spec, self.lineEdit().text())
        if not is_valid or value is None:
            value = self._spec.minimum or self._spec.default or 0
        target = value + steps * self._step(float(value), steps)
        low = -math.inf if self._spec.minimum is None else self._spec.minimum
        high = math.inf if self._spec.maximum is None else self._spec.maximum
        target = min(max(target, low), high)
        target = int(target) if self._spec.kind == "integer" else float(f"{target:.10g}")
        text = self._spec.text_of(target)
        if _parsed(self._spec, text)[0] and text != self.lineEdit().text():
            self.lineEdit().setText(text)
            self.text_edited.emit(text)

    def _step(self, value: float, steps: int) -> float:
        """Return one in the second digit; just above a power of ten, the way down is finer."""
        if self._spec.kind == "integer":
            return 1
        if value == 0:
            return 0.1
        digits = math.floor(math.log10(abs(value)) + 1e-9)
        is_power = math.isclose(abs(value), 10.0**digits)
        if is_power and (steps < 0) is (value > 0):
            digits -= 1
        return float(10.0 ** (digits - 1))


class NumberEditor(Editor):
    """A number, with a logarithmic slider where the schema asks for one."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(spec)
        self._box = NumberBox(spec)
        self._guard.protect(self._box)
        self._box.text_edited.connect(self._on_text)
        self._box.editingFinished.connect(self.end_gesture)
        self._unit = QLabel(spec.unit)
        self._slider = self._make_slider() if spec.slider else None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        if self._slider:
            row.addWidget(self._slider, 1)
            self._box.setFixedWidth(104)
        row.addWidget(self._box, 0 if self._slider else 1)
        row.addWidget(self._unit)
        self._unit.setVisible(bool(spec.unit))

    def _make_slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, SLIDER_STEPS)
        slider.setPageStep(SLIDER_STEPS // 10)
        slider.setSingleStep(SLIDER_STEPS // 100)
        self._guard.protect(slider)
        slider.actionTriggered.connect(self._on_slider_action)
        slider.sliderReleased.connect(self.end_gesture)
        return slider

    def input(self) -> QWidget:
        return self._box

    def show_value(self, value: Any) -> None:
        if (
            _parsed(self.spec, self._box.lineEdit().text()) != (True, value)
            or not self._box.hasFocus()
        ):
            self._box.lineEdit().setText(self.spec.text_of(value))
        if self._slider and self.spec.slider and value and not self._slider.isSliderDown():
            self._slider.setValue(_to_slider(float(value), self.spec.slider))

    def retranslate(self) -> None:
        super().retranslate()
        self._box.lineEdit().setPlaceholderText(tr("Automatic") if self.spec.optional else "")
        if self._slider:
            name = tr("{field}, slider").format(field=tr(self.spec.title))
            self._slider.setAccessibleName(name)
            self._slider.setToolTip(tr(self.spec.description))

    def recheck(self) -> None:
        _emit(self, self._box.lineEdit().text())

    def _on_text(self, text: str) -> None:
        _emit(self, text)

    def _on_slider_action(self, _action: int) -> None:
        # Only what the user does comes this way; setValue() from show_value() does not.
        assert self._slider is not None
        assert self.spec.slider is not None
        value = _from_slider(self._slider.sliderPosition(), self.spec.slider)
        self._box.lineEdit().setText(self.spec.text_of(value))
        self.edited.emit(value)


def editor_for(spec: FieldSpec) -> Editor:
    """Return the editor of a field."""
    kinds: dict[str, type[Editor]] = {
        "choice": ChoiceEditor,
        "flag": FlagEditor,
        "integer": NumberEditor,
        "number": NumberEditor,
    }
    if spec.picker:
        return PathEditor(spec)
    return kinds.get(spec.kind, TextEditor)(spec)


def _layout(editor: Editor) -> QLayout:
    layout = editor.layout()
    assert layout is not None
    return layout


def _fill(editor: Editor, widget: QWidget) -> None:
    layout = QVBoxLayout(editor)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(widget)


def _emit(editor: Editor, text: str) -> None:
    try:
        value = editor.spec.parse(text)
    except FieldValueError as error:
        editor.broken.emit(str(error))
    else:
        editor.edited.emit(value)


def _parsed(spec: FieldSpec, text: str) -> tuple[bool, Any]:
    try:
        return True, spec.parse(text)
    except FieldValueError:
        return False, None


def _to_slider(value: float, ends: tuple[float, float]) -> int:
    low, high = ends
    share = math.log(min(max(value, low), high) / low) / math.log(high / low)
    return round(SLIDER_STEPS * share)


def _from_slider(position: int, ends: tuple[float, float]) -> float:
    """Return a round number: two digits are all that a hand can aim at."""
    low, high = ends
    return float(f"{low * (high / low) ** (position / SLIDER_STEPS):.2g}")
