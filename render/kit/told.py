"""What a kit is made from: a lesson with its video, or all lessons of a language."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.errors import StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.files.cache import MATERIAL
from backprop_studio.render.messages.chapters import chapters_of, later
from backprop_studio.render.messages.jobs import USUAL, KitOptions
from backprop_studio.render.messages.results import BeatMark
from backprop_studio.render.messages.voices import SILENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.render.lecture.file import Lecture
    from backprop_studio.render.lecture.lessons import Lesson
    from backprop_studio.render.messages.chapters import Chapter
    from backprop_studio.render.messages.results import VideoResult


@dataclass(frozen=True)
class Shot:
    """A beat with what there is of it.

    Attributes
    ----------
    number : int
        Of the beat in its lesson, from 1.
    beat : BeatMark
        With its caption, sentences, description, numbers and times.
    first, last : int
        Its first frame in the lesson's video, and the one behind its last.
    name : str
        Of its files, without an ending; it tells it from all others of its lesson.
    """

    number: int
    beat: BeatMark
    first: int
    last: int

    @property
    def name(self) -> str:
        """Of its files."""
        return f"{self.number:02}-{self.beat.name}"


@dataclass(frozen=True)
class Filmed:
    """A lesson and its video, which is there until the last file of the kit is written.

    Attributes
    ----------
    lesson : Lesson
    result : VideoResult
        What is known of the video.
    work : Path
        Folder for what several kinds of files are made of.
    fault, print_fault : StudioError or None
        Why there are neither pictures of its beats nor an answer sheet, if a kind needs them; and
        why there are no pictures for paper.
    transparent : Filmed or None
        The same with nothing behind it, if clips are to be so.
    """

    lesson: Lesson
    result: VideoResult
    work: Path
    fault: StudioError | None = None
    print_fault: StudioError | None = None
    transparent: Filmed | None = None

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

    @property
    def shots(self) -> list[Shot]:
        """The beats that can be seen, the title's card among them."""
        found = []
        for number, beat in enumerate(self.beats, start=1):
            first, last = (round(it * self.result.fps) for it in (beat.start, beat.end))
            if first < last:
                found.append(Shot(number, beat, first, last))
        return found

    @property
    def sheet(self) -> dict[str, Any]:
        """The answer sheet.

        Raises
        ------
        StudioError
            If it could not be made.
        """
        sheet: dict[str, Any] = self._material()["answer_sheet"]
        return sheet

    def stills(self) -> list[bytes]:
        """Return the last picture of each shot, as PNG.

        Raises
        ------
        StudioError
            If they could not be made.
        """
        stills = self._material()["stills"]
        return [b64decode(stills[it.number - 1]) for it in self.shots]

    def printed(self) -> list[tuple[BeatMark, bytes]]:
        """Return of each shot its beat as it is told in print, and its last picture as PNG.

        What is said of colours is another there, and so are the times.

        Raises
        ------
        StudioError
            If they could not be made.
        """
        material = self._material(is_print=True)
        places = [it.number - 1 for it in self.shots]
        return [
            (BeatMark.model_validate(material["beats"][k]), b64decode(material["stills"][k]))
            for k in places
        ]

    @cached_property
    def clips(self) -> list[Path]:
        """The video of each shot, frame by frame that of the lesson, with its sound."""
        from backprop_studio.render.files.cutting import cut_video
        from backprop_studio.render.voice.sound import lasting, read_sound

        folder = self.work / self.lesson.name
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / f"{it.name}{self.video.suffix}" for it in self.shots]
        title = " ".join(self.title.split())
        rows = zip(paths, self.shots, strict=True)
        clips = [(path, it.first, it.last, it.beat.caption or title) for path, it in rows]
        sound = None
        if self.lesson.job.voice != SILENT:
            sound = lasting(read_sound(self.video, self.seconds + 1), self.seconds)
        cut_video(self.video, clips, sound)
        return paths

    def _material(self, *, is_print: bool = False) -> dict[str, Any]:
        fault = self.print_fault if is_print else self.fault
        if fault is not None:
            raise fault
        file = material_file(self.work, self.lesson, is_print=is_print)
        material: dict[str, Any] = json.loads(file.read_bytes())
        if len(material["stills"]) != len(self.beats):
            text = N_("the pictures are of {found} beats, and the video has {expected}")
            counts = {"found": len(material["stills"]), "expected": len(self.beats)}
            raise StudioError("kit.other_beats", text, **counts)
        return material


def material_file(work: Path, lesson: Lesson, *, is_print: bool = False) -> Path:
    """Return where what there is of a lesson besides its video is put, or that for paper."""
    return work / f"{lesson.name}{'.print' if is_print else ''}{MATERIAL}"


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
    options : KitOptions
        How its files are made.
    """

    lecture: Lecture
    name: str
    title: str
    language: Language
    films: tuple[Filmed, ...]
    is_whole: bool = False
    options: KitOptions = USUAL

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
