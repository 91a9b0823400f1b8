"""Scene files: the lesson of each, its row in the catalogue, and where in it a fault is."""

from __future__ import annotations

import importlib
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError, SceneError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.catalogue import require_scene, scene_file
from backprop_studio.render.messages.results import CatalogueEntry

if TYPE_CHECKING:
    from collections.abc import Callable

    from backprop_studio.scenes.lesson.lesson import LessonScene


_TOLD = ("title", "summary", "chapter", "place", "thumbnail")
"""What a lesson says of itself in its row."""


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
        raise SceneError(fault_message(error, scene)) from error
    lessons = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, LessonScene)
        and value.__module__ == module.__name__
    ]
    if len(lessons) != 1:
        text = N_("scenes/{scene}.py must define exactly one LessonScene; it defines {count}")
        raise SceneError("scene.lessons", text, scene=scene, count=len(lessons))
    return lessons[0]


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
        from backprop_studio.scenes.lesson.told_lesson import ToldLesson

        told = {name: getattr(lesson, name) for name in _TOLD}
        beats = beats_of(scene) if beats_of else ()
        schema = lesson.Params.model_json_schema()
        if not issubclass(lesson, ToldLesson):
            # A lesson without a script asks nothing.
            schema["properties"].pop("questions", None)
        resolved = lesson.Params().resolved()
        return CatalogueEntry(id=scene, parameters=schema, resolved=resolved, beats=beats, **told)
    except (SceneError, InputError) as error:
        message = error.message
    except Exception as error:
        message = fault_message(error, scene)
    return CatalogueEntry(id=scene, error=message)


def fault_message(error: BaseException, scene: str) -> Message:
    """Return what went wrong in a scene, and on which line of which file.

    The line is the innermost one of the scene's own file, or else of the scenes' room, because a
    line deep inside a library helps nobody.
    """
    fault = f"{type(error).__name__}: {error}".splitlines()[0].rstrip(": ")
    file, line = _position(error, scene_file(scene))
    if line is None:
        return Message.of("scene.fault", "{file}: {fault}", file=file, fault=fault)
    text = N_("{file}, line {line}: {fault}")
    return Message.of("scene.fault_line", text, file=file, line=line, fault=fault)


def _position(error: BaseException, own: Path) -> tuple[str, int | None]:
    """Return the file and the line of a fault in the scene of a file."""
    if isinstance(error, SyntaxError) and error.filename:
        return _short(Path(error.filename), own.parent), error.lineno
    frames = traceback.walk_tb(error.__traceback__)
    all_of_it = [(Path(frame.f_code.co_filename), line) for frame, line in frames]
    near = [it for it in all_of_it if own.parent in it[0].parents]
    for file, line in reversed([it for it in near if it[0] == own] or near):
        return _short(file, own.parent), line
    return _short(own, own.parent), None


def _short(file: Path, scenes: Path) -> str:
    return f"scenes/{file.relative_to(scenes)}" if file.is_relative_to(scenes) else file.name
