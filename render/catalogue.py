"""The list of scenes: a file that is there is in it, and a broken file is one row with its error.

Nothing is registered. Reading the rows means importing Manim, so they are kept as JSON under a key
of everything they depend on, where the window and the command line find them without that import.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import os
import sys
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from pydantic import TypeAdapter, ValidationError

from backprop_studio.core.base.errors import InputError, SceneError
from backprop_studio.core.base.messages import Message
from backprop_studio.core.base.parameters import nearest_name
from backprop_studio.render.messages.results import CatalogueEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from backprop_studio.scenes.lesson.lesson import LessonScene

__all__ = [
    "cached_catalogue",
    "catalogue_entry",
    "catalogue_key",
    "in_order",
    "lesson_class",
    "nearest_name",
    "package_folder",
    "require_scene",
    "scene_file",
    "scene_ids",
    "store_catalogue",
    "thumbnail_folder",
]

_VERSIONS_OF = ("manim", "pydantic", "torch", "numpy")
_ENTRIES: TypeAdapter[list[CatalogueEntry]] = TypeAdapter(list[CatalogueEntry])


def package_folder(name: str) -> Path:
    """Return where a room is, without importing it."""
    spec = importlib.util.find_spec(f"backprop_studio.{name}")
    if spec is None or spec.origin is None:
        raise SceneError(f"the package backprop_studio.{name} is not installed")
    return Path(spec.origin).parent


def scene_file(scene: str) -> Path:
    """Return the file of a scene."""
    return package_folder("scenes") / f"{scene}.py"


def scene_ids() -> list[str]:
    """Return the ids of all scene files, in order, without importing them."""
    files = package_folder("scenes").glob("*.py")
    return sorted(file.stem for file in files if not file.stem.startswith("_"))


def require_scene(scene: str) -> None:
    """Check that there is a scene of this name.

    Raises
    ------
    InputError
        If there is none; the message suggests the nearest.
    """
    known = scene_ids()
    if scene in known:
        return
    near = nearest_name(scene, known)
    hint = f"did you mean {near!r}?" if near else f"known are {', '.join(known)}"
    raise InputError(f"unknown scene {scene!r}; {hint}")


def lesson_class(scene: str) -> type[LessonScene]:
    """Import a scene's file and return its lesson.

    Raises
    ------
    InputError
        If there is no such file.
    SceneError
        If it cannot be imported or does not hold exactly one lesson.
    """
    require_scene(scene)
    from backprop_studio.scenes.lesson.lesson import LessonScene

    try:
        module = importlib.import_module(f"backprop_studio.scenes.{scene}")
    except Exception as error:
        raise SceneError(describe_fault(error, scene)) from error
    lessons = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, LessonScene)
        and value.__module__ == module.__name__
    ]
    if len(lessons) != 1:
        raise SceneError(
            f"scenes/{scene}.py must define exactly one LessonScene; it defines {len(lessons)}"
        )
    return lessons[0]


def describe_fault(error: BaseException, scene: str) -> str:
    """Say in one sentence what went wrong in a scene, and on which line of which file.

    The line is the innermost one of the scene's own file, or else of the project, because a line
    deep inside a library helps nobody.
    """
    what = f"{type(error).__name__}: {error}".splitlines()[0].rstrip(": ")
    if isinstance(error, SyntaxError) and error.filename:
        return f"{_short(Path(error.filename))}, line {error.lineno}: {what}"
    places: list[tuple[Path, int]] = []
    trace = error.__traceback__
    while trace is not None:
        places.append((Path(trace.tb_frame.f_code.co_filename), trace.tb_lineno))
        trace = trace.tb_next
    scenes = package_folder("scenes")
    own = [place for place in places if place[0] == scene_file(scene)]
    near = [place for place in places if scenes in place[0].parents]
    for file, line in reversed(own or near):
        return f"{_short(file)}, line {line}: {what}"
    return f"scenes/{scene}.py: {what}"


def _short(file: Path) -> str:
    root = package_folder("scenes").parent
    return str(file.relative_to(root)) if file.is_relative_to(root) else file.name


def catalogue_entry(
    scene: str, beats_of: Callable[[str], tuple[str, ...]] | None = None
) -> CatalogueEntry:
    """Return one row; a scene that cannot be used gives a row with its error.

    Parameters
    ----------
    scene : str
        Catalogue id.
    beats_of : callable, optional
        Returns the names of a scene's beats; without it they stay empty.
    """
    try:
        lesson = lesson_class(scene)
        return CatalogueEntry(
            id=scene,
            title=lesson.title,
            summary=lesson.summary,
            chapter=lesson.chapter,
            place=lesson.place,
            thumbnail=lesson.thumbnail,
            parameters=lesson.Params.model_json_schema(),
            beats=beats_of(scene) if beats_of else (),
        )
    except Exception as error:
        if isinstance(error, SceneError | InputError):
            return CatalogueEntry(id=scene, error=error.message)
        return CatalogueEntry(id=scene, error=Message.plain(describe_fault(error, scene)))


def in_order(entries: Iterable[CatalogueEntry]) -> list[CatalogueEntry]:
    """Return rows as the curriculum has them; those outside of it come last, by their id.

    Examples
    --------
    >>> rows = in_order([CatalogueEntry(id="a"), CatalogueEntry(id="b", place=(2, 1))])
    >>> [row.id for row in rows]
    ['b', 'a']
    """
    return sorted(entries, key=lambda row: (row.place is None, row.place or (0, 0), row.id))


# The cache


def catalogue_key() -> str:
    """Return a hash of everything that the rows and the scenes' pictures depend on."""
    digest = hashlib.sha256(sys.version.encode())
    for name in _VERSIONS_OF:
        with suppress(PackageNotFoundError):
            digest.update(f"{name} {version(name)}\n".encode())
    for package in ("core", "scenes", "render"):
        folder = package_folder(package)
        for file in sorted(folder.rglob("*.py")):
            digest.update(f"{package}/{file.relative_to(folder).as_posix()}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:32]


def _cache_folder() -> Path:
    return Path(platformdirs.user_cache_dir("backprop-studio"))


def thumbnail_folder() -> Path:
    """Return where small pictures of the scenes are kept; it need not exist."""
    return _cache_folder() / "thumbnails"


def cached_catalogue() -> list[CatalogueEntry] | None:
    """Return the rows if they are known for the files as they are now.

    Imports neither Manim nor torch.

    Returns
    -------
    list of CatalogueEntry or None
        None if a worker has to be asked.
    """
    try:
        return _ENTRIES.validate_json(
            (_cache_folder() / f"catalogue-{catalogue_key()}.json").read_bytes()
        )
    except (OSError, ValidationError):
        return None


def store_catalogue(entries: list[CatalogueEntry]) -> None:
    """Keep the rows for later; a cache that cannot be written is no fault."""
    folder = _cache_folder()
    target = folder / f"catalogue-{catalogue_key()}.json"
    staged = folder / f".{target.stem}.{os.getpid()}.tmp"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        outdated = [file for file in folder.glob("catalogue-*.json") if file != target]
        rows = [entry.model_dump(mode="json") for entry in entries]
        staged.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        os.replace(staged, target)
        for file in outdated:
            file.unlink(missing_ok=True)
