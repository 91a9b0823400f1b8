"""Paths that a user wrote, and the folder that relative ones start from."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

FOLDER_VARIABLE = "BACKPROP_STUDIO_FOLDER"
"""Environment variable with the folder the user is in; a worker's own current folder is another."""


def user_path(text: str) -> Path:
    """Return the path that a user means: a relative one starts at the folder the user is in.

    ``~`` is the user's home.

    Parameters
    ----------
    text : str
        As it was written.

    Returns
    -------
    Path
        As it was written where nothing says that the user is elsewhere.

    Examples
    --------
    >>> user_path("/data/flowers.csv").name
    'flowers.csv'
    """
    folder = os.environ.get(FOLDER_VARIABLE)
    path = Path(text)
    with suppress(RuntimeError):  # ~ of nobody that there is
        path = path.expanduser()
    return Path(folder, path) if folder else path
