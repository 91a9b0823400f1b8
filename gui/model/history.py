"""Undo and redo of parameter edits."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QUndoCommand, QUndoStack

from backprop_studio.core.base.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backprop_studio.gui.model.fields import FieldSpec
    from backprop_studio.gui.model.state import AppState


class _Edit(QUndoCommand):
    """A field with all that goes along, from values to others; its text is a title in English."""

    def __init__(
        self, state: AppState, title: str, values: Mapping[str, Any], act: tuple[str, int]
    ) -> None:
        super().__init__(title)
        self._state = state
        self._scene = state.scene
        specs = state.form.by_path
        self.before = {path: state.value(specs[path]) for path in values}
        self.after = dict(values)
        self.act = act

    def id(self) -> int:
        return zlib.crc32(self.act[0].encode()) & 0x7FFFFFFF

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Edit) or other._scene != self._scene:
            return False
        if not self.act[1] or other.act != self.act:
            return False
        self.before = {**other.before, **self.before}
        self.after |= other.after
        self.setObsolete(bool(self.before == self.after))
        return True

    def redo(self) -> None:
        self._give(self.after)

    def undo(self) -> None:
        self._give(self.before)

    def _give(self, values: Mapping[str, Any]) -> None:
        # What changes is on the screen: first comes the scene that it belongs to.
        self._state.select_scene(self._scene)
        self._state.set_params(values)


class History:
    """The only way by which panels edit parameters, so that every edit can be undone."""

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
