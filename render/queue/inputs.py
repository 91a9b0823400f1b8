"""Copies of the files that a job names, taken when the job is queued.

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
from backprop_studio.render.files.data_paths import files_in, paths_in, with_paths
from backprop_studio.render.files.staging import sync
from backprop_studio.render.lecture.file import read_lecture, voice_of
from backprop_studio.render.messages.jobs import LectureJob
from backprop_studio.render.messages.voices import voice_choice
from backprop_studio.render.voice.words.pronunciations import NAME as PRONUNCIATIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from backprop_studio.render.queue.model import QueuedJob

INPUTS_LIMIT = 200 * 10**6
"""Bytes of all files that one entry names."""


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

    def take(self, entry_id: str, job: QueuedJob) -> tuple[QueuedJob, dict[str, str]]:
        """Copy the files that a job names, and those that its lecture names.

        Returns
        -------
        VideoJob or LectureJob
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
        copies = _Copies(Path(os.path.realpath(self._folder / entry_id)), self._limit)
        try:
            if isinstance(job, LectureJob):
                change = {"lecture": copies.lecture(job.lecture)}
                voice = voice_of(read_lecture(Path(job.lecture)))
                if job.voice is None and voice_choice(voice).path:
                    change["voice"] = voice  # which is large: it speaks from where it is
                return job.model_copy(update=change), copies.names
            params = with_paths(job.params, copies.take)
        except BaseException:
            self.drop(entry_id)
            raise
        return job.model_copy(update={"params": params}), copies.names

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


class _Copies:
    """The copies of one entry.

    Attributes
    ----------
    names : dict
        From each copy to what the user calls the file.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self.names: dict[str, str] = {}
        self._folder = folder
        self._limit = self._left = limit

    def take(self, given: str, place: str = "") -> str:
        """Copy a file or a folder, and return where it is.

        Parameters
        ----------
        given : str
            What the user calls it.
        place : str
            Where it shall be among the others; by default beside none.
        """
        source = user_path(given)
        # The name stays: a lesson may show it.
        name = Path(os.path.abspath(source)).name or "root"
        copy = self._folder / (place or f"{len(self.names)}/{name}")
        self._left -= _size(source, given)
        if self._left < 0:
            text = N_(
                "{file} is too big for the queue, which keeps a copy of a video's files "
                "and takes at most {allowed} MB of them"
            )
            allowed = f"{self._limit / 1e6:.0f}"
            raise InputError("queue.inputs_too_big", text, file=given, allowed=allowed)
        _copy(source, copy, given, 1 + len(copy.relative_to(self._folder).parts))
        self.names[str(copy)] = given
        return str(copy)

    def lecture(self, given: str) -> str:
        """Copy a lecture file and all that it names, and return where it is.

        What it names lies in its own folder, and so does the copy in that of its copy.
        """
        copy = Path(self.take(given, f"lecture/{Path(given).name}"))
        folder = Path(os.path.realpath(given)).parent
        if (folder / PRONUNCIATIONS).is_file():
            self.take(str(folder / PRONUNCIATIONS), f"lecture/{PRONUNCIATIONS}")
        for part in read_lecture(copy).parts:
            for path in paths_in(part.params):
                if path not in self.names:
                    name = Path(path).relative_to(copy.parent)
                    self.take(str(folder / name), f"lecture/{name}")
        return str(copy)


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


def _copy(path: Path, copy: Path, given: str, depth: int) -> None:
    """Copy a file or a folder, and make that last: the queue is going to count on it.

    Parameters
    ----------
    depth : int
        How many of the folders around the copy may be new.
    """
    try:
        folder = copy if path.is_dir() else copy.parent
        folder.mkdir(parents=True, exist_ok=True)
        for file in _files(path):
            target = folder / file.name if path.is_dir() else copy
            shutil.copyfile(file, target)
            sync(target)
        for made in (folder, *copy.parents[:depth]):
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
