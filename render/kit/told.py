"""What a kit is made from: a lesson with its video, or all lessons of a language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backprop_studio.render.messages.chapters import chapters_of, later

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.render.lecture.file import Lecture
    from backprop_studio.render.lecture.lessons import Lesson
    from backprop_studio.render.messages.chapters import Chapter
    from backprop_studio.render.messages.results import BeatMark, VideoResult


@dataclass(frozen=True)
class Filmed:
    """A lesson and its video, which is there until the last file of the kit is written."""

    lesson: Lesson
    result: VideoResult

    @property
    def video(self) -> Path:
        """Where the video is."""
        return self.lesson.video

    @property
    def title(self) -> str:
        """What the lecture calls the lesson, or else the lesson itself."""
        card = self.lesson.job.card
        return card.title if card and card.title else self.result.title

    @property
    def beats(self) -> tuple[BeatMark, ...]:
        """The beats, with their captions, sentences, descriptions and times."""
        return self.result.beats

    @property
    def seconds(self) -> float:
        """How long it plays, to the frame."""
        return self.result.frames / self.result.fps


@dataclass(frozen=True)
class Told:
    """What is told in one go, and has one file of each kind.

    Attributes
    ----------
    lecture : Lecture
        That it comes from.
    name : str
        Of its files, without an ending.
    title : str
    language : {"en", "zh"}
    films : tuple of Filmed
        One, or all that the whole lecture consists of.
    is_whole : bool
        Whether it is all of the lecture in its language, rather than a lesson.
    """

    lecture: Lecture
    name: str
    title: str
    language: Language
    films: tuple[Filmed, ...]
    is_whole: bool = False

    def begun(self) -> Iterator[tuple[Filmed, float]]:
        """Yield each lesson with the seconds at which it begins."""
        begin = 0.0
        for film in self.films:
            yield film, begin
            begin += film.seconds

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return sum(film.seconds for film in self.films)

    @property
    def chapters(self) -> list[Chapter]:
        """The chapters of its video."""
        return [
            it
            for film, begin in self.begun()
            for it in later(chapters_of(film.title, film.beats), begin)
        ]

    @property
    def marks(self) -> list[tuple[BeatMark, float]]:
        """All beats, each with the seconds at which its lesson begins."""
        return [(beat, begin) for film, begin in self.begun() for beat in film.beats]


def lesson_told(lecture: Lecture, film: Filmed) -> Told:
    """Return a lesson as it is told by itself."""
    lesson = film.lesson
    return Told(lecture, lesson.name, film.title, lesson.job.language, (film,))


def whole_told(lecture: Lecture, name: str, title: str, films: Sequence[Filmed]) -> Told:
    """Return all lessons of a language as they are told one after the other."""
    kept = tuple(film for film in films if film.lesson.is_in_whole)
    return Told(lecture, name, title, kept[0].lesson.job.language, kept, is_whole=True)
