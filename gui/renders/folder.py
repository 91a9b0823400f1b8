"""The folder for videos that are not saved elsewhere yet, and which of them go again."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from backprop_studio.render.messages.formats import VIDEO_ENDINGS

if TYPE_CHECKING:
    from collections.abc import Collection

KEPT_RENDERS = 20
"""Videos kept in the renders folder; older ones are removed when the next one is asked for."""


def renders_folder() -> Path:
    """Return the user's folder for videos that are not saved elsewhere yet, creating it."""
    folder = Path(platformdirs.user_cache_path("backprop-studio")) / "renders"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def remove_old(folder: Path, in_use: Collection[Path]) -> None:
    """Remove all but the newest videos, and none that is in use."""
    ours = (path for path in folder.iterdir() if path.suffix in VIDEO_ENDINGS)
    videos = sorted(ours, key=lambda path: path.stat().st_mtime, reverse=True)
    for path in videos[KEPT_RENDERS - 1 :]:
        if path not in in_use:
            with contextlib.suppress(OSError):
                path.unlink()
