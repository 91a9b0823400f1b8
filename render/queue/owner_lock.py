"""One program at a time: a lock that ends with its owner, however he ends."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError, OutputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import os_reason

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO

IN_USE = "queue.in_use"
"""Code of the error when another owner has it."""


class OwnerLock:
    """A file that is locked until it is released or its process is gone.

    The file itself stays: if it were removed, two programs could lock two files of one name.

    Parameters
    ----------
    path : Path
        Made if it is not there.

    Raises
    ------
    InputError
        If another owner has it.
    OutputError
        If it cannot be locked.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open("ab")
            try:
                _lock(self._file)
            except BaseException:
                self._file.close()
                raise
        except _TAKEN:
            raise InputError(
                IN_USE,
                N_(
                    "the render queue in {folder} is in use by another window or program; close "
                    "that one first"
                ),
                folder=path.parent,
            ) from None
        except OSError as error:
            text = N_("{file} cannot be locked: {reason}")
            raise OutputError("file.lock", text, file=path, reason=os_reason(error)) from error

    def release(self) -> None:
        """Let others have it; a second call does nothing."""
        self._file.close()


if sys.platform == "win32":
    _TAKEN = PermissionError

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    _TAKEN = BlockingIOError

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
