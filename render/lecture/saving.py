"""One more lesson at the end of a lecture file, whose comments and layout stay as they are."""

from __future__ import annotations

import filecmp
import itertools
import os
import shutil
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit

from backprop_studio.core.base.errors import InputError, OutputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.user_files import read_text
from backprop_studio.core.base.user_paths import user_path
from backprop_studio.render.files.data_paths import with_paths
from backprop_studio.render.files.output import check_target
from backprop_studio.render.files.refusals import refusals_as
from backprop_studio.render.files.staging import remove_files, write_atomically
from backprop_studio.render.lecture.file import FORMAT, KIND, MAX_PARTS, MAX_TITLE, lecture_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.core.base.parameters import Theme
    from backprop_studio.render.lecture.file import Lecture
    from backprop_studio.render.messages.frame_format import Quality

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
    old = read_text(path, KIND) if path.exists() else ""
    copies = _Copies(path.parent)
    part = {"scene": lesson.scene, "params": copies.inside(lesson.params)}
    added = tomlkit.dumps({"part": [part if part["params"] else {"scene": lesson.scene}]})
    text = (f"{old.rstrip()}\n" if old else _header(path, lesson)) + f"\n{added}"
    try:
        copies.make()
        number = len(_extended(path, old, text).parts)
        write_atomically(path, text.encode(), job_id=uuid.uuid4().hex, overwrite=True)
    except BaseException:
        remove_files(*copies.made)
        raise
    return SavedLesson(number, tuple(copies.made))


def _header(path: Path, lesson: NewLesson) -> str:
    """Return how a lecture begins that is called what its file is called."""
    title = path.stem.replace("_", " ").strip()[:MAX_TITLE] or path.stem
    header = {"format": FORMAT, "title": title, "languages": [lesson.language]}
    return tomlkit.dumps(header | {"quality": lesson.quality, "theme": lesson.theme})


def _extended(path: Path, old: str, text: str) -> Lecture:
    """Read a lecture with its new lesson; what is wrong may be in the old text alone."""
    try:
        return lecture_of(text, path)
    except InputError as error:
        if not old or len(lecture_of(old, path).parts) == MAX_PARTS:
            raise
        # As with lessons in another notation, which [[part]] cannot follow.
        wrong = N_("the lecture file {file} cannot be added to: {reason}")
        raise InputError("lecture.no_addition", wrong, file=path, reason=error.message) from error


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
        return _without_none(with_paths(params, lambda it: self._inside(user_path(it))))

    def _inside(self, source: Path) -> str:
        real, folder = Path(os.path.realpath(source)), Path(os.path.realpath(self._folder))
        if real.is_relative_to(folder):
            return real.relative_to(folder).as_posix()
        if not real.is_file():
            text = N_(
                "{file} lies outside of the lecture's folder, and only single files are "
                "copied; move it into {folder}"
            )
            raise InputError("lecture.no_single_file", text, file=source, folder=self._folder)
        if real.stat().st_size > LARGEST_COPY:
            text = N_("{file} is too large to be copied; move it into {folder}")
            raise InputError("lecture.file_too_big", text, file=source, folder=self._folder)
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
        text = N_("{file} could not be written: {reason}")
        for target, source in self._wanted.items():
            with refusals_as(OutputError, "file.unwritten", text, file=target):
                if not target.exists():
                    self.made.append(target)
                    shutil.copyfile(source, target)


def _without_none(value: Any) -> Any:
    """Return a value without what has none: TOML cannot say so."""
    if isinstance(value, dict):
        return {name: _without_none(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_none(item) for item in value]
    return value
