"""Fingerprints of files: whether one is still the file that was read, so that it may be kept."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

Fingerprint = tuple[object, ...]


def file_fingerprint(path: Path) -> Fingerprint | None:
    """Return what changes when a file does, or None if it cannot be looked at.

    Returns
    -------
    tuple or None
        Device, inode, size in bytes and time of the last change in nanoseconds.

    Examples
    --------
    >>> from pathlib import Path
    >>> file_fingerprint(Path(__file__)) == file_fingerprint(Path(__file__))
    True
    >>> file_fingerprint(Path("nowhere"))
    """
    try:
        return _fingerprint(path.stat())
    except (OSError, ValueError):  # the latter for a NUL in the name
        return None


def folder_fingerprint(folder: Path, part: str) -> Fingerprint | None:
    """Return what changes when one of a folder's files does, or None if it cannot be looked at.

    Parameters
    ----------
    folder : Path
    part : str
        Of the names that count; other files may come and go.

    Examples
    --------
    >>> from pathlib import Path
    >>> len(folder_fingerprint(Path(__file__).parent, "fingerprint.py"))
    1
    """
    try:
        with os.scandir(folder) as entries:
            found = [
                (entry.name, *_fingerprint(entry.stat())) for entry in entries if part in entry.name
            ]
    except (OSError, ValueError):
        return None
    return tuple(sorted(found))


def _fingerprint(state: os.stat_result) -> tuple[int, int, int, int]:
    return state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns
