"""Data files on their way into the folder of the lecture that names them."""

from __future__ import annotations

import filecmp
import itertools
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.errors import InputError, OutputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.user_paths import user_path
from backprop_studio.render.files.data_paths import with_paths
from backprop_studio.render.files.refusals import refusals_as

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_COPY = 200 * 1024**2
"""Bytes of a data file that is copied beside a lecture."""


class DataFiles:
    """The data files that lessons name, each within the lecture's folder or to be copied there.

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
        """Return parameters with every path relative to the folder, and without empty values.

        Raises
        ------
        InputError
            If a file from elsewhere cannot be copied.
        """
        return _without_none(with_paths(params, lambda it: self._inside(user_path(it))))

    def copy(self) -> None:
        """Copy what is not there yet.

        Raises
        ------
        OutputError
            If the disk or the permissions do not allow it.
        """
        text = N_("{file} could not be written: {reason}")
        for target, source in self._wanted.items():
            with refusals_as(OutputError, "file.unwritten", text, file=target):
                if not target.exists():
                    self.made.append(target)
                    shutil.copyfile(source, target)

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


def _without_none(value: Any) -> Any:
    """Return a value without what has none: TOML cannot say so."""
    if isinstance(value, dict):
        return {name: _without_none(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_none(item) for item in value]
    return value
