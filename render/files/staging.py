"""The hidden file beside a target that becomes the target in one step.

Staging happens in the target's own folder, so the last step is a rename on one device: at every
moment the target is either the old file or the whole new one. The name depends only on the job, so
that the client can remove it when the worker that wrote it was killed. If both were killed, the
next job that writes into the folder removes it: its writer held a lock that ended with him.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import OutputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.files.refusals import refusals_as

if sys.platform != "win32":  # there, nothing is swept
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}
_PREFIX = ".backprop-studio-"
_DIGITS = 16
_NAME = re.compile(rf"{re.escape(_PREFIX)}[0-9a-f]{{{_DIGITS}}}(\.\w+)?")


def staging_path(target: Path, job_id: str) -> Path:
    """Return where a job writes before its file is finished.

    The name is short, whatever the target's is, and keeps its ending.
    """
    digest = hashlib.sha256(f"{target.name}\0{job_id}".encode()).hexdigest()[:_DIGITS]
    return target.with_name(f"{_PREFIX}{digest}{target.suffix}")


@contextmanager
def staging(target: Path, job_id: str, *, is_folder: bool = False) -> Iterator[Path]:
    """Make a file or folder to write to, which is removed if it has not become the target.

    Parameters
    ----------
    target : Path
        What it shall become.
    job_id : str
        The job that writes.
    is_folder : bool
        Make a folder instead of an empty file.

    Yields
    ------
    Path
        See :func:`staging_path`.

    Raises
    ------
    OSError
        If nothing can be made there.
    """
    _sweep(target.parent)
    staged = staging_path(target, job_id)
    # Locked first and named afterwards: nobody sweeps it in between.
    unnamed = staged.with_name(f"{staged.name}.new")
    if is_folder:
        unnamed.mkdir(exist_ok=True)
    else:
        unnamed.touch()
    with _opened(unnamed) as handle:
        with suppress(OSError):  # a disk without locks is never swept either
            _lock(handle)
        unnamed.rename(staged)
        try:
            yield staged
        finally:
            discard_staging(target, job_id)


@contextmanager
def _opened(path: Path, flags: int = os.O_RDONLY) -> Iterator[int]:
    """Open a file or a folder."""
    handle = os.open(path, flags)
    try:
        yield handle
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    """Lock a file or a folder as long as this process lives."""
    if sys.platform != "win32":
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _sweep(folder: Path) -> None:
    """Remove what killed processes have staged in a folder."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        for found in folder.iterdir():
            if _NAME.fullmatch(found.name) and not found.is_symlink():
                # Somebody else's, or just gone.
                with suppress(OSError), _opened(found) as handle:
                    _lock(handle)
                    _remove(found)


def _remove(staged: Path) -> None:
    """Remove a file, or a folder of pictures."""
    if staged.is_dir():
        shutil.rmtree(staged, ignore_errors=True)
    else:
        staged.unlink(missing_ok=True)


def remove_files(*files: Path) -> None:
    """Remove files, as far as the system allows it."""
    for file in files:
        with suppress(OSError):
            file.unlink(missing_ok=True)


def discard_staging(target: Path, job_id: str) -> None:
    """Remove what a job has staged, if anything."""
    with suppress(OSError):
        _remove(staging_path(target, job_id))


def place(staged: Path, target: Path, *, overwrite: bool) -> None:
    """Move a finished file over its target in one step and make that last.

    Parameters
    ----------
    staged : Path
        A file in the target's folder.
    target : Path
        Where it goes.
    overwrite : bool
        Whether an existing target may be replaced.

    Raises
    ------
    OutputError
        If the target has appeared in the meantime and may not be replaced.
    OSError
        If the disk or the permissions do not allow it.
    """
    sync(staged)
    if overwrite:
        os.replace(staged, target)
    else:
        _place_new(staged, target)
    sync(target.parent)


def appeared_error(target: Path) -> OutputError:
    """Return the error of a target that somebody else has made in the meantime."""
    text = N_("{file} appeared while it was being made; it was kept")
    return OutputError("output.appeared", text, file=target)


def _place_new(staged: Path, target: Path) -> None:
    """Give the file its name unless the name is taken; a rename alone would not notice."""
    try:
        os.link(staged, target)
    except FileExistsError:
        raise appeared_error(target) from None
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        if target.exists():
            raise appeared_error(target) from None
        os.replace(staged, target)
    else:
        staged.unlink()


def write_atomically(target: Path, data: bytes, *, job_id: str, overwrite: bool) -> None:
    """Write a small file so that the target is the old one or the whole new one.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    text = N_("{file} cannot be written: {reason}")
    refusals = refusals_as(OutputError, "output.unwritable", text, file=target)
    with refusals, staging(target, job_id) as staged:
        staged.write_bytes(data)
        place(staged, target, overwrite=overwrite)


def sync(path: Path) -> None:
    """Make what was written to a file, or named in a folder, last."""
    if os.name != "posix" and path.is_dir():
        return
    with _opened(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR) as handle:
        os.fsync(handle)
