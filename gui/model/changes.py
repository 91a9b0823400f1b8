"""What can be undone: an edit of fields, a choice, another arrangement of the lecture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.i18n import N_
from backprop_studio.gui.model.values import View
from backprop_studio.gui.model.words import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backprop_studio.gui.model.lecture import Lecture
    from backprop_studio.gui.model.state import AppState
    from backprop_studio.gui.model.values import LessonSettings

OWN = {"theme": "theme", "frame_shape": "frame"}
"""Choices that a lesson of the lecture has for itself, and what they are called there."""


class Change:
    """A value before and after.

    Attributes
    ----------
    title : str
        What has it, in English.
    before, after : object
    gesture : str
        Changes in a row that share one are undone together; empty stands alone.
    """

    def __init__(
        self, state: AppState, title: str, before: Any, after: Any, gesture: str = ""
    ) -> None:
        self.state = state
        self.title = title
        self.before = before
        self.after = after
        self.gesture = gesture

    def give(self, value: Any) -> str:
        """Give one of the values, and return what is to be brought into sight; it may be empty."""
        raise NotImplementedError

    def take_in(self, other: Change) -> bool:
        """Become one with the change that follows, if both are of one gesture."""
        if not self.gesture or type(other) is not type(self) or other.gesture != self.gesture:
            return False
        self.after = other.after
        return True

    @property
    def is_nothing(self) -> bool:
        """Whether all is as it was."""
        return bool(self.before == self.after)


class Edit(Change):
    """A field with all that goes along, from values to others, by their paths."""

    def __init__(
        self, state: AppState, title: str, values: Mapping[str, Any], act: tuple[str, int]
    ) -> None:
        specs = state.form.by_path
        before = {path: state.value(specs[path]) for path in values}
        self.path, gesture = act
        self.place = state.scene, state.part
        key = f"{self.place} {self.path} {gesture}" if gesture else ""
        super().__init__(state, title, before, dict(values), key)

    def take_in(self, other: Change) -> bool:
        """Become one with the next edit of the same drag or of the same word."""
        before, after = self.before, self.after
        if not super().take_in(other):
            return False
        self.before = {**other.before, **before}
        self.after = {**after, **other.after}
        return True

    def give(self, value: Any) -> str:
        """Show the lesson that has the fields, and give them values."""
        self.state.turn_to(*self.place)
        self.state.set_params(value)
        return self.path or next(iter(value))


class Choice(Change):
    """An attribute of the state that holds for every lesson, or for all drafts."""

    def __init__(self, state: AppState, name: str, title: str, value: str) -> None:
        super().__init__(state, title, getattr(state, name), value)
        self._name = name
        self._place = state.scene, state.part

    def give(self, value: Any) -> str:
        """Choose a value, for a draft if lessons of the lecture have their own."""
        if self._name in OWN:
            self.state.turn_to(*self._place)
        setattr(self.state, self._name, value)
        return self._name


class Arrangement(Change):
    """One lecture instead of another, and what is on the stage then: (lecture, scene, part)."""

    def __init__(
        self, state: AppState, title: str, after: Lecture, place: tuple[str, str], gesture: str
    ) -> None:
        before = state.lecture, state.scene, state.part
        super().__init__(state, title, before, (after, *place), gesture)
        # What is added is what the stage shows: it stays there as it is.
        self._beat = state.beat if state.scene == place[0] else None

    def take_in(self, other: Change) -> bool:
        """Become one with the next arrangement of the same gesture on the same stage."""
        is_here = isinstance(other, Arrangement) and other.before[1:] == self.after[1:]
        return is_here and super().take_in(other)

    @property
    def is_nothing(self) -> bool:
        """Whether the lecture is as it was."""
        return bool(self.before[0] == self.after[0])

    def give(self, value: Any) -> str:
        """Arrange the lecture, whose list shows what is chosen in it."""
        lecture, scene, part = value
        self.state.arrange(lecture, scene, part, self._beat)
        return ""


class Use(Change):
    """The settings of a video for a scene: (scene, its values, place on the stage, choices).

    Attributes
    ----------
    left_out : tuple of str
        Names of the parameters that no field of this version can hold.
    """

    def __init__(self, state: AppState, settings: LessonSettings) -> None:
        scene, choices = settings.scene, dict(settings.choices)
        values = state.values_of(scene)
        specs = state.specs_of(scene)
        given = state.values_in(settings.params, scene)
        held = {path: value for path, value in given.items() if specs[path].may_hold(value)}
        unheld = [tr(specs[path].title) for path in given if path not in held]
        self.left_out = (*unheld, *state.form_of(scene).unknown_in(settings.params))
        wanted = {path: held.get(path, it.default) for path, it in specs.items()}
        now = (state.scene, state.part), {name: getattr(state, name) for name in choices}
        after = (scene, wanted, (scene, ""), choices)
        super().__init__(state, N_("Use these settings"), (scene, values, *now), after)

    def give(self, value: Any) -> str:
        """Give the scene its values, and show the lesson that shall be seen then."""
        scene, values, place, choices = value
        self.state.select_scene(scene)
        self.state.set_params(values)
        self.state.turn_to(*place)
        for name, it in choices.items():
            setattr(self.state, name, it)
        self.state.view = View.PREVIEW
        return ""
