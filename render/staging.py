"""The hidden file beside a target that becomes the target in one step.

Staging happens in the target's own folder, so the last step is a rename on one device: at every
moment the target is either the old file or the whole new one. The name depends only on the job, so
that the client can remove it when the worker that wrote it was killed.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from core.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["discard_staging", "place", "staging_path", "write_atomically"]

_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}


def staging_path(target: Path, job_id: str) -> Path:
    """Return where a job writes before its file is finished.

    The name is short, whatever the target's is, and keeps its ending.
    """
    digest = hashlib.sha256(f"{target.name}\0{job_id}".encode()).hexdigest()[:16]
    return target.with_name(f".backprop-studio-{digest}{target.suffix}")


def discard_staging(target: Path, job_id: str) -> None:
    """Remove what a job has staged, if anything: a file, or a folder of pictures."""
    staged = staging_path(target, job_id)
    if staged.is_dir() and not staged.is_symlink():
        shutil.rmtree(staged, ignore_errors=True)
        return
    with suppress(OSError):
        staged.unlink(missing_ok=True)


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
    _sync(staged)
    if overwrite:
        os.replace(staged, target)
    else:
        _place_new(staged, target)
    if os.name == "posix":
        _sync(target.parent)


def _place_new(staged: Path, target: Path) -> None:
    """Give the file its name unless the name is taken; a rename alone would not notice."""
    try:
        os.link(staged, target)
    except FileExistsError:
        raise OutputError(f"{target} appeared while it was being made; it was kept") from None
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        if target.exists():
            raise OutputError(f"{target} appeared while it was being made; it was kept") from None
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
    staged = staging_path(target, job_id)
    try:
        staged.write_bytes(data)
        place(staged, target, overwrite=overwrite)
    except OSError as error:
        raise OutputError(f"{target} cannot be written: {error.strerror or error}") from error
    finally:
        discard_staging(target, job_id)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
