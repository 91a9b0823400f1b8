"""The folder that videos go to."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def renders_folder() -> Path:
    """Return the user's folder for the videos of this program, creating it.

    What lies there is the user's: this program puts files in, and removes none.
    """
    folder = Path(platformdirs.user_videos_path()) / "Backprop Studio"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
