"""Undo and redo of parameter edits."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QUndoCommand, QUndoStack

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.model.values import View

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backprop_studio.gui.model.fields import FieldSpec
    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.model.values import LessonSettings


class _Edit(QUndoCommand):
    """One field, from one value to another; its text is the field's English title."""

    def __init__(self, state: AppState, spec: FieldSpec, value: Any, gesture: int) -> None:
        super().__init__(spec.title)
        self._state = state
        self._scene = state.scene
        self.spec = spec
        self.before = state.value(spec)
        self.after = value
        self.gesture = gesture

    def id(self) -> int:
        return zlib.crc32(self.spec.path.encode()) & 0x7FFFFFFF

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Edit) or other.spec.path != self.spec.path:
            return False
        if other._scene != self._scene:
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
        # What changes is on the screen: first comes the scene that it belongs to.
        self._state.select_scene(self._scene)
        self._state.set_param(self.spec, value)


class _Choice(QUndoCommand):
    """The scene and what is chosen for every lesson, from some values to others."""

    def __init__(self, state: AppState, scene: str, choices: Mapping[str, str]) -> None:
        super().__init__()
        self._state = state
        self._before = (state.scene, {name: getattr(state, name) for name in choices})
        self._after = (scene, dict(choices))

    def redo(self) -> None:
        self._give(*self._after)

    def undo(self) -> None:
        self._give(*self._before)

    def _give(self, scene: str, choices: Mapping[str, str]) -> None:
        self._state.select_scene(scene)
        for name, value in choices.items():
            setattr(self._state, name, value)
        self._state.view = View.PREVIEW


class History:
    """The only way by which panels edit parameters, so that every edit can be undone."""

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

    def reset_all(self) -> None:
        """Give every field of the present scene its default, as one step."""
        self.take({})

    def use(self, settings: LessonSettings) -> None:
        """Turn to a scene with exactly the settings of a video, as one step."""
        self.stack.beginMacro(N_("Use these settings"))
        self.stack.push(_Choice(self._state, settings.scene, settings.choices))
        self.take(settings.params)
        self.stack.endMacro()

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
