"""The folder a lecture is made into: all its files change in the end, or none.

What is not finished stands in a hidden folder inside of it, on the same disk, so that publishing is
a row of renames. A mark says that the row has begun: whoever takes the folder after a kill in the
midst of it goes on with it. A note beside it lists the files of the last run: those may be
replaced, while a file that somebody else has put there, or has edited, is not touched.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from contextlib import suppress
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, Self

from backprop_studio.core.base.errors import InputError, OutputError, StudioError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.validation_messages import shown
from backprop_studio.render.files.output import MAX_NAME_BYTES, check_folder
from backprop_studio.render.files.refusals import refusals_as
from backprop_studio.render.files.staging import place as put_in_place
from backprop_studio.render.files.staging import sync

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

_STAGING = ".backprop-studio-unfinished"
_NOTE = ".backprop-studio-lecture.json"
WORK = "work"
"""In the hidden folder: what files are made of, and goes with it."""

_LOCK, _NEW, _PUBLISH = "lock", "new", "publish"
"""In the hidden folder: what its owner holds, and what says that he has made the folder itself, and
that all that stands there is finished and on its way out; then also whether it may replace files
that are not ours."""

_REPLACES = "replaces"


def check_files(folder: Path, names: Sequence[str], *, overwrite: bool) -> None:
    """Check, before any work, that files of these names may be written into a folder.

    Raises
    ------
    InputError
        If one is there that is not as an earlier run has left it.
    """
    is_there = folder.exists() or folder.is_symlink()
    check_folder(folder if is_there else folder.parent)
    known = _known(folder)
    for name in _single_names(folder, names, known):
        file = folder / name
        if max(len(os.fsencode(it)) for it in name.split("/")) > MAX_NAME_BYTES:
            text = N_(
                "the output's name {name} is longer than {allowed} bytes; give the lecture "
                "file a shorter one"
            )
            named = shown(name)
            raise InputError("lecture.long_name", text, name=named, allowed=MAX_NAME_BYTES)
        if not file.exists() and not file.is_symlink():
            continue
        if not file.is_file() or file.is_symlink():
            text = N_("the output {file} is not an ordinary file")
            raise InputError("lecture.not_ordinary", text, file=file)
        if not overwrite and _sha256(file) not in known.get(name, ()):
            text = N_(
                "the output {file} is there already and not as an earlier run has left "
                "it; move it away, or add --overwrite to replace it"
            )
            raise InputError("lecture.not_ours", text, file=file)


def is_named(name: str, names: Collection[str]) -> bool:
    """Whether a file is one of these, of which some stand for many.

    Examples
    --------
    >>> is_named("a/01-loss.png", ["b.mp4", "a/*.png"]), is_named("a/b/c.png", ["a/*.png"])
    (True, False)
    """
    folder, slash, file = name.rpartition("/")
    return name in names or (bool(slash) and f"{folder}/*{PurePath(file).suffix}" in names)


def files_named(folder: Path, names: Collection[str]) -> list[str]:
    """Return what there is of files, of which some may stand for many."""
    return [it for it in _files_in(folder) if is_named(it, names)]


def remove_named(folder: Path, names: Collection[str]) -> None:
    """Remove what there is of files, of which some may stand for many."""
    for name in files_named(folder, names):
        (folder / name).unlink()


def _single_names(folder: Path, names: Sequence[str], known: Collection[str]) -> Iterator[str]:
    """Yield names; of one that stands for many, those that an earlier run has left."""
    for name in names:
        inner, is_many, _ = name.partition("/*")
        if not is_many:
            yield name
        elif (folder / inner).is_symlink() or not (folder / inner).is_dir():
            yield inner  # which must not be there as anything else
        else:
            yield from (it for it in known if is_named(it, [name]))


class LectureFolder:
    """A folder that one run at a time writes to.

    Parameters
    ----------
    path : Path
        Made if its parent is there.

    Attributes
    ----------
    staging : Path
        Where the run puts its files; gone afterwards.

    Raises
    ------
    InputError
        On entering, if the folder cannot be used, or another run is using it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.staging = path / _STAGING
        self._lock: IO[bytes] | None = None
        self._is_new = False

    def __enter__(self) -> Self:
        """Take the folder, and clear away what an interrupted run has left."""
        if not self._path.exists() and self._path.parent.is_dir():
            text = N_("the output folder {folder} cannot be made: {reason}")
            with refusals_as(InputError, "output.folder_unmade", text, folder=self._path):
                self._path.mkdir()
            self._is_new = True
        check_folder(self._path)
        self._take_lock()
        with suppress(OSError):
            _go_on(self._path, self.staging)
        with suppress(OSError):
            for file in self.staging.iterdir():
                if file.is_dir():
                    shutil.rmtree(file)
                elif file.name != _LOCK:
                    file.unlink()
            if self._is_new:
                (self.staging / _NEW).touch()
        return self

    def __exit__(self, _kind: object, error: object, _traceback: object) -> None:
        """Leave nothing unfinished behind, nor a folder that was made for nothing."""
        if error is not None:
            with suppress(OSError):
                _go_on(self._path, self.staging)
        shutil.rmtree(self.staging, ignore_errors=True)
        if self._lock is not None:
            self._lock.close()
        if self._is_new and error is not None:
            with suppress(OSError):
                self._path.rmdir()

    def publish(self, *, overwrite: bool) -> list[Path]:
        """Move the files to where they belong and note them.

        Raises
        ------
        OSError
            If the disk or the permissions do not allow it.
        """
        staged = sorted(_files_in(self.staging))
        check_files(self._path, staged, overwrite=overwrite)
        known = _known(self._path)
        # Both, the old and the new: a run that is cut off in between has renamed only some.
        for name in staged:
            known[name] = [_sha256(self.staging / name), *known.get(name, [])[:1]]
        note = self.staging / "note"
        note.write_text(json.dumps(known, indent=1), encoding="utf-8")
        put_in_place(note, self._path / _NOTE, overwrite=True)
        # All that takes time comes before the first file changes.
        for name in staged:
            sync(self.staging / name)
        mark = self.staging / _PUBLISH
        mark.write_text(_REPLACES if overwrite else "", encoding="utf-8")
        for place in (mark, self.staging):
            sync(place)
        _move(self._path, self.staging, staged)
        return [self._path / name for name in staged]

    def _take_lock(self) -> None:
        text = N_("{file} could not be written: {reason}")
        with refusals_as(OutputError, "file.unwritten", text, file=self._path):
            self.staging.mkdir(exist_ok=True)
            self._lock = (self.staging / _LOCK).open("ab")
            try:
                _lock(self._lock)
            except BlockingIOError:
                self._lock.close()
                text = N_("another run is writing to {folder}; wait until it has ended")
                raise InputError("lecture.in_use", text, folder=self._path) from None


def _move(folder: Path, staging: Path, names: Sequence[str]) -> None:
    """Move finished files to where they belong, and make that last."""
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        os.replace(staging / name, folder / name)
    for place in {(folder / name).parent for name in names}:
        sync(place)
    (staging / _PUBLISH).unlink()


def _go_on(folder: Path, staging: Path) -> bool:
    """Publish the rest, if a run was cut off while it did; return whether that was so.

    What somebody has put in its place in the meantime is not replaced, and the rest is given up.
    """
    try:
        is_replacing = (staging / _PUBLISH).read_text(encoding="utf-8") == _REPLACES
        names = sorted(_files_in(staging))
        check_files(folder, names, overwrite=is_replacing)
    except (OSError, StudioError):
        return False
    _move(folder, staging, names)
    return True


def _files_in(staging: Path) -> Iterator[str]:
    """Yield the names of finished files: those in the hidden folder, and in folders of it."""
    for file in staging.iterdir():
        if file.is_dir() and file.name != WORK:
            yield from (f"{file.name}/{it.name}" for it in file.iterdir())
        elif file.is_file() and file.name not in (_LOCK, _NEW, _PUBLISH):
            yield file.name


def left_over(folder: Path, names: Collection[str]) -> list[str]:
    """Return which files of earlier runs are still there, besides those of these names."""
    found = (name for name in _known(folder) if not is_named(name, names))
    return sorted(name for name in found if (folder / name).is_file())


def discard_unfinished(folder: Path) -> None:
    """Remove what a killed run has left in its folder, and the folder if it was made for that.

    What it was just publishing is published.
    """
    staging = folder / _STAGING
    with suppress(OSError), (staging / _LOCK).open("rb") as lock:
        _lock(lock)
        is_new = not _go_on(folder, staging) and (staging / _NEW).exists()
        shutil.rmtree(staging, ignore_errors=True)
        if is_new:
            folder.rmdir()


def _lock(file: IO[bytes]) -> None:
    if sys.platform != "win32":
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _known(folder: Path) -> dict[str, list[str]]:
    """Return the checksums that each file in a folder may have."""
    try:
        values = json.loads((folder / _NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    entries = values.items() if isinstance(values, dict) else ()
    return {name: sums for name, sums in entries if isinstance(sums, list)}


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
