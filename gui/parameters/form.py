"""The form of a scene's parameters: a row per field, and the rarer ones under "More"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from backprop_studio.gui.model.words import said, tr
from backprop_studio.gui.parameters.editors import Editor, editor_for
from backprop_studio.gui.toolkit.fonts import strong
from backprop_studio.gui.toolkit.layouts import column, row
from backprop_studio.gui.toolkit.theme import set_role, theme
from backprop_studio.gui.toolkit.widgets import IconButton, label, name_button

if TYPE_CHECKING:
    from collections.abc import Callable

    from backprop_studio.gui.model.fields import FieldSpec, Group
    from backprop_studio.gui.model.history import History
    from backprop_studio.gui.model.state import AppState

TYPING_PAUSE_MS = 450
"""A half-typed number is not called wrong before the user pauses."""


class FieldRow(QWidget):
    """One field: title, button for the default, editor, and what is wrong with the value.

    Attributes
    ----------
    reset_button : QAbstractButton
        There while the value is not the default.
    error : QLabel
        There while the value is refused.
    """

    def __init__(self, spec: FieldSpec, state: AppState, history: History) -> None:
        super().__init__()
        self.spec = spec
        self.editor: Editor = editor_for(spec)
        self._state = state
        self._history = history
        self._title = label("label")
        self._title.setBuddy(self.editor.field)
        self.reset_button = IconButton("reset", "tiny", "muted")
        self.error = label("wrong", wraps=True)
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        # The row must not jump when the button comes and goes.
        policy = self.reset_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset_button.setSizePolicy(policy)
        column(row((self._title, 1), self.reset_button), self.editor, self.error, on=self, gap=3)
        self.error.hide()
        self._pause.timeout.connect(self.show_refusal)
        self.reset_button.clicked.connect(self.reset)
        self.editor.edited.connect(self._on_edited)
        self.refresh()
        self.retranslate()

    def refresh(self) -> None:
        """Show the state's value."""
        self.editor.show_value(self._state.value(self.spec))
        self.reset_button.setVisible(not self._state.is_default(self.spec))

    def show_if_it_applies(self, value_at: Callable[[str], Any]) -> None:
        """Hide a field that means nothing with the other fields' values, unless it is set."""
        is_set = not self._state.is_default(self.spec)
        self.setVisible(is_set or self.spec.applies(value_at))

    def reset(self) -> None:
        """Go back to the default."""
        self.editor.end_gesture()
        self._history.edit(self.spec, self.spec.default)
        self.editor.field.setFocus()

    def retranslate(self) -> None:
        """Renew the words."""
        self._title.setText("" if self.spec.kind == "flag" else tr(self.spec.title))
        self._title.setToolTip(tr(self.spec.description))
        words = tr("Reset {field} to its default").format(field=tr(self.spec.title))
        name_button(self.reset_button, words)
        self.editor.retranslate()
        self.show_refusal()

    def show_refusal(self) -> None:
        """Say what is wrong with the value, once the user pauses."""
        refusal = self._state.refusal if self._state.refused_field == self.spec.path else None
        if refusal is not None and self._pause.isActive():
            return
        text = said(refusal)
        self.error.setText(text)
        self.error.setVisible(bool(text))
        self.editor.show_wrong(bool(text))
        self.editor.field.setAccessibleDescription(text or tr(self.spec.description))

    def _on_edited(self, value: Any) -> None:
        self._pause.start()
        self._history.edit(self.spec, value, self.editor.gesture)


class _MoreButton(QPushButton):
    """Opens and closes the rarer fields."""

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setFont(strong(self.font()))
        set_role(self, "more")
        self.toggled.connect(self._renew)
        theme().changed.connect(self._renew)
        self._renew()

    def _renew(self) -> None:
        name = "chevron-down" if self.isChecked() else "chevron-right"
        self.setIcon(theme().icon(name, "muted"))


@dataclass(frozen=True)
class _Heading:
    """The words above some rows; gone when all of those are."""

    label: QLabel
    title: str
    rows: tuple[FieldRow, ...]


class ParameterForm(QWidget):
    """All fields of the selected scene.

    Attributes
    ----------
    rows : dict of str to FieldRow
        By path.
    more : QPushButton
        Shows and hides the rarer fields.
    """

    def __init__(self, state: AppState, history: History) -> None:
        super().__init__()
        self._state = state
        self._history = history
        self._headings: list[_Heading] = []
        self.more = _MoreButton()
        self.rows: dict[str, FieldRow] = {}
        self._body = QWidget()
        self._layout = column(self._body, on=self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        state.listen(self._on_params_changed, "params")
        state.listen(self._on_refusal, "refusal")
        self.rebuild()

    def rebuild(self) -> None:
        """Make the fields of the selected scene anew."""
        self.rows = {}
        self._headings = []
        body = QWidget()
        layout = column(on=body, gap=12)
        groups = self._state.form.groups
        for group in groups:
            self._add_group(layout, group, [spec for spec in group.fields if not spec.advanced])
        if any(spec.advanced for group in groups for spec in group.fields):
            self._add_more(layout, groups)
        self._layout.replaceWidget(self._body, body)
        self._body.hide()
        self._body.deleteLater()
        self._body = body
        self._show_what_applies()
        self.retranslate()

    def retranslate(self) -> None:
        """Renew the words."""
        self.more.setText(tr("More settings"))
        for heading in self._headings:
            heading.label.setText(tr(heading.title))
        for it in self.rows.values():
            it.retranslate()

    def _add_group(self, layout: QVBoxLayout, group: Group, specs: list[FieldSpec]) -> None:
        if not specs:
            return
        # A group of one field would say the same words twice.
        rows = {spec.path: FieldRow(spec, self._state, self._history) for spec in specs}
        if group.title and [spec.title for spec in specs] != [group.title]:
            heading = _Heading(label("section"), group.title, tuple(rows.values()))
            self._headings.append(heading)
            layout.addWidget(heading.label)
        for it in rows.values():
            layout.addWidget(it)
        self.rows |= rows

    def _add_more(self, layout: QVBoxLayout, groups: tuple[Group, ...]) -> None:
        self.more = _MoreButton()
        self.more.setChecked(self._state.more_open)
        drawer = QWidget()
        inner = column(on=drawer, gap=12)
        for group in groups:
            self._add_group(inner, group, [spec for spec in group.fields if spec.advanced])
        drawer.setVisible(self._state.more_open)
        self.more.toggled.connect(drawer.setVisible)
        self.more.toggled.connect(self._on_more)
        layout.addWidget(self.more)
        layout.addWidget(drawer)

    def _on_more(self, is_open: bool) -> None:
        self._state.more_open = is_open

    def _on_params_changed(self, path: str) -> None:
        if path in self.rows:
            self.rows[path].refresh()
            self._show_what_applies()

    def _on_refusal(self) -> None:
        for it in self.rows.values():
            it.show_refusal()

    def _show_what_applies(self) -> None:
        for it in self.rows.values():
            it.show_if_it_applies(self._value_at)
        for heading in self._headings:
            heading.label.setVisible(any(not it.isHidden() for it in heading.rows))

    def _value_at(self, path: str) -> Any:
        return self._state.value(self.rows[path].spec) if path in self.rows else None
