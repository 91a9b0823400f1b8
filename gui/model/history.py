"""Undo and redo of every edit: of a field, of a choice, and of the lecture."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QUndoCommand, QUndoStack

from backprop_studio.core.base.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backprop_studio.gui.model.fields import FieldSpec
    from backprop_studio.gui.model.lecture import Lecture, Part
    from backprop_studio.gui.model.state import AppState


_OWN = {"theme": "theme", "frame_shape": "frame"}
"""Choices that a lesson of the lecture has for itself, and what they are called there."""


class _Change(QUndoCommand):
    """A value before and after; its text is the English title of what has it."""

    def __init__(self, state: AppState, title: str, before: Any, after: Any) -> None:
        super().__init__(title)
        self._state = state
        self.before = before
        self.after = after
        self._is_done = False

    def redo(self) -> None:
        self._change(self.after)

    def undo(self) -> None:
        self._change(self.before)

    def _change(self, value: Any) -> None:
        path = self._give(value)
        if self._is_done:  # what the user changes himself is in sight
            self._state.field_wanted.emit(path, False)
        self._is_done = True

    def _give(self, value: Any) -> str:
        """Give the value, and return what has it now."""
        raise NotImplementedError


class _Edit(_Change):
    """A field with all that goes along, from values to others, by their paths."""

    def __init__(
        self, state: AppState, title: str, values: Mapping[str, Any], act: tuple[str, int]
    ) -> None:
        specs = state.form.by_path
        super().__init__(
            state, title, {path: state.value(specs[path]) for path in values}, dict(values)
        )
        self.place = state.scene, state.part
        self.act = act

    def id(self) -> int:
        return zlib.crc32(self.act[0].encode()) & 0x7FFFFFFF

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Edit) or other.place != self.place:
            return False
        if not self.act[1] or other.act != self.act:
            return False
        self.before = {**other.before, **self.before}
        self.after |= other.after
        self.setObsolete(bool(self.before == self.after))
        return True

    def _give(self, value: Any) -> str:
        # What changes is on the screen: first comes the lesson that it belongs to.
        self._state.turn_to(*self.place)
        self._state.set_params(value)
        return self.act[0] or next(iter(value))


class _Choice(_Change):
    """An attribute of the state that holds for every lesson, or for all drafts."""

    def __init__(self, state: AppState, name: str, title: str, value: str) -> None:
        super().__init__(state, title, getattr(state, name), value)
        self._name = name
        self._place = state.scene, state.part

    def _give(self, value: Any) -> str:
        if self._name in _OWN:  # a lesson of the lecture has another one
            self._state.turn_to(*self._place)
        setattr(self._state, self._name, value)
        return self._name


class _Arranging(QUndoCommand):
    """One lecture instead of another, and what is on the stage then; its text is English."""

    def __init__(
        self, state: AppState, text: str, after: Lecture, place: tuple[str, str], gesture: str
    ) -> None:
        super().__init__(text)
        self._state = state
        self._before = state.lecture, state.scene, state.part
        self._after = after, *place
        self._gesture = gesture
        # What is added is what the stage shows: it stays there as it is.
        self._beat = state.beat if state.scene == place[0] else None

    def id(self) -> int:
        return 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Arranging) or not self._gesture:
            return False
        if other._gesture != self._gesture or other._before[1:] != self._after[1:]:
            return False
        self._after = other._after
        self.setObsolete(self._before[0] == self._after[0])
        return True

    def redo(self) -> None:
        self._state.arrange(*self._after, beat=self._beat)

    def undo(self) -> None:
        self._state.arrange(*self._before, beat=self._beat)


class History:
    """The only way by which panels edit what can be undone: fields, choices, the lecture."""

    def __init__(self, state: AppState) -> None:
        self._state = state
        self.stack = QUndoStack()

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
            self.stack.push(_Edit(self._state, spec.title, values, (spec.path, gesture)))

    @property
    def steps_to_valid(self) -> int:
        """How many edits of the present lesson lie behind its last valid values.

        Where those cannot be found it is one if that edit was of a refused field, and else 0.
        """
        state, stack = self._state, self.stack
        place = state.scene, state.part
        values, valid = state.values(), state.valid_values.get(state.lesson_key)
        for number in range(1, stack.index() + 1):
            edit = stack.command(stack.index() - number)
            if not isinstance(edit, _Edit) or edit.place != place:
                break
            values |= edit.before
            if values == valid:
                return number
        last = stack.command(stack.index() - 1) if stack.index() else None
        paths = state.refused.paths if state.refused else ()
        if not isinstance(last, _Edit) or last.place != place:
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
            self.stack.push(_Arranging(state, text, lecture, place, gesture))

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
        own = _OWN.get(name)
        if part is None or own is None:
            if getattr(state, name) != value:
                self.stack.push(_Choice(state, name, title, value))
            return
        kept = None if value == getattr(state.lecture, own) else value
        changes: dict[str, Any] = {own: kept}
        self.arrange(title, state.lecture.with_part(replace(part, **changes)))

    def reset_all(self) -> None:
        """Give every field of the present scene its default, as one step."""
        self.take({})

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
            self.stack.push(_Edit(self._state, N_("All parameters"), changed, ("", 0)))
