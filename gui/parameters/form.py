"""The form of a scene's parameters: a row per field, and the rarer ones under "More"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.parameters.editors import Editor, editor_for
from backprop_studio.gui.toolkit.fonts import strong
from backprop_studio.gui.toolkit.layouts import column, row
from backprop_studio.gui.toolkit.slices import Slices
from backprop_studio.gui.toolkit.theme import set_role, theme
from backprop_studio.gui.toolkit.widgets import IconButton, keep_place, label, name_button

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backprop_studio.gui.model.fields import FieldSpec
    from backprop_studio.gui.model.form import Group
    from backprop_studio.gui.model.history import History
    from backprop_studio.gui.model.refusals import Refusal
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

    Signals
    -------
    touched : str
        The user edits the field with this path.
    """

    touched = Signal(str)

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
        keep_place(self.reset_button)
        column(row((self._title, 1), self.reset_button), self.editor, self.error, on=self, gap=3)
        self.error.hide()
        self.reset_button.clicked.connect(self.reset)
        self.editor.edited.connect(self._on_edited)
        self.refresh()
        self.retranslate()

    def refresh(self) -> None:
        """Show the state's value."""
        self.editor.show_value(self._state.value(self.spec))
        is_set = not self._state.is_default(self.spec)
        self.reset_button.setVisible(is_set and not self.spec.required)

    def show_what_holds(self) -> None:
        """Show what stands for an open field; hide one that changes nothing."""
        resolved = self._state.resolved.get(self.spec.path)
        self.editor.show_open(_open_words(self.spec, self._state), resolved)
        self.setVisible(bool(self.error.text()) or self._state.is_shown(self.spec))

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
        self.editor.show_open(
            _open_words(self.spec, self._state), self._state.resolved.get(self.spec.path)
        )

    def show_refusal(self, refusal: Refusal | None, *, says_it: bool = False) -> None:
        """Mark the field, and say what is wrong if no other field says it; None unmarks it."""
        text = ""
        if refusal:
            is_first = refusal.fields[0].path == self.spec.path
            text = refusal.sentence if is_first else refusal.full_sentence
        self.error.setText(text)
        self.error.setVisible(bool(text) and says_it)
        self.editor.show_refusal(refusal)
        self.editor.field.setAccessibleDescription(text or tr(self.spec.description))

    def _on_edited(self, value: Any) -> None:
        self.touched.emit(self.spec.path)
        self._history.edit(self.spec, value, self.editor.gesture)


def _open_words(spec: FieldSpec, state: AppState) -> str:
    """Return what stands in a field that is left open: what holds, or how it is written."""
    resolved = state.resolved.get(spec.path)
    example = spec.example or (spec.text_of(spec.default) if spec.lists else "")
    is_group_given = any(
        state.value(state.form.by_path[path]) is not None for path in spec.together
    )
    if not spec.optional or spec.required or (resolved is None and example):
        return tr("For example {value}").format(value=example) if example else ""
    if resolved is None or (spec.of_optional and is_group_given):
        return tr(spec.nothing)
    nothing = N_("Automatic") if spec.of_optional else spec.nothing
    words = {"name": tr(nothing), "value": tr(spec.label_of(resolved))}
    return tr("{name}: {value}").format(**words)


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
    rows: list[FieldRow]


class _Rows(dict[str, FieldRow]):
    """Rows by path."""

    def __init__(self, finish: Callable[[], object]) -> None:
        super().__init__()
        self._finish = finish

    def __missing__(self, path: str) -> FieldRow:
        self._finish()
        return dict(self)[path]


class ParameterForm(QWidget):
    """All fields of the selected scene.

    Attributes
    ----------
    rows : dict of str to FieldRow
        By path, as far as they are made; whoever asks for one that is not makes the rest come now.
    more : QPushButton
        Shows and hides the rarer fields.

    Signals
    -------
    refused : str
        It is said at the field with this path what is wrong.
    built
        All fields that can be seen are made.
    """

    refused = Signal(str)
    built = Signal()

    def __init__(self, state: AppState, history: History) -> None:
        super().__init__()
        self._state = state
        self._history = history
        self._headings: list[_Heading] = []
        self._touched = ""
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._show_refusal)
        self._slices = Slices(self)
        self._slices.finished.connect(self._show_refusal)
        self._slices.finished.connect(self.built)
        self._drawer: QVBoxLayout | None = None
        self.rows = _Rows(self._make_all)
        self._body = QWidget()
        self._layout = column(self._body, on=self)
        state.listen(self._on_params_changed, "params")
        state.listen(self._show_what_holds, "resolved")
        state.listen(self._show_refusal, "refusal")
        self.rebuild()

    def renew(self) -> None:
        """Show what is on the stage now; another lesson of the same scene has the same fields."""
        if self._state.form is not self._form:
            self.rebuild()
            return
        for it in self.rows.values():
            it.editor.end_gesture()
            it.refresh()
        self._show_what_holds()
        self._show_refusal()

    def rebuild(self) -> None:
        """Make the fields of the selected scene anew, in steps between which the window answers."""
        self._form = self._state.form
        self.rows = _Rows(self._make_all)
        self._headings = []
        self._drawer = None
        self.more = _MoreButton()
        self.more.setText(tr("More settings"))
        self.more.setChecked(self._state.more_open)
        self.more.toggled.connect(self._on_more)
        body = QWidget()
        self._layout.replaceWidget(self._body, body)
        self._body.hide()
        self._body.deleteLater()
        self._body = body
        self._slices.start(self._make(column(on=body, gap=12)))

    @property
    def is_building(self) -> bool:
        """Whether fields that can be seen are still to be made."""
        return self._slices.is_busy

    def retranslate(self) -> None:
        """Renew the words."""
        self.more.setText(tr("More settings"))
        for heading in self._headings:
            heading.label.setText(tr(heading.title))
        for it in self.rows.values():
            it.retranslate()
        self._show_refusal()

    def open_for(self, path: str) -> FieldRow | None:
        """Return the row of a field, which can be seen then: the drawer opens if it is in there."""
        found = self.rows[path] if path in self._state.form.by_path else None
        if found is not None and found.spec.advanced:
            self.more.setChecked(True)
        return found

    def _add_group(
        self, layout: QVBoxLayout, group: Group, specs: list[FieldSpec]
    ) -> Iterator[None]:
        """Add a group's rows, one with each step."""
        if not specs:
            return
        rows: list[FieldRow] = []
        # A group of one field would say the same words twice.
        if group.title and [spec.title for spec in specs] != [group.title]:
            heading = _Heading(label("section", group.title), group.title, rows)
            self._headings.append(heading)
            heading.label.hide()
            layout.addWidget(heading.label)
        for spec in specs:
            it = FieldRow(spec, self._state, self._history)
            rows.append(it)
            self.rows[spec.path] = it
            layout.addWidget(it)
            it.touched.connect(self._on_touched)
            it.show_what_holds()
            self._show_headings()
            yield

    def _make(self, layout: QVBoxLayout) -> Iterator[None]:
        """Add the usual fields, and the drawer for the rarer ones."""
        groups = self._form.groups
        for group in groups:
            usual = [spec for spec in group.fields if not spec.advanced]
            yield from self._add_group(layout, group, usual)
        if any(spec.advanced for group in groups for spec in group.fields):
            drawer = QWidget()
            self._drawer = column(on=drawer, gap=12)
            layout.addWidget(self.more)
            layout.addWidget(drawer)
            drawer.setVisible(self._state.more_open)
            self.more.toggled.connect(drawer.setVisible)
        if self._state.more_open:
            yield from self._fill()

    def _fill(self) -> Iterator[None]:
        """Add the rarer fields: up to forty, which are made for whoever opens the drawer."""
        drawer, self._drawer = self._drawer, None
        if drawer is None:
            return
        # Fields of no group would seem to belong to the group above.
        for group in sorted(self._form.groups, key=lambda it: bool(it.title)):
            rare = [spec for spec in group.fields if spec.advanced]
            yield from self._add_group(drawer, group, rare)

    def _make_all(self) -> None:
        """Make the fields that are not there yet, now."""
        self._slices.finish()
        self._slices.then(self._fill())
        self._slices.finish()

    def _on_more(self, is_open: bool) -> None:
        self._state.more_open = is_open
        if is_open:
            self._slices.then(self._fill())

    def _on_params_changed(self, path: str) -> None:
        if path in self.rows:
            self.rows[path].refresh()
            self._show_what_holds()

    def _on_touched(self, path: str) -> None:
        self._touched = path
        self._pause.start(TYPING_PAUSE_MS)

    def _show_refusal(self) -> None:
        """Say what is wrong at the field that was edited last, or else at the first concerned."""
        refused = self._state.refused
        known = self._state.form.by_path
        paths = [path for path in refused.paths if path in known] if refused else []
        if paths and self._pause.isActive():
            return
        sayer = self._touched if self._touched in paths else (paths or [""])[0]
        for path in paths:
            _row = self.rows[path]  # one that is not there yet is made now
        for path, it in self.rows.items():
            it.show_refusal(refused if path in paths else None, says_it=path == sayer)
        self._show_what_holds()
        if sayer:
            self.refused.emit(sayer)

    def _show_what_holds(self) -> None:
        for it in self.rows.values():
            it.show_what_holds()
        self._show_headings()

    def _show_headings(self) -> None:
        for heading in self._headings:
            heading.label.setVisible(any(not it.isHidden() for it in heading.rows))
