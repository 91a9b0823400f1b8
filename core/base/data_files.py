"""Files that users point at: only regular ones, only so large, every fault one sentence."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, BinaryIO

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.validation_messages import one_line

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["file_error", "open_bounded"]


def file_error(path: Path, fault: str) -> InputError:
    """Return an error that names the file; ``fault`` continues the sentence.

    Examples
    --------
    >>> from pathlib import Path
    >>> print(file_error(Path("a.csv"), "is empty"))
    The file a.csv is empty.
    """
    return InputError(one_line(f"The file {path} {fault}."))


def open_bounded(path: Path, limit: int) -> tuple[BinaryIO, int]:
    """Open a regular file of at most ``limit`` bytes for reading.

    Returns
    -------
    file : binary file
        To be closed by the caller.
    size : int
        Its size in bytes.

    Raises
    ------
    InputError
        If the file is not there, empty, too large, no regular file, or cannot be read.

    Examples
    --------
    >>> from pathlib import Path
    >>> file, size = open_bounded(Path(__file__), 1_000_000)
    >>> file.close()
    >>> size > 1000
    True
    """
    try:
        # Looked at before it is opened: a pipe without a writer would never open.
        _check_regular(path, path.stat())
        file = path.open("rb")
        state = os.fstat(file.fileno())
    except FileNotFoundError as error:
        raise file_error(path, "does not exist") from error
    except OSError as error:
        raise file_error(path, f"cannot be read: {error.strerror}") from error
    except ValueError as error:  # a NUL in the name
        raise file_error(path, "has a name that is not allowed") from error
    try:
        _check_regular(path, state)
        if not state.st_size:
            raise file_error(path, "is empty")
        if state.st_size > limit:
            raise file_error(
                path, f"is too large: expected at most {limit} bytes, found {state.st_size}"
            )
    except InputError:
        file.close()
        raise
    return file, state.st_size


def _check_regular(path: Path, state: os.stat_result) -> None:
    if stat.S_ISDIR(state.st_mode):
        raise file_error(path, "is a folder")
    if not stat.S_ISREG(state.st_mode):
        raise file_error(path, "is not a regular file")
