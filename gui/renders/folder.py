"""The folders of videos: the user's own, and the one of earlier versions."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def usual_folder() -> Path:
    """Return where videos go unless the user says otherwise; it need not exist."""
    return Path(platformdirs.user_videos_path()) / "Backprop Studio"


def renders_folder(chosen: str = "") -> Path:
    """Return the user's folder for the videos of this program, creating it.

    What lies there is the user's: this program puts files in, and removes none.

    Parameters
    ----------
    chosen : str
        The folder that he has chosen; empty is the usual one.
    """
    folder = Path(chosen) if chosen else usual_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def old_folder() -> Path:
    """Return where earlier versions put videos: among what may be removed at any time."""
    return platformdirs.user_cache_path("backprop-studio") / "renders"
