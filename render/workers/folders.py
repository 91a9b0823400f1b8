"""Private temporary folders: locked while in use, and swept when their owner died.

A worker that is killed cannot tidy up. The lock is the operating system's, so it ends with its
owner, and a later start can tell an abandoned folder from one that another window is using.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO

from backprop_studio.core.base.errors import OutputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import os_reason
from backprop_studio.render.files.staging import discard_staging
from backprop_studio.render.lecture.folder import discard_unfinished
from backprop_studio.render.messages.failures import file_reason
from backprop_studio.render.messages.jobs import JobRequest, LectureJob, VideoJob

if sys.platform != "win32":  # there, folders are removed by their owner only
    import fcntl


_PREFIX = "backprop-studio-"
_LOCK_NAME = "in-use.lock"


class PrivateFolder:
    """A temporary folder that only its owner uses.

    Attributes
    ----------
    path : Path
        Where it is; gone after :meth:`remove`.

    Raises
    ------
    OutputError
        If the disk for temporary files does not take it.
    """

    def __init__(self) -> None:
        try:
            self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        except OSError as error:
            raise _no_folder(error) from error
        try:
            self._lock = self._take_lock()
        except OSError as error:
            shutil.rmtree(self.path, ignore_errors=True)
            raise _no_folder(error) from error

    def _take_lock(self) -> IO[bytes] | None:
        if sys.platform == "win32":
            return None
        # Locked first and named afterwards: a folder without the name is never swept, so
        # there is no moment at which another process could take a new folder for an old one.
        unnamed = self.path / f"{_LOCK_NAME}.new"
        lock = unnamed.open("wb")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        unnamed.rename(self.path / _LOCK_NAME)
        return lock

    def remove(self) -> None:
        """Delete the folder and everything in it; a second call does nothing."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def _no_folder(error: OSError) -> OutputError:
    if error.errno in {errno.EMFILE, errno.ENFILE}:
        return OutputError(file_reason(error))
    if tempfile.tempdir is None:  # it was looked for everywhere
        words = N_(
            "a folder for temporary files cannot be made anywhere: every directory refuses "
            "files; make room, or let TMPDIR name another directory"
        )
        return OutputError("temporary.nowhere", words)
    text = N_(
        "a folder for temporary files cannot be made in {folder}: {reason}; make room there, "
        "or let TMPDIR name another directory"
    )
    return OutputError(
        "temporary.no_folder", text, folder=tempfile.tempdir, reason=os_reason(error)
    )


def _is_abandoned(folder: Path) -> bool:
    if sys.platform == "win32":
        return False
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        return False
    with (folder / _LOCK_NAME).open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def remove_abandoned_folders() -> list[Path]:
    """Delete the private folders whose owner is no longer running.

    Returns
    -------
    list of Path
        The folders that were deleted.
    """
    removed: list[Path] = []
    try:
        directory = tempfile.gettempdir()
        # Not by a pattern: in a folder of thousands that takes as long as ten frames of a window.
        folders = [Path(directory, it) for it in os.listdir(directory) if it.startswith(_PREFIX)]
    except OSError:  # there is none; who needs it will say so
        return removed
    for folder in folders:
        with suppress(OSError):  # someone else's, half made or already gone
            if _is_abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)
                removed.append(folder)
    return removed


def discard_staged(job: JobRequest) -> None:
    """Remove what a killed worker had staged for a job."""
    if isinstance(job, VideoJob):
        discard_staging(Path(job.output), job.id)
    if isinstance(job, LectureJob):
        discard_unfinished(Path(job.output))
