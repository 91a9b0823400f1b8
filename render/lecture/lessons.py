"""What is made of a lecture: its lessons in each language, and what their files are called."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.lecture.file import in_language, sentences_of, voice_of
from backprop_studio.render.lecture.folder import WORK
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import Card, VideoJob

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.render.lecture.file import Lecture, Part
    from backprop_studio.render.messages.frame_format import FrameShape
    from backprop_studio.render.messages.jobs import KitItem, KitOptions


@dataclass(frozen=True)
class Lesson:
    """One part in one language.

    A part whose frame is not the lecture's is two: one of its own, and one for the whole video, in
    which all pictures have the same shape.

    Attributes
    ----------
    job : VideoJob
        Its output is in the folder's own directory for what is not finished.
    name : str
        Of its files, without an ending.
    label : Message
        What messages call it.
    is_published : bool
        Whether it gets files of its own.
    is_in_whole : bool
        Whether the whole video is made of it.
    """

    job: VideoJob
    name: str
    label: Message
    is_published: bool = True
    is_in_whole: bool = True

    @property
    def video(self) -> Path:
        """Where it is drawn to."""
        return Path(self.job.output)


def lessons_of(lecture: Lecture, folder: Path) -> list[list[Lesson]]:
    """Return a lecture's lessons, to be drawn into a folder: a list for each language."""
    return [
        [
            lesson
            for number, part in enumerate(lecture.parts, start=1)
            for lesson in _of_part(lecture, number, part, language, folder)
        ]
        for language in lecture.header.languages
    ]


def _of_part(
    lecture: Lecture, number: int, part: Part, language: Language, folder: Path
) -> Iterator[Lesson]:
    header = lecture.header
    text = N_("in {file}, part {part} ({scene})")
    where = {"file": lecture.path.name, "part": number, "scene": part.scene}
    label = Message.of("lecture.lesson", text, **where)
    title = in_language(part.title, language)
    card = Card(lecture=in_language(header.title, language), number=number, title=title)
    params = {"captions": False, **part.params} if header.captions == "off" else part.params
    shared: dict[str, Any] = {"scene": part.scene, "params": params, "card": card}
    shared |= {"language": language, "theme": part.theme or header.theme}
    shared |= {"script": sentences_of(part.script, language), "voice": voice_of(lecture)}
    shared["pronunciations"] = str(lecture.path.parent)

    def lesson(name: str, frame: FrameShape, **use: bool) -> Lesson:
        picture = FrameFormat.of_quality(header.quality, shape=frame)
        output = str(folder / f"{name}.mp4")
        job = VideoJob(id=uuid.uuid4().hex, picture=picture, output=output, **shared)
        return Lesson(job, name, label, **use)

    name = f"{number:02}-{part.scene}.{language}"
    is_alike = part.frame in (None, header.frame)
    yield lesson(name, part.frame or header.frame, is_in_whole=is_alike)
    if not is_alike:
        yield lesson(f"{name}.whole", header.frame, is_published=False)


def drawn_lessons(
    lecture: Lecture, folder: Path, kit: Sequence[KitItem], options: KitOptions
) -> list[Lesson]:
    """Return all that is drawn for a kit: the lessons, and those whose clips are transparent again.

    Parameters
    ----------
    folder : Path
        Where the lessons are drawn to; what is transparent goes to where work is done in it.
    """
    lessons = list(chain(*lessons_of(lecture, folder)))
    if "clips" not in kit or options.clips == "mp4":
        return lessons
    return lessons + [_transparent(it, folder / WORK) for it in lessons if it.is_published]


def transparent_name(name: str) -> str:
    """Return what a lesson is called that is drawn once more with nothing behind it."""
    return f"{name}.transparent"


def _transparent(lesson: Lesson, folder: Path) -> Lesson:
    name = transparent_name(lesson.name)
    given = {"id": uuid.uuid4().hex, "output": str(folder / f"{name}.mov")}
    job = lesson.job.model_copy(update=given)
    return Lesson(job, name, lesson.label, is_published=False, is_in_whole=False)


def name_of_whole(lecture: Lecture, language: str) -> str:
    """Return the name of the files of all lessons in a language, without an ending."""
    return f"{lecture.path.stem}.{language}"
