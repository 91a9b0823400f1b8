"""What can be done to the lessons of the lecture; each of it can be undone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from backprop_studio.core.base.i18n import LANGUAGE_NAMES, N_
from backprop_studio.gui.model.lecture import Lecture, Part, new_id, retitled, title_in
from backprop_studio.gui.model.words import tr
from backprop_studio.gui.renders.words import title_of
from backprop_studio.render.messages.frame_format import QUALITIES

if TYPE_CHECKING:
    from backprop_studio.gui.model.history import History
    from backprop_studio.gui.model.state import AppState


class Lessons(QObject):
    """Adds, removes, moves and names lessons.

    Parameters
    ----------
    state : AppState
        Has the lecture.
    history : History
        Changes it.

    Signals
    -------
    found : str
        What shall be added is in the lecture already, as the lesson with this id.
    """

    found = Signal(str)

    def __init__(self, state: AppState, history: History, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._history = history

    @property
    def chosen(self) -> Part | None:
        """The lesson that is on the stage."""
        return self._state.lecture.part(self._state.part)

    def blocked_reason(self) -> str:
        """Return why what is on the stage cannot be added now, or an empty text."""
        state = self._state
        if state.entry is None or state.entry.error:
            return tr("Choose a scene first.")
        if state.refusal:
            return tr("Correct the parameters first.")
        return ""

    def title_of(self, part: Part) -> str:
        """Return what a lesson is called on its card, in the lesson's language or the window's."""
        return title_in(part.title, self._state.job_language) or title_of(self._state, part.scene)

    def twin(self) -> Part | None:
        """Return the lesson that is what the stage shows."""
        state = self._state
        if self.chosen is not None:
            return self.chosen
        shown = state.scene, state.given_params(), (state.theme, state.frame_shape)
        for part in state.lecture.parts:
            if (part.scene, state.params_of(part), state.lecture.look(part)) == shown:
                return part
        return None

    def add(self, *, again: bool = False) -> None:
        """Make what is on the stage the last lesson, unless it is one and ``again`` is not said."""
        state = self._state
        if self.blocked_reason():
            return
        twin = self.twin()
        if twin is not None and not again:
            self.found.emit(twin.id)
            return
        lecture = state.lecture
        if not lecture.parts and state.lecture_file is None:
            lecture = self._begun(lecture)
        part = Part(new_id(), state.scene, params=state.given_params())
        if self.chosen is not None:
            part = replace(self.chosen, id=part.id, params=part.params)
        part = replace(
            part,
            theme=None if state.theme == lecture.theme else state.theme,
            frame=None if state.frame_shape == lecture.frame else state.frame_shape,
        )
        self._history.arrange(N_("Add lesson"), lecture.with_part(part), part)
        state.notice = self._added_text(part)

    def duplicate(self) -> None:
        """Put a copy of the lesson on the stage behind it."""
        part = self.chosen
        if part is not None:
            lecture = self._state.lecture
            copy = replace(part, id=new_id(), params=self._state.params_of(part))
            more = lecture.with_part(copy, lecture.number(part.id))
            self._history.arrange(N_("Duplicate lesson"), more, copy)

    def remove(self) -> None:
        """Take the lesson on the stage out of the lecture, and turn to its neighbour."""
        part = self.chosen
        if part is None:
            return
        lecture = self._state.lecture
        fewer = lecture.without(part.id)
        at = min(lecture.number(part.id), len(fewer.parts)) - 1
        # Without a neighbour the scene stays on the stage, as a draft.
        shown = fewer.parts[at] if at >= 0 else Part("", part.scene)
        self._history.arrange(N_("Remove lesson"), fewer, shown)
        text = tr('"{title}" is no longer in the lecture; Edit › Undo brings it back.')
        self._state.notice = text.format(title=self.title_of(part))

    def move(self, part_id: str, position: int) -> None:
        """Put a lesson at another position, from 0."""
        lecture = self._state.lecture
        part = lecture.part(part_id)
        if part is not None and 0 <= position < len(lecture.parts):
            self._history.arrange(N_("Order of lessons"), lecture.with_part(part, position), part)

    def shift(self, step: int) -> None:
        """Move the lesson on the stage earlier (-1) or later (1)."""
        self.move(self._state.part, self._state.lecture.number(self._state.part) - 1 + step)

    def rename(self, part_id: str, text: str) -> None:
        """Give a lesson a title; empty, or the scene's own, is the scene's."""
        state = self._state
        part = state.lecture.part(part_id)
        if part is None:
            return
        text = " ".join(text.split())
        text = "" if text == title_of(state, part.scene) else text
        title = retitled(part.title, text, state.job_language, state.lecture.languages)
        named = state.lecture.with_part(replace(part, title=title))
        self._history.arrange(N_("Title of the lesson"), named, part)

    def take_notes(self, text: str, gesture: str) -> None:
        """Give the lesson on the stage other notes; those of one gesture are undone together."""
        part = self.chosen
        if part is not None:
            noted = self._state.lecture.with_part(replace(part, notes=text))
            self._history.arrange(N_("Notes"), noted, part, f"{part.id}-{gesture}")

    def rename_lecture(self, text: str) -> None:
        """Give the lecture a title."""
        lecture = self._state.lecture
        text = " ".join(text.split())
        title = retitled(lecture.title, text, self._state.job_language, lecture.languages)
        self._history.arrange(N_("Title of the lecture"), replace(lecture, title=title))

    def share_look(self) -> None:
        """Give all lessons the colours and the shape of what is on the stage."""
        state = self._state
        parts = tuple(replace(it, theme=None, frame=None) for it in state.lecture.parts)
        look = replace(state.lecture, theme=state.theme, frame=state.frame_shape)
        same = replace(look, parts=parts)
        self._history.arrange(N_("Look of all lessons"), same)

    def _begun(self, lecture: Lecture) -> Lecture:
        """Return a lecture that is made as what is on the stage."""
        state = self._state
        look = replace(lecture, theme=state.theme, frame=state.frame_shape)
        return replace(look, languages=(state.job_language,), quality=state.quality)

    def _added_text(self, part: Part) -> str:
        """Return which lesson it is, and what the lecture does not take over."""
        state, lecture = self._state, self._state.lecture
        text = tr("Lesson {number} of the lecture.").format(number=lecture.number(part.id))
        if state.job_language not in lecture.languages:
            names = ", ".join(LANGUAGE_NAMES[it] for it in lecture.languages)
            more = tr("It is made in {languages}, as the lecture; choose more when you export it.")
            text = f"{text} {more.format(languages=names)}"
        if state.quality != lecture.quality:
            height = f"{QUALITIES[lecture.quality][1]}p"
            more = tr("It is made at {quality}, as the lecture.")
            text = f"{text} {more.format(quality=height)}"
        return text
