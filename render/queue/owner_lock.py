"""One program at a time: a lock that ends with its owner, however he ends."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from backprop_studio.core.base.errors import InputError, OutputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.files.refusals import refusals_as

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
        text = N_("{file} cannot be locked: {reason}")
        with refusals_as(OutputError, "file.lock", text, file=path):
            self._file = path.open("ab")
            try:
                _lock(self._file)
            except OSError as error:
                self._file.close()
                if not isinstance(error, _TAKEN):
                    raise
                text = N_(
                    "the render queue in {folder} is in use by another window or program; close "
                    "that one first"
                )
                raise InputError(IN_USE, text, folder=path.parent) from None

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
