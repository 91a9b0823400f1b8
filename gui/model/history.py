"""Undo and redo of every edit: of a field, and of the lecture."""

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


class _Edit(QUndoCommand):
    """One field, from one value to another; its text is the field's English title."""

    def __init__(self, state: AppState, spec: FieldSpec, value: Any, gesture: int) -> None:
        super().__init__(spec.title)
        self._state = state
        self._place = state.scene, state.part
        self.spec = spec
        self.before = state.value(spec)
        self.after = value
        self.gesture = gesture

    def id(self) -> int:
        return zlib.crc32(self.spec.path.encode()) & 0x7FFFFFFF

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Edit) or other.spec.path != self.spec.path:
            return False
        if other._place != self._place:
            return False
        if not self.gesture or other.gesture != self.gesture:
            return False
        self.after = other.after
        self.setObsolete(bool(self.before == self.after))
        return True

    def redo(self) -> None:
        self._give(self.after)

    def undo(self) -> None:
        self._give(self.before)

    def _give(self, value: Any) -> None:
        # What changes is on the screen: first comes the lesson that it belongs to.
        self._state.turn_to(*self._place)
        self._state.set_param(self.spec, value)


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
    """The only way by which panels edit parameters and the lecture, so that it can be undone."""

    def __init__(self, state: AppState) -> None:
        self._state = state
        self.stack = QUndoStack()

    def edit(self, spec: FieldSpec, value: Any, gesture: int = 0) -> None:
        """Give a field a value.

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
            self.stack.push(_Edit(self._state, spec, value, gesture))

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
        own = {"theme": "theme", "frame_shape": "frame"}.get(name)
        if part is None or own is None:
            setattr(state, name, value)
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
        wanted = [(it, given.get(it.path, it.default)) for it in self._state.form.fields()]
        changed = [(spec, value) for spec, value in wanted if self._state.value(spec) != value]
        if not changed:
            return
        self.stack.beginMacro(N_("All parameters"))
        for spec, value in changed:
            self.edit(spec, value)
        self.stack.endMacro()
