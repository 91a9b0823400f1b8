"""One widget per kind of field. An editor shows a value and says when the user changed it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QSlider,
    QWidget,
)

from backprop_studio.gui.model.spans import column_span, span_of, stray_span
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.parameters.marked_line import MarkedLine, OneHistory
from backprop_studio.gui.parameters.path_dialog import PathAsker, ask_for_path
from backprop_studio.gui.toolkit.layouts import row
from backprop_studio.gui.toolkit.theme import set_role
from backprop_studio.gui.toolkit.widgets import TEXT_MARGIN, WheelGuard, combo_box

if TYPE_CHECKING:
    from collections.abc import Callable

    from backprop_studio.gui.model.fields import FieldSpec
    from backprop_studio.gui.model.refusals import Refusal

GESTURE_MS = 1000
"""What is typed after a longer pause is undone on its own."""

SLIDER_STEPS = 1000


class Editor(QWidget):
    """Base of the editors.

    Signals
    -------
    edited : object
        The user gave the field this value.

    Attributes
    ----------
    field : QWidget
        Takes the focus and is marked when wrong.
    gesture : int
        Changes with every separate act of the user; edits of one gesture are undone together.
    """

    edited = Signal(object)

    _gestures = 0

    def __init__(self, spec: FieldSpec, field: QWidget) -> None:
        super().__init__()
        self.spec = spec
        self.field = field
        self.gesture = 0
        self._guard = WheelGuard(self)
        self._pause = QTimer(self, singleShot=True, interval=GESTURE_MS)
        self._pause.timeout.connect(self.end_gesture)
        field.installEventFilter(OneHistory(self))
        self.end_gesture()

    def end_gesture(self) -> None:
        """Let the next edit be undone on its own."""
        Editor._gestures += 1
        self.gesture = Editor._gestures

    def show_value(self, value: Any) -> None:
        """Show a value without telling anybody."""
        raise NotImplementedError

    def show_open(self, words: str, resolved: Any) -> None:
        """Show in an empty field what stands for it: in words, and where it can be moved from."""

    def show_refusal(self, refusal: Refusal | None) -> None:
        """Mark the field as wrong, or unmark it."""
        set_role(self.field, "wrong" if refusal else "")

    def _take_text(self, text: str) -> None:
        self._pause.start()
        self.edited.emit(self.spec.parse(text))

    def retranslate(self) -> None:
        """Renew the words and the names for screen readers."""
        for widget in (self.field, *self.field.findChildren(QLineEdit)):
            widget.setAccessibleName(tr(self.spec.title))
            widget.setAccessibleDescription(tr(self.spec.description))
            widget.setToolTip(tr(self.spec.description))


class _ChoiceEditor(Editor):
    """A combo box."""

    def __init__(self, spec: FieldSpec) -> None:
        self._box = combo_box()
        super().__init__(spec, self._box)
        self._box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._box.setMinimumContentsLength(6)
        self._guard.protect(self._box)
        for _value, text in spec.choices:
            self._box.addItem(text)
        self._box.activated.connect(self._on_activated)
        row((self._box, 1), on=self)

    def show_value(self, value: Any) -> None:
        values = [choice for choice, _text in self.spec.choices]
        self._box.setCurrentIndex(values.index(value) if value in values else -1)

    def show_open(self, words: str, resolved: Any) -> None:
        values = [choice for choice, _text in self.spec.choices]
        if None in values:
            self._box.setItemText(values.index(None), words)

    def retranslate(self) -> None:
        super().retranslate()
        for at, (value, text) in enumerate(self.spec.choices):
            if value is not None:
                self._box.setItemText(at, tr(text))

    def _on_activated(self, at: int) -> None:
        self.end_gesture()
        self.edited.emit(self.spec.choices[at][0])


class _FlagEditor(Editor):
    """A check box; its text is the field's title."""

    def __init__(self, spec: FieldSpec) -> None:
        self._box = QCheckBox()
        super().__init__(spec, self._box)
        self._box.clicked.connect(self._on_clicked)
        row((self._box, 1), on=self)

    def show_value(self, value: Any) -> None:
        self._box.setChecked(bool(value))

    def retranslate(self) -> None:
        super().retranslate()
        self._box.setText(tr(self.spec.title))

    def _on_clicked(self, is_on: bool) -> None:
        self.end_gesture()
        self.edited.emit(is_on)


class _TextEditor(Editor):
    """A line of text, for formulas, lists, names with numbers, and values of several types."""

    def __init__(self, spec: FieldSpec) -> None:
        self._line = MarkedLine()
        super().__init__(spec, self._line)
        self._line.textEdited.connect(self._take_text)
        self._line.editingFinished.connect(self.end_gesture)
        self._row = row((self._line, 1), on=self, gap=6)

    def show_value(self, value: Any) -> None:
        if self.spec.parse(self._line.text()) != value or not self._line.hasFocus():
            self._line.setText(self.spec.text_of(value))
            if not self._line.hasFocus():
                self._line.setCursorPosition(0)

    def show_refusal(self, refusal: Refusal | None) -> None:
        super().show_refusal(refusal)
        span = None
        if refusal and refusal.fields[0].path == self.spec.path:
            text = self._line.text()
            span = span_of(text, refusal.place)
            if refusal.column is not None:
                span = column_span(text, refusal.column)
            elif self.spec.lists and isinstance(self.spec.parse(text), str):
                span = stray_span(text)
        self._line.mark(span)

    def show_open(self, words: str, resolved: Any) -> None:
        self._line.setPlaceholderText(words)


class _PathEditor(_TextEditor):
    """A line with a path, and a button that lets it be chosen in a dialog."""

    def __init__(self, spec: FieldSpec, ask: PathAsker = ask_for_path) -> None:
        super().__init__(spec)
        self.ask = ask
        self.button = QPushButton()
        set_role(self.button, "choose")
        self.button.clicked.connect(self._on_button)
        self._row.addWidget(self.button)

    def retranslate(self) -> None:
        super().retranslate()
        self._show_tool_tip()
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


class _NumberBox(QAbstractSpinBox):
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
        self.resolved: Any = None
        self.lineEdit().setTextMargins(TEXT_MARGIN, 0, 0, 0)
        self.lineEdit().textEdited.connect(self.text_edited)

    def sizeHint(self) -> QSize:
        """Return as much as the style sheet demands: more would be squeezed, and jump."""
        hint = super().sizeHint()
        return QSize(hint.width(), self.minimumHeight() or hint.height())

    def minimumSizeHint(self) -> QSize:
        """Return the same height."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        return QValidator.State.Acceptable, text, position

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        flags = QAbstractSpinBox.StepEnabledFlag
        return flags.StepUpEnabled | flags.StepDownEnabled

    def stepBy(self, steps: int) -> None:
        spec = self._spec
        value = spec.parse(self.lineEdit().text())
        if not isinstance(value, int | float):
            value = self.resolved or spec.minimum or spec.default or 0
        target = spec.within_bounds(value + steps * self._step(float(value), steps))
        if target is None:
            return
        target = int(target) if spec.kind == "integer" else float(f"{target:.10g}")
        text = spec.text_of(target)
        if text != self.lineEdit().text():
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


class _NumberEditor(Editor):
    """A number, with a logarithmic slider where the schema asks for one."""

    def __init__(self, spec: FieldSpec) -> None:
        self._box = _NumberBox(spec)
        super().__init__(spec, self._box)
        self._guard.protect(self._box)
        self._box.text_edited.connect(self._take_text)
        self._box.editingFinished.connect(self.end_gesture)
        self._unit = QLabel(spec.unit)
        self._slider = self._make_slider(spec.slider) if spec.slider else None
        if self._slider:
            self._box.setFixedWidth(104)
            row((self._slider, 1), self._box, self._unit, on=self, gap=8)
        else:
            row((self._box, 1), self._unit, on=self, gap=8)
        self._unit.setVisible(bool(spec.unit))

    def _make_slider(self, ends: tuple[float, float]) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, SLIDER_STEPS)
        slider.setPageStep(SLIDER_STEPS // 10)
        slider.setSingleStep(SLIDER_STEPS // 100)
        self._guard.protect(slider)
        # Only what the user does comes this way; setValue() from show_value() does not.
        slider.actionTriggered.connect(
            lambda _action: self._take(_from_slider(slider.sliderPosition(), ends))
        )
        slider.sliderReleased.connect(self.end_gesture)
        return slider

    def show_value(self, value: Any) -> None:
        line = self._box.lineEdit()
        if self.spec.parse(line.text()) != value or not self._box.hasFocus():
            line.setText(self.spec.text_of(value))
        self._slide_to(value)

    def _slide_to(self, value: Any) -> None:
        slider, ends = self._slider, self.spec.slider
        if slider and ends and isinstance(value, int | float) and not slider.isSliderDown():
            slider.setValue(_to_slider(value, ends))

    def show_open(self, words: str, resolved: Any) -> None:
        self._box.lineEdit().setPlaceholderText(words)
        self._box.resolved = resolved
        if not self._box.lineEdit().text():
            self._slide_to(resolved)

    def retranslate(self) -> None:
        super().retranslate()
        if self._slider:
            name = tr("{field}, slider").format(field=tr(self.spec.title))
            self._slider.setAccessibleName(name)
            self._slider.setToolTip(tr(self.spec.description))

    def _take(self, value: float) -> None:
        self._box.lineEdit().setText(self.spec.text_of(value))
        self.edited.emit(value)


def editor_for(spec: FieldSpec) -> Editor:
    """Return the editor of a field."""
    kinds: dict[str, Callable[[FieldSpec], Editor]] = {
        "choice": _ChoiceEditor,
        "flag": _FlagEditor,
        "integer": _NumberEditor,
        "number": _NumberEditor,
    }
    if spec.picker:
        return _PathEditor(spec)
    return kinds.get(spec.kind, _TextEditor)(spec)


def _to_slider(value: float, ends: tuple[float, float]) -> int:
    low, high = ends
    share = math.log(min(max(value, low), high) / low) / math.log(high / low)
    return round(SLIDER_STEPS * share)


def _from_slider(position: int, ends: tuple[float, float]) -> float:
    """Return a round number: two digits are all that a hand can aim at."""
    low, high = ends
    return float(f"{low * (high / low) ** (position / SLIDER_STEPS):.2g}")
