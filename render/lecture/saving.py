"""One more lesson at the end of a lecture file, whose comments and layout stay as they are."""

from __future__ import annotations

import filecmp
import itertools
import os
import shutil
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from backprop_studio.core.base.errors import InputError, OutputError
from backprop_studio.core.base.user_files import read_text
from backprop_studio.core.base.user_paths import user_path
from backprop_studio.render.files.data_paths import with_paths
from backprop_studio.render.files.output import check_target
from backprop_studio.render.files.staging import write_atomically
from backprop_studio.render.lecture.file import FORMAT, lecture_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tomlkit import TOMLDocument

    from backprop_studio.core.base.parameters import Theme
    from backprop_studio.render.messages.frame_format import Quality
    from backprop_studio.render.messages.jobs import Language

__all__ = ["NewLesson", "SavedLesson", "add_lesson"]

LARGEST_COPY = 200 * 1024**2
"""Bytes of a data file that is copied beside a lecture."""


@dataclass(frozen=True)
class NewLesson:
    """A lesson, and what a lecture that begins with it is like.

    Attributes
    ----------
    scene : str
        Id in the catalogue.
    params : dict
        Its parameters; paths in it may be anywhere.
    language, quality, theme : str
        Of a new lecture; one that is there keeps its own.
    """

    scene: str
    params: dict[str, Any] = field(default_factory=dict)
    language: Language = "en"
    quality: Quality = "m"
    theme: Theme = "dark"


@dataclass(frozen=True)
class SavedLesson:
    """What has become of a lesson.

    Attributes
    ----------
    number : int
        Its place in the lecture, from 1.
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
    document = _document(path) if path.exists() else _new(path, lesson)
    copies = _Copies(path.parent)
    part = tomlkit.table()
    part["scene"] = lesson.scene
    params = copies.inside(lesson.params)
    if params:
        part["params"] = params
    document.setdefault("part", tomlkit.aot()).append(part)
    text = tomlkit.dumps(document)
    try:
        copies.make()
        number = len(lecture_of(text, path).parts)
        write_atomically(path, text.encode(), job_id=uuid.uuid4().hex, overwrite=True)
    except BaseException:
        copies.undo()
        raise
    return SavedLesson(number, tuple(copies.made))


def _document(path: Path) -> TOMLDocument:
    """Return a lecture that is there, if it is one."""
    text = read_text(path, "lecture file")
    lecture_of(text, path)
    try:
        return tomlkit.parse(text)
    except TOMLKitError as error:  # the reader before was content
        raise InputError(f"the lecture file {path} cannot be added to: {error}") from error


def _new(path: Path, lesson: NewLesson) -> TOMLDocument:
    """Return a lecture without lessons, called what its file is called."""
    document = tomlkit.document()
    document["format"] = FORMAT
    document["title"] = path.stem.replace("_", " ").strip()[:200] or path.stem
    document["languages"] = [lesson.language]
    document["quality"] = lesson.quality
    document["theme"] = lesson.theme
    document.add(tomlkit.nl())
    return document


class _Copies:
    """Data files on their way into a lecture's folder.

    Attributes
    ----------
    made : list of Path
        Those that were copied.
    """

    def __init__(self, folder: Path) -> None:
        self.made: list[Path] = []
        self._folder = folder
        self._wanted: dict[Path, Path] = {}

    def inside(self, params: dict[str, Any]) -> Any:
        """Return parameters with every path relative to the folder, and without empty values."""
        return _without_none(with_paths(params, lambda it: self._place(user_path(it))))

    def _place(self, source: Path) -> str:
        real, folder = Path(os.path.realpath(source)), Path(os.path.realpath(self._folder))
        if real.is_relative_to(folder):
            return real.relative_to(folder).as_posix()
        if not real.is_file():
            raise InputError(
                f"{source} lies outside of the lecture's folder, and only single files are copied; "
                f"move it into {self._folder}"
            )
        if real.stat().st_size > LARGEST_COPY:
            raise InputError(f"{source} is too large to be copied; move it into {self._folder}")
        target = next(it for it in self._names(real) if self._is_free_for(it, real))
        self._wanted[target] = real
        return target.name

    def _names(self, source: Path) -> Iterator[Path]:
        yield self._folder / source.name
        for number in itertools.count(2):
            yield self._folder / f"{source.stem}-{number}{source.suffix}"

    def _is_free_for(self, target: Path, source: Path) -> bool:
        if target in self._wanted:
            return self._wanted[target] == source
        if not target.exists() and not target.is_symlink():
            return True
        return target.is_file() and filecmp.cmp(source, target, shallow=False)

    def make(self) -> None:
        """Copy what is not there yet."""
        try:
            for target, source in self._wanted.items():
                if not target.exists():
                    self.made.append(target)
                    shutil.copyfile(source, target)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise OutputError(f"{target} could not be written: {reason}") from error

    def undo(self) -> None:
        """Remove the copies again."""
        for target in self.made:
            with suppress(OSError):
                target.unlink(missing_ok=True)


def _without_none(value: Any) -> Any:
    """Return a value without what has none: TOML cannot say so."""
    if isinstance(value, dict):
        return {name: _without_none(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_none(item) for item in value]
    return value
