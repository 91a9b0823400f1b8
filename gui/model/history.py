"""Undo and redo of every edit: of a field, of a choice, and of the lecture."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QUndoCommand, QUndoStack

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.model.changes import OWN, Arrangement, Change, Choice, Edit, Use
from backprop_studio.gui.model.values import View
from backprop_studio.gui.model.words import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backprop_studio.gui.model.fields import FieldSpec
    from backprop_studio.gui.model.lecture import Lecture, Part
    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.model.values import LessonSettings


MOST_NAMED, LONGEST_NAME = 5, 40
"""Of what is left out, as far as there is room; the names come from a file."""


class _Command(QUndoCommand):
    """A change on Qt's stack, of which the change itself knows nothing."""

    def __init__(self, change: Change) -> None:
        super().__init__(change.title)
        self.change = change
        self._is_done = False

    def id(self) -> int:
        return 1 if self.change.gesture else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Command) or not self.change.take_in(other.change):
            return False
        self.setObsolete(self.change.is_nothing)
        return True

    def redo(self) -> None:
        self._give(self.change.after)

    def undo(self) -> None:
        self._give(self.change.before)

    def _give(self, value: Any) -> None:
        place = self.change.give(value)
        if self._is_done and place:  # what the user changes himself is in sight
            self.change.state.field_wanted.emit(place, False)
        self._is_done = True


class History:
    """The only way by which panels edit what can be undone: fields, choices, the lecture."""

    def __init__(self, state: AppState) -> None:
        self._state = state
        self.stack = QUndoStack()

    def _push(self, change: Change) -> None:
        self.stack.push(_Command(change))

    def _change(self, number: int) -> Change | None:
        """Return the last change but ``number - 1`` that was made."""
        at = self.stack.index() - number
        command = self.stack.command(at) if at >= 0 else None
        return command.change if isinstance(command, _Command) else None

    def edit(self, spec: FieldSpec, value: Any, gesture: int = 0) -> None:
        """Give a field a value, and those fields theirs that go along with it.

        Parameters
        ----------
        spec : FieldSpec
            The field.
        value : object
            Its new value.
        gesture : int
            Edits of one field that share a gesture, such as one drag of a slider, are undone
            together; 0 stands alone.
        """
        if self._state.value(spec) != value:
            values = {**self._state.along(spec, value), spec.path: value}
            self._push(Edit(self._state, spec.title, values, (spec.path, gesture)))

    @property
    def steps_to_valid(self) -> int:
        """How many edits of the present lesson lie behind its last valid values.

        Where those cannot be found it is one if that edit was of a refused field, and else 0.
        """
        state, stack = self._state, self.stack
        place = state.scene, state.part
        values, valid = state.values(), state.valid_values.get(state.lesson_key)
        for number in range(1, stack.index() + 1):
            edit = self._change(number)
            if not isinstance(edit, Edit) or edit.place != place:
                break
            values |= edit.before
            if values == valid:
                return number
        last = self._change(1)
        paths = state.refused.paths if state.refused else ()
        if not isinstance(last, Edit) or last.place != place:
            return 0
        return int(not last.after.keys().isdisjoint(paths))

    def mend(self) -> None:
        """Undo what has made the present values wrong; without that, reset the refused field."""
        refused, steps = self._state.refused, self.steps_to_valid
        for _step in range(steps):
            self.stack.undo()
        if refused and refused.fields and not steps:
            self.edit(refused.fields[0], refused.fields[0].default)

    def arrange(
        self, text: str, lecture: Lecture, part: Part | None = None, gesture: str = ""
    ) -> None:
        """Make the lecture another one.

        Parameters
        ----------
        text : str
            What is done, as the menu shall say it; English.
        lecture : Lecture
            As it shall be.
        part : Part, optional
            The lesson that is on the stage then; by default what is there now.
        gesture : str
            Edits in a row that share one are undone together; empty stands alone.
        """
        state = self._state
        place = (part.scene, part.id) if part else (state.scene, state.part)
        if lecture != state.lecture:
            self._push(Arrangement(state, text, lecture, place, gesture))

    def choose(self, name: str, title: str, value: str) -> None:
        """Give an attribute of the state another value.

        Parameters
        ----------
        name, title : str
            The attribute, and what it is called in English. A lesson of the lecture has a
            ``theme`` and a ``frame_shape`` of its own.
        value : str
            One of its choices.
        """
        state = self._state
        part = state.lecture.part(state.part)
        own = OWN.get(name)
        if part is None or own is None:
            if getattr(state, name) != value:
                self._push(Choice(state, name, title, value))
            return
        kept = None if value == getattr(state.lecture, own) else value
        changes: dict[str, Any] = {own: kept}
        self.arrange(title, state.lecture.with_part(replace(part, **changes)))

    def reset_all(self) -> None:
        """Give every field of the present scene its default, as one step."""
        self.take({})

    def use(self, settings: LessonSettings) -> None:
        """Turn to a scene with exactly the settings of a video, as one step.

        What a video of another version was made with, and this one does not know, is named.
        """
        change = Use(self._state, settings)
        if not change.is_nothing:
            self._push(change)
        self._state.view = View.PREVIEW  # also if they were set already
        if change.left_out:
            text = tr("Left out, as this version cannot use it: {names}")
            names = [it[:LONGEST_NAME] for it in change.left_out]
            more = ["…"] if names[MOST_NAMED:] else []
            self._state.notice = text.format(names=", ".join(names[:MOST_NAMED] + more))

    def take(self, params: Mapping[str, Any]) -> None:
        """Give the present scene exactly these parameters, as one step.

        Parameters
        ----------
        params : mapping
            Nested as a job has them; a field that they do not name gets its default.
        """
        given = self._state.values_in(params)
        wanted = {it.path: given.get(it.path, it.default) for it in self._state.form.fields()}
        specs = self._state.form.by_path
        changed = {
            it: value for it, value in wanted.items() if self._state.value(specs[it]) != value
        }
        if changed:
            self._push(Edit(self._state, N_("All parameters"), changed, ("", 0)))
