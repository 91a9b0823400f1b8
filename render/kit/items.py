"""All that a kit can have, and what its files are called."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, get_args

from backprop_studio.core.base.i18n import Language
from backprop_studio.render.kit.beats import CLIPS, STILLS
from backprop_studio.render.kit.chapters import CHAPTERS
from backprop_studio.render.kit.exercises.files import EXERCISES
from backprop_studio.render.kit.handout import HANDOUT
from backprop_studio.render.kit.loops import GIFS
from backprop_studio.render.kit.manifest import MANIFEST
from backprop_studio.render.kit.manifest import NAME as MANIFEST_NAME
from backprop_studio.render.kit.numbers import NUMBERS
from backprop_studio.render.kit.player.scorm import SCORM
from backprop_studio.render.kit.player.writing import PLAYER
from backprop_studio.render.kit.slides import SLIDES
from backprop_studio.render.kit.source.code import CODE
from backprop_studio.render.kit.source.manim_scene import SOURCE
from backprop_studio.render.kit.source.notebook import NOTEBOOK
from backprop_studio.render.kit.subtitles import SUBTITLES
from backprop_studio.render.kit.transcript import TRANSCRIPT
from backprop_studio.render.kit.video import VIDEO
from backprop_studio.render.lecture.folder import is_named, left_over
from backprop_studio.render.lecture.lessons import lessons_of, name_of_whole
from backprop_studio.render.messages.jobs import KIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from backprop_studio.render.kit.item import Item
    from backprop_studio.render.lecture.file import Lecture
    from backprop_studio.render.lecture.lessons import Lesson
    from backprop_studio.render.messages.jobs import KitItem

ITEMS: dict[KitItem, Item] = {
    "video": VIDEO,
    "subtitles": SUBTITLES,
    "chapters": CHAPTERS,
    "transcript": TRANSCRIPT,
    "stills": STILLS,
    "clips": CLIPS,
    "gifs": GIFS,
    "numbers": NUMBERS,
    "code": CODE,
    "source": SOURCE,
    "notebook": NOTEBOOK,
    "slides": SLIDES,
    "handout": HANDOUT,
    "exercises": EXERCISES,
    "player": PLAYER,
    "scorm": SCORM,
    "manifest": MANIFEST,
}


def names_of_files(
    lecture: Lecture, lessons: Iterable[Lesson], kit: Sequence[KitItem]
) -> list[str]:
    """Return the names of all files that are made of lessons in one or several languages."""
    wholes = [(name_of_whole(lecture, it), True) for it in lecture.header.languages]
    told = [*wholes, *((it.name, False) for it in lessons if it.is_published)]
    names = [
        name
        for item in kit
        for stem, is_whole in told
        for name in ITEMS[item].names(stem, is_whole=is_whole)
    ]
    return [*names, MANIFEST_NAME] if "manifest" in kit else names


def left_of_earlier(lecture: Lecture, folder: Path, made: Sequence[Path] = ()) -> list[str]:
    """Return the files of earlier runs in a folder that are no part of a lecture any more.

    What it would have in another language, or as another kind of file, still is. Of files whose
    number nobody knows before, those are that were ``made`` now, if there are any.
    """
    header = lecture.header.model_copy(update={"languages": get_args(Language)})
    every = lecture.model_copy(update={"header": header})
    names = names_of_files(every, chain(*lessons_of(every, folder)), KIT)
    now = {it.relative_to(folder).as_posix() for it in made}
    still = [name for name in names if not any(is_named(it, [name]) for it in now)]
    return left_over(folder, [*still, *now])
