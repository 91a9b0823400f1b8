"""A whole lecture written back to its file, whose comments and layout stay as they are.

In three steps: ``read_lecture(path)`` gives the lecture, ``draft_of(lecture)`` what can be changed
in it, and ``write_lecture(path, draft, lecture)`` writes it, with new parts as :class:`PartDraft`.
"""

from __future__ import annotations

import codecs
import os
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from backprop_studio.core.base.errors import InputError, OutputError, StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.user_files import read_text
from backprop_studio.render.files.output import check_target
from backprop_studio.render.files.staging import remove_files, write_atomically
from backprop_studio.render.lecture.data_files import DataFiles
from backprop_studio.render.lecture.file import FORMAT, KIND, Script, Title, lecture_of
from backprop_studio.render.lecture.layout import Same, WantedPart, changed_text
from backprop_studio.render.messages.voices import SILENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.core.base.parameters import Theme
    from backprop_studio.render.lecture.file import Lecture
    from backprop_studio.render.messages.frame_format import FrameShape, Quality
    from backprop_studio.render.messages.jobs import HandoutCount


@dataclass(frozen=True)
class PartDraft:
    """One lesson as it shall be.

    Attributes
    ----------
    scene : str
        Id in the catalogue.
    title : str or dict
        One for all languages, or one for each; empty is the scene's own.
    notes : str
        For the speaker.
    params : dict
        Paths in it may be anywhere: what lies outside of the lecture's folder is copied there.
    theme, frame : str or None
        Instead of the lecture's own.
    origin : int or None
        Which lesson of the old lecture it continues, from 0, so that its comments stay with it;
        None if it is new. A copy of a lesson may have the origin of its model.
    script : dict
        Own words by language and beat.
    """

    scene: str
    title: Title = ""
    notes: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    theme: Theme | None = None
    frame: FrameShape | None = None
    origin: int | None = None
    script: Script = field(default_factory=dict)


@dataclass(frozen=True)
class LectureDraft:
    """A lecture as it shall be; without lessons it cannot be written."""

    title: Title = ""
    languages: tuple[Language, ...] = ("en",)
    quality: Quality = "m"
    theme: Theme = "dark"
    frame: FrameShape = "16:9"
    parts: tuple[PartDraft, ...] = ()
    captions: Literal["on", "off"] = "on"
    voice: str = SILENT
    handout: HandoutCount = 3


@dataclass(frozen=True)
class SavedLecture:
    """What has become of a draft.

    Attributes
    ----------
    lecture : Lecture
        As it is read from the file now; in it lesson ``number`` is the draft's.
    copied : tuple of Path
        Data files that were copied into the lecture's folder.
    """

    lecture: Lecture
    copied: tuple[Path, ...] = ()


def draft_of(lecture: Lecture) -> LectureDraft:
    """Return the draft that changes nothing of a lecture."""
    parts = (
        PartDraft(origin=number, **{key: getattr(part, key) for key in type(part).model_fields})
        for number, part in enumerate(lecture.parts)
    )
    header = lecture.header.model_dump(exclude={"format"})
    return LectureDraft(**header, parts=tuple(parts))


def write_lecture(
    path: Path, draft: LectureDraft, old: Lecture | None = None, *, overwrite: bool = False
) -> SavedLecture:
    """Write a lecture to its file, or to another one.

    All that has not changed stays to the last letter. A lecture names no file outside of its own
    folder: data files from elsewhere are copied there.

    Parameters
    ----------
    path : Path
        The file; of another name or in another folder than the old one's it is a copy.
    draft : LectureDraft
    old : Lecture, optional
        As it was read last, or written; none for a new lecture.
    overwrite : bool
        Replace a file that is there and is not the old lecture as it was read.

    Returns
    -------
    SavedLecture
        Its lecture is the old one of the next time.

    Raises
    ------
    InputError
        If the draft is no lecture (of code ``lecture.parts`` if it has no lessons), a data file
        cannot be copied, the file is there already (``lecture.exists``), another program has
        changed it since (``lecture.changed``), or its lessons are written in a way that cannot be
        changed here (``lecture.notation``); nothing was changed then.
    OutputError
        If the disk or the permissions do not allow it; nothing was changed then.
    """
    check_target(path, (".toml",), overwrite=True)
    before = _before(path, old, overwrite=overwrite)
    place = Path(os.path.realpath(path))  # a link goes on leading to the lecture
    files = DataFiles(place.parent)
    parts = [WantedPart(it.origin, _values(it, files)) for it in draft.parts]
    header = _header(draft)
    text = changed_text(old.text if old else "", place, header, parts)
    made = lecture_of(text, path)
    _prove(made, header, parts)
    try:
        files.copy()
        if text != before:
            data, is_there = _encoded(text, place), before is not None
            job_id = uuid.uuid4().hex
            write_atomically(place, data, job_id=job_id, overwrite=overwrite or is_there)
    except BaseException:
        remove_files(*files.made)
        raise
    if read_text(path, KIND) != text:
        wrong = N_("the lecture file {file} does not hold what was written to it")
        raise OutputError("lecture.not_read_back", wrong, file=path)
    return SavedLecture(made, tuple(files.made))


def _before(path: Path, old: Lecture | None, *, overwrite: bool) -> str | None:
    """Return what is in the file, which must be the old lecture unless it may be replaced."""
    if not path.exists() and not path.is_symlink():
        return None
    if overwrite:
        with suppress(InputError):
            return read_text(path, KIND)
        return None
    if old is None or os.path.realpath(old.path) != os.path.realpath(path):
        raise InputError("lecture.exists", N_("the file {file} is there already"), file=path)
    found = read_text(path, KIND)
    if found != old.text:
        text = N_("the lecture file {file} has been changed by another program meanwhile")
        raise InputError("lecture.changed", text, file=path)
    return found


def _header(draft: LectureDraft) -> dict[str, Any]:
    look: dict[str, str | int] = {
        "quality": draft.quality,
        "theme": draft.theme,
        "frame": draft.frame,
    }
    look |= {"captions": draft.captions, "voice": draft.voice, "handout": draft.handout}
    return {"format": FORMAT, "title": draft.title, "languages": [*draft.languages], **look}


def _values(part: PartDraft, files: DataFiles) -> dict[str, Any]:
    said = {"scene": part.scene, "title": part.title, "notes": part.notes}
    look = {"theme": part.theme, "frame": part.frame}
    return {**said, **look, "params": files.inside(part.params), "script": dict(part.script)}


def _prove(made: Lecture, header: dict[str, Any], parts: Sequence[WantedPart]) -> None:
    """Check that a text is read as what it was made of."""
    same = Same(made.path.resolve().parent)
    found = {**made.header.model_dump(), "languages": [*made.header.languages]}
    pairs = zip(made.parts, parts, strict=True)
    if not same(found, header) or not all(same(it.model_dump(), want.values) for it, want in pairs):
        text = N_("the lecture file {file} could not be written as it is wanted; it was kept")
        raise StudioError("lecture.not_as_wanted", text, file=made.path)


def _encoded(text: str, path: Path) -> bytes:
    """Return a text as the program writes it that wrote the file before."""
    old = path.read_bytes() if path.is_file() else b""
    if b"\r\n" in old:
        text = text.replace("\n", "\r\n")
    try:
        return (codecs.BOM_UTF8 if old.startswith(codecs.BOM_UTF8) else b"") + text.encode()
    except UnicodeEncodeError as error:
        wrong = N_("a text of the lecture is not valid Unicode")
        raise InputError("lecture.no_unicode", wrong) from error
