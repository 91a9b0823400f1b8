"""The lecture that is arranged: a frozen value, without widgets and without files."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

# Known when the program runs: what is kept of a lecture is checked by these types.
from backprop_studio.core.base.i18n import Language
from backprop_studio.core.base.parameters import Theme  # noqa: TC001
from backprop_studio.render.messages.frame_format import FrameShape, Quality  # noqa: TC001
from backprop_studio.render.messages.jobs import HandoutCount  # noqa: TC001

Title: TypeAlias = str | Mapping[Language, str]
"""One text for all languages, or one for each."""


def new_id() -> str:
    """Return a name for a lesson that no scene and no other lesson has."""
    return f"lesson-{uuid.uuid4().hex}"


def title_in(title: Title, language: Language) -> str:
    """Return a title in a language, or in the first it has.

    Examples
    --------
    >>> title_in({"en": "Week 1", "zh": "第一周"}, "zh"), title_in("Week 1", "zh")
    ('第一周', 'Week 1')
    """
    if isinstance(title, str):
        return title
    return title.get(language) or next(iter(title.values()), "")


def retitled(title: Title, text: str, language: Language, languages: tuple[Language, ...]) -> Title:
    """Return a title that is another one in a language.

    Parameters
    ----------
    title : str or mapping
        As it is.
    text : str
        What it shall be in ``language``; empty takes it away.
    languages : tuple of str
        Of the lecture; with only one, a title is a plain text.

    Examples
    --------
    >>> retitled("Week 1", "第一周", "zh", ("en", "zh"))
    {'en': 'Week 1', 'zh': '第一周'}
    >>> retitled({"en": "Week 1"}, "", "en", ("en", "zh"))
    ''
    """
    if isinstance(title, str) and len(languages) == 1:
        return text
    plain = dict.fromkeys(languages, title) if isinstance(title, str) else dict(title)
    texts = {name: words for name, words in (plain | {language: text}).items() if words}
    return texts or ""


@dataclass(frozen=True)
class Part:
    """One lesson of a lecture.

    Attributes
    ----------
    id : str
        By which the window knows it; no file has it.
    scene : str
        Id in the catalogue.
    title : str or mapping
        On the card before the lesson; empty is the scene's own.
    notes : str
        For the speaker.
    theme, frame : str or None
        Instead of the lecture's own.
    params : mapping
        Nested, as they came; what was changed since is among the values of the state.
    script : mapping
        Own words by language and beat, as they came.
    """

    id: str
    scene: str
    title: Title = ""
    notes: str = ""
    theme: Theme | None = None
    frame: FrameShape | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    script: Mapping[Language, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Lecture:
    """Lessons in their order, and what holds for all of them."""

    title: Title = ""
    languages: tuple[Language, ...] = ("en",)
    quality: Quality = "m"
    theme: Theme = "dark"
    frame: FrameShape = "16:9"
    parts: tuple[Part, ...] = ()
    captions: Literal["on", "off"] = "on"
    voice: str = "none"
    handout: HandoutCount = 3

    def part(self, part_id: str) -> Part | None:
        """Return a lesson, or None if there is none of this id."""
        return next((part for part in self.parts if part.id == part_id), None)

    def number(self, part_id: str) -> int:
        """Return the number of a lesson, from 1; 0 if there is none of this id."""
        ids = [part.id for part in self.parts]
        return ids.index(part_id) + 1 if part_id in ids else 0

    def look(self, part: Part) -> tuple[Theme, FrameShape]:
        """Return the colours and the shape of a lesson."""
        return part.theme or self.theme, part.frame or self.frame

    def with_part(self, part: Part, position: int | None = None) -> Lecture:
        """Return the lecture with a lesson in place of the one with its id, or as a new one.

        Parameters
        ----------
        part : Part
        position : int, optional
            Where it comes, from 0; by default where it was, or at the end.
        """
        others = [it for it in self.parts if it.id != part.id]
        known = self.number(part.id)
        if position is None:
            position = known - 1 if known else len(others)
        others.insert(max(0, position), part)
        return replace(self, parts=tuple(others))

    def without(self, part_id: str) -> Lecture:
        """Return the lecture without a lesson."""
        return replace(self, parts=tuple(it for it in self.parts if it.id != part_id))
