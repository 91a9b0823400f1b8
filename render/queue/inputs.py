"""Copies of the files that a job's parameters name, taken when the job is queued.

What is drawn an hour later is what the user saw when he asked for it, whatever has become of his
files since.
"""

from __future__ import annotations

import filecmp
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError, OutputError, ParameterError, message_of
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.user_paths import user_path
from backprop_studio.render.files.data_paths import files_in, with_paths
from backprop_studio.render.files.staging import sync

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from backprop_studio.render.messages.jobs import VideoJob

INPUTS_LIMIT = 200 * 10**6
"""Bytes of all files that one entry's parameters name."""


class Inputs:
    """The folder with the copies, one folder in it for each entry that has any.

    Parameters
    ----------
    folder : Path
        Made with the first copy.
    limit : int
        Bytes of one entry's files together.
    """

    def __init__(self, folder: Path, limit: int = INPUTS_LIMIT) -> None:
        self._folder = folder
        self._limit = limit

    def take(self, entry_id: str, job: VideoJob) -> tuple[VideoJob, dict[str, str]]:
        """Copy the files that a job names.

        Returns
        -------
        VideoJob
            The job, which names the copies.
        dict
            From each copy to what the user calls the file.

        Raises
        ------
        InputError
            If a file cannot be read, or they are too big.
        OutputError
            If they cannot be written.
        """
        directory = self._folder / entry_id
        names: dict[str, str] = {}
        left = self._limit

        def take(given: str) -> str:
            nonlocal left
            source = user_path(given)
            # The name stays: a lesson may show it.
            copy = directory / str(len(names)) / (Path(os.path.abspath(source)).name or "root")
            left -= _size(source, given)
            if left < 0:
                text = N_(
                    "{file} is too big for the queue, which keeps a copy of a video's files "
                    "and takes at most {allowed} MB of them"
                )
                allowed = f"{self._limit / 1e6:.0f}"
                raise InputError("queue.inputs_too_big", text, file=given, allowed=allowed)
            _copy(source, copy, given)
            names[str(copy)] = given
            return str(copy)

        try:
            params = with_paths(job.params, take)
        except BaseException:
            self.drop(entry_id)
            raise
        return job.model_copy(update={"params": params}), names

    @staticmethod
    def changed(names: Mapping[str, str]) -> list[str]:
        """Return which of the user's files no longer hold what was copied.

        Parameters
        ----------
        names : mapping
            From each copy to what the user calls the file. A relative path says nothing, because
            the program may have been started elsewhere since, nor does a file that is gone.
        """
        return [
            given
            for copy, given in names.items()
            if Path(given).is_absolute() and _differ(Path(copy), Path(given))
        ]

    def drop(self, entry_id: str) -> None:
        """Remove an entry's copies, if there are any."""
        shutil.rmtree(self._folder / entry_id, ignore_errors=True)

    def keep_only(self, entry_ids: Collection[str]) -> None:
        """Remove the copies of all other entries."""
        with suppress(OSError):
            for folder in self._folder.iterdir():
                if folder.name not in entry_ids:
                    self.drop(folder.name)


def _files(path: Path) -> list[Path]:
    """Return the files that a path stands for: itself, or those that lie in the folder."""
    if path.is_dir():
        return files_in(path)
    if path.exists() and not path.is_file():
        raise ParameterError("file.not_ordinary", N_("it is not an ordinary file"))
    return [path]


def _size(path: Path, given: str) -> int:
    try:
        return sum(file.stat().st_size for file in _files(path))
    except (OSError, ValueError) as error:
        text = N_("{file} cannot be read: {reason}")
        raise InputError("file.unreadable", text, file=given, reason=message_of(error)) from error


def _copy(path: Path, copy: Path, given: str) -> None:
    """Copy a file or a folder, and make that last: the queue is going to count on it."""
    try:
        folder = copy if path.is_dir() else copy.parent
        folder.mkdir(parents=True)
        for file in _files(path):
            target = folder / file.name if path.is_dir() else copy
            shutil.copyfile(file, target)
            sync(target)
        for made in (folder, *copy.parents[:3]):
            sync(made)
    except (OSError, ValueError) as error:
        text = N_("{file} cannot be copied for the queue: {reason}")
        raise OutputError("queue.no_copy", text, file=given, reason=message_of(error)) from error


def _differ(copy: Path, source: Path) -> bool:
    """Whether a file, or what lies in a folder, is there and differs from its copy."""
    try:
        if not copy.is_dir():
            return source.exists() and not filecmp.cmp(copy, source, shallow=False)
        if not source.exists():
            return False
        kept, now = ([file.name for file in _files(it)] for it in (copy, source))
        return kept != now or bool(filecmp.cmpfiles(copy, source, kept, shallow=False)[1])
    except (OSError, ValueError):  # it cannot be read now, which says nothing of what it holds
        return False
