"""One more lesson at the end of a lecture file, whose comments and layout stay as they are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from backprop_studio.render.files.output import check_target
from backprop_studio.render.lecture.file import MAX_TITLE, read_lecture
from backprop_studio.render.lecture.writing import (
    LectureDraft,
    PartDraft,
    draft_of,
    write_lecture,
)

if TYPE_CHECKING:
    from pathlib import Path

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.core.base.parameters import Theme
    from backprop_studio.render.messages.frame_format import FrameShape, Quality


@dataclass(frozen=True)
class NewLesson:
    """A lesson, and what a lecture that begins with it is like.

    Attributes
    ----------
    scene : str
        Id in the catalogue.
    params : dict
        Its parameters; paths in it may be anywhere.
    language, quality : str
        Of a new lecture; one that is there keeps its own.
    theme, frame : str
        Of a new lecture; in one that is there, of the lesson.
    """

    scene: str
    params: dict[str, Any] = field(default_factory=dict)
    language: Language = "en"
    quality: Quality = "m"
    theme: Theme = "dark"
    frame: FrameShape = "16:9"


@dataclass(frozen=True)
class SavedLesson:
    """What has become of a lesson.

    Attributes
    ----------
    number : int
        Its number in the lecture, from 1.
    copied : tuple of Path
        Data files that were copied into the lecture's folder.
    """

    number: int
    copied: tuple[Path, ...] = ()


def add_lesson(path: Path, lesson: NewLesson) -> SavedLesson:
    """Write a lesson at the end of a lecture file, which is made if there is none.

    A lecture names no file outside of its own folder: a data file from elsewhere is copied there.

    Raises
    ------
    InputError
        If the file is no lecture, or the lesson cannot be part of one; nothing was changed then.
    OutputError
        If the disk or the permissions do not allow it.
    """
    check_target(path, (".toml",), overwrite=True)
    old = read_lecture(path) if path.exists() and path.stat().st_size else None
    draft = draft_of(old) if old else _begun_by(lesson, path)
    part = PartDraft(
        lesson.scene,
        params=lesson.params,
        theme=lesson.theme if lesson.theme != draft.theme else None,
        frame=lesson.frame if lesson.frame != draft.frame else None,
    )
    draft = replace(draft, parts=(*draft.parts, part))
    saved = write_lecture(path, draft, old, overwrite=old is None)
    return SavedLesson(len(draft.parts), saved.copied)


def _begun_by(lesson: NewLesson, path: Path) -> LectureDraft:
    """Return a lecture that is called what its file is called."""
    title = path.stem.replace("_", " ").strip()[:MAX_TITLE] or path.stem
    return LectureDraft(title, (lesson.language,), lesson.quality, lesson.theme, lesson.frame)
