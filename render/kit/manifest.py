"""The manifest of a folder: what was made from what, so that it can be seen what is so no more."""

from __future__ import annotations

import hashlib
import json
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_, Language
from backprop_studio.core.base.messages import Message
from backprop_studio.render.files.cache import video_key
from backprop_studio.render.files.data_paths import with_paths
from backprop_studio.render.kit.item import Item, write_text
from backprop_studio.render.lecture.lessons import lessons_of
from backprop_studio.render.messages.jobs import USUAL, KitOptions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from backprop_studio.render.kit.told import Filmed
    from backprop_studio.render.lecture.file import Lecture

NAME = "manifest.json"
FORMAT = 1


def write_manifest(
    lecture: Lecture,
    films: Iterable[Filmed],
    made: Mapping[str, tuple[str, str]],
    folder: Path,
    options: KitOptions = USUAL,
    made_from: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """Write what was made of a lecture, and from what.

    Parameters
    ----------
    films : iterable of Filmed
        All lessons, in all languages.
    made : mapping
        The files in the folder: of each, what it is of and its kind.
    options : KitOptions
        How they were made.
    made_from : mapping, optional
        By what is told and kind, what stands for all that its files were made of.
    """
    from backprop_studio.core.answer_sheet import versions

    values = {
        "format": FORMAT,
        "lecture": lecture.path.name,
        "title": lecture.header.title,
        "languages": list(lecture.header.languages),
        "captions": lecture.header.captions,
        "voice": lecture.voice,
        "options": options.model_dump(),
        "versions": versions(),
        "lessons": {it.lesson.name: _lesson(it) for it in films},
        "made_from": made_from or {},
        "files": {
            name: {"of": of, "kind": kind, **content_of(folder / name)}
            for name, (of, kind) in sorted(made.items())
        },
    }
    write_text(folder / NAME, json.dumps(values, indent=1, ensure_ascii=False) + "\n")


def _lesson(film: Filmed) -> dict[str, Any]:
    job = film.lesson.job
    given = job.params if film.fault else film.sheet.get("parameters", job.params)
    look = {"language": job.language, "theme": job.theme, "picture": job.picture.model_dump()}
    parameters = with_paths(given, lambda it: Path(it).name)
    return {"scene": job.scene, **look, "parameters": parameters, "key": video_key(job)}


def content_of(file: Path) -> dict[str, Any]:
    """Return what stands for a file's content: its hash and its size."""
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"sha256": digest, "bytes": file.stat().st_size}


def differences(folder: Path, lecture: Lecture | None = None) -> list[Message]:
    """Return what is missing in a folder or has changed since it was made; none if nothing has.

    Parameters
    ----------
    lecture : Lecture, optional
        As it is now: tells as well which lessons would be drawn in another way.

    Raises
    ------
    InputError
        If the folder has no manifest.
    """
    manifest = read_manifest(folder)
    found = list(_of_files(folder, manifest["files"]))
    return found + (list(_of_lessons(lecture, manifest)) if lecture else [])


def _of_files(folder: Path, files: Mapping[str, Any]) -> Iterator[Message]:
    for name, known in files.items():
        try:
            is_same = content_of(folder / name)["sha256"] == known["sha256"]
        except OSError:
            yield Message.of("manifest.missing", N_("{file} is missing"), file=name)
        else:
            if not is_same:
                yield Message.of("manifest.changed", N_("{file} has been changed"), file=name)


def _of_lessons(lecture: Lecture, manifest: Mapping[str, Any]) -> Iterator[Message]:
    """Yield the lessons that are others now."""
    known = [it for it in get_args(Language) if it in manifest["languages"]]
    header = {"languages": tuple(known), "captions": manifest["captions"]}
    update = {"header": lecture.header.model_copy(update=header), "voice": manifest["voice"]}
    lessons = chain(*lessons_of(lecture.model_copy(update=update), Path("unused")))
    keys = {it.name: video_key(it.job) for it in lessons}
    old = {name: it["key"] for name, it in manifest["lessons"].items()}
    for name in sorted({**old, **keys}):
        if old.get(name) == keys.get(name):
            continue
        if name not in keys:
            text = N_("{lesson} is no part of the lecture any more")
            yield Message.of("manifest.gone", text, lesson=name)
        elif name not in old:
            yield Message.of("manifest.new", N_("{lesson} was not made yet"), lesson=name)
        else:
            yield Message.of("manifest.old", N_("{lesson} is out of date"), lesson=name)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return what the manifest of a folder says.

    Raises
    ------
    InputError
        If there is none, or none that can be read.
    """
    file = folder / NAME
    text = N_("{folder} holds no {name} of an export that can be read")
    error = InputError("manifest.none", text, folder=file.parent, name=NAME)
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        whole = {"files": dict, "lessons": dict, "languages": list, "captions": str}
        if not all(isinstance(values[name], kind) for name, kind in whole.items()):
            raise error
        is_known = values["format"] == FORMAT and "voice" in values
        if not is_known or not all("key" in it for it in values["lessons"].values()):
            raise error
    except (OSError, ValueError, LookupError, TypeError) as fault:
        raise error from fault
    return dict(values)


MANIFEST = Item((), lambda _told, _folder: None, needs_material=True)
"""There is one of the whole folder, written when all other files are there."""
