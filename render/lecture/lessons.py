"""What is made of a lecture: its lessons in each language, and what their files are called."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from backprop_studio.core.base.i18n import N_, Language
from backprop_studio.core.base.messages import Message
from backprop_studio.render.lecture.file import in_language, sentences_of, voice_of
from backprop_studio.render.lecture.folder import left_over
from backprop_studio.render.messages.frame_format import FrameFormat
from backprop_studio.render.messages.jobs import KIT, Card, VideoJob

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from backprop_studio.render.lecture.file import Lecture, Part
    from backprop_studio.render.messages.frame_format import FrameShape
    from backprop_studio.render.messages.jobs import KitItem


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


def name_of_whole(lecture: Lecture, language: str) -> str:
    """Return the name of the files of all lessons in a language, without an ending."""
    return f"{lecture.path.stem}.{language}"


def names_of_files(
    lecture: Lecture, lessons: Iterable[Lesson], kit: Sequence[KitItem]
) -> list[str]:
    """Return the names of all files that are made of lessons in one or several languages."""
    wholes = [name_of_whole(lecture, it) for it in lecture.header.languages]
    stems = [*wholes, *(it.name for it in lessons if it.is_published)]
    endings = [".mp4"] if "video" in kit else []
    endings += [".srt", ".vtt"] if "subtitles" in kit else []
    endings += [".md"] if "transcript" in kit else []
    names = [stem + ending for stem in stems for ending in endings]
    return names + ([f"{it}.chapters.txt" for it in wholes] if "chapters" in kit else [])


def left_of_earlier(lecture: Lecture, folder: Path) -> list[str]:
    """Return the files of earlier runs in a folder that are no part of a lecture any more.

    What it would have in another language, or as another kind of file, still is.
    """
    header = lecture.header.model_copy(update={"languages": get_args(Language)})
    every = lecture.model_copy(update={"header": header})
    return left_over(folder, names_of_files(every, chain(*lessons_of(every, folder)), KIT))
